import { type ChildProcess, fork } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesToHex, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { Devnet, type NetworkPlan } from "@mobilecoin-ts/devnet";

/** What a process holds, after a garbage collection. */
export interface Footprint {
  readonly heapMiB: number;
  readonly anonymousMiB: number;
  readonly openFiles: number;
  readonly handles: number;
}

/** Responder id of a peer that the node is configured with; nobody listens there, and attackers speak in its name. */
export const ABSENT_PEER = "localhost:1";
/** Signs the messages of that peer: a node that has gone bad. */
export const ABSENT_PEER_SEED: Uint8Array = new Uint8Array(32).fill(7);

export interface TargetPorts {
  readonly client: number;
  readonly peer: number;
  readonly admin: number;
}

const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 30_000;
const MAX_LOG_LINES = 50;

/** A node in its own process, on free ports. */
export class TargetNode {
  readonly plan: NetworkPlan;
  readonly ports: TargetPorts;
  /** Lines that it wrote and that tell of a fault of its own, the first few. */
  readonly faults: string[] = [];
  readonly #child: ChildProcess;
  #ended: string | undefined;
  readonly #exit: Promise<void>;

  private constructor(plan: NetworkPlan, ports: TargetPorts, child: ChildProcess) {
    this.plan = plan;
    this.ports = ports;
    this.#child = child;
    this.#exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#ended = `its process ended (${signal ?? code})`;
        resolve();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const isAskedFor = line.includes("test of the error log");
          if (!isAskedFor && isFault(line) && this.faults.length < MAX_LOG_LINES) this.faults.push(line);
        }
      });
    }
  }

  /** @param secret of the authenticator, in hex; without it everybody may call. */
  static async start(dataDir: string, secret?: string): Promise<TargetNode> {
    // Makes keys, accounts and the origin block.
    const devnet = await Devnet.start(dataDir, { topology: "single" });
    const { plan } = devnet;
    await devnet.close();
    const [node] = plan.nodes;
    if (node === undefined) throw new Error("the network has no node");
    const key = bytesToHex(ed25519PublicKey(ABSENT_PEER_SEED));
    writeFileSync(
      join(node.folder, "network.toml"),
      `broadcast_peers = ["insecure-mcp://${ABSENT_PEER}/?consensus-msg-key=${key}"]\n` +
        `tx_source_urls = ["file://${node.folder}/archive/"]\n` +
        "known_peers = []\n[quorum_set]\nthreshold = 0\nmembers = []\n",
    );
    // Sealed under the responder id that the ports make; a new one is made.
    rmSync(join(node.folder, "sealed-block-signing-key"), { force: true });
    const [client = 0, peer = 0, admin = 0] = await freePorts(3);
    const args = [dataDir, client, peer, admin].map(String);
    const child = fork(
      fileURLToPath(new URL("./node-process.ts", import.meta.url)),
      secret === undefined ? args : [...args, secret],
      { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: ["--expose-gc"], detached: true },
    );
    const moved = { ...plan, nodes: [{ ...node, clientPort: client, peerPort: peer, adminPort: admin }] };
    const target = new TargetNode(moved, { client, peer, admin }, child);
    await target.#answer("ready", START_TIMEOUT_MS);
    return target;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why it does not run any more; undefined while it does. */
  get ended(): string | undefined {
    return this.#ended;
  }

  async footprint(): Promise<Footprint> {
    const answered = this.#answer("footprint", ANSWER_TIMEOUT_MS);
    this.#child.send("measure");
    return (await answered) as Footprint;
  }

  async stop(): Promise<void> {
    if (this.#ended === undefined && this.#child.connected) this.#child.send("stop");
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), ANSWER_TIMEOUT_MS);
    await this.#exit;
    clearTimeout(patience);
  }

  #answer(kind: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
      };
      const onMessage = (message: unknown): void => {
        if (typeof message !== "object" || message === null || !("kind" in message)) return;
        if (message.kind !== kind) return;
        done();
        resolve("footprint" in message ? message.footprint : undefined);
      };
      const onExit = (): void => {
        done();
        reject(new Error(`the node ended: ${this.faults.join("\n")}`));
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`the node gave no ${kind} within ${timeoutMs / 1000} s: ${this.faults.join("\n")}`));
      }, timeoutMs);
      this.#child.on("message", onMessage);
      this.#child.once("exit", onExit);
    });
  }
}

/** Errors of the log, and whatever is not of the log: warnings and stack traces. */
function isFault(line: string): boolean {
  return line.trim() !== "" && !/^\{"level":[1-4]0,/.test(line);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return address === null || typeof address === "string" ? 0 : address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
