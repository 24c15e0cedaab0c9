import type { NodeId } from "@mobilecoin-ts/wire";
import { type Ballot, MAX_COUNTER } from "./ballot.ts";
import { isValidQuorumSet, type QuorumSet } from "./quorum-set.ts";
import { isValidTopic, type Topic } from "./topic.ts";
import { type Compare, compareSequences, union, type ValueSet } from "./value-set.ts";

/** One statement of one node about one slot, with the node's whole quorum set (04 section 2.3). */
export interface Message<V> {
  readonly sender: NodeId;
  readonly slotIndex: bigint;
  readonly quorumSet: QuorumSet;
  readonly topic: Topic<V>;
}

/** Counters `low` to `high`, both included. */
export interface CounterRange {
  readonly low: number;
  readonly high: number;
}

export function isValidMessage<V>(message: Message<V>, compare: Compare<V>): boolean {
  return isValidQuorumSet(message.quorumSet) && isValidTopic(message.topic, compare);
}

// The rest is "what a message states" of 04 section 2.3, one function a row.

export function votesOrAcceptsNominated<V>({ topic }: Message<V>, compare: Compare<V>): ValueSet<V> {
  return topic.kind === "nominate" || topic.kind === "nominatePrepare"
    ? union(topic.x, topic.y, compare)
    : [];
}

export function acceptsNominated<V>({ topic }: Message<V>): ValueSet<V> {
  return topic.kind === "nominate" || topic.kind === "nominatePrepare" ? topic.y : [];
}

export function votesOrAcceptsPrepared<V>(message: Message<V>): readonly Ballot<V>[] {
  const { topic } = message;
  switch (topic.kind) {
    case "nominate":
      return [];
    case "nominatePrepare":
    case "prepare":
      return [topic.b, ...acceptsPrepared(message)];
    case "commit":
      return [{ counter: MAX_COUNTER, values: topic.b.values }];
    case "externalize":
      return acceptsPrepared(message);
  }
}

export function acceptsPrepared<V>({ topic }: Message<V>): readonly Ballot<V>[] {
  switch (topic.kind) {
    case "nominate":
      return [];
    case "nominatePrepare":
    case "prepare":
      if (topic.p === undefined) return [];
      return topic.pp === undefined ? [topic.p] : [topic.p, topic.pp];
    case "commit":
      return [{ counter: topic.pn, values: topic.b.values }];
    case "externalize":
      return [{ counter: MAX_COUNTER, values: topic.c.values }];
  }
}

export function votesOrAcceptsCommit<V>(
  { topic }: Message<V>,
  values: readonly V[],
  compare: Compare<V>,
): CounterRange | undefined {
  switch (topic.kind) {
    case "nominate":
      return undefined;
    case "nominatePrepare":
    case "prepare":
      if (topic.cn === 0 || compareSequences(topic.b.values, values, compare) !== 0) return undefined;
      return { low: topic.cn, high: topic.hn };
    case "commit":
      if (compareSequences(topic.b.values, values, compare) !== 0) return undefined;
      return { low: topic.cn, high: MAX_COUNTER };
    case "externalize":
      if (compareSequences(topic.c.values, values, compare) !== 0) return undefined;
      return { low: topic.c.counter, high: MAX_COUNTER };
  }
}

export function acceptsCommit<V>(
  { topic }: Message<V>,
  values: readonly V[],
  compare: Compare<V>,
): CounterRange | undefined {
  if (topic.kind === "commit" && compareSequences(topic.b.values, values, compare) === 0) {
    return { low: topic.cn, high: topic.hn };
  }
  if (topic.kind === "externalize" && compareSequences(topic.c.values, values, compare) === 0) {
    return { low: topic.c.counter, high: MAX_COUNTER };
  }
  return undefined;
}

export function ballotCounter<V>({ topic }: Message<V>): number {
  if (topic.kind === "nominate") return 0;
  return topic.kind === "externalize" ? MAX_COUNTER : topic.b.counter;
}

/** Every value a message mentions, possibly more than once. */
export function mentionedValues<V>({ topic }: Message<V>): readonly V[] {
  switch (topic.kind) {
    case "nominate":
      return [...topic.x, ...topic.y];
    case "nominatePrepare":
      return [...topic.x, ...topic.y, ...preparedValues(topic)];
    case "prepare":
      return preparedValues(topic);
    case "commit":
      return topic.b.values;
    case "externalize":
      return topic.c.values;
  }
}

function preparedValues<V>(topic: {
  readonly b: Ballot<V>;
  readonly p: Ballot<V> | undefined;
  readonly pp: Ballot<V> | undefined;
}): readonly V[] {
  return [...topic.b.values, ...(topic.p?.values ?? []), ...(topic.pp?.values ?? [])];
}
