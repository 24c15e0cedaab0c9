import { type Compare, compareSequences } from "./value-set.ts";

/** The largest ballot counter, "infinity": what an externalised ballot counts as (04 section 1). */
export const MAX_COUNTER = 0xffff_ffff;

/** A counter (32 bits, unsigned) and the values it is for, in the order the combine function gave them. */
export interface Ballot<V> {
  readonly counter: number;
  readonly values: readonly V[];
}

/** By counter, then by values as a sequence (04 section 2.3). */
export function compareBallots<V>(a: Ballot<V>, b: Ballot<V>, compare: Compare<V>): number {
  return a.counter - b.counter || compareSequences(a.values, b.values, compare);
}

/** An absent ballot is less than any other. */
export function compareOptionalBallots<V>(
  a: Ballot<V> | undefined,
  b: Ballot<V> | undefined,
  compare: Compare<V>,
): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareBallots(a, b, compare);
}

/** Whether two ballots are for the same values. */
export function compatible<V>(a: Ballot<V>, b: Ballot<V>, compare: Compare<V>): boolean {
  return a.values === b.values || compareSequences(a.values, b.values, compare) === 0;
}

/** The ballot before any: counter 0 and no values. */
export function isZeroBallot<V>(ballot: Ballot<V>): boolean {
  return ballot.counter === 0 && ballot.values.length === 0;
}

/** Ascending, without repeats. */
export function ballotSet<V>(ballots: readonly Ballot<V>[], compare: Compare<V>): readonly Ballot<V>[] {
  const sorted = [...ballots].sort((a, b) => compareBallots(a, b, compare));
  return sorted.filter((ballot, i) => {
    const previous = sorted[i - 1];
    return previous === undefined || compareBallots(previous, ballot, compare) !== 0;
  });
}

/** The next counter; infinity stays infinity. */
export function incremented(counter: number): number {
  return Math.min(counter + 1, MAX_COUNTER);
}
