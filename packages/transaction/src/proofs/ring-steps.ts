import { onetimeHashToPoint } from "@mobilecoin-ts/crypto";
import { Point, ringStepPublic, type Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { RingMember } from "./ring-mlsag.ts";

/** A ring with its points decompressed and its target keys hashed to the curve. */
export interface DecodedRing {
  readonly targetKeys: readonly Point[];
  readonly commitments: readonly Point[];
  readonly hashedKeys: readonly Point[];
}

/** Decompresses a ring; the first bad point member by member is the one reported (02 section 2.11, step 1). */
export function decodeRing(ring: readonly RingMember[]): DecodedRing {
  const points = Point.tryDecodeBatch(ring.flatMap(({ targetKey, commitment }) => [targetKey, commitment]));
  const decoded = points.map((point, at) => {
    if (point !== undefined) return point;
    const index = at >> 1;
    const part = at % 2 === 0 ? "target key" : "commitment";
    throw new TransactionError(
      "ring-signature",
      "InvalidCurvePoint",
      `ring member ${index}: ${part} is no point`,
      {
        data: { index },
      },
    );
  });
  return {
    targetKeys: decoded.filter((_, at) => at % 2 === 0),
    commitments: decoded.filter((_, at) => at % 2 === 1),
    hashedKeys: ring.map((member) => onetimeHashToPoint(member.targetKey)),
  };
}

/**
 * The commitments `L0 = r0·G + c·P_i`, `R0 = r0·Hp(P_i) + c·I`, `L1 = r1·G + c·(C' − C_i)` of ring member `i`,
 * compressed. Variable time: every operand is, or will be, published in the signature.
 */
export function ringStep(
  ring: DecodedRing,
  index: number,
  challenge: Scalar,
  responses: readonly [Scalar, Scalar],
  keyImage: Point,
  outputCommitment: Point,
): Uint8Array[] {
  const [r0, r1] = responses;
  const difference = outputCommitment.subtract(ring.commitments[index]!);
  const { targetKeys, hashedKeys } = ring;
  return ringStepPublic(challenge, r0, r1, targetKeys[index]!, hashedKeys[index]!, keyImage, difference);
}
