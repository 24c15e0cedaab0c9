import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, u64le, utf8 } from "./bytes.ts";
import { Strobe128 } from "./strobe.ts";
import { Transcript } from "./transcript.ts";

describe("Transcript", () => {
  test("gives the published challenge", () => {
    const transcript = new Transcript("test protocol");
    transcript.append("some label", "some data");
    expect(bytesToHex(transcript.challenge("challenge", 32))).toBe(
      "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
    );
  });

  test("labels mean the same as text and as bytes, integers the same as their bytes", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (label, value) => {
          const a = new Transcript(label);
          const b = new Transcript(utf8(label));
          a.append(label, label);
          b.append(utf8(label), utf8(label));
          a.appendU64(label, value);
          b.append(label, u64le(value));
          expect(a.challenge("c", 16)).toEqual(b.challenge("c", 16));
        },
      ),
    );
  });

  test("how messages are split matters, how long they are does not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), fc.nat(), (message, seed) => {
        const cut = seed % message.length;
        const whole = new Transcript("t");
        const split = new Transcript("t");
        whole.append("m", message);
        split.append("m", message.subarray(0, cut));
        split.append("m", message.subarray(cut));
        expect(whole.challenge("c", 32)).not.toEqual(split.challenge("c", 32));
      }),
    );
  });

  test("a clone continues on its own", () => {
    const transcript = new Transcript("t");
    const clone = transcript.clone();
    clone.append("m", "only the clone");
    const untouched = new Transcript("t");
    expect(transcript.challenge("c", 32)).toEqual(untouched.challenge("c", 32));
    expect(clone.challenge("c", 32)).not.toEqual(new Transcript("t").challenge("c", 32));
  });

  test("refuses integers beyond 64 bits", () => {
    expect(() => new Transcript("t").appendU64("n", 2n ** 64n)).toThrow(
      expect.objectContaining({ code: "IntegerOutOfRange" }),
    );
  });
});

describe("witness generator", () => {
  const witness = { label: "w", witness: new Uint8Array(32).fill(7) };
  const randomness = new Uint8Array(32);

  test("depends on transcript, witness and randomness, and leaves the transcript alone", () => {
    const transcript = new Transcript("t");
    const draw = (from: Transcript, witnesses = [witness], random = randomness) =>
      bytesToHex(from.rng(witnesses, random).bytes(32));
    const outputs = [
      draw(transcript),
      draw(new Transcript("u")),
      draw(transcript, []),
      draw(transcript, [{ label: "w", witness: new Uint8Array(32).fill(8) }]),
      draw(transcript, [witness], new Uint8Array(32).fill(1)),
    ];
    expect(new Set(outputs).size).toBe(outputs.length);
    expect(draw(transcript)).toBe(outputs[0]);
    expect(transcript.challenge("c", 32)).toEqual(new Transcript("t").challenge("c", 32));
  });

  test("keeps going, and draws are not interchangeable", () => {
    const rng = new Transcript("t").rng([witness], randomness);
    const first = rng.bytes(32);
    expect(rng.bytes(32)).not.toEqual(first);
    expect(new Transcript("t").rng([witness], randomness).bytes(64).subarray(0, 32)).not.toEqual(first);
  });

  test("wants 32 bytes of randomness", () => {
    expect(() => new Transcript("t").rng([], new Uint8Array(31))).toThrow(
      expect.objectContaining({ code: "LengthMismatch", data: { found: 31, required: 32 } }),
    );
  });
});

describe("Strobe128", () => {
  test("refuses to continue another operation", () => {
    const strobe = Strobe128.create(utf8("p"));
    strobe.ad(utf8("x"), false);
    expect(() => strobe.metaAd(utf8("y"), true)).toThrow(TypeError);
  });

  test("an operation continued equals the operation in one piece", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 }), (a, b) => {
        const one = Strobe128.create(utf8("p"));
        const two = Strobe128.create(utf8("p"));
        one.ad(Uint8Array.of(...a, ...b), false);
        two.ad(a, false);
        two.ad(b, true);
        expect(one.prf(32, false)).toEqual(two.prf(32, false));
      }),
    );
  });
});
