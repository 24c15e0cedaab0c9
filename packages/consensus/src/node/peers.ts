import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import type { NodeId } from "@mobilecoin-ts/wire";
import type { TxContext } from "../enclave-api/index.ts";
import { type ConsensusMessage, consensusMessageHash, encodeConsensusMessage } from "../messages/index.ts";
import { type Clock, sleep } from "./clock.ts";
import { NodeError } from "./error.ts";
import { LruSet } from "./lru-set.ts";
import type { NodeLog } from "./node-log.ts";
import type { Peer } from "./peer.ts";
import type { PeerNetwork } from "./peer-network.ts";

/** Messages, and transactions, remembered so that none is sent on twice. */
const REMEMBERED = 10_000;

const KEEP_ALIVE_POLL_MS = 1_000;
const KEEP_ALIVE_SILENCE_MS = 30_000;
const KEEP_ALIVE_REPEAT_MS = 10_000;

export interface PeersOptions {
  readonly localNode: NodeId;
  readonly peers: readonly Peer[];
  readonly clock: Clock;
  readonly log: NodeLog;
  /** Takes a peer's latest message, verified. */
  readonly onMessage: (message: ConsensusMessage, from: string) => void;
}

/** The peers a node dials: what is sent to whom, once, and asking those that have been silent (04 section 2.8). */
export class Peers implements PeerNetwork {
  readonly #options: PeersOptions;
  readonly #peers: ReadonlyMap<string, Peer>;
  readonly #seenMessages = new LruSet(REMEMBERED);
  readonly #seenTxs = new LruSet(REMEMBERED);
  readonly #heardAt = new Map<string, number>();
  readonly #askedAt = new Map<string, number>();
  readonly #stopping = new AbortController();
  #keepAlive: Promise<void> | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#peers = new Map(options.peers.map((peer) => [peer.address, peer]));
  }

  /** Begins to ask silent peers; all of them at once at first, which tells a node that was away where the network is. */
  start(): void {
    this.#keepAlive ??= this.#keepAsking();
  }

  get addresses(): readonly string[] {
    return [...this.#peers.keys()];
  }

  /** Whether `host:port` is a peer that this node dials. */
  has(address: string): boolean {
    return this.#peers.has(address);
  }

  isBlocked(address: string): boolean {
    return this.#peers.get(address)?.isBlocked ?? false;
  }

  /** How many peers there is an attested connection with. */
  get connectedCount(): number {
    return [...this.#peers.values()].filter(({ isConnected }) => isConnected).length;
  }

  /** Cuts peers off and lets all others in again; for tests of partitions. */
  block(addresses: ReadonlySet<string>): void {
    for (const [address, peer] of this.#peers) peer.setBlocked(addresses.has(address));
  }

  /** Notes that a peer sent a message. */
  heardFrom(address: string): void {
    this.#heardAt.set(address, this.#options.clock.now());
  }

  broadcast(message: ConsensusMessage, receivedFrom: string): void {
    if (!this.#seenMessages.add(bytesToHex(consensusMessageHash(message)))) return;
    const issuer = message.message.sender.responderId;
    const payload = encodeConsensusMessage(message);
    const about = `${bytesToHex(message.message.sender.publicKey)} ${message.message.slotIndex}`;
    for (const peer of this.#peers.values()) {
      const { responderId, address, uri } = peer;
      if (!uri.broadcastsConsensusMessages || responderId === issuer) continue;
      if (responderId === receivedFrom || address === receivedFrom) continue;
      peer.send(about, payload);
    }
  }

  /**
   * Sends a cached transaction to all peers but where it came from: one that was submitted here, or whose origin is a
   * peer that this node is configured to relay for.
   */
  broadcastTx(txHash: Uint8Array, originNode: NodeId | undefined, relayedBy: string | undefined): void {
    const { localNode } = this.#options;
    const origin = originNode ?? localNode;
    const isOwn = compareBytes(origin.publicKey, localNode.publicKey) === 0;
    const relays = [...this.#peers.values()].some(
      ({ uri, responderId }) => responderId === origin.responderId && uri.relaysIncomingTxs,
    );
    if (!isOwn && !relays) return;
    if (!this.#seenTxs.add(bytesToHex(txHash))) return;
    for (const peer of this.#peers.values()) {
      const { responderId, uri } = peer;
      if (!uri.broadcastsConsensusMessages || responderId === origin.responderId) continue;
      if (responderId === relayedBy) continue;
      peer.sendTx(txHash, origin);
    }
  }

  async fetchTxs(
    address: string,
    txHashes: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<readonly TxContext[]> {
    const peer = this.#peers.get(address);
    if (peer === undefined) throw new NodeError("Peer", `${address} is not a peer of this node`);
    return peer.fetchTxs(txHashes, signal);
  }

  async #keepAsking(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const now = clock.now();
      const silent = [...this.#peers.values()].filter(
        ({ address }) =>
          now - (this.#heardAt.get(address) ?? Number.NEGATIVE_INFINITY) > KEEP_ALIVE_SILENCE_MS &&
          now - (this.#askedAt.get(address) ?? Number.NEGATIVE_INFINITY) >= KEEP_ALIVE_REPEAT_MS,
      );
      // Not awaited: one that does not answer must not keep the others from being asked.
      for (const peer of silent) void this.#ask(peer);
      await sleep(clock, KEEP_ALIVE_POLL_MS, this.#stopping.signal);
    }
  }

  async #ask(peer: Peer): Promise<void> {
    const { address } = peer;
    this.#askedAt.set(address, this.#options.clock.now());
    try {
      const message = await peer.latestMessage();
      this.heardFrom(address);
      if (message !== undefined) this.#options.onMessage(message, address);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#options.log.info({ err: error, peer: peer.responderId }, "a silent peer does not answer");
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#peers.values()].map((peer) => peer.close()));
    await this.#keepAlive;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
