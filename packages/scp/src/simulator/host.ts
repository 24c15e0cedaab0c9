import type { NodeId } from "@mobilecoin-ts/wire";
import type { Message } from "../message.ts";
import { externalizing } from "../narrowing.ts";
import { type NodeEffects, ScpNode, type ScpNodeConfig, type ScpNodeState } from "../node.ts";
import { findBlockingSet } from "../quorum-search.ts";
import { nodeKey } from "../quorum-set.ts";
import type { TimerChange, TimerName } from "../slot.ts";
import { compareTopics } from "../topic.ts";
import type { SeededRandom } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What nodes tell each other: statements, and the values of past slots for those that fell behind. */
export type Packet =
  | { readonly kind: "statement"; readonly from: number; readonly message: Message<number> }
  | { readonly kind: "ask"; readonly from: number; readonly slotIndex: bigint }
  | {
      readonly kind: "tell";
      readonly from: number;
      readonly slotIndex: bigint;
      readonly values: readonly number[];
    };

export interface HostOptions {
  readonly index: number;
  readonly config: ScpNodeConfig<number>;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  /** Peers the host sends statements to, by number. */
  readonly peers: readonly number[];
  /** Nodes whose ledgers the host can read, by number. */
  readonly archives: readonly number[];
  /** Whether the host passes on what it hears. */
  readonly relays: boolean;
  nodeIdOf(peer: number): NodeId;
  send(to: number, packet: Packet): void;
  /** Values to propose for a slot. */
  valuesFor(slotIndex: bigint): readonly number[];
  onExternalized(slotIndex: bigint, values: readonly number[]): void;
}

const FIRST_SLOT = 1n;
const REPEAT_MS = 1000;
const SOON_MS = 200;
const SLOW_TO_PROPOSE_MS = 8000;
const MAX_TOLD = 10;
/** Statements remembered as passed on already. */
const MAX_RELAYED = 10_000;
/** Statements of future slots kept until their slot comes. */
const MAX_EARLY = 200;

/**
 * What a server does around a node: keeps its timers, writes its state down before it sends, repeats the last messages to
 * peers that may have missed them, and copies past slots from peers when it fell behind.
 */
export class Host {
  readonly #options: HostOptions;
  #node: ScpNode<number>;
  /** On disk. */
  #saved: ScpNodeState<number>;
  /** On disk: the values of every slot externalised or copied. */
  readonly #ledger: (readonly number[])[] = [];
  #up = true;
  /** Counts starts; events of a former life are void. */
  #life = 0;
  readonly #timers = new Map<TimerName, object>();
  #inbox: Message<number>[] = [];
  #highestSeen = 0n;
  /** What peers told about the current slot, as statements. */
  #told = new Map<string, Message<number>>();
  #early: Message<number>[] = [];
  readonly #relayed = new Set<string>();
  /** Newest statement of each other node about each slot not yet forgotten, in networks that relay. */
  readonly #heard = new Map<string, Message<number>>();

  constructor(options: HostOptions) {
    this.#options = options;
    this.#node = ScpNode.start(options.config, FIRST_SLOT);
    this.#saved = this.#node.state;
    this.#begin();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Slots in the ledger. */
  get height(): number {
    return this.#ledger.length;
  }

  crash(): void {
    this.#up = false;
    this.#life += 1;
    this.#timers.clear();
    this.#inbox = [];
    this.#told = new Map();
    this.#early = [];
    this.#relayed.clear();
    this.#heard.clear();
  }

  restart(): void {
    if (this.#up) return;
    this.#up = true;
    this.#node = ScpNode.restore(this.#options.config, structuredClone(this.#saved));
    this.#setTimers(this.#node.resumeTimers());
    this.#begin();
  }

  receive(packet: Packet): void {
    if (!this.#up) return;
    switch (packet.kind) {
      case "statement":
        this.#hear(packet.from, packet.message);
        break;
      case "ask":
        this.#tell(packet.from, packet.slotIndex);
        break;
      case "tell":
        this.#learn(packet.from, packet.slotIndex, packet.values);
        break;
    }
  }

  #begin(): void {
    this.#later(REPEAT_MS * this.#options.random.unit(), () => this.#repeat());
    this.#proposeSoon();
  }

  #hear(from: number, message: Message<number>): void {
    const { slotIndex } = message;
    if (slotIndex > this.#highestSeen) this.#highestSeen = slotIndex;
    if (slotIndex > this.#node.currentSlotIndex) {
      if (this.#early.length < MAX_EARLY) this.#early.push(message);
      return;
    }
    if (this.#options.relays) this.#relay(from, message);
    this.#inbox.push(message);
    if (this.#inbox.length === 1) this.#later(5 * this.#options.random.unit(), () => this.#readInbox());
  }

  /** Passes on what was not passed on before, to all peers but the issuer and the deliverer (04 section 2.8). */
  #relay(from: number, message: Message<number>): void {
    const { compare } = this.#options.config.rules;
    const sender = nodeKey(message.sender);
    if (
      message.slotIndex + 1n < this.#node.currentSlotIndex ||
      sender === nodeKey(this.#options.config.local)
    )
      return;
    const digest = `${sender} ${message.slotIndex} ${JSON.stringify(message.topic)}`;
    if (this.#relayed.has(digest)) return;
    if (this.#relayed.size >= MAX_RELAYED) {
      for (const oldest of this.#relayed) {
        this.#relayed.delete(oldest);
        break;
      }
    }
    this.#relayed.add(digest);
    const place = `${sender} ${message.slotIndex}`;
    const known = this.#heard.get(place);
    if (known === undefined || compareTopics(message.topic, known.topic, compare) > 0)
      this.#heard.set(place, message);
    this.#offer(message, from);
  }

  /** Sends somebody else's statement to the peers that may not have it. */
  #offer(message: Message<number>, from: number | undefined): void {
    const { peers, nodeIdOf, send, index } = this.#options;
    const issuer = nodeKey(message.sender);
    for (const peer of peers) {
      if (peer !== from && nodeKey(nodeIdOf(peer)) !== issuer)
        send(peer, { kind: "statement", from: index, message });
    }
  }

  #readInbox(): void {
    const messages = this.#inbox;
    this.#inbox = [];
    this.#carryOut(this.#node.handle(messages));
  }

  #repeat(): void {
    const { archives, index, send } = this.#options;
    for (const message of this.#node.lastMessages) this.#broadcast(message);
    // A statement that was lost on its way is not passed on again by whoever has done so, but for this.
    for (const message of this.#heard.values()) this.#offer(message, undefined);
    const slotIndex = this.#node.currentSlotIndex;
    if (this.#highestSeen > slotIndex)
      for (const to of archives) send(to, { kind: "ask", from: index, slotIndex });
    this.#later(REPEAT_MS, () => this.#repeat());
  }

  #proposeSoon(): void {
    const slotIndex = this.#node.currentSlotIndex;
    const { random } = this.#options;
    this.#later((random.chance(0.1) ? SLOW_TO_PROPOSE_MS : SOON_MS) * random.unit(), () => {
      if (this.#node.currentSlotIndex !== slotIndex) return;
      this.#carryOut(this.#node.propose(this.#options.valuesFor(slotIndex)));
    });
  }

  #carryOut(effects: NodeEffects<number>): void {
    this.#saved = this.#node.state;
    for (const { slotIndex, values } of effects.externalized) this.#append(slotIndex, values);
    this.#setTimers(effects.timers);
    for (const message of effects.messages) this.#broadcast(message);
    if (effects.externalized.length > 0) this.#beginSlot();
  }

  #append(slotIndex: bigint, values: readonly number[]): void {
    this.#ledger.push(values);
    this.#told = new Map();
    this.#options.onExternalized(slotIndex, values);
  }

  #setTimers(changes: readonly TimerChange[]): void {
    for (const change of changes) {
      if (change.kind === "cancel") {
        this.#timers.delete(change.timer);
        continue;
      }
      const ticket = {};
      this.#timers.set(change.timer, ticket);
      this.#later(change.delayMs, () => {
        if (this.#timers.get(change.timer) !== ticket) return;
        this.#timers.delete(change.timer);
        this.#carryOut(this.#node.timeout(new Set([change.timer])));
      });
    }
  }

  #tell(to: number, slotIndex: bigint): void {
    const first = Number(slotIndex - FIRST_SLOT);
    for (const [i, values] of this.#ledger.slice(first, first + MAX_TOLD).entries()) {
      const told = slotIndex + BigInt(i);
      this.#options.send(to, { kind: "tell", from: this.#options.index, slotIndex: told, values });
    }
  }

  /** Believes past values once a set that blocks every quorum tells the same: one of them at least is honest. */
  #learn(from: number, slotIndex: bigint, values: readonly number[]): void {
    const { quorumSet, rules } = this.#options.config;
    if (slotIndex !== this.#node.currentSlotIndex) return;
    const sender = this.#options.nodeIdOf(from);
    const topic = { kind: "externalize", c: { counter: 1, values }, hn: 1 } as const;
    this.#told.set(nodeKey(sender), { sender, slotIndex, quorumSet, topic });
    const agrees = externalizing(values, rules.compare);
    if (findBlockingSet(quorumSet, this.#told, agrees, true) === undefined) return;
    this.#node.resetSlotIndex(slotIndex + 1n);
    this.#timers.clear();
    this.#saved = this.#node.state;
    this.#append(slotIndex, values);
    this.#beginSlot();
  }

  #beginSlot(): void {
    for (const [place, { slotIndex }] of this.#heard) {
      if (slotIndex + 1n < this.#node.currentSlotIndex) this.#heard.delete(place);
    }
    const early = this.#early;
    this.#early = [];
    for (const message of early) this.#hear(this.#options.index, message);
    this.#proposeSoon();
  }

  #broadcast(message: Message<number>): void {
    const { index, peers, send } = this.#options;
    for (const peer of peers) send(peer, { kind: "statement", from: index, message });
  }

  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    this.#options.clock.after(delayMs, () => {
      if (this.#life === life) run();
    });
  }
}
