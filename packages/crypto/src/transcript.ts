import { Scalar } from "@mobilecoin-ts/curve";
import { requireU64, utf8 } from "./bytes.ts";
import { requireLength } from "./error.ts";
import { encodeLabel } from "./label.ts";
import { Strobe128 } from "./strobe.ts";

/** Where the witness generator gets the secret values it is bound to. */
export interface TranscriptWitness {
  readonly label: string | Uint8Array;
  readonly witness: Uint8Array;
}

const MERLIN = Strobe128.create(utf8("Merlin v1.0"));
const DOMAIN_SEPARATOR = utf8("dom-sep");
const RNG_LABEL = utf8("rng");

// Absorbed before the call returns, so one buffer serves all transcripts.
const scratch = new Uint8Array(8);
const scratchView = new DataView(scratch.buffer);

/**
 * A Merlin transcript: what is appended, in order, determines every later challenge (01 section 2.3).
 * Labels and messages may be any bytes; strings stand for their UTF-8 bytes.
 */
export class Transcript {
  readonly #strobe: Strobe128;

  constructor(label: string | Uint8Array | Strobe128) {
    if (label instanceof Strobe128) {
      this.#strobe = label;
    } else {
      this.#strobe = MERLIN.clone();
      this.append(DOMAIN_SEPARATOR, typeof label === "string" ? utf8(label) : label);
    }
  }

  append(label: string | Uint8Array, message: Uint8Array | string): void {
    const bytes = typeof message === "string" ? utf8(message) : message;
    this.#appendPrefix(encodeLabel(label), bytes, bytes.length);
  }

  /** Appends eight bytes, little-endian. Throws `IntegerOutOfRange`. */
  appendU64(label: string | Uint8Array, value: bigint): void {
    requireU64(value);
    scratchView.setBigUint64(0, value, true);
    this.#appendPrefix(encodeLabel(label), scratch, 8);
  }

  /** Appends the low `width` bytes (1, 2 or 4) of `value`, little-endian two's complement. */
  appendSmallInteger(label: string | Uint8Array, value: number, width: 1 | 2 | 4): void {
    scratchView.setInt32(0, value, true);
    this.#appendPrefix(encodeLabel(label), scratch, width);
  }

  /** `length` pseudo-random bytes that depend on everything appended so far. */
  challenge(label: string | Uint8Array, length: number): Uint8Array {
    this.#strobe.metaAd(encodeLabel(label), false);
    this.#strobe.metaAdU32(length, true);
    return this.#strobe.prf(length, false);
  }

  /** A uniform scalar: 64 challenge bytes reduced by the group order. */
  challengeScalar(label: string | Uint8Array): Scalar {
    return Scalar.fromBytesWide(this.challenge(label, 64));
  }

  /** An independent copy of the current state. */
  clone(): Transcript {
    return new Transcript(this.#strobe.clone());
  }

  /**
   * A generator bound to this transcript's state, to secret witnesses and to 32 bytes of outside randomness:
   * as long as one of the three is unpredictable, so is its output. The transcript itself is unaffected.
   */
  rng(witnesses: readonly TranscriptWitness[], randomness: Uint8Array): TranscriptRng {
    requireLength(randomness, 32, "transcript randomness");
    const strobe = this.#strobe.clone();
    for (const { label, witness } of witnesses) {
      strobe.metaAd(encodeLabel(label), false);
      strobe.metaAdU32(witness.length, true);
      strobe.key(witness, false);
    }
    strobe.metaAd(RNG_LABEL, false);
    strobe.key(randomness, false);
    return new TranscriptRng(strobe);
  }

  #appendPrefix(label: Uint8Array, message: Uint8Array, length: number): void {
    this.#strobe.metaAd(label, false);
    this.#strobe.metaAdU32(length, true);
    this.#strobe.adPrefix(message, length, false);
  }
}

/** The generator made by `Transcript.rng`. */
export class TranscriptRng {
  readonly #strobe: Strobe128;

  constructor(strobe: Strobe128) {
    this.#strobe = strobe;
  }

  /** The next `length` bytes; two draws of 32 differ from one of 64. */
  bytes(length: number): Uint8Array {
    // Unlike append and challenge, the length here starts an operation of its own.
    this.#strobe.metaAdU32(length, false);
    return this.#strobe.prf(length, false);
  }
}
