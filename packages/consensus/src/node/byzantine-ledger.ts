import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import type { Block, BlockMetadata } from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type { LedgerSync, NetworkStateTracker } from "@mobilecoin-ts/ledger-sync";
import {
  compareTopics,
  type Message,
  mentionedValues,
  type NodeEffects,
  type QuorumSet,
  ScpNode,
  type TimerName,
  type Topic,
} from "@mobilecoin-ts/scp";
import type { NodeId } from "@mobilecoin-ts/wire";
import {
  type ConsensusMessage,
  type ConsensusValue,
  compareConsensusValues,
  signConsensusMessage,
} from "../messages/index.ts";
import type { Clock } from "./clock.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { NodeError } from "./error.ts";
import type { MintManager } from "./mint-manager.ts";
import type { NodeLog } from "./node-log.ts";
import type { NodeMetrics } from "./node-metrics.ts";
import type { PeerNetwork } from "./peer-network.ts";
import { PendingValues } from "./pending-values.ts";
import { afterSyncAttempt, nextSyncState, type SyncState } from "./sync-state.ts";
import type { TxManager } from "./tx-manager.ts";
import { combineNodeValues } from "./value-rules.ts";

/** Pending values that a node proposes for a slot at most. */
const MAX_PROPOSED_VALUES = 100;

/** Messages that are given to SCP together. */
const SCP_BATCH_SIZE = 5;

/** Externalised slots kept to answer late messages. */
const MAX_EXTERNALIZED_SLOTS = 1n;

/** Messages that wait for the worker or for a later slot; beyond it new ones are dropped. */
const MAX_WAITING_MESSAGES = 10_000;

/** Peers remembered as having delivered a message besides the first. */
const MAX_OTHER_DELIVERERS = 16;

/** Blocks that one attempt to catch up asks for. */
const SYNC_CHUNK = 100;

/** How long a node may be behind before it stops taking part and fetches blocks, milliseconds. */
const DEFAULT_BEHIND_GRACE_MS = 10_000;

/** Longest pause of the worker; everything that has a time of its own ends it earlier. */
const MAX_PAUSE_MS = 1000;

export interface ByzantineLedgerOptions {
  readonly localNode: NodeId;
  readonly quorumSet: QuorumSet;
  /** Ed25519 seed, 32 bytes. */
  readonly messageSigningSeed: Uint8Array;
  readonly store: LedgerStore;
  readonly enclave: Pick<ConsensusEnclave, "formBlock">;
  readonly txManager: TxManager;
  readonly mintManager: MintManager;
  readonly network: NetworkStateTracker;
  readonly ledgerSync: Pick<LedgerSync, "attempt">;
  readonly peers: PeerNetwork;
  /** The node's own metadata of a block, signed. */
  readonly metadataOf: (block: Block) => Promise<BlockMetadata>;
  readonly clock: Clock;
  readonly log: NodeLog;
  readonly metrics: NodeMetrics;
  readonly behindGraceMs?: number;
  /** Called after each block that is appended. */
  readonly onBlock?: (block: Block) => void;
  /** Called when the node cannot go on: a block that was agreed on could not be formed or appended. */
  readonly onFatal: (error: unknown) => void;
}

interface ReceivedMessage {
  readonly message: ConsensusMessage;
  /** `host:port` of the peer that delivered it. */
  readonly from: string;
}

/** What can be told of a node's part in consensus now. */
export interface ConsensusStatus {
  /** Index of the slot under way: the number of blocks. */
  readonly slotIndex: bigint;
  readonly phase: Topic<ConsensusValue>["kind"] | "idle";
  readonly pendingValues: number;
  readonly behind: boolean;
  readonly highestPeerBlock: bigint | undefined;
}

/** The worker of a node: it feeds SCP, forms the blocks that are agreed on, and catches up when left behind (04 section 2.11). */
export class ByzantineLedger {
  readonly #options: ByzantineLedgerOptions;
  readonly #store: LedgerStore;
  readonly #log: NodeLog;
  readonly #metrics: NodeMetrics;
  readonly #stopping = new AbortController();
  readonly #pending: PendingValues;
  readonly #timers = new Map<TimerName, number>();
  /** `from hash` pairs that a peer did not have in this slot. */
  readonly #unavailable = new Set<string>();

  #scp: ScpNode<ConsensusValue>;
  #newValues: { readonly value: ConsensusValue; readonly receivedAt: number | undefined }[] = [];
  #received: ReceivedMessage[] = [];
  #later: ReceivedMessage[] = [];
  #resolved: ReceivedMessage[] = [];
  /** Messages whose transactions are being fetched, with the other peers that delivered them meanwhile. */
  readonly #resolving = new Map<ConsensusMessage, string[]>();
  /** Messages that were dropped because whoever delivered them did not have their transactions. */
  readonly #unresolvable = new WeakSet<ConsensusMessage>();
  #needNominate = false;
  #state: SyncState = { kind: "inSync" };
  #highestIssued: ConsensusMessage | undefined;
  #publishedPending = 0;
  #wake: () => void = () => undefined;
  #woken = false;
  #finished: Promise<void> | undefined;

  constructor(options: ByzantineLedgerOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#log = options.log;
    this.#metrics = options.metrics;
    this.#pending = new PendingValues((value) => this.#isValid(value));
    this.#scp = this.#freshScp();
  }

  #freshScp(): ScpNode<ConsensusValue> {
    const { localNode, quorumSet, txManager, mintManager } = this.#options;
    return ScpNode.start(
      {
        local: localNode,
        quorumSet,
        rules: {
          compare: compareConsensusValues,
          isValid: (value) => this.#isValid(value),
          combine: (values) => combineNodeValues(values, txManager, mintManager),
        },
        maxExternalizedSlots: Number(MAX_EXTERNALIZED_SLOTS),
      },
      this.#store.blockCount(),
    );
  }

  /** Begins to work. */
  start(): void {
    this.#finished ??= this.#run();
  }

  /** Finishes the step under way and stops. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#wakeUp();
    await this.#finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Whether the node fetches blocks instead of taking part. */
  get isBehind(): boolean {
    return this.#state.kind === "behind";
  }

  /** Number of pending values as the worker last told; what client requests are limited by. */
  get pendingValues(): number {
    return this.#publishedPending;
  }

  /** The highest message this node issued, for peers that ask. */
  get highestIssuedMessage(): ConsensusMessage | undefined {
    return this.#highestIssued;
  }

  get status(): ConsensusStatus {
    return {
      slotIndex: this.#store.blockCount(),
      phase:
        this.#scp.lastMessages.at(-1)?.slotIndex === this.#scp.currentSlotIndex
          ? (this.#scp.lastMessages.at(-1)?.topic.kind ?? "idle")
          : "idle",
      pendingValues: this.#pending.size,
      behind: this.isBehind,
      highestPeerBlock: this.#options.network.highestBlockIndex(),
    };
  }

  /** Hands in values to be externalised. `receivedAt` (milliseconds) is of values that a client of this node submitted. */
  submit(values: readonly ConsensusValue[], receivedAt?: number): void {
    for (const value of values) this.#newValues.push({ value, receivedAt });
    this.#wakeUp();
  }

  /** Hands in a message whose signature was verified. False where the node has as many as it takes. */
  receive(message: ConsensusMessage, from: string): boolean {
    if (this.#received.length + this.#later.length + this.#resolving.size >= MAX_WAITING_MESSAGES)
      return false;
    this.#received.push({ message, from });
    this.#wakeUp();
    return true;
  }

  /** Tells that another peer delivered a message, the same object, that was received before: it may have what is missing. */
  receiveAgain(message: ConsensusMessage, from: string): void {
    const others = this.#resolving.get(message);
    if (others !== undefined && others.length < MAX_OTHER_DELIVERERS) others.push(from);
    if (this.#unresolvable.delete(message)) this.receive(message, from);
  }

  #isValid(value: ConsensusValue): boolean {
    const { txManager, mintManager } = this.#options;
    switch (value.kind) {
      case "txHash":
        return txManager.has(value.hash) && txManager.refusalOf(value.hash) === undefined;
      case "mintConfigTx":
        return mintManager.refusalOfMintConfigTx(value.tx) === undefined;
      case "mintTx":
        return mintManager.refusalOfMintTx(value.tx) === undefined;
    }
  }

  #wakeUp(): void {
    this.#woken = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        this.#woken = false;
        await this.#tick();
        await this.#pause();
      }
    } catch (error) {
      this.#options.onFatal(error);
    }
  }

  /** Waits until there is something to do. */
  async #pause(): Promise<void> {
    // A turn of the event loop in any case: sockets come first, and what they bring is handled together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#woken || this.#stopping.signal.aborted) return;
    const { clock } = this.#options;
    const { ended, end } = clock.pause(this.#pauseMs(clock.now()));
    this.#wake = end;
    await ended;
    this.#wake = () => undefined;
  }

  #pauseMs(now: number): number {
    const deadlines = [...this.#timers.values()];
    if (this.#state.kind === "behind") deadlines.push(this.#state.attemptAt);
    if (this.#needNominate) return 0;
    return Math.max(0, Math.min(MAX_PAUSE_MS, ...deadlines.map((deadline) => deadline - now + 1)));
  }

  async #tick(): Promise<void> {
    this.#takeNewValues();
    const received = this.#takeReceived();
    if (!(await this.#keepUp())) return;
    if (this.#needNominate) await this.#nominate();
    await this.#process(received);
    await this.#processTimers();
    this.#publish();
  }

  #takeNewValues(): void {
    const values = this.#newValues;
    this.#newValues = [];
    for (const { value, receivedAt } of values) {
      if (this.#pending.add(value, receivedAt)) this.#needNominate = true;
    }
  }

  /** Messages to look at now; each is first taken as news of how far its sender is. */
  #takeReceived(): ReceivedMessage[] {
    const received = this.#received;
    this.#received = [];
    for (const { message } of received) {
      const { sender, slotIndex, topic } = message.message;
      if (slotIndex > 0n) this.#options.network.observe(sender, slotIndex, topic.kind === "externalize");
    }
    const current = this.#store.blockCount();
    const waiting = [...this.#later, ...received];
    this.#later = waiting.filter(({ message }) => message.message.slotIndex > current);
    return waiting.filter(({ message }) => message.message.slotIndex <= current);
  }

  /** Moves the synchronisation state on; true where the node takes part in consensus now. */
  async #keepUp(): Promise<boolean> {
    const { network, clock, behindGraceMs = DEFAULT_BEHIND_GRACE_MS } = this.#options;
    const count = this.#store.blockCount();
    const behind = count === 0n || network.isBehind(count - 1n);
    const before = this.#state;
    this.#state = nextSyncState(before, behind, clock.now(), behindGraceMs);
    if (this.#state.kind === "behind" && before.kind !== "behind") {
      this.#log.warn(
        { blockCount: count, networkBlock: network.highestBlockIndex() },
        "behind the network: fetching blocks",
      );
      this.#metrics.count("catchup_initiated");
    }
    if (this.#state.kind === "inSync" && before.kind === "behind") this.#rejoin();
    if (this.#state.kind !== "behind") return true;
    if (clock.now() >= this.#state.attemptAt) await this.#catchUp(this.#state.failures);
    return false;
  }

  /** Takes part again, in the slot after the blocks that were fetched. */
  #rejoin(): void {
    this.#log.info({ blockCount: this.#store.blockCount() }, "caught up with the network");
    if (this.#store.blockCount() > this.#scp.currentSlotIndex) {
      this.#timers.clear();
      this.#scp.resetSlotIndex(this.#store.blockCount());
    }
    this.#unavailable.clear();
    this.#pending.dropInvalid();
    this.#needNominate = this.#pending.size > 0;
  }

  async #catchUp(failures: number): Promise<void> {
    const { ledgerSync, clock, onBlock } = this.#options;
    const before = this.#store.blockCount();
    try {
      await ledgerSync.attempt(SYNC_CHUNK, this.#stopping.signal);
      this.#state = afterSyncAttempt(failures, true, clock.now());
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#log.warn({ err: error, failures: failures + 1 }, "could not catch up; trying again");
      this.#state = afterSyncAttempt(failures, false, clock.now());
    }
    const after = this.#store.blockCount();
    if (onBlock !== undefined)
      for (let index = before; index < after; index++) onBlock(this.#store.block(index));
    this.#metrics.gauge("cur_slot_num", Number(after));
  }

  async #nominate(): Promise<void> {
    this.#needNominate = false;
    await this.#carryOut(this.#scp.propose(this.#pending.first(MAX_PROPOSED_VALUES)));
  }

  async #process(messages: readonly ReceivedMessage[]): Promise<void> {
    for (const received of messages) if (this.#isRelevant(received)) this.#resolve(received);
    const resolved = this.#resolved;
    this.#resolved = [];
    for (let at = 0; at < resolved.length; at += SCP_BATCH_SIZE) {
      // A slot may have ended with the batch before.
      const batch = resolved.slice(at, at + SCP_BATCH_SIZE).filter((received) => this.#isRelevant(received));
      for (const { message, from } of batch) this.#options.peers.broadcast(message, from);
      if (batch.length > 0)
        await this.#carryOut(this.#scp.handle(batch.map(({ message }) => message.message)));
    }
  }

  /** Whether a message is about a slot that is still held, and about our chain. */
  #isRelevant({ message }: ReceivedMessage): boolean {
    const { slotIndex } = message.message;
    const current = this.#store.blockCount();
    if (slotIndex === 0n || slotIndex < current - MAX_EXTERNALIZED_SLOTS || slotIndex > current) return false;
    if (compareBytes(message.previousBlockId, this.#store.block(slotIndex - 1n).id) === 0) return true;
    this.#metrics.count("scp_messages_dropped_due_to_invalid_prev_block_id");
    this.#log.warn(
      { slotIndex, sender: message.message.sender.responderId },
      "a message builds on another block than ours",
    );
    return false;
  }

  /**
   * Fetches the transactions that a message mentions and this node lacks, then hands the message to the worker. Not in
   * the worker's own time as in the reference: a peer that does not answer must not hold up the others.
   */
  #resolve(received: ReceivedMessage): void {
    const { message, from } = received;
    const { txManager } = this.#options;
    const hashes = mentionedValues(message.message).flatMap((value) =>
      value.kind === "txHash" ? [value.hash] : [],
    );
    const missing = txManager.missing(hashes);
    if (missing.length === 0) {
      this.#resolved.push(received);
      return;
    }
    if (missing.some((hash) => this.#unavailable.has(unavailableKey(from, hash)))) {
      this.#unresolvable.add(message);
      return;
    }
    const others: string[] = [];
    this.#resolving.set(message, others);
    this.#fetch(missing, from)
      .then(
        () => this.#resolved.push(received),
        (error: unknown) => this.#unresolved(error, message, from, others.shift()),
      )
      .finally(() => {
        this.#resolving.delete(message);
        this.#wakeUp();
      });
  }

  #unresolved(error: unknown, message: ConsensusMessage, from: string, next: string | undefined): void {
    if (next === undefined) this.#unresolvable.add(message);
    else this.#received.push({ message, from: next });
    if (error instanceof NodeError && error.code === "NotInCache") {
      for (const hash of error.txHashes) this.#unavailable.add(unavailableKey(from, hash));
    }
    this.#log.warn(
      { err: error, from, slotIndex: message.message.slotIndex },
      "a message is dropped: its transactions could not be had from the peer that delivered it",
    );
  }

  async #fetch(missing: readonly Uint8Array[], from: string): Promise<void> {
    const { txManager, peers } = this.#options;
    // What the broadcast of transactions is bringing need not be fetched again.
    await Promise.all(missing.map((hash) => txManager.settled(hash)));
    const wanted = txManager.missing(missing);
    if (wanted.length === 0) return;
    const contexts = await peers.fetchTxs(from, wanted, this.#stopping.signal);
    const inserted = await Promise.allSettled(contexts.map((context) => txManager.insert(context)));
    for (const result of inserted) {
      // The message counts all the same; SCP will find its value invalid.
      if (result.status === "rejected")
        this.#log.info({ err: result.reason, from }, "a fetched transaction is refused");
    }
  }

  async #processTimers(): Promise<void> {
    const now = this.#options.clock.now();
    const fired = new Set([...this.#timers].filter(([, deadline]) => now > deadline).map(([timer]) => timer));
    if (fired.size === 0) return;
    for (const timer of fired) this.#timers.delete(timer);
    await this.#carryOut(this.#scp.timeout(fired));
  }

  async #carryOut({ messages, timers, externalized }: NodeEffects<ConsensusValue>): Promise<void> {
    for (const change of timers) {
      if (change.kind === "cancel") this.#timers.delete(change.timer);
      else this.#timers.set(change.timer, this.#options.clock.now() + change.delayMs);
    }
    for (const message of messages) this.#issue(message);
    for (const { slotIndex, values } of externalized) await this.#complete(slotIndex, values);
  }

  #issue(message: Message<ConsensusValue>): void {
    const { messageSigningSeed, peers, localNode } = this.#options;
    const previousBlockId = this.#store.block(message.slotIndex - 1n).id;
    const signed = signConsensusMessage(message, previousBlockId, messageSigningSeed);
    this.#log.debug({ slotIndex: message.slotIndex, topic: message.topic.kind }, "message issued");
    peers.broadcast(signed, localNode.responderId);
    const highest = this.#highestIssued?.message;
    if (
      highest === undefined ||
      message.slotIndex > highest.slotIndex ||
      compareTopics(message.topic, highest.topic, compareConsensusValues) > 0
    ) {
      this.#highestIssued = signed;
    }
  }

  /** Forms and appends the block of values that were agreed on. */
  async #complete(slotIndex: bigint, values: readonly ConsensusValue[]): Promise<void> {
    const { clock, txManager, metadataOf, onBlock } = this.#options;
    const count = this.#store.blockCount();
    if (slotIndex !== count) {
      throw new NodeError("Ledger", `slot ${slotIndex} was externalised while block ${count} is the next`);
    }
    for (const receivedAt of this.#pending.remove(values)) {
      this.#metrics.observePendingTime((clock.now() - receivedAt) / 1000);
    }
    const { block, contents, signature } = await this.#formBlock(values);
    const signedAt = BigInt(Math.floor(clock.now() / 1000));
    const metadata = await metadataOf(block);
    this.#store.appendBlock({ block, contents, signature: { ...signature, signedAt }, metadata });
    const txHashes = values.flatMap((value) => (value.kind === "txHash" ? [value.hash] : []));
    txManager.markExternalized(txHashes);
    txManager.removeExpired(count + 1n - MAX_EXTERNALIZED_SLOTS);
    this.#pending.dropInvalid();
    this.#needNominate = this.#pending.size > 0;
    this.#unavailable.clear();
    this.#state = { kind: "inSync" };
    this.#metrics.count("tx_externalized_count", txHashes.length);
    this.#metrics.gauge("prev_slot_number", Number(slotIndex));
    this.#metrics.gauge("prev_slot_ended_at", clock.now());
    this.#metrics.gauge("prev_slot_num_ext_vals", values.length);
    this.#metrics.gauge("prev_num_pending_values", this.#pending.size);
    this.#log.info(
      {
        blockIndex: block.index,
        blockId: bytesToHex(block.id),
        values: values.length,
        pending: this.#pending.size,
      },
      "block appended",
    );
    onBlock?.(block);
    // Messages of the slot that begins may be waiting.
    this.#wakeUp();
  }

  async #formBlock(values: readonly ConsensusValue[]) {
    const { enclave, txManager, mintManager } = this.#options;
    const txHashes = values.flatMap((value) => (value.kind === "txHash" ? [value.hash] : []));
    return enclave.formBlock({
      parent: this.#store.latestBlock(),
      transactions: txManager.provenTxs(txHashes),
      mintConfigTxs: values.flatMap((value) => (value.kind === "mintConfigTx" ? [value.tx] : [])),
      mintTxs: values.flatMap((value) => {
        if (value.kind !== "mintTx") return [];
        const configured = mintManager.configured(value.tx);
        if (configured === undefined)
          throw new NodeError("Ledger", "a mint that was agreed on has no configuration");
        return [configured];
      }),
      rootElement: this.#store.rootElement(),
    });
  }

  #publish(): void {
    const { state } = this.#scp;
    const { current } = state;
    this.#publishedPending = this.#pending.size;
    this.#metrics.publishSlot({
      slotIndex: current.slotIndex,
      phase: current.phase,
      votedNominated: current.x.length,
      acceptedNominated: current.y.length,
      confirmedNominated: current.z.length,
      nominationRound: current.round,
      ballotCounter: current.b.counter,
    });
    this.#metrics.gauge("cur_num_pending_values", this.#pending.size);
    this.#metrics.gauge("byzantine_ledger_msg_queue_size", this.#received.length + this.#later.length);
    this.#metrics.gauge("consensus_msgs_from_network_queue_size", this.#received.length);
    this.#metrics.gauge("tx_cache_num_entries", this.#options.txManager.size);
  }
}

function unavailableKey(from: string, hash: Uint8Array): string {
  return `${from} ${bytesToHex(hash)}`;
}
