import { bytesToHex, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { type QuotingProvider, ReportCache } from "@mobilecoin-ts/enclave";
import { type Block, type BlockMetadata, signBlockMetadata } from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { LedgerSync, NetworkStateTracker } from "@mobilecoin-ts/ledger-sync";
import {
  type Authenticator,
  adminRoutes,
  buildInfoRoutes,
  type GrpcTransport,
  grpcTransport,
  healthRoutes,
  type Logger,
  type MetricsRegistry,
  requestChecks,
  startServer,
} from "@mobilecoin-ts/service";
import type { NodeId, ServiceUri } from "@mobilecoin-ts/wire";
import { type BlockchainConfig, DEFAULT_MINTING_TRUST_ROOT } from "../config/blockchain-config.ts";
import type { ResolvedNetwork } from "../config/network-config.ts";
import type { TxContext } from "../enclave-api/index.ts";
import type { ConsensusMessage, ConsensusValue, TxProposeAad } from "../messages/index.ts";
import { addAttestedService } from "./attested-service.ts";
import { addBlockchainService } from "./blockchain-service.ts";
import { ByzantineLedger, type ConsensusStatus } from "./byzantine-ledger.ts";
import { addClientService, type NodeIdentity } from "./client-service.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { EarlyTxs } from "./early-txs.ts";
import { NodeError } from "./error.ts";
import { ledgerQuorumSet } from "./ledger-quorum-set.ts";
import { MintManager } from "./mint-manager.ts";
import { NodeMetrics } from "./node-metrics.ts";
import { Peer } from "./peer.ts";
import { PeerBlockSource } from "./peer-block-source.ts";
import { addPeerService } from "./peer-service.ts";
import { Peers } from "./peers.ts";
import type { SealedKeyFile } from "./sealed-key-file.ts";
import { TxManager } from "./tx-manager.ts";

/** Client sessions that are remembered to tell who sends what cannot be accepted. */
const DEFAULT_TRACKED_SESSIONS = 10_000;

/** How long calls under way may take to end when the node stops, milliseconds. */
const GRACE_MS = 2_000;

export interface ConsensusNodeOptions {
  readonly chainId: string;
  /** `host:port` that peers dial this node at. */
  readonly peerResponderId: string;
  /** `host:port` that clients dial this node at. */
  readonly clientResponderId: string;
  /** Ed25519 seed, 32 bytes, of the key that signs consensus messages and block metadata. */
  readonly messageSigningSeed: Uint8Array;
  readonly network: ResolvedNetwork;
  /** Archives of peers, from which the contents of blocks are fetched to catch up. */
  readonly txSourceUrls: readonly string[];
  readonly config: BlockchainConfig;
  /** The node's ledger; holds at least the origin block, and stays its owner's to close. */
  readonly store: LedgerStore;
  /** The node's enclave, started and not yet told what it is for; stays its owner's to close. */
  readonly enclave: ConsensusEnclave;
  /** Turns the enclave's reports into evidence. */
  readonly quoting: QuotingProvider;
  readonly sealedKeyFile: SealedKeyFile;
  /** Whom fees are paid to, where it is not the network's usual recipient. */
  readonly feeRecipient?: { readonly viewPublicKey: Uint8Array; readonly spendPublicKey: Uint8Array };
  readonly mintingTrustRoot?: Uint8Array;
  readonly peerListenUri: ServiceUri;
  readonly clientListenUri: ServiceUri;
  readonly adminListenUri?: ServiceUri;
  /** Who may call the client listener; everybody where it is not given. */
  readonly authenticator?: Authenticator;
  readonly trackedSessions?: number;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly clock?: Clock;
  readonly behindGraceMs?: number;
  /** What `GetInfo` of the admin service shows of the configuration. */
  readonly describeConfig?: () => object;
  readonly onBlock?: (block: Block) => void;
  /** Called when the node cannot go on; it has to be closed then. */
  readonly onFatal: (error: unknown) => void;
}

/** What can be told of a running node. */
export interface ConsensusNodeStatus extends ConsensusStatus {
  readonly blockCount: bigint;
  readonly lastBlockId: Uint8Array;
  readonly peers: { readonly connected: number; readonly dialled: number };
  readonly cachedTxs: number;
}

/** A consensus node: its enclave, its worker, its peers, and the services it offers (04). */
export class ConsensusNode implements AsyncDisposable {
  readonly nodeId: NodeId;
  readonly #store: LedgerStore;
  readonly #worker: ByzantineLedger;
  readonly #peers: Peers;
  readonly #txManager: TxManager;
  /** What to stop, in this order. */
  readonly #closing: readonly (() => Promise<void>)[];

  private constructor(parts: {
    readonly nodeId: NodeId;
    readonly store: LedgerStore;
    readonly worker: ByzantineLedger;
    readonly peers: Peers;
    readonly txManager: TxManager;
    readonly closing: readonly (() => Promise<void>)[];
  }) {
    this.nodeId = parts.nodeId;
    this.#store = parts.store;
    this.#worker = parts.worker;
    this.#peers = parts.peers;
    this.#txManager = parts.txManager;
    this.#closing = parts.closing;
  }

  /**
   * Starts a node. When it returns, the node has evidence of its enclave, listens, and takes part.
   *
   * @throws NodeError `Configuration`; whatever the enclave, the ledger or a socket refuses.
   */
  static async start(options: ConsensusNodeOptions): Promise<ConsensusNode> {
    const started: (() => Promise<void>)[] = [];
    try {
      return await ConsensusNode.#start(options, started);
    } catch (error) {
      await closeInTurn(started.reverse());
      throw error;
    }
  }

  static async #start(
    options: ConsensusNodeOptions,
    started: (() => Promise<void>)[],
  ): Promise<ConsensusNode> {
    const { store, enclave, config, messageSigningSeed, peerResponderId } = options;
    if (store.blockCount() === 0n) {
      throw new NodeError(
        "Configuration",
        "the ledger is empty; a node begins with at least the origin block: copy it from another node's ledger or an archive",
      );
    }
    const clock = options.clock ?? systemClock;
    const { logger } = options;
    const metrics = new NodeMetrics(options.metrics);
    const nodeId: NodeId = { responderId: peerResponderId, publicKey: ed25519PublicKey(messageSigningSeed) };

    const identity = await initialise(options);
    const reportCache = await ReportCache.start({
      enclave,
      provider: options.quoting,
      onFailure: (error) => logger.warn({ err: error }, "the evidence could not be renewed; trying again"),
      onEvidence: () =>
        metrics.gauge("enclave_attestation_evidence_timestamp", Math.floor(clock.now() / 1000)),
    });
    started.push(() => reportCache.close());

    const txManager = new TxManager(enclave, store);
    const mintManager = new MintManager(store, config.governors, config.blockVersion);
    const network = new NetworkStateTracker({ localNode: nodeId, quorumSet: options.network.quorumSet });

    const transports = options.network.broadcastPeers.map(({ uri }) => grpcTransport(uri));
    for (const transport of transports) started.push(async () => transport.close());
    const connections = options.network.broadcastPeers.map(
      ({ uri }, i) =>
        new Peer({
          uri,
          transport: transports[i] as GrpcTransport,
          localNode: nodeId,
          chainId: options.chainId,
          enclave,
          txManager,
          clock,
          jitter: Math.random,
          log: logger,
          metrics,
        }),
    );
    const onPeerMessage = (message: ConsensusMessage, from: string): void => {
      if (!worker.receive(message, from)) logger.warn({ from }, "a message is dropped: too many are waiting");
    };
    const peers = new Peers({
      localNode: nodeId,
      peers: connections,
      clock,
      log: logger,
      onMessage: onPeerMessage,
    });
    started.push(() => peers.close());

    const metadataOf = metadataMaker(options, nodeId);
    const ledgerSync = new LedgerSync({
      store,
      network,
      peers: connections.map((peer) => new PeerBlockSource(peer)),
      archives: options.txSourceUrls,
      metadataFor: metadataOf,
      log: logger,
    });
    const worker = new ByzantineLedger({
      localNode: nodeId,
      quorumSet: options.network.quorumSet,
      messageSigningSeed,
      store,
      enclave,
      txManager,
      mintManager,
      network,
      ledgerSync,
      peers,
      metadataOf,
      clock,
      log: logger,
      metrics,
      ...(options.behindGraceMs === undefined ? {} : { behindGraceMs: options.behindGraceMs }),
      onBlock: (block) => {
        for (const { context, route } of earlyTxs.take()) void acceptFromPeer(context, route);
        options.onBlock?.(block);
      },
      onFatal: options.onFatal,
    });
    started.push(() => worker.close());

    const submit = (value: ConsensusValue, origin?: NodeId, relayedBy?: string): void => {
      if (value.kind === "txHash") peers.broadcastTx(value.hash, origin, relayedBy);
      worker.submit([value], origin === undefined ? clock.now() : undefined);
    };
    const earlyTxs = new EarlyTxs<TxProposeAad | undefined>(clock);
    const acceptFromPeer = async (context: TxContext, route: TxProposeAad | undefined): Promise<void> => {
      try {
        await txManager.insert(context);
        submit({ kind: "txHash", hash: context.txHash }, route?.originNode, route?.relayedBy);
      } catch (error) {
        if (error instanceof NodeError && error.result === "LedgerTxOutIndexOutOfBounds") {
          earlyTxs.keep(context, route);
        } else {
          logger.info({ err: error }, "a transaction that a peer sent is refused");
        }
      }
    };
    const peerChecks = requestChecks({ chainId: options.chainId });
    const { authenticator } = options;
    const clientChecks = requestChecks({
      chainId: options.chainId,
      ...(authenticator === undefined ? {} : { authenticator }),
    });
    const blockchain = { store, fees: config.fees, blockVersion: config.blockVersion };

    const peerServer = await startServer({
      listen: options.peerListenUri,
      logger,
      routes: (router) => {
        addPeerService(router, { enclave, store, txManager, worker, peers, accept: acceptFromPeer });
        addBlockchainService(router, { ...blockchain, authenticate: peerChecks.authenticate });
        addAttestedService(router, {
          context: "peer_auth",
          ...peerChecks,
          accept: (message) => enclave.peerAccept(message),
          log: logger,
        });
        healthRoutes(router, { status: () => "SERVING" });
        buildInfoRoutes(router);
      },
    });
    started.push(() => peerServer.close({ graceMs: GRACE_MS }));
    const clientServer = await startServer({
      listen: options.clientListenUri,
      logger,
      routes: (router) => {
        addClientService(router, {
          enclave,
          store,
          txManager,
          mintManager,
          worker,
          config,
          identity,
          ...clientChecks,
          submit,
          trackedSessions: options.trackedSessions ?? DEFAULT_TRACKED_SESSIONS,
          log: logger,
          metrics,
        });
        addBlockchainService(router, { ...blockchain, authenticate: clientChecks.authenticate });
        addAttestedService(router, {
          context: "client_auth",
          ...clientChecks,
          accept: (message) => enclave.clientAccept(message),
          log: logger,
        });
        healthRoutes(router, { status: () => (worker.isBehind ? "NOT_SERVING" : "SERVING") });
        buildInfoRoutes(router);
      },
    });
    started.push(() => clientServer.close({ graceMs: GRACE_MS }));
    if (options.adminListenUri !== undefined) {
      const adminServer = await startServer({
        listen: options.adminListenUri,
        logger,
        routes: (router) => {
          adminRoutes(router, {
            name: "Consensus Service",
            id: peerResponderId,
            config: () => ({
              ...options.describeConfig?.(),
              status: describeStatus(store, worker, options),
            }),
            metrics: options.metrics,
            logger,
          });
          healthRoutes(router, { status: () => "SERVING" });
          buildInfoRoutes(router);
        },
      });
      started.push(() => adminServer.close({ graceMs: GRACE_MS }));
    }
    worker.start();
    peers.start();
    logger.info({ peer: peerResponderId, client: options.clientResponderId }, "consensus node started");
    return new ConsensusNode({ nodeId, store, worker, peers, txManager, closing: started.reverse() });
  }

  get status(): ConsensusNodeStatus {
    return {
      ...this.#worker.status,
      blockCount: this.#store.blockCount(),
      lastBlockId: this.#store.latestBlock().id,
      peers: { connected: this.#peers.connectedCount, dialled: this.#peers.addresses.length },
      cachedTxs: this.#txManager.size,
    };
  }

  /** Cuts the node off from peers (`host:port`), all others let in again: a broken network, for tests. */
  cutOff(addresses: ReadonlySet<string>): void {
    this.#peers.block(addresses);
  }

  /** Ends what is under way and stops; the ledger and the enclave are left to their owner. */
  async close(): Promise<void> {
    await closeInTurn(this.#closing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Tells the enclave what it is for, and keeps its signing key for the next start. */
async function initialise(options: ConsensusNodeOptions): Promise<NodeIdentity> {
  const { enclave, config, sealedKeyFile, peerResponderId, clientResponderId, feeRecipient } = options;
  const mintingTrustRoot = options.mintingTrustRoot ?? DEFAULT_MINTING_TRUST_ROOT;
  const { sealedBlockSigningKey, blockSigningKey } = await enclave.init({
    peerResponderId,
    clientResponderId,
    sealedBlockSigningKey: sealedKeyFile.read(),
    config,
    feeRecipient,
    mintingTrustRoot,
  });
  sealedKeyFile.write(sealedBlockSigningKey);
  return {
    mintingTrustRoot,
    blockSigningKey,
    messageSigningKey: ed25519PublicKey(options.messageSigningSeed),
    peerResponderId,
    clientResponderId,
  };
}

/** Makes the node's own metadata of blocks: its quorum set as configured, and its enclave's evidence of that moment. */
function metadataMaker(options: ConsensusNodeOptions, { responderId }: NodeId) {
  const { enclave, network, messageSigningSeed } = options;
  return async (block: Block): Promise<BlockMetadata> => {
    const evidence = await enclave.evidence({});
    return signBlockMetadata(
      {
        blockId: block.id,
        quorumSet: ledgerQuorumSet(network.quorumSet),
        attestationEvidence: { case: "dcapEvidence", value: evidence },
        responderId,
      },
      messageSigningSeed,
    );
  };
}

/** `status` of the admin service's configuration (04 section 2.9.4). */
function describeStatus(
  store: LedgerStore,
  worker: ByzantineLedger,
  { network }: ConsensusNodeOptions,
): object {
  const blockCount = store.blockCount();
  const latest = store.latestBlock();
  const { behind, highestPeerBlock = 0n } = worker.status;
  return {
    block_height: Number(blockCount),
    version: latest.version,
    broadcast_peer_count: network.broadcastPeers.length,
    known_peer_count: network.knownPeers.length,
    sync_status: behind ? "catchup" : "synced",
    blocks_behind: highestPeerBlock > blockCount ? Number(highestPeerBlock - blockCount) : 0,
    latest_block_hash: bytesToHex(latest.id),
    latest_block_timestamp: store.blockSignature(latest.index)?.signedAt.toString() ?? "",
  };
}

async function closeInTurn(closing: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closing) await close();
}
