/** Which unspent outputs to pay an amount with (07 section 2.14.5). */
export type InputSelection =
  | {
      readonly result: "selected";
      /** Positions in the list of values, ascending. */
      readonly positions: readonly number[];
    }
  /** All outputs together are worth less than the target. */
  | { readonly result: "insufficientFunds" }
  /** The outputs are worth the target, but no `maxInputs` of them are: merge some first. */
  | {
      readonly result: "wouldNeedDefragmentation";
      /** The most that one transaction can pay now, its fee included. */
      readonly largestPossibleAmount: bigint;
    };

/** Inputs that a transaction may have. */
const MAX_SELECTED = 16;

/** Inputs of the transaction that merges outputs, as the reference counts them. */
const DEFRAGMENTATION_INPUTS = 3;

/**
 * Selects outputs worth at least `target` (amount and fee), preferring the oldest: each output, oldest first, is
 * taken when the best choice among the younger ones still reaches the target. Old small outputs get used up, and
 * the change is larger than it need be.
 *
 * @param values of unspent outputs of one token, by ascending index in the ledger (oldest first).
 * @param maxInputs 1 to 16 (larger is taken as 16); the reference uses 3 for a payment.
 */
export function selectInputs(values: readonly bigint[], target: bigint, maxInputs: number): InputSelection {
  if (!Number.isInteger(maxInputs) || maxInputs < 1) throw new RangeError("maxInputs must be at least 1");
  const total = values.reduce((sum, value) => sum + value, 0n);
  if (total < target) return { result: "insufficientFunds" };
  const limit = Math.min(maxInputs, MAX_SELECTED);
  const best = bestSums(values, Math.max(limit, DEFRAGMENTATION_INPUTS));
  if (best(0, limit) < target) {
    return {
      result: "wouldNeedDefragmentation",
      largestPossibleAmount: best(0, Math.max(limit, DEFRAGMENTATION_INPUTS)),
    };
  }
  const positions: number[] = [];
  let sum = 0n;
  for (let i = 0; i < values.length && sum < target; i++) {
    const value = values[i]!;
    if (positions.length < limit && sum + value + best(i + 1, limit - positions.length - 1) >= target) {
      positions.push(i);
      sum += value;
    }
  }
  return { result: "selected", positions };
}

/** For each position and count: the largest sum of at most `count` values from `position` on. */
function bestSums(values: readonly bigint[], maxCount: number): (position: number, count: number) => bigint {
  const table: bigint[][] = new Array(values.length + 1);
  let younger: bigint[] = new Array<bigint>(maxCount + 1).fill(0n);
  table[values.length] = younger;
  for (let i = values.length - 1; i >= 0; i--) {
    const row = [0n];
    for (let count = 1; count <= maxCount; count++) {
      const taking = values[i]! + younger[count - 1]!;
      let larger = younger[count]!;
      if (taking > larger) larger = taking;
      row.push(larger);
    }
    table[i] = row;
    younger = row;
  }
  return (position, count) => table[position]![count]!;
}
