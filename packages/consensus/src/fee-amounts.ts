import type { Amount, FeeMap, Tx } from "@mobilecoin-ts/transaction";

const U64_MAX = (1n << 64n) - 1n;

/** A fee output to be made: its amount, and its number among the outputs of its token. */
export interface FeeAmount {
  readonly amount: Amount;
  readonly counter: bigint;
}

/**
 * Moves entries of zero behind those that are not, as the reference does (04 section 2.14.4): from the last entry down,
 * a non-zero one changes places with the first zero before it. The order it leaves is part of consensus.
 */
export function zeroSort<T>(entries: readonly T[], isZero: (entry: T) => boolean): T[] {
  const sorted = [...entries];
  for (let i = sorted.length - 1; i >= 1; i--) {
    if (isZero(sorted[i]!)) continue;
    const zero = sorted.findIndex((entry, j) => j < i && isZero(entry));
    if (zero >= 0) [sorted[i], sorted[zero]] = [sorted[zero]!, sorted[i]!];
  }
  return sorted;
}

/**
 * The fee outputs of a block: for each token that may pay fees, as many tokens as there are transactions at most, the
 * sum of its fees in outputs of at most 2^64 - 1. A sum of zero makes an output too.
 */
export function feeAmounts(transactions: readonly Tx[], fees: FeeMap): FeeAmount[] {
  const tokenIds = [...fees.keys()].sort((a, b) => (a < b ? -1 : 1));
  const sums = tokenIds.map((tokenId) => ({
    tokenId,
    sum: transactions
      .filter(({ prefix }) => prefix.feeTokenId === tokenId)
      .reduce((sum, { prefix }) => sum + prefix.fee, 0n),
  }));
  return zeroSort(sums, ({ sum }) => sum === 0n)
    .slice(0, Math.min(tokenIds.length, transactions.length))
    .flatMap(({ tokenId, sum }) => {
      const amounts: FeeAmount[] = [];
      let rest = sum;
      do {
        const value = rest > U64_MAX ? U64_MAX : rest;
        amounts.push({ amount: { value, tokenId }, counter: BigInt(amounts.length) });
        rest -= value;
      } while (rest > 0n);
      return amounts;
    });
}
