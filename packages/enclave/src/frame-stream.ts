import type { Duplex } from "node:stream";
import { EnclaveError } from "./error.ts";

/** Longest frame on a stream: the largest call of any enclave, and then some. */
const MAX_FRAME = 640 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** Frames on a byte stream, each after its length (4 bytes, little-endian). */
export class FrameStream {
  readonly #stream: Duplex;
  #chunks: Uint8Array[] = [];
  #buffered = 0;

  constructor(stream: Duplex, onFrame: (frame: Uint8Array) => void, onEnd: (error?: Error) => void) {
    this.#stream = stream;
    stream.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      try {
        for (let frame = this.#next(); frame !== undefined; frame = this.#next()) onFrame(frame);
      } catch (error) {
        stream.destroy();
        onEnd(error instanceof Error ? error : undefined);
      }
    });
    stream.once("error", (error) => onEnd(error));
    stream.once("close", () => onEnd());
  }

  send(frame: Uint8Array): void {
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, frame.length, true);
    this.#stream.cork();
    this.#stream.write(length);
    this.#stream.write(frame);
    this.#stream.uncork();
  }

  close(): void {
    this.#stream.end();
  }

  #next(): Uint8Array | undefined {
    if (this.#buffered < LENGTH_BYTES) return undefined;
    const header = this.#peek(LENGTH_BYTES);
    const length = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
    if (length > MAX_FRAME) throw new EnclaveError("Protocol", `a frame of ${length} bytes is not taken`);
    if (this.#buffered < LENGTH_BYTES + length) return undefined;
    // A copy of its own: what is kept of a frame must not hold the rest of the stream. (Slices of Node's chunks share.)
    const frame = new Uint8Array(this.#peek(LENGTH_BYTES + length).subarray(LENGTH_BYTES));
    this.#drop(LENGTH_BYTES + length);
    return frame;
  }

  /** At least `length` bytes in one piece. */
  #peek(length: number): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    const joined = new Uint8Array(this.#buffered);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [joined];
    return joined.subarray(0, length);
  }

  #drop(length: number): void {
    const [first, ...rest] = this.#chunks;
    if (first === undefined) return;
    this.#chunks = first.length === length ? rest : [first.subarray(length), ...rest];
    this.#buffered -= length;
  }
}
