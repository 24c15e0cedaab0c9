/**
 * Generators with which the reference's seeded test material is rebuilt (01 section 5.2). For tests only.
 */

const MASK_64 = (1n << 64n) - 1n;

/** Expands an integer to a 32-byte seed, as the reference's test generators do. */
export function seedFromU64(state: bigint): Uint8Array {
  const seed = new Uint8Array(32);
  const view = new DataView(seed.buffer);
  let s = state;
  for (let i = 0; i < 8; i++) {
    s = (s * 6364136223846793005n + 11634580027462260723n) & MASK_64;
    const x = Number((((s >> 18n) ^ s) >> 27n) & 0xffff_ffffn);
    const rotation = Number(s >> 59n);
    view.setUint32(4 * i, (x >>> rotation) | (x << (-rotation & 31)), true);
  }
  return seed;
}

/** ChaCha as a generator: 12 rounds (`StdRng` of rand 0.8) or 20 (`ChaChaRng`), 64-bit counter, nonce zero. */
export class ChaChaRng {
  readonly #rounds: 12 | 20;
  readonly #key: Uint32Array;
  #counter = 0;
  #buffer = new Uint8Array(0);

  constructor(seed: Uint8Array, rounds: 12 | 20) {
    const view = new DataView(seed.buffer, seed.byteOffset, 32);
    this.#key = Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true));
    this.#rounds = rounds;
  }

  /** The next `length` bytes; like the reference, whole 32-bit words are used up. */
  bytes(length: number): Uint8Array {
    const whole = Math.ceil(length / 4) * 4;
    while (this.#buffer.length < whole) {
      const grown = new Uint8Array(this.#buffer.length + 64);
      grown.set(this.#buffer);
      grown.set(this.#block(), this.#buffer.length);
      this.#buffer = grown;
    }
    const out = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(whole);
    return out;
  }

  #block(): Uint8Array {
    const initial = Uint32Array.of(
      0x61707865,
      0x3320646e,
      0x79622d32,
      0x6b206574,
      ...this.#key,
      this.#counter,
      0,
      0,
      0,
    );
    this.#counter += 1;
    const x = initial.slice();
    const quarter = (a: number, b: number, c: number, d: number) => {
      const half = (turnD: number, turnB: number) => {
        x[a]! += x[b]!;
        x[d] = rotateLeft(x[d]! ^ x[a]!, turnD);
        x[c]! += x[d]!;
        x[b] = rotateLeft(x[b]! ^ x[c]!, turnB);
      };
      half(16, 12);
      half(8, 7);
    };
    for (let round = 0; round < this.#rounds; round += 2) {
      quarter(0, 4, 8, 12);
      quarter(1, 5, 9, 13);
      quarter(2, 6, 10, 14);
      quarter(3, 7, 11, 15);
      quarter(0, 5, 10, 15);
      quarter(1, 6, 11, 12);
      quarter(2, 7, 8, 13);
      quarter(3, 4, 9, 14);
    }
    const out = new Uint8Array(64);
    const view = new DataView(out.buffer);
    for (let i = 0; i < 16; i++) view.setUint32(4 * i, x[i]! + initial[i]!, true);
    return out;
  }
}

/** xoshiro256**, the generator of the Swift fixtures; outputs as little-endian u64. */
export class Xoshiro256StarStar {
  readonly #state: [bigint, bigint, bigint, bigint];

  constructor(state: readonly [bigint, bigint, bigint, bigint]) {
    this.#state = [...state];
  }

  nextU64(): bigint {
    const s = this.#state;
    const result = (rotateLeft64((s[1] * 5n) & MASK_64, 7n) * 9n) & MASK_64;
    const shifted = (s[1] << 17n) & MASK_64;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft64(s[3], 45n);
    return result;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(Math.ceil(length / 8) * 8);
    const view = new DataView(out.buffer);
    for (let i = 0; i < out.length; i += 8) view.setBigUint64(i, this.nextU64(), true);
    return out.slice(0, length);
  }
}

function rotateLeft(x: number, count: number): number {
  return (x << count) | (x >>> (32 - count));
}

function rotateLeft64(x: bigint, count: bigint): bigint {
  return ((x << count) | (x >> (64n - count))) & MASK_64;
}
