import { Transcript } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";

const IDENTITY_ENCODING = new Uint8Array(32);

/** Whether bytes are the identity's encoding, which provers cannot honestly send (02 section 2.12). */
export function isIdentityEncoding(encoded: Uint8Array): boolean {
  return encoded.every((byte, i) => byte === IDENTITY_ENCODING[i]);
}

/** The transcript of one range proof: both sides go through these steps in this order (02 section 2.12). */
export class RangeTranscript {
  readonly #transcript: Transcript;

  constructor(label: string, bits: number, commitments: readonly Uint8Array[]) {
    this.#transcript = new Transcript(label);
    this.#transcript.append("dom-sep", "rangeproof v1");
    this.#transcript.appendU64("n", BigInt(bits));
    this.#transcript.appendU64("m", BigInt(commitments.length));
    for (const commitment of commitments) this.#transcript.append("V", commitment);
  }

  bitCommitments(a: Uint8Array, s: Uint8Array): { y: Scalar; z: Scalar } {
    this.#transcript.append("A", a);
    this.#transcript.append("S", s);
    return { y: this.#transcript.challengeScalar("y"), z: this.#transcript.challengeScalar("z") };
  }

  polynomialCommitments(t1: Uint8Array, t2: Uint8Array): Scalar {
    this.#transcript.append("T_1", t1);
    this.#transcript.append("T_2", t2);
    return this.#transcript.challengeScalar("x");
  }

  evaluation(tX: Scalar, tXBlinding: Scalar, eBlinding: Scalar): Scalar {
    this.#transcript.append("t_x", tX.toBytes());
    this.#transcript.append("t_x_blinding", tXBlinding.toBytes());
    this.#transcript.append("e_blinding", eBlinding.toBytes());
    return this.#transcript.challengeScalar("w");
  }

  innerProduct(length: number): void {
    this.#transcript.append("dom-sep", "ipp v1");
    this.#transcript.appendU64("n", BigInt(length));
  }

  round(l: Uint8Array, r: Uint8Array): Scalar {
    this.#transcript.append("L", l);
    this.#transcript.append("R", r);
    return this.#transcript.challengeScalar("u");
  }
}
