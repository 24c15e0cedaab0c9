import type { NodeId } from "@mobilecoin-ts/wire";
import type { Message } from "../message.ts";
import { externalizing } from "../narrowing.ts";
import { type NodeEffects, ScpNode, type ScpNodeConfig, type ScpNodeState } from "../node.ts";
import { findBlockingSet } from "../quorum-search.ts";
import { nodeKey } from "../quorum-set.ts";
import type { TimerChange, TimerName } from "../slot.ts";
import type { SeededRandom } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What nodes tell each other: statements, and the values of past slots for those that fell behind. */
export type Packet =
  | { readonly kind: "statement"; readonly message: Message<number> }
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
  /** Peers the host talks to, by number. */
  readonly peers: readonly number[];
  nodeIdOf(peer: number): NodeId;
  send(to: number, packet: Packet): void;
  /** Values to propose for a slot. */
  valuesFor(slotIndex: bigint): readonly number[];
  onExternalized(slotIndex: bigint, values: readonly number[]): void;
}

const FIRST_SLOT = 1n;
const REPEAT_MS = 1000;
const MAX_TOLD = 10;

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
        if (packet.message.slotIndex > this.#highestSeen) this.#highestSeen = packet.message.slotIndex;
        this.#inbox.push(packet.message);
        if (this.#inbox.length === 1) this.#later(5 * this.#options.random.unit(), () => this.#readInbox());
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

  #readInbox(): void {
    const messages = this.#inbox;
    this.#inbox = [];
    this.#carryOut(this.#node.handle(messages));
  }

  #repeat(): void {
    for (const message of this.#node.lastMessages) this.#broadcast({ kind: "statement", message });
    if (this.#highestSeen > this.#node.currentSlotIndex) {
      this.#broadcast({ kind: "ask", from: this.#options.index, slotIndex: this.#node.currentSlotIndex });
    }
    this.#later(REPEAT_MS, () => this.#repeat());
  }

  #proposeSoon(): void {
    const slotIndex = this.#node.currentSlotIndex;
    this.#later(200 * this.#options.random.unit(), () => {
      if (this.#node.currentSlotIndex !== slotIndex) return;
      this.#carryOut(this.#node.propose(this.#options.valuesFor(slotIndex)));
    });
  }

  #carryOut(effects: NodeEffects<number>): void {
    this.#saved = this.#node.state;
    for (const { slotIndex, values } of effects.externalized) this.#append(slotIndex, values);
    this.#setTimers(effects.timers);
    for (const message of effects.messages) this.#broadcast({ kind: "statement", message });
    if (effects.externalized.length > 0) this.#proposeSoon();
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
    this.#proposeSoon();
  }

  #broadcast(packet: Packet): void {
    for (const peer of this.#options.peers) this.#options.send(peer, packet);
  }

  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    this.#options.clock.after(delayMs, () => {
      if (this.#life === life) run();
    });
  }
}
