import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { signGovernors, TEST_MINTING_TRUST_ROOT_SEED } from "@mobilecoin-ts/consensus";
import {
  bytesToHex,
  ed25519PublicKey,
  encodeEd25519PrivateDer,
  encodeEd25519PublicDer,
  encodePem,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import { DEFAULT_MINIMUM_FEE } from "@mobilecoin-ts/transaction";
import { stringify } from "smol-toml";
import { DevnetError } from "./error.ts";
import { type PlannedNode, topologyOf } from "./topology.ts";

/** The name that a local network has; clients of `main` and `test` will not take it for theirs. */
export const DEVNET_CHAIN_ID = "local";

/** Tokens besides MOB that a local network has, each with one governor (04 section 2.17). */
const MINTED_TOKENS = [1n, 2n] as const;

const MINTED_TOKEN_FEE = 1024n;

/** Ports of node 0, as the reference's local network has them; node `i` has those `i` further on. */
const FIRST_PORTS = { client: 3200, peer: 3300, admin: 3400 } as const;

/** A node of a local network: where it listens, and the folder with all that is its own. */
export interface NodePlan {
  readonly name: string;
  readonly folder: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly adminPort: number;
  /** Ed25519 seed of 32 bytes that signs its consensus messages. */
  readonly messageSigningSeed: Uint8Array;
  readonly planned: PlannedNode;
}

/** A local network as its data folder describes it. */
export interface NetworkPlan {
  readonly dataDir: string;
  readonly topology: string;
  readonly nodes: readonly NodePlan[];
}

interface StoredNode {
  readonly name: string;
  readonly client_port: number;
  readonly peer_port: number;
  readonly admin_port: number;
  readonly message_signing_seed: string;
}

function planFile(dataDir: string): string {
  return join(dataDir, "network.json");
}

/** Whether a data folder describes a local network. */
export function hasNetworkPlan(dataDir: string): boolean {
  return existsSync(planFile(dataDir));
}

/** Where the ledger of a node lies. */
export function nodeLedgerFolder(node: Pick<NodePlan, "folder">): string {
  return join(node.folder, "ledger");
}

/** Where a node publishes its blocks. */
export function nodeArchiveFolder(node: Pick<NodePlan, "folder">): string {
  return join(node.folder, "archive");
}

/** `host:port` that a node is dialled at by its peers, and known by. */
export function peerResponderId(node: Pick<NodePlan, "peerPort">): string {
  return `localhost:${node.peerPort}`;
}

/** `host:port` that wallets dial. */
export function clientResponderId(node: Pick<NodePlan, "clientPort">): string {
  return `localhost:${node.clientPort}`;
}

/** The file with the key (PEM) of a token's governor and minter. */
export function governorKeyFile(dataDir: string, tokenId: bigint): string {
  return join(dataDir, "governors", `token-${tokenId}.pem`);
}

/** The tokens of a network, in the reference's format. */
export function tokensFile(dataDir: string): string {
  return join(dataDir, "tokens.json");
}

/** A node's peers and quorum set, in the reference's format. */
export function networkFile(node: Pick<NodePlan, "folder">): string {
  return join(node.folder, "network.toml");
}

/** Describes a new network in a data folder: keys, tokens, ports. The files of the nodes follow with `writeNodeFiles`. */
export function makeNetworkPlan(dataDir: string, topology: string): NetworkPlan {
  const planned = topologyOf(topology);
  mkdirSync(join(dataDir, "governors"), { recursive: true });
  writeTokens(dataDir);
  const nodes = planned.map(
    ({ name }, i): StoredNode => ({
      name,
      client_port: FIRST_PORTS.client + i,
      peer_port: FIRST_PORTS.peer + i,
      admin_port: FIRST_PORTS.admin + i,
      message_signing_seed: bytesToHex(systemRandom(32)),
    }),
  );
  store(dataDir, topology, nodes);
  return readNetworkPlan(dataDir);
}

function store(dataDir: string, topology: string, nodes: readonly StoredNode[]): void {
  const text = JSON.stringify({ topology, chain_id: DEVNET_CHAIN_ID, nodes }, undefined, 2);
  writeFileSync(planFile(dataDir), `${text}\n`, { mode: 0o600 });
}

/** The network that a data folder describes. @throws DevnetError `NotADevnet` */
export function readNetworkPlan(dataDir: string): NetworkPlan {
  if (!hasNetworkPlan(dataDir)) {
    throw new DevnetError(
      "NotADevnet",
      `there is no local network in ${dataDir}; make one with: mobilecoin devnet`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(planFile(dataDir), "utf8"));
  } catch (cause) {
    throw damaged(dataDir, cause);
  }
  const { topology, nodes } = fieldsOf(value);
  if (typeof topology !== "string" || !Array.isArray(nodes)) throw damaged(dataDir);
  const planned = topologyOf(topology);
  if (planned.length !== nodes.length) throw damaged(dataDir);
  return { dataDir, topology, nodes: planned.map((node, i) => nodePlan(dataDir, node, nodes[i])) };
}

function nodePlan(dataDir: string, planned: PlannedNode, stored: unknown): NodePlan {
  const fields = fieldsOf(stored);
  const { name, client_port: clientPort, peer_port: peerPort, admin_port: adminPort } = fields;
  const { message_signing_seed: seed } = fields;
  const isValid =
    name === planned.name &&
    isPort(clientPort) &&
    isPort(peerPort) &&
    isPort(adminPort) &&
    typeof seed === "string" &&
    /^[0-9a-f]{64}$/.test(seed);
  if (!isValid) throw damaged(dataDir);
  const folder = join(dataDir, "nodes", planned.name);
  return {
    name: planned.name,
    folder,
    clientPort,
    peerPort,
    adminPort,
    messageSigningSeed: hexToBytes(seed),
    planned,
  };
}

function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65_536;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function damaged(dataDir: string, cause?: unknown): DevnetError {
  return new DevnetError(
    "NotADevnet",
    `${planFile(dataDir)} does not describe a network; start over with: mobilecoin devnet --fresh`,
    cause,
  );
}

/**
 * Makes sure that the ports of a network are free, moving the whole network to others where they are not, and writes the
 * files of its nodes.
 */
export async function settleNetworkPlan(plan: NetworkPlan, mustMove = false): Promise<NetworkPlan> {
  const ports = plan.nodes.flatMap(({ clientPort, peerPort, adminPort }) => [
    clientPort,
    peerPort,
    adminPort,
  ]);
  const free = await Promise.all(ports.map(isFree));
  const settled = free.every(Boolean) && !mustMove ? plan : await moved(plan);
  for (const node of settled.nodes) writeNodeFiles(settled, node);
  return settled;
}

async function moved(plan: NetworkPlan): Promise<NetworkPlan> {
  const ports = await freePorts(plan.nodes.length * 3);
  const nodes = plan.nodes.map(
    ({ name, messageSigningSeed }, i): StoredNode => ({
      name,
      client_port: ports[i * 3] as number,
      peer_port: ports[i * 3 + 1] as number,
      admin_port: ports[i * 3 + 2] as number,
      message_signing_seed: bytesToHex(messageSigningSeed),
    }),
  );
  store(plan.dataDir, plan.topology, nodes);
  return readNetworkPlan(plan.dataDir);
}

/** Distinct ports: all are held open until the last one is known. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    return address === null || typeof address === "string" ? 0 : address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function writeTokens(dataDir: string): void {
  const governors = new Map(
    MINTED_TOKENS.map((tokenId) => {
      const seed = systemRandom(32);
      const pem = encodePem("PRIVATE KEY", encodeEd25519PrivateDer(seed));
      writeFileSync(governorKeyFile(dataDir, tokenId), pem, { mode: 0o600 });
      return [tokenId, ed25519PublicKey(seed)];
    }),
  );
  const signerSets = new Map(
    [...governors].map(([tokenId, key]) => [
      tokenId,
      { individualSigners: [key], multiSigners: [], threshold: 1 },
    ]),
  );
  const tokens = {
    governors_signature: bytesToHex(signGovernors(signerSets, TEST_MINTING_TRUST_ROOT_SEED)),
    tokens: [
      { token_id: 0, minimum_fee: Number(DEFAULT_MINIMUM_FEE) },
      ...[...governors].map(([tokenId, key]) => ({
        token_id: Number(tokenId),
        minimum_fee: Number(MINTED_TOKEN_FEE),
        governors: { type: "Single", pub_key: encodePem("PUBLIC KEY", encodeEd25519PublicDer(key)) },
      })),
    ],
  };
  writeFileSync(tokensFile(dataDir), `${JSON.stringify(tokens, undefined, 2)}\n`);
}

function writeNodeFiles(plan: NetworkPlan, node: NodePlan): void {
  mkdirSync(nodeArchiveFolder(node), { recursive: true });
  const { peers, threshold, members } = node.planned;
  const at = (index: number): NodePlan => plan.nodes[index] as NodePlan;
  const dialled = new Set(peers.map((peer) => peer.node));
  const known = plan.nodes.filter((other, i) => other !== node && !dialled.has(i));
  const network = {
    broadcast_peers: peers.map((peer) => peerUri(at(peer.node), peer.broadcasts)),
    known_peers: known.map((other) => peerUri(other, true)),
    tx_source_urls: peers.map((peer) => `file://${nodeArchiveFolder(at(peer.node))}/`),
    quorum_set: {
      threshold,
      members: members.map((member) => ({ type: "Node", args: peerResponderId(at(member)) })),
    },
  };
  writeFileSync(networkFile(node), stringify(network));
}

function peerUri(node: NodePlan, broadcasts: boolean): string {
  const key = bytesToHex(ed25519PublicKey(node.messageSigningSeed));
  const silent = broadcasts ? "" : "&broadcast-consensus-msgs=0";
  return `insecure-mcp://${peerResponderId(node)}/?consensus-msg-key=${key}${silent}`;
}
