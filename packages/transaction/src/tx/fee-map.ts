import { type Digestible, d, digest32 } from "@mobilecoin-ts/crypto";
import { TransactionError } from "../error.ts";
import { DEFAULT_MINIMUM_FEE, MOB_TOKEN_ID, SMALLEST_MINIMUM_FEE_LOG2 } from "../tx-out/constants.ts";

/** Minimum fee of each token that may pay fees, in its smallest unit, by token id (02 section 2.17). */
export type FeeMap = ReadonlyMap<bigint, bigint>;

/** The fees of a network that says nothing else. */
export const DEFAULT_FEE_MAP: FeeMap = new Map([[MOB_TOKEN_ID, DEFAULT_MINIMUM_FEE]]);

const PRIORITY_SHIFT = BigInt(SMALLEST_MINIMUM_FEE_LOG2);
const FEE_QUANTUM = 1n << PRIORITY_SHIFT;

function ascending(fees: FeeMap): [tokenId: bigint, fee: bigint][] {
  return [...fees].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Checks that a fee map is one a network may have.
 *
 * @throws TransactionError area `feeMap`: `InvalidFeeTooSmall`, then `InvalidFeeNotDivisible` (both naming the lowest
 * offending `tokenId`), then `MissingFee` when token 0 has none.
 */
export function requireValidFeeMap(fees: FeeMap): void {
  const entries = ascending(fees);
  const small = entries.find(([, fee]) => fee < FEE_QUANTUM);
  if (small !== undefined) {
    throw new TransactionError("feeMap", "InvalidFeeTooSmall", `a minimum fee is below ${FEE_QUANTUM}`, {
      data: { tokenId: small[0] },
    });
  }
  const uneven = entries.find(([, fee]) => fee % FEE_QUANTUM !== 0n);
  if (uneven !== undefined) {
    throw new TransactionError(
      "feeMap",
      "InvalidFeeNotDivisible",
      `a minimum fee is no multiple of ${FEE_QUANTUM}`,
      {
        data: { tokenId: uneven[0] },
      },
    );
  }
  if (!fees.has(MOB_TOKEN_ID)) {
    throw new TransactionError("feeMap", "MissingFee", "token 0 has no minimum fee", {
      data: { tokenId: MOB_TOKEN_ID },
    });
  }
}

interface FeeEntries {
  readonly map: readonly (readonly [tokenId: bigint, fee: bigint])[];
}

/** A fee map, its entries in ascending order of token ids. */
export const feeMapDigestible: Digestible<FeeMap> = d.from(
  (fees) => ({ map: ascending(fees) }),
  d.struct<FeeEntries>("FeeMap", [["map", d.list(d.pair(d.newtype("TokenId", d.u64), d.u64))]]),
);

/** The 32-byte digest by which a transaction and a node compare the fees they believe in. */
export function feeMapDigest(fees: FeeMap): Uint8Array {
  return digest32("mc-fee-map", feeMapDigestible, fees);
}

/** How a fee ranks a transaction among others: multiples of 1/128 of the minimum fee, rounded down. */
export function feePriority(fee: bigint, minimumFee: bigint): bigint {
  return fee / (minimumFee >> PRIORITY_SHIFT);
}
