import { type FixedBase, Point } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { MAX_PARTIES } from "./bulletproof-generators.ts";
import { valueGenerator } from "./pedersen.ts";

/** What a range proof is relative to. */
export interface RangeParameters {
  /** Label of the Merlin transcript. */
  readonly label: string;
  /** Every value is shown to be below `2^bits`: 8, 16, 32 or 64. */
  readonly bits: number;
  /** `B`, which carries the value in a commitment. */
  readonly valueBase: Point;
  /** `B̃`, which carries the blinding. */
  readonly blindingBase: Point;
  /** Multiples of `valueBase`, where they are at hand: for the prover. */
  readonly valueTable?: FixedBase | undefined;
}

/** The network's parameters for amounts of a token (02 section 2.12): 64 bits, value on `H_t`, blinding on `G`. */
export function networkRangeParameters(tokenId: bigint): RangeParameters {
  return {
    label: "mc_bulletproof_transcript",
    bits: 64,
    valueBase: valueGenerator(tokenId),
    blindingBase: Point.BASE,
  };
}

/** @throws TransactionError `InvalidBitsize`, `InvalidGeneratorsLength`. */
export function requireRangeSize(bits: number, parties: number): void {
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
    throw new TransactionError("range-proof", "InvalidBitsize", `no range of ${bits} bits`, {
      data: { bits },
    });
  }
  if (parties > MAX_PARTIES) {
    throw new TransactionError(
      "range-proof",
      "InvalidGeneratorsLength",
      `${parties} commitments are more than ${MAX_PARTIES}`,
      { data: { parties } },
    );
  }
}

/**
 * Pads to a power of two by repeating the last element, as values, blindings and commitments of a proof are
 * (02 section 2.12).
 *
 * @throws TransactionError `ResizeError` for an empty list.
 */
export function padToPowerOfTwo<T>(list: readonly T[]): T[] {
  const last = list.at(-1);
  if (last === undefined) throw new TransactionError("range-proof", "ResizeError", "no element to repeat");
  const padded = [...list];
  while (!isPowerOfTwo(padded.length)) padded.push(last);
  return padded;
}

export function isPowerOfTwo(n: number): boolean {
  return n > 0 && Number.isInteger(Math.log2(n));
}
