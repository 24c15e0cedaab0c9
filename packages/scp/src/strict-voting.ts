import { type Ballot, ballotSet, compatible, MAX_COUNTER } from "./ballot.ts";
import {
  acceptsCommit,
  acceptsPrepared,
  type CounterRange,
  type Message,
  votesOrAcceptsCommit,
  votesOrAcceptsPrepared,
} from "./message.ts";
import { type BallotRange, when } from "./narrowing.ts";
import type { TrustGraph } from "./trust-graph.ts";
import { type Compare, compareSequences } from "./value-set.ts";

// Federated voting to the letter, one statement at a time: a quorum or a blocking set counts for a ballot only if every
// node of it has said that very thing. The reference asks one greedy search that narrows as it goes, and a liar it meets
// first can narrow it to nothing of use, or pass off a counter as common that nobody else has reached. What is found here
// is therefore less prone to stall, and no less safe; it is asked of slots that are wedged (`Slot`).

type Prepared<V> = (message: Message<V>) => readonly Ballot<V>[];
type Committed<V> = (message: Message<V>, values: readonly V[]) => CounterRange | undefined;

/** Ballots accepted as prepared; `own` are those the local node votes for or accepts. */
export function strictlyAcceptedPrepared<V>(
  graph: TrustGraph<V>,
  messages: readonly Message<V>[],
  own: readonly Ballot<V>[],
  compare: Compare<V>,
): readonly Ballot<V>[] {
  const claimed = ballotSet(messages.flatMap(acceptsPrepared<V>), compare);
  const blocked = claimed.filter(
    (ballot) => graph.blocking(atLeast(acceptsPrepared, ballot, compare), true) !== undefined,
  );
  const voted = inQuorum(graph, messages, votesOrAcceptsPrepared, own, compare);
  return ballotSet([...blocked, ...voted], compare);
}

/** Ballots confirmed as prepared among those accepted. */
export function strictlyConfirmedPrepared<V>(
  graph: TrustGraph<V>,
  messages: readonly Message<V>[],
  accepted: readonly Ballot<V>[],
  compare: Compare<V>,
): readonly Ballot<V>[] {
  return inQuorum(graph, messages, acceptsPrepared, accepted, compare);
}

/** The given ballots, at the highest counters that a quorum states too. */
function inQuorum<V>(
  graph: TrustGraph<V>,
  messages: readonly Message<V>[],
  stated: Prepared<V>,
  ballots: readonly Ballot<V>[],
  compare: Compare<V>,
): readonly Ballot<V>[] {
  const theirs = messages.flatMap(stated);
  const candidates = ballots.flatMap((ballot) => [
    ballot,
    ...theirs.filter((other) => other.counter < ballot.counter && compatible(other, ballot, compare)),
  ]);
  return ballotSet(candidates, compare).filter(
    (ballot) => graph.quorum(atLeast(stated, ballot, compare), true) !== undefined,
  );
}

function atLeast<V>(stated: Prepared<V>, ballot: Ballot<V>, compare: Compare<V>) {
  return when<V>((message) =>
    stated(message).some((other) => other.counter >= ballot.counter && compatible(other, ballot, compare)),
  );
}

/** Counters accepted as committed, for each sequence of values; `own` is what the local node votes to commit. */
export function strictlyAcceptedCommitted<V>(
  graph: TrustGraph<V>,
  messages: readonly Message<V>[],
  own: BallotRange<V> | undefined,
  compare: Compare<V>,
): readonly BallotRange<V>[] {
  const sequences = own === undefined ? [] : [own.values];
  for (const { topic } of messages) {
    const values =
      topic.kind === "commit" ? topic.b.values : topic.kind === "externalize" ? topic.c.values : undefined;
    if (values === undefined) continue;
    if (!sequences.some((known) => compareSequences(known, values, compare) === 0)) sequences.push(values);
  }
  const accepts: Committed<V> = (message, values) => acceptsCommit(message, values, compare);
  const votes: Committed<V> = (message, values) => votesOrAcceptsCommit(message, values, compare);
  return sequences.flatMap((values) => {
    const mine = own !== undefined && own.values === values ? own : undefined;
    const points = pointsOf(messages, votes, { values, low: 0, high: MAX_COUNTER }, mine);
    return (
      highestRun(
        values,
        points,
        (point) =>
          graph.blocking(containing(accepts, values, point), true) !== undefined ||
          (mine !== undefined &&
            mine.low <= point &&
            point <= mine.high &&
            graph.quorum(containing(votes, values, point), true) !== undefined),
      ) ?? []
    );
  });
}

/** Counters of the range that a quorum accepts as committed too. */
export function strictlyConfirmedCommitted<V>(
  graph: TrustGraph<V>,
  messages: readonly Message<V>[],
  accepted: BallotRange<V>,
  compare: Compare<V>,
): BallotRange<V> | undefined {
  const accepts: Committed<V> = (message, values) => acceptsCommit(message, values, compare);
  return highestRun(
    accepted.values,
    pointsOf(messages, accepts, accepted, accepted),
    (point) => graph.quorum(containing(accepts, accepted.values, point), true) !== undefined,
  );
}

/** The counters at which what nodes state may change, ascending. */
function pointsOf<V>(
  messages: readonly Message<V>[],
  stated: Committed<V>,
  within: BallotRange<V>,
  own: CounterRange | undefined,
): readonly number[] {
  const points = new Set<number>(own === undefined ? [] : [own.low, own.high]);
  for (const message of messages) {
    const range = stated(message, within.values);
    if (range !== undefined) points.add(range.low).add(range.high);
  }
  return [...points].filter((point) => within.low <= point && point <= within.high).sort((a, b) => a - b);
}

function containing<V>(stated: Committed<V>, values: readonly V[], point: number) {
  return when<V>((message) => {
    const range = stated(message, values);
    return range !== undefined && range.low <= point && point <= range.high;
  });
}

/** The highest points in a row that hold. */
function highestRun<V>(
  values: readonly V[],
  points: readonly number[],
  holds: (point: number) => boolean,
): BallotRange<V> | undefined {
  let run: BallotRange<V> | undefined;
  for (const point of points.toReversed()) {
    if (holds(point)) run = { values, low: point, high: run?.high ?? point };
    else if (run !== undefined) break;
  }
  return run;
}
