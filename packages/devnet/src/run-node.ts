import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedQuotingEnclave } from "@mobilecoin-ts/attestation";
import { loadOrCreateDevelopmentAuthority } from "@mobilecoin-ts/attestation/files";
import {
  type BlockchainConfig,
  networkFileFormat,
  parseNetworkConfig,
  parseTokensConfig,
  resolveNetworkConfig,
  TEST_MINTING_TRUST_ROOT_SEED,
} from "@mobilecoin-ts/consensus";
import { startConsensusEnclave } from "@mobilecoin-ts/consensus/enclave";
import { ConsensusNode, type ConsensusNodeOptions, SealedKeyFile } from "@mobilecoin-ts/consensus/node";
import { bytesToHex, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { createLogger, MetricsRegistry } from "@mobilecoin-ts/service";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { devnetAccount } from "./devnet-accounts.ts";
import {
  clientResponderId,
  DEVNET_CHAIN_ID,
  type NetworkPlan,
  type NodePlan,
  networkFile,
  nodeArchiveFolder,
  nodeLedgerFolder,
  peerResponderId,
  tokensFile,
} from "./network-plan.ts";
import type { NodeHost, NodeStatus } from "./node-host.ts";
import { Publisher } from "./publisher.ts";
import { DEVNET_BLOCK_VERSION } from "./store-access.ts";

/** How long a node of a local network is behind before it fetches blocks, milliseconds: nothing is far away here. */
const BEHIND_GRACE_MS = 2_000;

/** Folder of the development root that all evidence of a local network ends in. */
export function authorityFolder(dataDir: string): string {
  return join(dataDir, "attestation");
}

/** What all nodes of a local network agree on. */
export function devnetConfig(dataDir: string): BlockchainConfig {
  const { fees, governors, governorsSignature } = parseTokensConfig(
    readFileSync(tokensFile(dataDir), "utf8"),
  );
  return { fees, governors, governorsSignature, blockVersion: DEVNET_BLOCK_VERSION };
}

/** Runs a node of a local network in this process, with its enclave in a thread, and publishes its blocks. */
export async function runNode(
  plan: NetworkPlan,
  node: NodePlan,
  onFatal: (error: unknown) => void,
  access: Pick<ConsensusNodeOptions, "authenticator"> = {},
): Promise<NodeHost> {
  const { dataDir } = plan;
  mkdirSync(nodeArchiveFolder(node), { recursive: true });
  const logger = createLogger({ name: "mc_consensus", level: process.env.MC_LOG ?? "error" }).child({
    node: node.name,
  });
  const store = LedgerStore.open(nodeLedgerFolder(node), { create: true });
  const authority = await loadOrCreateDevelopmentAuthority(authorityFolder(dataDir));
  const enclave = await startConsensusEnclave({
    mode: { kind: "worker" },
    sealFolder: join(dataDir, "seal"),
    root: authority.root,
    onLog: (level, text) => logger.info({ level }, text),
    onExit: (reason) => onFatal(new Error(`the enclave of ${node.name} ended: ${reason}`)),
  });
  const publishing = new Publisher(store, nodeArchiveFolder(node), (error) =>
    logger.error({ err: error }, "blocks could not be published"),
  );
  const file = networkFile(node);
  const network = parseNetworkConfig(readFileSync(file, "utf8"), networkFileFormat(file));
  const consensus = await ConsensusNode.start({
    chainId: DEVNET_CHAIN_ID,
    peerResponderId: peerResponderId(node),
    clientResponderId: clientResponderId(node),
    messageSigningSeed: node.messageSigningSeed,
    network: resolveNetworkConfig(network, peerResponderId(node)),
    txSourceUrls: network.txSourceUrls,
    config: devnetConfig(dataDir),
    store,
    enclave: enclave.calls,
    quoting: new SimulatedQuotingEnclave({ authority, now: () => new Date() }),
    sealedKeyFile: new SealedKeyFile(join(node.folder, "sealed-block-signing-key")),
    feeRecipient: devnetAccount(0).defaultSubaddress,
    mintingTrustRoot: ed25519PublicKey(TEST_MINTING_TRUST_ROOT_SEED),
    peerListenUri: new ServiceUri("consensusPeer", `insecure-mcp://127.0.0.1:${node.peerPort}/`),
    clientListenUri: new ServiceUri("consensusClient", `insecure-mc://127.0.0.1:${node.clientPort}/`),
    adminListenUri: new ServiceUri("admin", `insecure-mca://127.0.0.1:${node.adminPort}/`),
    logger,
    metrics: new MetricsRegistry(),
    behindGraceMs: BEHIND_GRACE_MS,
    ...access,
    onBlock: () => publishing.publish(),
    onFatal,
  });
  publishing.publish();

  const stop = async (): Promise<void> => {
    await consensus.close();
    await enclave.close();
    await publishing.close();
    await store.close();
  };
  return {
    status: async (): Promise<NodeStatus> => {
      const { blockCount, lastBlockId, peers, cachedTxs, pendingValues, phase, behind } = consensus.status;
      return {
        name: node.name,
        running: true,
        blockCount,
        lastBlockId: bytesToHex(lastBlockId),
        peers,
        cachedTxs,
        pendingValues,
        phase,
        behind,
        cpuMs: undefined,
      };
    },
    cutOff: async (peers) => consensus.cutOff(new Set(peers)),
    stop,
    kill: stop,
  };
}
