import { join } from "node:path";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type { LedgerAccess } from "@mobilecoin-ts/sdk";
import { devnetAccount } from "./devnet-accounts.ts";
import { hasDevnetLedger, openDevnetLedger, readDevnetLedger } from "./devnet-ledger.ts";
import { DevnetError } from "./error.ts";
import { LocalNode } from "./local-node.ts";
import { findNode, removeNodeFile, takeNodeFile } from "./node-file.ts";
import { openNodeKeys } from "./node-keys.ts";
import { NodeServer } from "./node-server.ts";
import { RemoteNode } from "./remote-node.ts";

export interface DevnetOptions {
  /** Milliseconds between the first transaction of a block and the block. */
  readonly blockInterval?: number;
}

/** A local network that runs in this process: a ledger, one node, and a door for other processes of this machine. */
export class Devnet {
  readonly dataDir: string;
  readonly store: LedgerStore;
  readonly node: LocalNode;
  readonly #server: NodeServer;

  private constructor(dataDir: string, store: LedgerStore, node: LocalNode, server: NodeServer) {
    this.dataDir = dataDir;
    this.store = store;
    this.node = node;
    this.#server = server;
  }

  /**
   * Starts the network of a data folder, making it with funded accounts the first time.
   *
   * @throws DevnetError `LedgerInUse` while another process runs it.
   */
  static async start(dataDir: string, options: DevnetOptions = {}): Promise<Devnet> {
    await requireFree(dataDir);
    const store = openDevnetLedger(dataDir);
    const keys = openNodeKeys(join(dataDir, "node-keys.json"));
    const node = new LocalNode({ store, keys, feeAccount: devnetAccount(0), ...options });
    const server = await NodeServer.listen(node);
    if (!takeNodeFile(dataDir, { pid: process.pid, port: server.port, token: server.token })) {
      await server.close();
      await store.close();
      await requireFree(dataDir);
      throw new DevnetError("LedgerInUse", `another node has just been started on ${dataDir}`);
    }
    return new Devnet(dataDir, store, node, server);
  }

  /** Where the node listens for other processes of this machine. */
  get address(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  /** Finishes what is pending, stops, and leaves the data folder to the next. */
  async close(): Promise<void> {
    // The door closes last: as long as somebody knocks and is answered, nobody else takes the folder.
    await this.node.close();
    await this.store.close();
    removeNodeFile(this.dataDir);
    await this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Also clears away what a node that died has left. */
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

/** A ledger to read and propose to, and how to let go of it. */
export interface DevnetConnection extends AsyncDisposable {
  readonly ledger: LedgerAccess;
  readonly close: () => Promise<void>;
}

/**
 * Connects to the network of a data folder: to the node that runs, or, where none does, to one started for the purpose.
 *
 * @throws DevnetError `NotADevnet` where the folder holds none.
 */
export async function connectDevnet(dataDir: string): Promise<DevnetConnection> {
  const running = await findNode(dataDir);
  if (running !== undefined) {
    const store = readDevnetLedger(dataDir);
    return connection(new RemoteNode(store, running), () => store.close());
  }
  if (!hasDevnetLedger(dataDir)) {
    throw new DevnetError(
      "NotADevnet",
      `there is no local network in ${dataDir}; make one with: mobilecoin devnet`,
    );
  }
  const devnet = await Devnet.start(dataDir);
  return connection(devnet.node, () => devnet.close());
}

function connection(ledger: LedgerAccess, close: () => Promise<void>): DevnetConnection {
  return { ledger, close, [Symbol.asyncDispose]: close };
}
