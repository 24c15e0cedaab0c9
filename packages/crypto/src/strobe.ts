import { KECCAK_STATE_LENGTH, keccakF1600 } from "./keccak.ts";

/** Bytes of a STROBE-128 block: the Keccak rate of 168 less the two bytes of padding. */
const RATE = 166;

const FLAG_I = 1;
const FLAG_A = 2;
const FLAG_C = 4;
const FLAG_M = 16;

const META_AD = FLAG_M | FLAG_A;
const AD = FLAG_A;
const PRF = FLAG_I | FLAG_A | FLAG_C;
const KEY = FLAG_A | FLAG_C;

/** "STROBEv1.0.2" behind the cSHAKE-like domain header (01 section 2.3). */
const INITIAL = Uint8Array.of(1, 168, 1, 0, 1, 96, 83, 84, 82, 79, 66, 69, 118, 49, 46, 48, 46, 50);

/**
 * STROBE-128 as Merlin uses it: the operations meta-AD, AD, PRF and KEY over Keccak-f[1600] (01 section 2.3).
 *
 * `more` continues the operation before it, which must have been of the same kind.
 */
export class Strobe128 {
  readonly #state = new Uint8Array(KECCAK_STATE_LENGTH);
  #position = 0;
  #begin = 0;
  #flags = 0;

  /** A state bound to a protocol by its label. */
  static create(protocolLabel: Uint8Array): Strobe128 {
    const strobe = new Strobe128();
    strobe.#state.set(INITIAL);
    keccakF1600(strobe.#state);
    strobe.metaAd(protocolLabel, false);
    return strobe;
  }

  private constructor() {}

  /** An independent copy. */
  clone(): Strobe128 {
    const copy = new Strobe128();
    copy.#state.set(this.#state);
    copy.#position = this.#position;
    copy.#begin = this.#begin;
    copy.#flags = this.#flags;
    return copy;
  }

  metaAd(data: Uint8Array, more: boolean): void {
    this.#beginOperation(META_AD, more);
    this.#absorb(data, data.length);
  }

  ad(data: Uint8Array, more: boolean): void {
    this.adPrefix(data, data.length, more);
  }

  /** `ad` of the first `length` bytes of `data`, for callers that reuse a scratch buffer. */
  adPrefix(data: Uint8Array, length: number, more: boolean): void {
    this.#beginOperation(AD, more);
    this.#absorb(data, length);
  }

  /** meta-AD of a 32-bit little-endian number, without making an array for it. */
  metaAdU32(value: number, more: boolean): void {
    this.#beginOperation(META_AD, more);
    this.#absorbByte(value & 0xff);
    this.#absorbByte((value >>> 8) & 0xff);
    this.#absorbByte((value >>> 16) & 0xff);
    this.#absorbByte(value >>> 24);
  }

  /** Pseudo-random output that depends on all that went before. */
  prf(length: number, more: boolean): Uint8Array {
    this.#beginOperation(PRF, more);
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      out[i] = this.#state[this.#position]!;
      this.#state[this.#position] = 0;
      this.#position += 1;
      if (this.#position === RATE) this.#runF();
    }
    return out;
  }

  /** Rekeys the state: what went before cannot be recovered from what follows. */
  key(data: Uint8Array, more: boolean): void {
    this.#beginOperation(KEY, more);
    for (let i = 0; i < data.length; i++) {
      this.#state[this.#position] = data[i]!;
      this.#position += 1;
      if (this.#position === RATE) this.#runF();
    }
  }

  #beginOperation(flags: number, more: boolean): void {
    if (more) {
      if (flags !== this.#flags) throw new TypeError("STROBE: `more` must continue the same operation");
      return;
    }
    const previousBegin = this.#begin;
    this.#begin = this.#position + 1;
    this.#flags = flags;
    this.#absorbByte(previousBegin);
    this.#absorbByte(flags);
    if ((flags & FLAG_C) !== 0 && this.#position !== 0) this.#runF();
  }

  #absorbByte(byte: number): void {
    this.#state[this.#position]! ^= byte;
    this.#position += 1;
    if (this.#position === RATE) this.#runF();
  }

  #absorb(data: Uint8Array, length: number): void {
    const state = this.#state;
    let position = this.#position;
    let read = 0;
    while (read < length) {
      // Whole runs up to the block boundary, so that the inner loop has no branch but its own.
      const end = Math.min(length, read + RATE - position);
      while (read < end) state[position++]! ^= data[read++]!;
      if (position === RATE) {
        this.#position = position;
        this.#runF();
        position = 0;
      }
    }
    this.#position = position;
  }

  #runF(): void {
    this.#state[this.#position]! ^= this.#begin;
    this.#state[this.#position + 1]! ^= 0x04;
    this.#state[RATE + 1]! ^= 0x80;
    keccakF1600(this.#state);
    this.#position = 0;
    this.#begin = 0;
  }
}
