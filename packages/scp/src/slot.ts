import type { NodeId } from "@mobilecoin-ts/wire";
import {
  type Ballot,
  ballotSet,
  compareBallots,
  compatible,
  incremented,
  isZeroBallot,
  MAX_COUNTER,
} from "./ballot.ts";
import { ScpError } from "./error.ts";
import { nextLeader } from "./leader-election.ts";
import {
  acceptsCommit,
  acceptsNominated,
  acceptsPrepared,
  ballotCounter,
  type CounterRange,
  isValidMessage,
  type Message,
  mentionedValues,
  votesOrAcceptsCommit,
  votesOrAcceptsNominated,
  votesOrAcceptsPrepared,
} from "./message.ts";
import { type BallotRange, ballotsIn, type Narrow, rangeIn, valuesIn, when } from "./narrowing.ts";
import { isValidQuorumSet, nodeKey, nodesOf, type QuorumSet } from "./quorum-set.ts";
import {
  strictlyAcceptedCommitted,
  strictlyAcceptedPrepared,
  strictlyConfirmedCommitted,
  strictlyConfirmedPrepared,
} from "./strict-voting.ts";
import { compareTopics, type Topic, topicsEqual } from "./topic.ts";
import { type Found, TrustGraph } from "./trust-graph.ts";
import {
  type Compare,
  compareSequences,
  difference,
  hasValue,
  union,
  type ValueSet,
  valueSet,
} from "./value-set.ts";

/** What the application knows about values. All three must be deterministic. */
export interface ValueRules<V> {
  /** A total order. */
  readonly compare: Compare<V>;
  /** Whether a value may be externalised. Asked again about a value that was refused, never about one that was not. */
  isValid(value: V): boolean;
  /**
   * The values of a ballot from confirmed nominated ones: without repeats, bounded, the same whatever the order of the
   * argument. Undefined when that cannot be told now; the ballot then stays as it is.
   */
  combine(values: ValueSet<V>): readonly V[] | undefined;
}

export interface SlotConfig<V> {
  readonly local: NodeId;
  /** Does not list the local node; it agrees with itself (04 section 2.2). */
  readonly quorumSet: QuorumSet;
  readonly slotIndex: bigint;
  readonly rules: ValueRules<V>;
}

export type Phase = "nominatePrepare" | "prepare" | "commit" | "externalize";

export type TimerName = "nomination" | "ballot";

/** A timer to set anew or to cancel. Delays are in milliseconds and may exceed what a host's timer can hold. */
export type TimerChange =
  | { readonly kind: "set"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly kind: "cancel"; readonly timer: TimerName };

/** What the host has to do after an input: broadcast at most one message, and see to the timers. */
export interface SlotEffects<V> {
  readonly message: Message<V> | undefined;
  readonly timers: readonly TimerChange[];
}

/** All that a slot remembers; what a node writes to disk before it sends, so that a restart cannot make it lie. */
export interface SlotState<V> {
  readonly slotIndex: bigint;
  readonly phase: Phase;
  /** Latest message of each other node. */
  readonly messages: readonly Message<V>[];
  /** Proposed, not voted for. */
  readonly w: ValueSet<V>;
  /** Voted to nominate, not accepted. */
  readonly x: ValueSet<V>;
  /** Accepted nominated. */
  readonly y: ValueSet<V>;
  /** Confirmed nominated. */
  readonly z: ValueSet<V>;
  readonly b: Ballot<V>;
  readonly p: Ballot<V> | undefined;
  readonly pp: Ballot<V> | undefined;
  readonly h: Ballot<V> | undefined;
  readonly c: Ballot<V> | undefined;
  readonly lastSent: Topic<V> | undefined;
  /** `nodeKey`s of the leaders so far. */
  readonly leaders: readonly string[];
  /** Nomination round, from 1. */
  readonly round: number;
  readonly armed: readonly TimerName[];
  /** How often the ballot timer ran out. */
  readonly ballotTimeouts: number;
  /** Of each sequence of values the highest ballot that peers were told is accepted as prepared, ascending. */
  readonly told: readonly Ballot<V>[];
}

/** Ballots told that a slot remembers; the highest. */
const MAX_TOLD = 32;

/** Both timers count in this interval, milliseconds (04 section 2.4.2). */
export const BASE_INTERVAL_MS = 1000;

/**
 * Ballot timeouts of one slot (about 44 seconds of them) after which it counts as wedged. The reference's rules have
 * states that no message and no timer leads out of (README). From here on votes are counted strictly, and a P that cannot
 * be reached any more no longer stops everything, both within what the protocol allows and without contradicting anything
 * said before; until then a slot does exactly what the reference does.
 */
const WEDGED_AFTER_TIMEOUTS = 8;

/**
 * A slot whose counter has come this far is wedged too: two ballots that push each other up do so with every message,
 * and the next timeout is then far away. Counters of nodes that catch up with externalised ones are infinite at once.
 */
const WEDGED_FROM_COUNTER = 20;

/** The state of a slot that nothing has happened to, with the leader of round 1. */
export function initialSlotState<V>(config: SlotConfig<V>): SlotState<V> {
  return {
    slotIndex: config.slotIndex,
    phase: "nominatePrepare",
    messages: [],
    w: [],
    x: [],
    y: [],
    z: [],
    b: { counter: 0, values: [] },
    p: undefined,
    pp: undefined,
    h: undefined,
    c: undefined,
    lastSent: undefined,
    leaders: [nextLeader(config.local, config.quorumSet, config.slotIndex, 1, new Set())],
    round: 1,
    armed: [],
    ballotTimeouts: 0,
    told: [],
  };
}

/**
 * One slot of the protocol (04 section 2.4): inputs are proposed values, messages of others and timeouts; each answers
 * with the effects for the host to carry out. No clock, no network, no randomness.
 */
export class Slot<V> {
  readonly slotIndex: bigint;
  readonly #local: NodeId;
  readonly #localKey: string;
  readonly #quorumSet: QuorumSet;
  readonly #peers: readonly string[];
  readonly #rules: ValueRules<V>;
  readonly #compare: Compare<V>;

  readonly #messages: Map<string, Message<V>>;
  /** The same messages, for searches. */
  readonly #graph: TrustGraph<V>;
  #phase: Phase;
  #w: ValueSet<V>;
  #x: ValueSet<V>;
  #y: ValueSet<V>;
  #z: ValueSet<V>;
  #b: Ballot<V>;
  #p: Ballot<V> | undefined;
  #pp: Ballot<V> | undefined;
  #h: Ballot<V> | undefined;
  #c: Ballot<V> | undefined;
  #lastSent: Topic<V> | undefined;
  readonly #leaders: Set<string>;
  #round: number;
  readonly #armed: Set<TimerName>;
  #ballotTimeouts: number;
  #told: readonly Ballot<V>[];
  /** Values found valid once. */
  #valid: ValueSet<V> = [];
  readonly #timerChanges = new Map<TimerName, TimerChange>();

  /**
   * @param state what a former run of the slot left, `initialSlotState` when there was none
   * @throws ScpError `InvalidQuorumSet`
   */
  constructor(config: SlotConfig<V>, state: SlotState<V> = initialSlotState(config)) {
    if (!isValidQuorumSet(config.quorumSet)) {
      throw new ScpError("InvalidQuorumSet", "the local quorum set cannot be satisfied");
    }
    this.slotIndex = config.slotIndex;
    this.#local = config.local;
    this.#localKey = nodeKey(config.local);
    this.#quorumSet = config.quorumSet;
    this.#peers = [...nodesOf(config.quorumSet).keys()];
    this.#rules = config.rules;
    this.#compare = config.rules.compare;
    this.#messages = new Map(state.messages.map((message) => [nodeKey(message.sender), message]));
    this.#graph = new TrustGraph(this.#localKey, config.quorumSet);
    for (const message of state.messages) this.#graph.hear(message);
    this.#phase = state.phase;
    this.#w = state.w;
    this.#x = state.x;
    this.#y = state.y;
    this.#z = state.z;
    this.#b = state.b;
    this.#p = state.p;
    this.#pp = state.pp;
    this.#h = state.h;
    this.#c = state.c;
    this.#lastSent = state.lastSent;
    this.#leaders = new Set(state.leaders);
    this.#round = state.round;
    this.#armed = new Set(state.armed);
    this.#ballotTimeouts = state.ballotTimeouts;
    this.#told = state.told;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The last message broadcast, for peers that ask for it. */
  get lastMessage(): Message<V> | undefined {
    return this.#lastSent === undefined ? undefined : this.#toMessage(this.#lastSent);
  }

  /** A copy of all that the slot remembers. */
  get state(): SlotState<V> {
    return {
      slotIndex: this.slotIndex,
      phase: this.#phase,
      messages: [...this.#messages.values()],
      w: this.#w,
      x: this.#x,
      y: this.#y,
      z: this.#z,
      b: this.#b,
      p: this.#p,
      pp: this.#pp,
      h: this.#h,
      c: this.#c,
      lastSent: this.#lastSent,
      leaders: [...this.#leaders],
      round: this.#round,
      armed: [...this.#armed],
      ballotTimeouts: this.#ballotTimeouts,
      told: this.#told,
    };
  }

  /** The timers a restored slot had running, to be set again in full. */
  resumeTimers(): readonly TimerChange[] {
    return [...this.#armed].map((timer) => ({ kind: "set", timer, delayMs: this.#delayOf(timer) }));
  }

  /** Offers values to nominate. */
  propose(values: Iterable<V>): SlotEffects<V> {
    if (this.#phase !== "nominatePrepare" || this.#z.length > 0) return this.#effects();
    const valid = valueSet(values, this.#compare).filter((value) => this.#isValid(value));
    if (valid.length === 0) return { message: undefined, timers: [] };
    this.#w = union(this.#w, valid, this.#compare);
    this.#nominationStep();
    this.#ballotStep();
    return this.#effects();
  }

  /** Takes messages of other nodes. What is not newer, malformed, or mentions an invalid value is ignored. */
  handle(messages: readonly Message<V>[]): SlotEffects<V> {
    const newestFirst = messages
      .filter((message) => message.slotIndex === this.slotIndex && nodeKey(message.sender) !== this.#localKey)
      .sort((a, b) => compareTopics(b.topic, a.topic, this.#compare));
    let stored = false;
    for (const message of newestFirst) {
      const known = this.#messages.get(nodeKey(message.sender));
      if (known !== undefined && compareTopics(message.topic, known.topic, this.#compare) <= 0) continue;
      if (!isValidMessage(message, this.#compare)) continue;
      if (this.#phase !== "externalize" && !mentionedValues(message).every((value) => this.#isValid(value))) {
        continue;
      }
      this.#messages.set(nodeKey(message.sender), message);
      this.#graph.hear(message);
      stored = true;
    }
    if (!stored) return { message: undefined, timers: [] };
    if (this.#phase === "nominatePrepare") this.#nominationStep();
    this.#ballotStep();
    return this.#effects();
  }

  /** Tells that timers ran out, both at once where both did (04 section 2.4.2). */
  timeout(timers: ReadonlySet<TimerName>): SlotEffects<V> {
    if (timers.has("nomination")) {
      this.#armed.delete("nomination");
      this.#round += 1;
      this.#leaders.add(nextLeader(this.#local, this.#quorumSet, this.slotIndex, this.#round, this.#leaders));
      if (this.#phase === "nominatePrepare") this.#nominationStep();
    }
    if (timers.has("ballot")) {
      this.#armed.delete("ballot");
      this.#ballotTimeouts += 1;
      this.#nextBallot();
      this.#ballotStep();
    }
    return this.#effects();
  }

  #nextBallot(): void {
    const counter = incremented(this.#b.counter);
    if (this.#phase === "nominatePrepare" || this.#phase === "prepare") {
      const values = this.#nextBallotValues();
      if (values !== undefined) this.#b = { counter, values };
    } else if (this.#phase === "commit") {
      this.#b = { counter, values: this.#b.values };
    }
  }

  // Nomination (04 section 2.4.4)

  #nominationStep(): void {
    if (!this.#armed.has("nomination")) this.#arm("nomination");
    if (this.#z.length === 0) this.#voteForLeadersValues();
    const accepted = this.acceptedNominated();
    this.#x = difference(this.#x, accepted, this.#compare);
    this.#y = union(this.#y, accepted, this.#compare);
    const confirmed = this.#quorum(
      valuesIn(acceptsNominated, this.#compare),
      difference(this.#y, this.#z, this.#compare),
    );
    if (confirmed !== undefined) this.#z = union(this.#z, confirmed.state, this.#compare);
    if (this.#z.length > 0 && isZeroBallot(this.#b)) {
      const values = this.#rules.combine(this.#z);
      if (values !== undefined) this.#b = { counter: 1, values };
    }
  }

  #voteForLeadersValues(): void {
    const votes = this.#leaders.has(this.#localKey) ? [...this.#w] : [];
    for (const leader of this.#leaders) {
      const message = leader === this.#localKey ? undefined : this.#messages.get(leader);
      if (message !== undefined) votes.push(...votesOrAcceptsNominated(message, this.#compare));
    }
    const wanted = valueSet(votes, this.#compare);
    this.#x = union(this.#x, difference(wanted, this.#y, this.#compare), this.#compare);
  }

  /** Values that a blocking set accepts as nominated, or a quorum votes for or accepts (04 section 2.4.4, step 3). */
  acceptedNominated(): ValueSet<V> {
    const compare = this.#compare;
    const claimed = valueSet(
      [...this.#messages]
        .filter(([key]) => key !== this.#localKey)
        .flatMap(([, message]) => acceptsNominated(message)),
      compare,
    );
    const blocked = claimed.filter(
      (value) =>
        this.#blocking(
          when((message) => hasValue(acceptsNominated(message), value, compare)),
          true,
        ) !== undefined,
    );
    const voted = this.#quorum(
      valuesIn((message) => votesOrAcceptsNominated(message, compare), compare),
      this.#x,
    );
    return union(blocked, voted?.state ?? [], compare);
  }

  // Ballot sets (04 section 2.4.5)

  /** Ballots accepted as prepared, ascending: by a blocking set that does, or a quorum that votes so or does. */
  acceptedPrepared(): readonly Ballot<V>[] {
    const compare = this.#compare;
    const own = [this.#p, this.#p === undefined ? undefined : this.#pp, this.#b].filter(
      (ballot): ballot is Ballot<V> => ballot !== undefined && !isZeroBallot(ballot),
    );
    const heard = this.#heardOfPeers();
    if (this.#isWedged) {
      // The reference forgets what it accepted once those who made it do so speak of other things.
      const found = strictlyAcceptedPrepared(this.#graph, this.#heard(), own, compare);
      return ballotSet([...found, ...this.#told], compare);
    }
    const claimed = heard.flatMap((message) => acceptsPrepared(message));
    const accepted = ballotsIn<V>(acceptsPrepared, compare);
    const blocked = ballotSet(claimed, compare).filter(
      (ballot) => this.#blocking(accepted, [ballot]) !== undefined,
    );
    const voted = this.#quorum(ballotsIn(votesOrAcceptsPrepared, compare), ballotSet(own, compare));
    return ballotSet([...blocked, ...(voted?.state ?? [])], compare);
  }

  #confirmedPrepared(accepted: readonly Ballot<V>[]): readonly Ballot<V>[] {
    if (this.#isWedged) {
      return strictlyConfirmedPrepared(this.#graph, this.#heard(), accepted, this.#compare);
    }
    return this.#quorum(ballotsIn(acceptsPrepared, this.#compare), accepted)?.state ?? [];
  }

  #acceptedCommitted(): readonly BallotRange<V>[] {
    const compare = this.#compare;
    const heard = this.#heardOfPeers();
    const own =
      this.#c === undefined || this.#h === undefined
        ? undefined
        : { values: this.#b.values, low: this.#c.counter, high: this.#highestVotedCommit(this.#h) };
    if (this.#isWedged) return strictlyAcceptedCommitted(this.#graph, this.#heard(), own, compare);

    const accepts = rangeIn<V>((message, values) => acceptsCommit(message, values, compare));
    const ranges: BallotRange<V>[] = [];
    // Of nodes that accept the same values one speaks for all; the reference leaves open which. Here it is the last one,
    // as configured, that a blocking set agrees with, since to prefer another would be to miss what is there.
    for (const message of heard.toReversed()) {
      const { topic } = message;
      const values =
        topic.kind === "commit" ? topic.b.values : topic.kind === "externalize" ? topic.c.values : undefined;
      const stated = values && acceptsCommit(message, values, compare);
      if (values === undefined || stated === undefined || rangeOf(ranges, values, compare) !== undefined)
        continue;
      const range = { values, ...stated };
      if (this.#blocking(accepts, range) !== undefined) ranges.unshift(range);
    }
    if (own === undefined) return ranges;
    const voted = this.#quorum(
      rangeIn((message, values) => votesOrAcceptsCommit(message, values, compare)),
      own,
    )?.state;
    if (voted === undefined) return ranges;
    const same = rangeOf(ranges, voted.values, compare);
    if (same === undefined) return [...ranges, voted];
    const merged = {
      values: voted.values,
      low: Math.min(same.low, voted.low),
      high: Math.max(same.high, voted.high),
    };
    return ranges.map((range) => (range === same ? merged : range));
  }

  /** A node that says "commit" votes for every counter from C on, but asks whether a quorum does only up to H. */
  #highestVotedCommit(h: Ballot<V>): number {
    return this.#isWedged && this.#phase === "commit" ? MAX_COUNTER : h.counter;
  }

  /** The latest messages of all nodes, those included that only others rely on. */
  #heard(): readonly Message<V>[] {
    return [...this.#messages.values()];
  }

  /** The latest messages of the nodes in the local quorum set, in its order. */
  #heardOfPeers(): readonly Message<V>[] {
    return this.#peers.flatMap((peer) => this.#messages.get(peer) ?? []);
  }

  #confirmedCommitted(): CounterRange | undefined {
    const compare = this.#compare;
    let candidate: BallotRange<V> | undefined;
    if (this.#phase === "commit" && this.#c !== undefined && this.#h !== undefined) {
      candidate = { values: this.#b.values, low: this.#c.counter, high: this.#h.counter };
    } else if (this.#phase === "externalize") {
      candidate = rangeOf(this.#acceptedCommitted(), this.#b.values, compare);
    }
    if (candidate === undefined) return undefined;
    if (this.#isWedged) {
      return strictlyConfirmedCommitted(this.#graph, this.#heard(), candidate, compare);
    }
    return this.#quorum(
      rangeIn((message, values) => acceptsCommit(message, values, compare)),
      candidate,
    )?.state;
  }

  #nextBallotValues(): readonly V[] | undefined {
    const accepted = this.acceptedPrepared();
    const confirmed = this.#confirmedPrepared(accepted).at(-1);
    if (confirmed !== undefined) return confirmed.values;
    const combined = this.#z.length > 0 ? this.#rules.combine(this.#z) : undefined;
    if (combined !== undefined) return combined;
    return accepted.at(-1)?.values ?? (isZeroBallot(this.#b) ? undefined : this.#b.values);
  }

  /** The lowest counter from which no blocking set is ahead. */
  #unblockingCounter(): number {
    let counter = this.#b.counter;
    for (;;) {
      const ahead = this.#blocking(
        when((message) => ballotCounter(message) > counter),
        true,
      );
      if (ahead === undefined) return counter;
      let lowest = Number.POSITIVE_INFINITY;
      for (const key of ahead.nodes) {
        lowest = Math.min(lowest, ballotCounter(this.#messages.get(key) as Message<V>));
      }
      counter = lowest;
    }
  }

  // Ballot protocol (04 sections 2.4.6 to 2.4.8); the numbers are the steps there.

  #ballotStep(): void {
    this.#maybeArmBallotTimer();
    if (this.#phase === "nominatePrepare" || this.#phase === "prepare") this.#processPrepare();
    if (this.#phase === "commit") this.#processCommit();
    if (this.#phase === "externalize") this.#processExternalize();
  }

  #processPrepare(): void {
    for (;;) {
      const accepted = this.acceptedPrepared();
      // 1
      const highest = accepted.at(-1);
      if (highest !== undefined) {
        const falls = this.#p !== undefined && compareBallots(highest, this.#p, this.#compare) < 0;
        if (falls && !this.#isWedged) return;
        if (falls) {
          // A liar who claims an infinite counter, is believed for once, and then claims something else, leaves a P that
          // can never be reached. What peers were told of it is true and is kept: the clamped one.
          const p = this.#clampedP();
          this.#pp = this.#clampedPP(p);
          this.#p = p;
        } else {
          this.#p = highest;
          this.#pp = accepted.findLast((ballot) => !compatible(ballot, highest, this.#compare));
        }
        if (this.#c !== undefined && (this.#aborts(this.#p, this.#c) || this.#aborts(this.#pp, this.#c))) {
          this.#c = undefined;
        }
      }
      // 2
      const confirmed = this.#confirmedPrepared(accepted).at(-1);
      if (confirmed !== undefined) {
        if (this.#phase === "nominatePrepare") {
          this.#cancel("nomination");
          this.#phase = "prepare";
        }
        if (this.#h === undefined || compareBallots(this.#h, confirmed, this.#compare) < 0)
          this.#h = confirmed;
      }
      // 3
      if (this.#c === undefined && this.#h !== undefined) this.#c = this.#voteToCommit(this.#h);
      // 4
      const committed = this.#acceptedCommitted();
      if (committed.length > 0) {
        this.#acceptCommit(committed);
        return;
      }
      // 8
      if (this.#h !== undefined) this.#b = this.#movedOnto(this.#b, this.#h);
      // 9
      const counter = this.#unblockingCounter();
      if (this.#b.counter >= counter) return;
      const values = this.#nextBallotValues();
      if (values === undefined) return;
      this.#cancel("ballot");
      this.#b = { counter, values };
      this.#maybeArmBallotTimer();
    }
  }

  /** The lowest ballot to vote to commit when `h` is confirmed prepared; undefined when something aborts that. */
  #voteToCommit(h: Ballot<V>): Ballot<V> | undefined {
    const compare = this.#compare;
    if (compareBallots(this.#b, h, compare) > 0) return undefined;
    if (this.#aborts(this.#p, h) || this.#aborts(this.#pp, h)) return undefined;
    const counter =
      compareSequences(h.values, this.#b.values, compare) >= 0
        ? this.#b.counter
        : incremented(this.#b.counter);
    let c: Ballot<V> = { counter, values: h.values };
    for (const q of [this.#p, this.#pp]) {
      if (q === undefined || !this.#aborts(q, c)) continue;
      const above = compareSequences(c.values, q.values, compare) > 0;
      c = { counter: above ? q.counter : incremented(q.counter), values: c.values };
    }
    return c;
  }

  #acceptCommit(committed: readonly BallotRange<V>[]): void {
    const compare = this.#compare;
    let lowest = committed[0] as BallotRange<V>;
    for (const range of committed) {
      if ((range.low - lowest.low || compareSequences(range.values, lowest.values, compare)) < 0)
        lowest = range;
    }
    this.#c = { counter: lowest.low, values: lowest.values };
    this.#h = { counter: lowest.high, values: lowest.values };
    this.#b = this.#movedOnto(this.#b, this.#h);
    this.#phase = "commit";
    this.#cancel("nomination");
    // Whoever accepts a commit accepts the same as prepared, whether or not those who lie have said so.
    this.#p = this.acceptedPrepared().findLast((ballot) => compatible(ballot, this.#b, compare)) ?? this.#h;
    this.#pp = undefined;
  }

  #processCommit(): void {
    const compare = this.#compare;
    for (;;) {
      // 5
      const prepared = this.acceptedPrepared().findLast((ballot) => compatible(ballot, this.#b, compare));
      if (
        prepared !== undefined &&
        (this.#p === undefined || compareBallots(prepared, this.#p, compare) >= 0)
      ) {
        this.#p = prepared;
      }
      // 6
      const accepted = rangeOf(this.#acceptedCommitted(), this.#b.values, compare);
      if (accepted !== undefined) this.#setCommitted(accepted);
      // 7
      const confirmed = this.#confirmedCommitted();
      if (confirmed !== undefined) {
        this.#setCommitted(confirmed);
        this.#cancel("nomination");
        this.#cancel("ballot");
        this.#phase = "externalize";
        return;
      }
      // 8
      if (this.#h !== undefined && this.#b.counter < this.#h.counter) {
        this.#b = { counter: this.#h.counter, values: this.#b.values };
      }
      // 9
      const counter = this.#unblockingCounter();
      if (this.#b.counter >= counter) return;
      this.#cancel("ballot");
      this.#b = { counter, values: this.#b.values };
    }
  }

  #setCommitted({ low, high }: CounterRange): void {
    this.#c = { counter: low, values: this.#b.values };
    this.#h = { counter: high, values: this.#b.values };
  }

  #processExternalize(): void {
    const confirmed = this.#confirmedCommitted();
    if (confirmed !== undefined && this.#h !== undefined && confirmed.high >= this.#h.counter) {
      this.#h = { counter: confirmed.high, values: this.#h.values };
    }
  }

  /** The ballot raised to `h`: its values, and a counter that grows whenever the values change. */
  #movedOnto(b: Ballot<V>, h: Ballot<V>): Ballot<V> {
    const counter = compatible(b, h, this.#compare) ? b.counter : incremented(b.counter);
    return { counter: Math.max(counter, h.counter), values: h.values };
  }

  #aborts(p: Ballot<V> | undefined, c: Ballot<V>): boolean {
    return p !== undefined && compareBallots(p, c, this.#compare) > 0 && !compatible(p, c, this.#compare);
  }

  // Outgoing message (04 section 2.4.9)

  #effects(): SlotEffects<V> {
    const timers = [...this.#timerChanges.values()];
    this.#timerChanges.clear();
    const topic = this.#topic();
    if (topic === undefined) return { message: undefined, timers };
    if (this.#lastSent !== undefined && topicsEqual(topic, this.#lastSent, this.#compare)) {
      return { message: undefined, timers };
    }
    this.#lastSent = topic;
    if (topic.kind === "prepare" || topic.kind === "nominatePrepare") this.#remember([topic.p, topic.pp]);
    return { message: this.#toMessage(topic), timers };
  }

  #remember(accepted: readonly (Ballot<V> | undefined)[]): void {
    const compare = this.#compare;
    for (const ballot of accepted) {
      if (ballot === undefined) continue;
      const known = this.#told.find((other) => compatible(other, ballot, compare));
      if (known !== undefined && known.counter >= ballot.counter) continue;
      const others = this.#told.filter((other) => other !== known);
      this.#told = ballotSet([...others, ballot], compare).slice(-MAX_TOLD);
    }
  }

  #topic(): Topic<V> | undefined {
    const p = this.#clampedP();
    const b = this.#b;
    const hn = this.#h !== undefined && compatible(this.#h, b, this.#compare) ? this.#h.counter : 0;
    const cn = this.#c !== undefined && hn !== 0 ? this.#c.counter : 0;
    const prepare = { b, p, pp: this.#clampedPP(p), cn, hn };
    switch (this.#phase) {
      case "nominatePrepare": {
        const nominate = { x: this.#x, y: this.#y };
        if (!isZeroBallot(b)) return { kind: "nominatePrepare", ...nominate, ...prepare };
        return this.#x.length + this.#y.length === 0 ? undefined : { kind: "nominate", ...nominate };
      }
      case "prepare":
        return { kind: "prepare", ...prepare };
      case "commit":
        return { kind: "commit", b, pn: p?.counter ?? 0, cn, hn };
      case "externalize":
        return { kind: "externalize", c: this.#c ?? b, hn: this.#h?.counter ?? 0 };
    }
  }

  /** P as it may be sent: not above B. */
  #clampedP(): Ballot<V> | undefined {
    const p = this.#p;
    if (p === undefined || compareBallots(p, this.#b, this.#compare) <= 0) return p;
    return this.#clampedTo(p, this.#b);
  }

  #clampedPP(p: Ballot<V> | undefined): Ballot<V> | undefined {
    const pp = this.#pp;
    if (p === undefined || pp === undefined) return undefined;
    if (compareBallots(pp, p, this.#compare) <= 0) return pp;
    return pp.counter > 0 ? this.#clampedTo(pp, p) : undefined;
  }

  #clampedTo(ballot: Ballot<V>, bound: Ballot<V>): Ballot<V> {
    const above = compareSequences(ballot.values, bound.values, this.#compare) > 0;
    return { counter: above ? bound.counter - 1 : bound.counter, values: ballot.values };
  }

  #toMessage(topic: Topic<V>): Message<V> {
    return { sender: this.#local, slotIndex: this.slotIndex, quorumSet: this.#quorumSet, topic };
  }

  // Small things

  get #isWedged(): boolean {
    const { counter } = this.#b;
    return (
      this.#ballotTimeouts >= WEDGED_AFTER_TIMEOUTS ||
      (counter >= WEDGED_FROM_COUNTER && counter < MAX_COUNTER)
    );
  }

  #isValid(value: V): boolean {
    if (hasValue(this.#valid, value, this.#compare)) return true;
    if (!this.#rules.isValid(value)) return false;
    this.#valid = union(this.#valid, [value], this.#compare);
    return true;
  }

  #quorum<State, Part>(narrow: Narrow<V, State, Part>, state: State): Found<State> | undefined {
    return this.#graph.quorum(narrow, state);
  }

  #blocking<State, Part>(narrow: Narrow<V, State, Part>, state: State): Found<State> | undefined {
    return this.#graph.blocking(narrow, state);
  }

  #maybeArmBallotTimer(): void {
    if (this.#phase === "externalize" || this.#armed.has("ballot")) return;
    const { counter } = this.#b;
    const reached = when<V>((message) => ballotCounter(message) >= counter);
    if (this.#quorum(reached, true) !== undefined) this.#arm("ballot");
  }

  #delayOf(timer: TimerName): number {
    return BASE_INTERVAL_MS * (timer === "nomination" ? this.#round : incremented(this.#b.counter));
  }

  #arm(timer: TimerName): void {
    this.#armed.add(timer);
    this.#timerChanges.set(timer, { kind: "set", timer, delayMs: this.#delayOf(timer) });
  }

  #cancel(timer: TimerName): void {
    if (!this.#armed.delete(timer)) return;
    this.#timerChanges.set(timer, { kind: "cancel", timer });
  }
}

function rangeOf<V>(
  ranges: readonly BallotRange<V>[],
  values: readonly V[],
  compare: Compare<V>,
): BallotRange<V> | undefined {
  return ranges.find((range) => compareSequences(range.values, values, compare) === 0);
}
