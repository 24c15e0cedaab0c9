import { type Ballot, ballotSet, compatible } from "./ballot.ts";
import type { CounterRange, Message } from "./message.ts";
import { type Compare, compareSequences, hasValue, intersection, type ValueSet } from "./value-set.ts";

/**
 * A predicate with a state that narrows with every message it accepts (04 section 2.2).
 *
 * A state is made of parts, and what makes searches bounded is that the parts decide everything: a message accepts a
 * state exactly when it accepts one of its parts, and the narrowed state is made of the parts the message accepts.
 */
export interface Narrow<V, State, Part = State> {
  /** The state that remains, or undefined when the message supports none of it. */
  narrow(message: Message<V>, state: State): State | undefined;
  /** The parts of a state, as far as `messages` can tell them apart. */
  parts(state: State, messages: readonly Message<V>[]): readonly Part[];
  accepts(message: Message<V>, part: Part): boolean;
}

// The predicate kinds of 04 section 2.2.

/** Accepts what the test accepts; there is no state. */
export function when<V>(test: (message: Message<V>) => boolean): Narrow<V, true> {
  return {
    narrow: (message) => (test(message) ? true : undefined),
    parts: () => [true],
    accepts: (message) => test(message),
  };
}

/** Keeps the values that the message states too. */
export function valuesIn<V>(
  stated: (message: Message<V>) => ValueSet<V>,
  compare: Compare<V>,
): Narrow<V, ValueSet<V>, V> {
  return {
    narrow: (message, state) => {
      const left = intersection(state, stated(message), compare);
      return left.length === 0 ? undefined : left;
    },
    parts: (state) => state,
    accepts: (message, value) => hasValue(stated(message), value, compare),
  };
}

/** Keeps the ballots whose values the message states too, at the lower of the two counters. */
export function ballotsIn<V>(
  stated: (message: Message<V>) => readonly Ballot<V>[],
  compare: Compare<V>,
): Narrow<V, readonly Ballot<V>[], Ballot<V>> {
  return {
    narrow: (message, state) => {
      const left: Ballot<V>[] = [];
      for (const theirs of stated(message)) {
        for (const ours of state) {
          if (compatible(theirs, ours, compare)) {
            left.push(theirs.counter < ours.counter ? { ...ours, counter: theirs.counter } : ours);
          }
        }
      }
      return left.length === 0 ? undefined : ballotSet(left, compare);
    },
    parts: (state) =>
      state.filter((ballot, i) => !state.slice(0, i).some((other) => compatible(ballot, other, compare))),
    // Whatever the counters: the lower one is always common ground.
    accepts: (message, ballot) => stated(message).some((theirs) => compatible(theirs, ballot, compare)),
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
  return {
    narrow: (message, state) => {
      const theirs = stated(message, state.values);
      if (theirs === undefined) return undefined;
      const low = Math.max(theirs.low, state.low);
      const high = Math.min(theirs.high, state.high);
      return low <= high ? { values: state.values, low, high } : undefined;
    },
    // Ranges that have a counter in common have the highest of their lower ends in common.
    parts: ({ values, low, high }, messages) => {
      const points = new Set([low]);
      for (const message of messages) {
        const theirs = stated(message, values)?.low ?? low;
        if (theirs > low && theirs <= high) points.add(theirs);
      }
      return Array.from(points, (point) => ({ values, low: point, high: point }));
    },
    accepts: (message, { values, low }) => {
      const theirs = stated(message, values);
      return theirs !== undefined && theirs.low <= low && low <= theirs.high;
    },
  };
}

/** Accepts statements that externalise just these values. */
export function externalizing<V>(values: readonly V[], compare: Compare<V>): Narrow<V, true> {
  return when(
    ({ topic }) => topic.kind === "externalize" && compareSequences(topic.c.values, values, compare) === 0,
  );
}
