import { requireLength } from "./error.ts";

/**
 * The HC-128 stream cipher as a random generator (01 section 2.5). Deterministic signing depends on its exact
 * output; it is no general source of randomness.
 */
export class Hc128Rng {
  /** P (words 0..511) and Q (words 512..1023) in one table. */
  readonly #tables: Uint32Array;
  #step = 0;

  /** `seed`: key (16 bytes) and initialisation vector (16 bytes). */
  constructor(seed: Uint8Array) {
    requireLength(seed, 32, "HC-128 seed");
    const words = expandSeed(seed);
    this.#tables = words.slice(256, 1280);
    for (let i = 0; i < 1024; i++) this.#tables[i] = this.nextU32();
  }

  /** The next 32-bit word. */
  nextU32(): number {
    const step = this.#step;
    this.#step = (step + 1) & 1023;
    const own = step & 512;
    const other = own ^ 512;
    const j = step & 511;
    const table = this.#tables;
    // Each half rotates in its own direction: right in P, left in Q (a left rotation by n is a right one by 32-n).
    const inQ = own !== 0;
    const at = (index: number) => table[own | (index & 511)]!;
    const mixed =
      ((rotateRight(at(j - 3), inQ ? 22 : 10) ^ rotateRight(at(j - 511), inQ ? 9 : 23)) +
        rotateRight(at(j - 10), inQ ? 24 : 8)) |
      0;
    const updated = (at(j) + mixed) >>> 0;
    table[own | j] = updated;
    const x = at(j - 12);
    const sum = table[other | (x & 0xff)]! + table[other | (256 + ((x >>> 16) & 0xff))]!;
    return (sum ^ updated) >>> 0;
  }

  /** The next 64 bits: two words, the low one first. */
  nextU64(): bigint {
    const low = BigInt(this.nextU32());
    return low | (BigInt(this.nextU32()) << 32n);
  }

  /** The next `length` bytes. Whole words are used up: five bytes cost two words. */
  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.nextU32();
      for (let j = 0; j < 4 && i + j < length; j++) out[i + j] = word >>> (8 * j);
    }
    return out;
  }
}

function expandSeed(seed: Uint8Array): Uint32Array {
  const view = new DataView(seed.buffer, seed.byteOffset, 32);
  const words = new Uint32Array(1280);
  for (let i = 0; i < 4; i++) {
    words[i] = words[i + 4] = view.getUint32(4 * i, true);
    words[i + 8] = words[i + 12] = view.getUint32(16 + 4 * i, true);
  }
  for (let i = 16; i < 1280; i++) {
    words[i] = mixHigh(words[i - 2]!) + words[i - 7]! + mixLow(words[i - 15]!) + words[i - 16]! + i;
  }
  return words;
}

/** f1 of the HC-128 paper. */
function mixLow(x: number): number {
  return rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
}

/** f2 of the HC-128 paper. */
function mixHigh(x: number): number {
  return rotateRight(x, 17) ^ rotateRight(x, 19) ^ (x >>> 10);
}

function rotateRight(x: number, count: number): number {
  return (x >>> count) | (x << (32 - count));
}
