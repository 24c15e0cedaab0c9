import type { NodeId } from "@mobilecoin-ts/wire";
import { ScpError } from "./error.ts";
import type { Message } from "./message.ts";
import { nodeKey, type QuorumSet } from "./quorum-set.ts";
import {
  Slot,
  type SlotEffects,
  type SlotState,
  type TimerChange,
  type TimerName,
  type ValueRules,
} from "./slot.ts";

export interface ScpNodeConfig<V> {
  readonly local: NodeId;
  readonly quorumSet: QuorumSet;
  readonly rules: ValueRules<V>;
  /** Externalised slots kept to answer late messages. Default and production value 1. */
  readonly maxExternalizedSlots?: number;
}

export interface ExternalizedValues<V> {
  readonly slotIndex: bigint;
  /** In the order the combine function gave them. */
  readonly values: readonly V[];
}

/** What the host has to do after an input, in this order: persist, set timers, broadcast, apply. */
export interface NodeEffects<V> {
  readonly messages: readonly Message<V>[];
  /** Changes to the timers of the current slot. No externalised slot has any. */
  readonly timers: readonly TimerChange[];
  readonly externalized: readonly ExternalizedValues<V>[];
}

/** All that a node remembers; plain data. */
export interface ScpNodeState<V> {
  readonly current: SlotState<V>;
  /** Oldest first. */
  readonly externalized: readonly SlotState<V>[];
}

/** A node of the protocol: the current slot, and the last externalised ones (04 section 2.4.10). */
export class ScpNode<V> {
  readonly #config: ScpNodeConfig<V>;
  readonly #localKey: string;
  readonly #maxExternalized: number;
  #current: Slot<V>;
  #externalized: Slot<V>[] = [];

  private constructor(config: ScpNodeConfig<V>, current: Slot<V>) {
    this.#config = config;
    this.#localKey = nodeKey(config.local);
    this.#maxExternalized = config.maxExternalizedSlots ?? 1;
    this.#current = current;
  }

  /** A node that begins with a slot it has no memory of. @throws ScpError `InvalidQuorumSet` */
  static start<V>(config: ScpNodeConfig<V>, slotIndex: bigint): ScpNode<V> {
    return new ScpNode(config, new Slot({ ...config, slotIndex }));
  }

  /**
   * A node that goes on where `state` left off; set the timers that `resumeTimers` names.
   * @throws ScpError `InvalidQuorumSet`
   */
  static restore<V>(config: ScpNodeConfig<V>, state: ScpNodeState<V>): ScpNode<V> {
    const slotOf = (slot: SlotState<V>) => new Slot({ ...config, slotIndex: slot.slotIndex }, slot);
    const node = new ScpNode(config, slotOf(state.current));
    node.#externalized = state.externalized.map(slotOf);
    return node;
  }

  get currentSlotIndex(): bigint {
    return this.#current.slotIndex;
  }

  get state(): ScpNodeState<V> {
    return { current: this.#current.state, externalized: this.#externalized.map((slot) => slot.state) };
  }

  /** The last message about each slot held, oldest slot first, for peers that ask. */
  get lastMessages(): readonly Message<V>[] {
    return [...this.#externalized, this.#current].flatMap((slot) => slot.lastMessage ?? []);
  }

  /** The timers the current slot runs, to be set in full after `restore`. */
  resumeTimers(): readonly TimerChange[] {
    return this.#current.resumeTimers();
  }

  /** The values of a slot that is still held. */
  externalizedValues(slotIndex: bigint): readonly V[] | undefined {
    const topic = this.#externalized.find((slot) => slot.slotIndex === slotIndex)?.lastMessage?.topic;
    return topic?.kind === "externalize" ? topic.c.values : undefined;
  }

  /** Offers values for the current slot. */
  propose(values: readonly V[]): NodeEffects<V> {
    if (values.length === 0) return { messages: [], timers: [], externalized: [] };
    return this.#advance(this.#current.propose(values), []);
  }

  /** Takes messages of others. Those of future slots, of slots no longer held, and the node's own are ignored. */
  handle(messages: readonly Message<V>[]): NodeEffects<V> {
    const relevant = messages.filter(
      (message) => nodeKey(message.sender) !== this.#localKey && message.slotIndex <= this.#current.slotIndex,
    );
    const late: Message<V>[] = [];
    for (const slot of this.#externalized) {
      const own = relevant.filter((message) => message.slotIndex === slot.slotIndex);
      const { message } = slot.handle(own);
      if (message !== undefined) late.push(message);
    }
    const current = relevant.filter((message) => message.slotIndex === this.#current.slotIndex);
    return this.#advance(this.#current.handle(current), late);
  }

  /**
   * Tells that timers of the current slot ran out. A slot that is externalised by this moves on with the next message
   * that changes it, as the reference does.
   */
  timeout(timers: ReadonlySet<TimerName>): NodeEffects<V> {
    const { message, timers: changes } = this.#current.timeout(timers);
    return { messages: message === undefined ? [] : [message], timers: changes, externalized: [] };
  }

  /**
   * Leaves every slot for a fresh later one, after the ledger was synced from elsewhere. The host cancels all timers.
   * @throws ScpError `SlotNotGreater`
   */
  resetSlotIndex(slotIndex: bigint): void {
    if (slotIndex <= this.#current.slotIndex) {
      throw new ScpError("SlotNotGreater", `slot ${slotIndex} is not after ${this.#current.slotIndex}`);
    }
    this.#externalized = [];
    this.#current = new Slot({ ...this.#config, slotIndex });
  }

  #advance({ message, timers }: SlotEffects<V>, late: readonly Message<V>[]): NodeEffects<V> {
    const messages = message === undefined ? late : [...late, message];
    if (message?.topic.kind !== "externalize") return { messages, timers, externalized: [] };
    const slotIndex = this.#current.slotIndex;
    this.#externalized = [...this.#externalized, this.#current].slice(-this.#maxExternalized);
    this.#current = new Slot({ ...this.#config, slotIndex: slotIndex + 1n });
    return { messages, timers, externalized: [{ slotIndex, values: message.topic.c.values }] };
  }
}
