import { type CallOptions, type Client, createClient, type Transport } from "@connectrpc/connect";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { NodeId, ServiceUri } from "@mobilecoin-ts/wire";
import { AttestedApi } from "@mobilecoin-ts/wire/gen/attest_pb";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import { ConsensusPeerAPI } from "@mobilecoin-ts/wire/gen/consensus_peer_pb";
import type { TxContext } from "../enclave-api/index.ts";
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  encodeTxProposeAad,
  verifyConsensusMessage,
} from "../messages/index.ts";
import { type Clock, sleep } from "./clock.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { NodeError } from "./error.ts";
import type { NodeLog } from "./node-log.ts";
import type { NodeMetrics } from "./node-metrics.ts";
import type { TxManager } from "./tx-manager.ts";

/** Things to send that wait for a peer; beyond it the oldest are dropped, as they would be for their age. */
const MAX_QUEUE = 5_000;

const SEND_ATTEMPTS = 3;
const SEND_MAX_AGE_MS = 30_000;
const FETCH_DELAYS_MS = [100, 100, 200, 300, 500, 800, 1300, 2100, 3400, 5500];

/** Transactions in one `GetTxs` request. */
const FETCH_CHUNK = 100;

/** Transactions in one `PeerTxPropose`. */
const MAX_TXS_TOGETHER = 32;

const CALL_TIMEOUT_MS = 10_000;

export interface PeerOptions {
  readonly uri: ServiceUri;
  readonly transport: Transport;
  readonly localNode: NodeId;
  readonly chainId: string;
  readonly enclave: Pick<ConsensusEnclave, "peerInit" | "peerConnect" | "peerClose" | "peerTxPropose">;
  readonly txManager: TxManager;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly jitter: () => number;
  readonly log: NodeLog;
  readonly metrics: NodeMetrics;
}

interface QueuedMessage {
  /** Who issued it, and about which slot: a later message of both makes it needless. */
  readonly about: string;
  readonly payload: Uint8Array;
  readonly queuedAt: number;
}

interface QueuedTx {
  readonly txHash: Uint8Array;
  readonly originNode: NodeId;
  readonly queuedAt: number;
}

/** A peer that this node dials: an attested connection, and the two queues of what it is to be sent (04 section 2.8). */
export class Peer {
  readonly uri: ServiceUri;
  readonly #options: PeerOptions;
  readonly #log: NodeLog;
  readonly #attestation: Client<typeof AttestedApi>;
  readonly #api: Client<typeof ConsensusPeerAPI>;
  readonly blockchain: Client<typeof BlockchainAPI>;
  readonly #stopping = new AbortController();
  readonly #messages: QueuedMessage[] = [];
  readonly #txs: QueuedTx[] = [];
  #channel: Promise<Uint8Array> | undefined;
  #sendingMessages: Promise<void> | undefined;
  #sendingTxs: Promise<void> | undefined;
  /** Replies of one session must be decrypted in the order they were encrypted: one fetch after the other. */
  #fetching: Promise<unknown> = Promise.resolve();
  #blocked = false;
  #connected: Promise<Uint8Array> | undefined;

  constructor(options: PeerOptions) {
    this.uri = options.uri;
    this.#options = options;
    this.#log = options.log.child({ peer: options.uri.responderId });
    this.#attestation = createClient(AttestedApi, options.transport);
    this.#api = createClient(ConsensusPeerAPI, options.transport);
    this.blockchain = createClient(BlockchainAPI, options.transport);
  }

  /** `host:port`; how transactions are fetched and messages recognised. */
  get address(): string {
    return this.uri.address;
  }

  get responderId(): string {
    return this.uri.responderId;
  }

  /** Cuts the peer off, as a broken network would, or lets it in again; for tests of partitions. */
  setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    if (blocked) this.#drop();
  }

  get isBlocked(): boolean {
    return this.#blocked;
  }

  /** Whether there is an attested connection. */
  get isConnected(): boolean {
    return this.#connected !== undefined;
  }

  /**
   * Queues a message. One that still waits, of the same issuer and slot, is left out: receivers keep the highest message
   * of a node only, and what is queued later is what was issued later.
   *
   * @param about names issuer and slot
   * @param payload the encoded message
   */
  send(about: string, payload: Uint8Array): void {
    const superseded = this.#messages.findIndex((queued) => queued.about === about);
    if (superseded !== -1) this.#messages.splice(superseded, 1);
    push(this.#messages, { about, payload, queuedAt: this.#options.clock.now() });
    this.#sendingMessages ??= this.#sendMessages().finally(() => {
      this.#sendingMessages = undefined;
    });
  }

  /** Queues a transaction of the cache. */
  sendTx(txHash: Uint8Array, originNode: NodeId): void {
    push(this.#txs, { txHash, originNode, queuedAt: this.#options.clock.now() });
    this.#sendingTxs ??= this.#sendTxs().finally(() => {
      this.#sendingTxs = undefined;
    });
  }

  async #sendMessages(): Promise<void> {
    for (let next = this.#messages.shift(); next !== undefined; next = this.#messages.shift()) {
      const { payload, queuedAt } = next;
      await this.#retrying("a consensus message", queuedAt, async () => {
        await this.#attested(async (_channelId, options) => {
          const request = { fromResponderId: this.#options.localNode.responderId, payload };
          await this.#api.sendConsensusMsg(request, options);
        });
      });
    }
  }

  async #sendTxs(): Promise<void> {
    while (this.#txs.length > 0) {
      const { originNode, queuedAt } = this.#txs[0] as QueuedTx;
      const origin = bytesToHex(originNode.publicKey);
      const other = this.#txs.findIndex((tx) => bytesToHex(tx.originNode.publicKey) !== origin);
      const together = this.#txs.splice(
        0,
        Math.min(other === -1 ? this.#txs.length : other, MAX_TXS_TOGETHER),
      );
      await this.#retrying("transactions", queuedAt, async () => {
        const known = together
          .map(({ txHash }) => txHash)
          .filter((txHash) => this.#options.txManager.has(txHash));
        if (known.length === 0) return;
        await this.#attested(async (channelId, options) => {
          const relayedBy = this.#options.localNode.responderId;
          const aad = encodeTxProposeAad({ originNode, relayedBy });
          const message = await this.#options.txManager.encryptForPeer(known, aad, channelId);
          await this.#api.peerTxPropose(message, options);
        });
      });
    }
  }

  async #retrying(what: string, queuedAt: number, attempt: () => Promise<void>): Promise<void> {
    const { clock, jitter } = this.#options;
    for (let tried = 1; !this.#stopping.signal.aborted; tried++) {
      if (clock.now() - queuedAt > SEND_MAX_AGE_MS) return;
      try {
        await attempt();
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (tried === SEND_ATTEMPTS) {
          this.#log.warn({ err: error, tried }, `${what} could not be sent; the peer will have to ask`);
          return;
        }
      }
      // A delay of one second, its whole seconds kept by the rounding up of the jitter (04 section 2.8).
      await sleep(clock, Math.ceil(jitter()) * 1000, this.#stopping.signal);
    }
  }

  /**
   * Fetches transactions, in the order asked.
   *
   * @throws NodeError `NotInCache`, `Peer`
   */
  fetchTxs(txHashes: readonly Uint8Array[], signal: AbortSignal): Promise<TxContext[]> {
    const fetched = this.#fetching.then(() => this.#fetchChunks(txHashes, signal));
    this.#fetching = fetched.catch(() => undefined);
    return fetched;
  }

  async #fetchChunks(txHashes: readonly Uint8Array[], signal: AbortSignal): Promise<TxContext[]> {
    const contexts: TxContext[] = [];
    for (let at = 0; at < txHashes.length; at += FETCH_CHUNK) {
      contexts.push(...(await this.#fetchChunk(txHashes.slice(at, at + FETCH_CHUNK), signal)));
    }
    return contexts;
  }

  async #fetchChunk(txHashes: readonly Uint8Array[], signal: AbortSignal): Promise<readonly TxContext[]> {
    for (let tried = 0; ; tried++) {
      try {
        return await this.#attested((channelId, options) => this.#getTxs(txHashes, channelId, options));
      } catch (error) {
        const delay = FETCH_DELAYS_MS[tried];
        if (error instanceof NodeError && error.code === "NotInCache") throw error;
        if (delay === undefined || signal.aborted || this.isBlocked || this.#stopping.signal.aborted) {
          throw new NodeError("Peer", "the peer gave no transactions", { cause: error });
        }
        await sleep(this.#options.clock, delay * this.#options.jitter(), signal);
      }
    }
  }

  async #getTxs(
    txHashes: readonly Uint8Array[],
    channelId: Uint8Array,
    options: CallOptions,
  ): Promise<readonly TxContext[]> {
    const { payload } = await this.#api.getTxs({ channelId, txHashes: [...txHashes] }, options);
    if (payload.case === "txHashesNotInCache") {
      throw new NodeError("NotInCache", "the peer does not have the transactions", {
        txHashes: payload.value.txHashes,
      });
    }
    if (payload.case === undefined) throw new NodeError("Peer", "the peer's answer holds nothing");
    const { aad, channelId: session, data } = payload.value;
    const { contexts } = await this.#options.enclave.peerTxPropose({ aad, channelId: session, data });
    if (contexts.length !== txHashes.length) {
      throw new NodeError("Peer", `the peer sent ${contexts.length} transactions, not ${txHashes.length}`);
    }
    return contexts;
  }

  /** The last message the peer issued, verified; undefined where it has none. @throws NodeError `Peer` and gRPC errors */
  async latestMessage(): Promise<ConsensusMessage | undefined> {
    const payload = await this.#attested(async (_channelId, options) => {
      return (await this.#api.getLatestMsg({}, options)).payload;
    });
    if (payload.length === 0) return undefined;
    const message = decodeConsensusMessage(payload);
    if (!verifyConsensusMessage(message)) {
      throw new NodeError("Peer", "the signature of the peer's latest message does not hold");
    }
    return message;
  }

  /** Calls the peer over an attested connection; a call that fails ends the session, so that the next one is fresh. */
  async #attested<T>(call: (channelId: Uint8Array, options: CallOptions) => Promise<T>): Promise<T> {
    if (this.isBlocked) throw new NodeError("Peer", "the peer is cut off");
    this.#channel ??= this.#attest();
    const channel = this.#channel;
    try {
      const channelId = await channel;
      this.#connected = channel;
      return await call(channelId, this.#callOptions());
    } catch (error) {
      if (this.#channel === channel && !(error instanceof NodeError && error.code === "NotInCache"))
        this.#drop();
      throw error;
    }
  }

  #callOptions(): CallOptions {
    return { signal: this.#stopping.signal, timeoutMs: CALL_TIMEOUT_MS };
  }

  /** Makes sure of an attested connection, as every call to a peer does, also those that are not encrypted. */
  async ensureAttested(): Promise<void> {
    await this.#attested(async () => undefined);
  }

  async #attest(): Promise<Uint8Array> {
    const { enclave, chainId } = this.#options;
    this.#options.metrics.count("attestation_initiated");
    const data = await enclave.peerInit({ responderId: this.responderId });
    const headers = chainId === "" ? {} : { "chain-id": chainId };
    const response = await this.#attestation.auth({ data }, { headers, ...this.#callOptions() });
    const { channelId } = await enclave.peerConnect({
      responderId: this.responderId,
      response: response.data,
    });
    this.#log.debug({}, "attested connection established");
    return channelId;
  }

  #drop(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    this.#connected = undefined;
    channel?.then((channelId) => this.#options.enclave.peerClose({ channelId })).catch(() => undefined);
  }

  /** Stops sending. The transport is its owner's to close. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#messages.length = 0;
    this.#txs.length = 0;
    await Promise.allSettled([this.#sendingMessages, this.#sendingTxs, this.#fetching]);
  }
}

function push<T>(queue: T[], item: T): void {
  if (queue.length >= MAX_QUEUE) queue.shift();
  queue.push(item);
}
