import { PassThrough } from "node:stream";
import { concat } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnclaveError } from "./error.ts";
import { decodeFrame, encodeFrame, FRAME_KINDS, type FrameKind } from "./frame.ts";
import { FrameStream } from "./frame-stream.ts";

const kinds = Object.keys(FRAME_KINDS) as FrameKind[];
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

describe("a frame", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.string({ maxLength: 60 }),
        bytes(100),
        (kind, id, name, payload) => {
          expect(decodeFrame(encodeFrame({ kind, id, name, payload }))).toEqual({ kind, id, name, payload });
        },
      ),
    );
  });

  test("of anything else is refused, or means what it says", () => {
    fc.assert(
      fc.property(bytes(40), (garbage) => {
        try {
          expect(encodeFrame(decodeFrame(garbage))).toEqual(garbage);
        } catch (error) {
          if (!(error instanceof EnclaveError)) throw error;
          expect(error.code).toBe("Protocol");
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("has a name of at most 255 bytes, which is text", () => {
    const name = "x".repeat(256);
    const payload = new Uint8Array(0);
    expect(() => encodeFrame({ kind: "call", id: 1, name, payload })).toThrow(EnclaveError);
    expect(() => decodeFrame(Uint8Array.of(2, 0, 0, 0, 0, 1, 0xff))).toThrow("no text");
  });
});

describe("a stream of frames", () => {
  /** What arrives when `pieces` do. */
  async function arrived(pieces: readonly Uint8Array[]) {
    const stream = new PassThrough();
    const frames: Uint8Array[] = [];
    const ends: (string | undefined)[] = [];
    new FrameStream(
      stream,
      (frame) => frames.push(frame),
      (error) => ends.push(error?.message),
    );
    for (const piece of pieces) if (!stream.destroyed) stream.write(piece);
    await new Promise(setImmediate);
    return { frames, ends, stream };
  }

  const framed = (frame: Uint8Array) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, frame.length, true);
    return concat(length, frame);
  };

  test("arrives whole and in order however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes(50), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        async (frames, cuts) => {
          const all = concat(...frames.map(framed));
          const pieces: Uint8Array[] = [];
          for (let at = 0, i = 0; at < all.length; i++) {
            const length = cuts[i % cuts.length]!;
            pieces.push(all.slice(at, at + length));
            at += length;
          }
          expect((await arrived(pieces)).frames).toEqual(frames);
        },
      ),
    );
  });

  test("ends at a length that nothing here has", async () => {
    const { frames, ends, stream } = await arrived([Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1)]);
    expect(frames).toEqual([]);
    expect(ends[0]).toContain("is not taken");
    expect(stream.destroyed).toBe(true);
  });

  test("is written as it is read", async () => {
    const stream = new PassThrough();
    const frames: Uint8Array[] = [];
    const channel = new FrameStream(
      stream,
      (frame) => frames.push(frame),
      () => undefined,
    );
    channel.send(Uint8Array.of(1, 2, 3));
    channel.send(new Uint8Array(0));
    channel.close();
    await new Promise(setImmediate);
    expect(frames).toEqual([Uint8Array.of(1, 2, 3), new Uint8Array(0)]);
  });
});
