import { type ChildProcess, fork } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DevnetError } from "./error.ts";
import type { NodePlan } from "./network-plan.ts";
import { fromWire, type NodeHost, type NodeReply, type NodeRequest, type NodeStatus } from "./node-host.ts";

/** How long a node may take to begin, milliseconds: the first time its enclave is bundled. */
const START_TIMEOUT_MS = 60_000;

const CALL_TIMEOUT_MS = 10_000;

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** A node in a process of its own; its log goes to `node.log` in its folder. */
export class ChildNode implements NodeHost {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #waiting = new Map<number, (status: NodeStatus | undefined) => void>();
  readonly #ended: Promise<void>;
  #next = 1;

  private constructor(name: string, child: ChildProcess, log: WriteStream) {
    this.#name = name;
    this.#child = child;
    this.#log = log;
    this.#ended = new Promise((resolve) => {
      child.once("exit", () => {
        this.#log.end();
        for (const done of this.#waiting.values()) done(undefined);
        this.#waiting.clear();
        resolve();
      });
    });
    child.on("message", (reply: NodeReply) => {
      if (reply.kind !== "done") return;
      this.#waiting.get(reply.id)?.(reply.status === undefined ? undefined : fromWire(reply.status));
      this.#waiting.delete(reply.id);
    });
  }

  /** @throws DevnetError `NodeFailed` with the reason the node gave. */
  static async start(dataDir: string, node: NodePlan, onExit: () => void): Promise<ChildNode> {
    const entry = fileURLToPath(new URL("./node-process.ts", import.meta.url));
    // Its own process group: Ctrl-C at the terminal is the network's to handle, in order.
    const child = fork(entry, [dataDir, node.name], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "json",
      detached: true,
    });
    const log = createWriteStream(join(node.folder, "node.log"), { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const host = new ChildNode(node.name, child, log);
    await host.#ready(node);
    child.once("exit", onExit);
    return host;
  }

  #ready(node: NodePlan): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        this.#child.kill("SIGKILL");
        reject(
          new DevnetError(
            "NodeFailed",
            `${node.name} did not start: ${reason}; see ${join(node.folder, "node.log")}`,
          ),
        );
      };
      const timer = setTimeout(() => fail(`no answer within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
      this.#child.once("exit", (code, signal) => {
        clearTimeout(timer);
        fail(`its process ended (${signal ?? code})`);
      });
      this.#child.once("error", (error) => {
        clearTimeout(timer);
        fail(error.message);
      });
      this.#child.on("message", (reply: NodeReply) => {
        if (reply.kind === "ready" || reply.kind === "failed") clearTimeout(timer);
        if (reply.kind === "ready") resolve();
        if (reply.kind === "failed") fail(reply.message);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async status(): Promise<NodeStatus> {
    const status = await this.#ask({ kind: "status" });
    if (status === undefined) throw new DevnetError("NodeUnreachable", `${this.#name} does not answer`);
    return status;
  }

  async cutOff(peers: readonly string[]): Promise<void> {
    await this.#ask({ kind: "cutOff", peers });
  }

  async stop(): Promise<void> {
    await Promise.race([this.#ask({ kind: "stop" }), this.#ended]);
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), CALL_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(patience);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #ask(request: WithoutId<NodeRequest>): Promise<NodeStatus | undefined> {
    const id = this.#next++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve(undefined);
      }, CALL_TIMEOUT_MS);
      this.#waiting.set(id, (status) => {
        clearTimeout(timer);
        resolve(status);
      });
      if (!this.#child.connected) return this.#waiting.get(id)?.(undefined);
      this.#child.send({ ...request, id });
    });
  }
}
