import { Point, Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { ringChallenge } from "./ring-challenge.ts";
import type { RingMember, RingMLSAG } from "./ring-mlsag.ts";
import { decodeRing, ringStep } from "./ring-steps.ts";

export interface VerifyRingOptions {
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  /** The pseudo-output commitment, compressed. */
  readonly outputCommitment: Uint8Array;
  readonly signature: RingMLSAG;
}

/**
 * Verifies a ring signature (02 section 2.11); returns where it holds. As lenient as the reference: scalars of the
 * signature may be unreduced, the identity is accepted for every point. An empty ring, on which the reference
 * aborts, is refused.
 *
 * @throws TransactionError `EmptyRing`, `InvalidCurvePoint`, `LengthMismatch`, `InvalidKeyImage`, `InvalidSignature`.
 */
export function verifyRing(options: VerifyRingOptions): void {
  const { message, ring, signature } = options;
  if (ring.length === 0) throw new TransactionError("ring-signature", "EmptyRing", "the ring has no member");
  const decoded = decodeRing(ring);
  const expected = 2 * ring.length;
  const found = signature.responses.length;
  if (found !== expected) {
    throw new TransactionError(
      "ring-signature",
      "LengthMismatch",
      `${found} responses instead of ${expected}`,
      {
        data: { expected, found },
      },
    );
  }
  const keyImage = signature.keyImage.length === 32 ? Point.tryDecode(signature.keyImage) : undefined;
  if (keyImage === undefined) {
    throw new TransactionError("ring-signature", "InvalidKeyImage", "the key image is no point");
  }
  const outputCommitment =
    options.outputCommitment.length === 32 ? Point.tryDecode(options.outputCommitment) : undefined;
  if (outputCommitment === undefined) {
    throw new TransactionError(
      "ring-signature",
      "InvalidCurvePoint",
      "the pseudo-output commitment is no point",
    );
  }

  const challengeOf = ringChallenge(message, signature.keyImage);
  const responses = signature.responses.map(Scalar.fromBytesModOrder);
  const cZero = Scalar.fromBytesModOrder(signature.cZero);
  let challenge = cZero;
  for (let i = 0; i < ring.length; i++) {
    const pair = [responses[2 * i]!, responses[2 * i + 1]!] as const;
    challenge = challengeOf(ringStep(decoded, i, challenge, pair, keyImage, outputCommitment));
  }
  if (!challenge.equals(cZero)) {
    throw new TransactionError("ring-signature", "InvalidSignature", "the challenges do not close the ring");
  }
}
