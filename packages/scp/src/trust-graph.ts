import type { Message } from "./message.ts";
import type { Narrow } from "./narrowing.ts";
import { nodeKey, type QuorumSet } from "./quorum-set.ts";

export interface Found<State> {
  /** `nodeKey`s in the order found. */
  readonly nodes: ReadonlySet<string>;
  /** What every node of the set supports. */
  readonly state: State;
}

/** A quorum set with nodes by number. */
interface NumberedSet {
  readonly threshold: number;
  readonly members: readonly (number | NumberedSet)[];
}

const LOCAL = 0;
const ABSENT = -1;

/**
 * Looks at members after which a search gives up finding what the reference's search finds. Far beyond what networks of
 * a hundred nodes need; it takes a liar to get there.
 */
const MAX_STEPS = 1_000_000;

/** Who relies on whom as far as known: the local quorum set, and the latest message of each other node. */
export class TrustGraph<V> {
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #local: NumberedSet;
  /** By number. */
  readonly #messages: (Message<V> | undefined)[] = [];
  readonly #sets: (NumberedSet | undefined)[] = [];

  constructor(localKey: string, quorumSet: QuorumSet) {
    this.#numberOf(localKey);
    this.#local = this.#numbered(quorumSet);
  }

  /** Takes a message in place of the sender's former one. */
  hear(message: Message<V>): void {
    const number = this.#numberOf(nodeKey(message.sender));
    const former = this.#messages[number];
    this.#messages[number] = message;
    if (former?.quorumSet !== message.quorumSet) this.#sets[number] = this.#numbered(message.quorumSet);
  }

  /**
   * The first quorum that contains the local node, searched greedily in the configured order and without going back on a
   * choice that held (04 section 2.2). The local node's own messages are never asked.
   *
   * That search takes exponential time where sub-searches fail late. Here none is begun that some part of the state
   * could not carry to its end, which changes no result; and when more than `maxSteps` were still needed, the first part
   * that a quorum supports is searched alone. That too finds a quorum, if not the one that the reference would have
   * found had it ever come to an end.
   */
  quorum<State, Part>(
    narrow: Narrow<V, State, Part>,
    state: State,
    maxSteps = MAX_STEPS,
  ): Found<State> | undefined {
    const numbers = this.#keys
      .map((_, number) => number)
      .filter((number) => this.#messages[number] !== undefined);
    const others = numbers.filter((number) => number !== LOCAL);
    const messages = others.map((number) => this.#messages[number] as Message<V>);
    const factions = new Map<string, Uint8Array>();
    const parts = narrow.parts(state, messages);
    for (const part of parts) {
      const supporters = new Uint8Array(this.#keys.length);
      for (const [i, number] of others.entries()) {
        if (narrow.accepts(messages[i] as Message<V>, part)) supporters[number] = 1;
      }
      factions.set(parts.length === 1 ? "" : supporters.join(""), supporters);
    }
    // A state without parts is accepted by nobody, and is still enough for who relies on nobody.
    if (factions.size === 0) factions.set("", new Uint8Array(this.#keys.length));
    const search = new QuorumSearch(this.#local, this.#sets, [...factions.values()]);
    const order = search.run(maxSteps);
    if (order === undefined) return undefined;
    let left = state;
    for (const number of order) left = narrow.narrow(this.#messages[number] as Message<V>, left) as State;
    return { nodes: this.#keysOf([LOCAL, ...order]), state: left };
  }

  /**
   * The first set of nodes without which the local quorum set cannot be satisfied, searched in the configured order
   * (04 section 2.2).
   */
  blocking<State, Part>(narrow: Narrow<V, State, Part>, state: State): Found<State> | undefined {
    const order: number[] = [];
    const left = this.#blockingOf(this.#local, narrow, state, order);
    return left === undefined ? undefined : { nodes: this.#keysOf(order), state: left.state };
  }

  #blockingOf<State, Part>(
    { threshold, members }: NumberedSet,
    narrow: Narrow<V, State, Part>,
    start: State,
    order: number[],
  ): { readonly state: State } | undefined {
    let needed = members.length - threshold + 1;
    let state = start;
    const mark = order.length;
    for (let i = 0; needed > 0 && needed <= members.length - i; i++) {
      const member = members[i] as number | NumberedSet;
      if (typeof member === "number") {
        const message = this.#messages[member];
        const narrowed = message === undefined ? undefined : narrow.narrow(message, state);
        if (narrowed === undefined) continue;
        state = narrowed;
        order.push(member);
      } else {
        const next = this.#blockingOf(member, narrow, state, order);
        if (next === undefined) continue;
        state = next.state;
      }
      needed -= 1;
    }
    if (needed === 0) return { state };
    order.length = mark;
    return undefined;
  }

  #numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#keys.push(key) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  #numbered({ threshold, members }: QuorumSet): NumberedSet {
    return {
      threshold,
      members: members.map((member) => {
        if (member.kind === "absent") return ABSENT;
        return member.kind === "node" ? this.#numberOf(nodeKey(member.node)) : this.#numbered(member.set);
      }),
    };
  }

  #keysOf(numbers: readonly number[]): ReadonlySet<string> {
    return new Set(numbers.map((number) => this.#keys[number] as string));
  }
}

/**
 * The greedy search in terms of factions: a faction is the set of nodes that accept one part of the state (parts with the
 * same supporters stay together for ever, so they count as one), and a state is a list of factions.
 */
class QuorumSearch {
  readonly #local: NumberedSet;
  readonly #sets: readonly (NumberedSet | undefined)[];
  readonly #factions: readonly Uint8Array[];
  /** Of each faction the nodes that may be in a quorum with the local node, which is always one. */
  readonly #holding: readonly Uint8Array[];
  /** Nodes found so far: as a set, and in order, the local node left out. */
  readonly #found: Uint8Array;
  readonly #order: number[] = [];
  /** For each faction, nodes found that are not in `holding`. While there are none `holding` needs no second look. */
  readonly #strangers: number[];
  #stepsLeft = Number.POSITIVE_INFINITY;

  constructor(
    local: NumberedSet,
    sets: readonly (NumberedSet | undefined)[],
    factions: readonly Uint8Array[],
  ) {
    this.#local = local;
    this.#sets = sets;
    this.#factions = factions;
    this.#found = new Uint8Array(factions[0]?.length ?? 1);
    this.#found[LOCAL] = 1;
    this.#strangers = factions.map(() => 0);
    this.#holding = factions.map((faction) => this.#largestHolding(faction));
  }

  /** The numbers of the quorum found, in order, without the local node. */
  run(maxSteps: number): readonly number[] | undefined {
    const all = this.#factions.map((_, faction) => faction);
    const viable = all.filter((faction) => this.#isSatisfied(this.#local, this.#holdingOf(faction)));
    const [first] = viable;
    if (first === undefined) return undefined;
    this.#stepsLeft = maxSteps;
    const left = this.#satisfy(this.#local, all, viable);
    if (left === undefined && this.#stepsLeft < 0) {
      this.#stepsLeft = Number.POSITIVE_INFINITY;
      this.#satisfy(this.#local, [first], [first]);
      return this.#order;
    }
    return left === undefined ? undefined : this.#order;
  }

  /** The factions left of `state`, or undefined when the set cannot be satisfied; then nothing has changed. */
  #satisfy(
    { threshold, members }: NumberedSet,
    start: readonly number[],
    viable: readonly number[],
  ): readonly number[] | undefined {
    const mark = this.#order.length;
    let state = start;
    let needed = threshold;
    for (let i = 0; needed > 0 && needed <= members.length - i; i++) {
      this.#stepsLeft -= 1;
      if (this.#stepsLeft < 0) break;
      const next = this.#withMember(members[i] as number | NumberedSet, state);
      if (next === undefined) continue;
      needed -= 1;
      // A choice may have dropped the very factions that could have carried this set.
      if (next.length < state.length && needed > 0 && !next.some((faction) => viable.includes(faction)))
        break;
      state = next;
    }
    if (needed === 0) return state;
    this.#forgetFrom(mark);
    return undefined;
  }

  #withMember(member: number | NumberedSet, state: readonly number[]): readonly number[] | undefined {
    if (typeof member !== "number") {
      const viable = state.filter((faction) => this.#isSatisfied(member, this.#holdingOf(faction)));
      return viable.length === 0 ? undefined : this.#satisfy(member, state, viable);
    }
    if (member === ABSENT) return undefined;
    if (this.#found[member] === 1) return state;
    const set = this.#sets[member];
    if (set === undefined) return undefined;
    if (state.length === 1) {
      // The common case, spared two lists.
      const faction = state[0] as number;
      if (this.#factions[faction]?.[member] !== 1 || this.#holdingOf(faction)[member] !== 1) return undefined;
      return this.#descend(member, set, state, state);
    }
    const narrowed = state.filter((faction) => this.#factions[faction]?.[member] === 1);
    const viable = narrowed.filter((faction) => this.#holdingOf(faction)[member] === 1);
    if (viable.length === 0) return undefined;
    return this.#descend(member, set, narrowed, viable);
  }

  #descend(
    member: number,
    set: NumberedSet,
    state: readonly number[],
    viable: readonly number[],
  ): readonly number[] | undefined {
    const mark = this.#order.length;
    this.#add(member);
    const next = this.#satisfy(set, state, viable);
    if (next === undefined) this.#forgetFrom(mark);
    return next;
  }

  #add(number: number): void {
    this.#found[number] = 1;
    this.#order.push(number);
    this.#countStranger(number, 1);
  }

  #forgetFrom(mark: number): void {
    for (const number of this.#order.splice(mark)) {
      this.#found[number] = 0;
      this.#countStranger(number, -1);
    }
  }

  #countStranger(number: number, change: number): void {
    for (let faction = 0; faction < this.#holding.length; faction++) {
      if (this.#holding[faction]?.[number] === 1) continue;
      this.#strangers[faction] = (this.#strangers[faction] as number) + change;
    }
  }

  #holdingOf(faction: number): Uint8Array {
    return this.#strangers[faction] === 0
      ? (this.#holding[faction] as Uint8Array)
      : this.#largestHolding(this.#factions[faction] as Uint8Array);
  }

  /**
   * The largest set of nodes of a faction that satisfy each other, with the nodes found so far taken for granted. Every
   * search that ends with the faction in its state finds a part of that set; and of a single faction, a greedy search
   * finds every member it tries if and only if it is in the set.
   */
  #largestHolding(faction: Uint8Array): Uint8Array {
    const holding = faction.slice();
    for (const [number, found] of this.#found.entries()) if (found === 1) holding[number] = 1;
    for (let changed = true; changed; ) {
      changed = false;
      for (let number = 0; number < holding.length; number++) {
        if (holding[number] === 0 || this.#found[number] === 1) continue;
        const set = this.#sets[number];
        if (set !== undefined && this.#isSatisfied(set, holding)) continue;
        holding[number] = 0;
        changed = true;
      }
    }
    return holding;
  }

  #isSatisfied({ threshold, members }: NumberedSet, holding: Uint8Array): boolean {
    let needed = threshold;
    let i = 0;
    for (; needed > 0 && needed <= members.length - i; i++) {
      const member = members[i] as number | NumberedSet;
      if (typeof member === "number" ? holding[member] === 1 : this.#isSatisfied(member, holding))
        needed -= 1;
    }
    this.#stepsLeft -= i;
    return needed === 0;
  }
}
