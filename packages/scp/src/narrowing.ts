import { type Ballot, ballotSet, compatible } from "./ballot.ts";
import type { CounterRange, Message } from "./message.ts";
import type { Narrow } from "./quorum-search.ts";
import { type Compare, intersection, type ValueSet } from "./value-set.ts";

// The predicate kinds of 04 section 2.2.

/** Accepts what the test accepts; there is no state. */
export function when<V>(test: (message: Message<V>) => boolean): Narrow<V, true> {
  return (message) => (test(message) ? true : undefined);
}

/** Keeps the values that the message states too. */
export function valuesIn<V>(
  stated: (message: Message<V>) => ValueSet<V>,
  compare: Compare<V>,
): Narrow<V, ValueSet<V>> {
  return (message, state) => {
    const left = intersection(state, stated(message), compare);
    return left.length === 0 ? undefined : left;
  };
}

/** Keeps the ballots whose values the message states too, at the lower of the two counters. */
export function ballotsIn<V>(
  stated: (message: Message<V>) => readonly Ballot<V>[],
  compare: Compare<V>,
): Narrow<V, readonly Ballot<V>[]> {
  return (message, state) => {
    const left: Ballot<V>[] = [];
    for (const theirs of stated(message)) {
      for (const ours of state) {
        if (compatible(theirs, ours, compare)) {
          left.push(theirs.counter < ours.counter ? { ...ours, counter: theirs.counter } : ours);
        }
      }
    }
    return left.length === 0 ? undefined : ballotSet(left, compare);
  };
}

/** The counters at which one sequence of values is (to be) committed. */
export interface BallotRange<V> extends CounterRange {
  readonly values: readonly V[];
}

/** Keeps the part of the range that the message states too. */
export function rangeIn<V>(
  stated: (message: Message<V>, values: readonly V[]) => CounterRange | undefined,
): Narrow<V, BallotRange<V>> {
  return (message, state) => {
    const theirs = stated(message, state.values);
    if (theirs === undefined) return undefined;
    const low = Math.max(theirs.low, state.low);
    const high = Math.min(theirs.high, state.high);
    return low <= high ? { values: state.values, low, high } : undefined;
  };
}
