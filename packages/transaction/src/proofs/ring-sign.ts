import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { keyImagePointOf } from "./key-image.ts";
import { commit } from "./pedersen.ts";
import { ringChallenge } from "./ring-challenge.ts";
import type { RingMember, RingMLSAG } from "./ring-mlsag.ts";
import { decodeRing, ringStep } from "./ring-steps.ts";

export interface SignRingOptions {
  /** What is signed: of any length (block versions 0 and 1 sign more than a digest). */
  readonly message: Uint8Array;
  readonly ring: readonly RingMember[];
  /** Which ring member is really spent. */
  readonly realIndex: number;
  /** The key `x` with `x·G` the real member's target key. */
  readonly onetimePrivateKey: Scalar;
  /** The real member's amount: a u64 of `tokenId`. */
  readonly value: bigint;
  readonly tokenId: bigint;
  /** Blinding of the real member's commitment. */
  readonly inputBlinding: Scalar;
  /** Blinding of the pseudo-output commitment, over the same amount. */
  readonly outputBlinding: Scalar;
  readonly random?: RandomBytes;
}

/**
 * Signs for one member of a ring without telling which (02 section 2.11). The secret key, the two nonces and the
 * blindings meet constant-time operations only; the steps of the other members use published values throughout.
 * That the key belongs to the real member is not checked here (a wrong one makes a signature that does not verify).
 *
 * @throws TransactionError `InvalidCurvePoint`, `IndexOutOfBounds`, `ValueNotConserved`.
 */
export function signRing(options: SignRingOptions): RingMLSAG {
  const { message, ring, realIndex, onetimePrivateKey, inputBlinding, outputBlinding } = options;
  const random = options.random ?? systemRandom;
  const decoded = decodeRing(ring);
  const size = ring.length;
  if (!Number.isInteger(realIndex) || realIndex < 0 || realIndex >= size) {
    throw new TransactionError(
      "ring-signature",
      "IndexOutOfBounds",
      `real index is outside a ring of ${size}`,
      {
        data: { size },
      },
    );
  }

  const outputCommitment = commit(options.value, outputBlinding, options.tokenId);
  const blindingDifference = outputBlinding.subtract(inputBlinding);
  const commitmentDifference = outputCommitment.subtract(decoded.commitments[realIndex]!);
  if (!commitmentDifference.equals(Point.multiplyBase(blindingDifference))) {
    throw new TransactionError(
      "ring-signature",
      "ValueNotConserved",
      "pseudo-output and real ring member differ by more than their blindings",
    );
  }

  const hashedKey = decoded.hashedKeys[realIndex]!;
  const keyImagePoint = keyImagePointOf(onetimePrivateKey);
  const keyImage = keyImagePoint.encode();
  const challengeOf = ringChallenge(message, keyImage);

  // In this order seeded runs reproduce the reference's signatures: the other members' responses, then the nonces.
  const responses: [Scalar, Scalar][] = [];
  for (let i = 0; i < size; i++) {
    responses.push(
      i === realIndex ? [Scalar.ZERO, Scalar.ZERO] : [Scalar.random(random), Scalar.random(random)],
    );
  }
  const alpha0 = Scalar.random(random);
  const alpha1 = Scalar.random(random);

  let challenge = challengeOf(
    Point.encodeBatch([Point.multiplyBase(alpha0), hashedKey.multiply(alpha0), Point.multiplyBase(alpha1)]),
  );
  let cZero = challenge;
  for (let step = 1; step < size; step++) {
    const i = (realIndex + step) % size;
    if (i === 0) cZero = challenge;
    challenge = challengeOf(ringStep(decoded, i, challenge, responses[i]!, keyImagePoint, outputCommitment));
  }
  if (realIndex === 0) cZero = challenge;
  responses[realIndex] = [
    alpha0.subtract(challenge.multiply(onetimePrivateKey)),
    alpha1.subtract(challenge.multiply(blindingDifference)),
  ];

  return {
    cZero: cZero.toBytes(),
    responses: responses.flat().map((response) => response.toBytes()),
    keyImage,
  };
}
