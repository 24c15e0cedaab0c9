import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { simulatedMeasurement } from "@mobilecoin-ts/attestation";
import { loadOrCreateDevelopmentAuthority } from "@mobilecoin-ts/attestation/files";
import { consensusEnclave, consensusEnclaveBundle } from "@mobilecoin-ts/consensus/enclave";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type { LedgerAccess } from "@mobilecoin-ts/sdk";
import { ChildNode } from "./child-node.ts";
import { ControlServer, type NetworkCommand } from "./control-server.ts";
import { writeOriginBlocks } from "./devnet-ledger.ts";
import { DevnetError } from "./error.ts";
import { NetworkAccess } from "./network-access.ts";
import {
  hasNetworkPlan,
  makeNetworkPlan,
  type NetworkPlan,
  type NodePlan,
  nodeLedgerFolder,
  peerResponderId,
  readNetworkPlan,
  settleNetworkPlan,
} from "./network-plan.ts";
import { findNode, type NodeFile, removeNodeFile, takeNodeFile } from "./node-file.ts";
import { type NodeHost, type NodeStatus, stoppedStatus } from "./node-host.ts";
import { authorityFolder, runNode } from "./run-node.ts";
import { writeTrustedEnclave } from "./trusted-enclave.ts";

/** What a network is made with where nobody says. */
export const DEFAULT_TOPOLOGY = "dense3";

/** How often a network looks for free ports. */
const PORT_ATTEMPTS = 3;

export interface DevnetOptions {
  /** Of a network that is made now; one that exists keeps its own. */
  readonly topology?: string;
  /** Whether each node has a process of its own; by default all run in this one, each enclave in a thread. */
  readonly processes?: boolean;
  /** Told when a node ends by itself. */
  readonly onNodeFailure?: (node: string, error: unknown) => void;
}

/** A local network: validators with simulated enclaves, a ledger each, and a door for other processes of this machine. */
export class Devnet implements AsyncDisposable {
  readonly plan: NetworkPlan;
  readonly ledger: NetworkAccess;
  readonly #options: DevnetOptions;
  readonly #hosts: Map<string, NodeHost>;
  readonly #control: ControlServer;
  /** Names of the nodes that are cut off from the others. */
  #cutOff: ReadonlySet<string> = new Set();

  private constructor(
    plan: NetworkPlan,
    ledger: NetworkAccess,
    hosts: Map<string, NodeHost>,
    control: ControlServer,
    options: DevnetOptions,
  ) {
    this.plan = plan;
    this.ledger = ledger;
    this.#hosts = hosts;
    this.#control = control;
    this.#options = options;
  }

  /**
   * Starts the network of a data folder, making it with funded accounts the first time.
   *
   * @throws DevnetError `LedgerInUse` while another process runs it, `UnknownTopology`, `TopologyDiffers`, `NodeFailed`.
   */
  static async start(dataDir: string, options: DevnetOptions = {}): Promise<Devnet> {
    await requireFree(dataDir);
    mkdirSync(dataDir, { recursive: true });
    const opening: { devnet?: Devnet } = {};
    const control = await ControlServer.listen({
      status: async () => opening.devnet?.status() ?? [],
      run: async (command) => opening.devnet?.run(command),
    });
    if (!takeNodeFile(dataDir, { pid: process.pid, port: control.port, token: control.token })) {
      await control.close();
      await requireFree(dataDir);
      throw new DevnetError("LedgerInUse", `another network has just been started on ${dataDir}`);
    }
    const hosts = new Map<string, NodeHost>();
    try {
      let plan = await settleNetworkPlan(planOf(dataDir, options));
      await loadOrCreateDevelopmentAuthority(authorityFolder(dataDir));
      const { sha256 } = await consensusEnclaveBundle();
      writeTrustedEnclave(dataDir, simulatedMeasurement(sha256, consensusEnclave.productId).mrEnclave);
      await writeOriginBlocks(plan);
      for (let tried = 1; !(await startAll(plan, hosts, options, tried < PORT_ATTEMPTS)); tried++) {
        // Somebody took a port between looking and listening: the whole network moves.
        plan = await settleNetworkPlan(plan, true);
      }
      opening.devnet = new Devnet(plan, await NetworkAccess.open(plan), hosts, control, options);
      return opening.devnet;
    } catch (error) {
      await Promise.allSettled([...hosts.values()].map((host) => host.stop()));
      removeNodeFile(dataDir);
      await control.close();
      throw error;
    }
  }

  get dataDir(): string {
    return this.plan.dataDir;
  }

  /** The ledger of the node that has the most blocks, for reading. */
  get store(): LedgerStore {
    return this.ledger.store;
  }

  /** How each node is, in the order of the plan. */
  status(): Promise<NodeStatus[]> {
    return Promise.all(
      this.plan.nodes.map(async ({ name }) => {
        try {
          return (await this.#hosts.get(name)?.status()) ?? stoppedStatus(name);
        } catch (error) {
          if (error instanceof DevnetError) return stoppedStatus(name);
          throw error;
        }
      }),
    );
  }

  /** Does something to the network. @throws DevnetError `NoNode`, `NodeFailed` */
  async run(command: NetworkCommand): Promise<void> {
    switch (command.command) {
      case "stop-node":
        return this.stopNode(command.node);
      case "kill-node":
        return this.killNode(command.node);
      case "start-node":
        return this.startNode(command.node);
      case "partition":
        return this.partition(command.nodes);
      case "heal":
        return this.heal();
    }
  }

  /** Stops a node in good order. */
  async stopNode(name: string): Promise<void> {
    await this.#take(name).stop();
  }

  /** Ends a node without warning. */
  async killNode(name: string): Promise<void> {
    await this.#take(name).kill();
  }

  #take(name: string): NodeHost {
    this.#planOf(name);
    const host = this.#hosts.get(name);
    if (host === undefined)
      throw new DevnetError(
        "NoNode",
        `${name} is not running; start it with: mobilecoin devnet start-node ${name}`,
      );
    this.#hosts.delete(name);
    return host;
  }

  async startNode(name: string): Promise<void> {
    const node = this.#planOf(name);
    if (this.#hosts.has(name)) throw new DevnetError("NoNode", `${name} is running already`);
    this.#hosts.set(name, await startHost(this.plan, node, this.#hosts, this.#options));
    await this.#applyCutOff();
  }

  /** Cuts nodes off from all others; among themselves they stay connected. */
  async partition(names: readonly string[]): Promise<void> {
    for (const name of names) this.#planOf(name);
    this.#cutOff = new Set(names);
    await this.#applyCutOff();
  }

  async heal(): Promise<void> {
    await this.partition([]);
  }

  async #applyCutOff(): Promise<void> {
    await Promise.all(
      this.plan.nodes.map(async (node) => {
        const side = this.#cutOff.has(node.name);
        const beyond = this.plan.nodes.filter((other) => this.#cutOff.has(other.name) !== side);
        await this.#hosts.get(node.name)?.cutOff(beyond.map(peerResponderId));
      }),
    );
  }

  #planOf(name: string): NodePlan {
    const node = this.plan.nodes.find((planned) => planned.name === name);
    if (node !== undefined) return node;
    const names = this.plan.nodes.map((planned) => planned.name).join(", ");
    throw new DevnetError("NoNode", `there is no node ${name}; the nodes of this network are ${names}`);
  }

  /** Stops all nodes and leaves the data folder to the next. */
  async close(): Promise<void> {
    // The door closes last: as long as somebody knocks and is answered, nobody else takes the folder.
    await this.ledger.close();
    const hosts = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.allSettled(hosts.map((host) => host.stop()));
    removeNodeFile(this.dataDir);
    await this.#control.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function planOf(dataDir: string, { topology }: DevnetOptions): NetworkPlan {
  if (!hasNetworkPlan(dataDir)) return makeNetworkPlan(dataDir, topology ?? DEFAULT_TOPOLOGY);
  const plan = readNetworkPlan(dataDir);
  if (topology !== undefined && topology !== plan.topology) {
    throw new DevnetError(
      "TopologyDiffers",
      `the network in ${dataDir} has the topology ${plan.topology}, not ${topology}; start over with --fresh, or name another folder with --data-dir`,
    );
  }
  return plan;
}

/**
 * Starts every node. False where one could not listen and that is to be tried again, with all of them stopped.
 *
 * @throws whatever else a node refuses
 */
async function startAll(
  plan: NetworkPlan,
  hosts: Map<string, NodeHost>,
  options: DevnetOptions,
  mayRetry: boolean,
): Promise<boolean> {
  const started = await Promise.allSettled(
    plan.nodes.map(async (node) => {
      hosts.set(node.name, await startHost(plan, node, hosts, options));
    }),
  );
  const failed = started.find((result) => result.status === "rejected");
  if (failed === undefined) return true;
  const running = [...hosts.values()];
  hosts.clear();
  await Promise.allSettled(running.map((host) => host.stop()));
  if (mayRetry && failed.reason instanceof Error && /EADDRINUSE|in use/.test(failed.reason.message))
    return false;
  throw failed.reason;
}

async function startHost(
  plan: NetworkPlan,
  node: NodePlan,
  hosts: Map<string, NodeHost>,
  { processes = false, onNodeFailure }: DevnetOptions,
): Promise<NodeHost> {
  if (!processes) {
    return runNode(plan, node, (error) => {
      const host = hosts.get(node.name);
      hosts.delete(node.name);
      void host?.stop();
      onNodeFailure?.(node.name, error);
    });
  }
  const child = await ChildNode.start(plan.dataDir, node, () => {
    if (hosts.get(node.name) !== child) return;
    hosts.delete(node.name);
    onNodeFailure?.(
      node.name,
      new DevnetError("NodeFailed", `${node.name} ended; see ${join(node.folder, "node.log")}`),
    );
  });
  return child;
}

/** Also clears away what a network that died has left. */
async function requireFree(dataDir: string): Promise<void> {
  const running = await findNode(dataDir);
  if (running === undefined) {
    removeNodeFile(dataDir);
  } else {
    throw new DevnetError(
      "LedgerInUse",
      `the network in ${dataDir} is running already (process ${running.pid}); use it, or stop it first`,
    );
  }
}

/** Deletes what a network has decided and how it is laid out; accounts stay. @throws DevnetError `LedgerInUse` */
export async function removeNetwork(dataDir: string): Promise<void> {
  await requireFree(dataDir);
  for (const name of ["network.json", "nodes", "tokens.json", "governors", "trusted-identities.json"]) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

/** A ledger to read and propose to, and how to let go of it. */
export interface DevnetConnection extends AsyncDisposable {
  readonly ledger: LedgerAccess;
  readonly close: () => Promise<void>;
}

/**
 * Connects to the network of a data folder: to the one that runs. Where none does, ledgers are read as they are, and the
 * network is started when there is something to propose.
 *
 * @throws DevnetError `NotADevnet` where the folder holds none.
 */
export async function connectDevnet(dataDir: string): Promise<DevnetConnection> {
  const ledger = await NetworkAccess.open(readNetworkPlan(dataDir));
  if ((await findNode(dataDir)) !== undefined) return connection(ledger, () => ledger.close());
  let started: Promise<Devnet> | undefined;
  const start = async (): Promise<Devnet> => {
    // LMDB opens a file once a process, and the nodes have to open it for writing.
    await ledger.close();
    return Devnet.start(dataDir);
  };
  const current = async (): Promise<NetworkAccess> =>
    started === undefined ? ledger : (await started).ledger;
  const onDemand: LedgerAccess = {
    networkState: async () => (await current()).networkState(),
    async *blocks(from, to) {
      yield* (await current()).blocks(from, to);
    },
    provenTxOuts: async (indices) => (await current()).provenTxOuts(indices),
    propose: async (tx) => {
      started ??= start();
      return (await started).ledger.propose(tx);
    },
  };
  return connection(onDemand, async () => {
    await (started === undefined ? ledger.close() : (await started).close());
  });
}

function connection(ledger: LedgerAccess, close: () => Promise<void>): DevnetConnection {
  return { ledger, close, [Symbol.asyncDispose]: close };
}

/** The ledger folder of the node that has the most blocks, running or not. @throws DevnetError `NotADevnet` */
export async function newestLedgerFolder(dataDir: string): Promise<string> {
  let newest: { readonly folder: string; readonly blockCount: bigint } | undefined;
  for (const node of readNetworkPlan(dataDir).nodes) {
    const folder = nodeLedgerFolder(node);
    if (!existsSync(join(folder, "data.mdb"))) continue;
    await using store = LedgerStore.open(folder, { readOnly: true });
    const blockCount = store.blockCount();
    if (newest === undefined || blockCount > newest.blockCount) newest = { folder, blockCount };
  }
  if (newest !== undefined) return newest.folder;
  throw new DevnetError(
    "NotADevnet",
    `the network in ${dataDir} was never started; start it with: mobilecoin devnet`,
  );
}

/** Tells a running network what to do. @throws DevnetError `NotRunning`, `NodeRefused` */
export async function commandDevnet(dataDir: string, command: NetworkCommand): Promise<void> {
  await ask(await runningNetwork(dataDir), "/command", { method: "POST", body: JSON.stringify(command) });
}

/** How the nodes of a running network are. @throws DevnetError `NotRunning`, `NodeRefused` */
export async function devnetStatus(dataDir: string): Promise<NodeStatus[]> {
  const { nodes } = await ask(await runningNetwork(dataDir), "/status", {});
  if (!Array.isArray(nodes)) throw new DevnetError("NodeRefused", "the network's answer holds no nodes");
  return nodes.map((node: NodeStatus & { readonly blockCount?: string }) => ({
    ...stoppedStatus(node.name),
    ...node,
    blockCount: node.blockCount === undefined ? undefined : BigInt(node.blockCount),
  }));
}

async function runningNetwork(dataDir: string): Promise<NodeFile> {
  const running = await findNode(dataDir);
  if (running !== undefined) return running;
  throw new DevnetError(
    "NotRunning",
    `no network is running on ${dataDir}; start one with: mobilecoin devnet`,
  );
}

async function ask(
  { port, token }: NodeFile,
  path: string,
  init: RequestInit,
): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  } catch (cause) {
    throw new DevnetError(
      "NodeUnreachable",
      "the network does not answer; start it again with: mobilecoin devnet",
      cause,
    );
  }
  const body: unknown = await response.json();
  const fields = typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  if (!response.ok)
    throw new DevnetError("NodeRefused", String(fields.error ?? `the network answered ${response.status}`));
  return fields;
}
