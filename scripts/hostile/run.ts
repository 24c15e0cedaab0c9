import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientResponderId } from "@mobilecoin-ts/devnet";
import { FuzzRandom } from "../fuzz/random.ts";
import { disorderlySession, HonestWallet } from "./honest-wallet.ts";
import { Pipeline } from "./pipeline.ts";
import { rawConnection } from "./raw-sockets.ts";
import { type PortName, SHOT_KINDS, type Shot, type ShotKind } from "./shots.ts";
import { type Footprint, TargetNode } from "./target-node.ts";

const TOKEN_SECRET = "42".repeat(32);
/** Requests under way at once, over the connections to all ports. */
const IN_FLIGHT = 192;
const CONNECTIONS_PER_PORT = 2;
/** One request of so many is a connection of its own, or a session of its own. */
const RAW_CONNECTION_EVERY = 150;
const SESSION_EVERY = 1500;
const MAX_RAW_CONNECTIONS = 100;
const FLOOD_CONNECTIONS = 300;
/** How much a node may hold at the end more than after the first tenth. */
const MAX_HEAP_GROWTH_MIB = 64;
const MAX_MEMORY_GROWTH_MIB = 192;
/** What a node's process takes when its code is compiled and its heaps have their working size: no growth up to here. */
const WORKING_MEMORY_MIB = 768;
const MAX_HANDLE_GROWTH = 32;
const MAX_HEALTH_MS = 10_000;
const HEALTH_EVERY_MS = 250;
/** Connections of the attack are gone from the node's tables after so long. */
const SETTLE_MS = 1500;
const MAX_FAILURES = 50;

export interface HostileOptions {
  readonly requests: number;
  readonly seed: number;
  /** Number of the first request; each follows from the seed and its number. */
  readonly from?: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface HostileReport {
  readonly seed: number;
  readonly requests: number;
  readonly seconds: number;
  /** How often each answer was given, by kind of request. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly failures: readonly string[];
  readonly payments: {
    readonly confirmed: number;
    readonly handshakes: number;
    readonly medianMs: number;
    readonly slowestMs: number;
  };
  readonly health: { readonly checks: number; readonly medianMs: number; readonly slowestMs: number };
  /** After the first tenth and at the end. */
  readonly footprints: Readonly<Record<"node" | "secured", readonly Footprint[]>>;
}

/** Attacks two nodes, one of them with a token secret, and looks for what must not be. */
export async function hostileRequests(options: HostileOptions): Promise<HostileReport> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    const node = await TargetNode.start(join(folder, "open"));
    try {
      const secured = await TargetNode.start(join(folder, "secured"), TOKEN_SECRET);
      try {
        return await new Attack(options, node, secured).run();
      } finally {
        await secured.stop();
      }
    } finally {
      await node.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Attack {
  readonly #options: HostileOptions;
  readonly #node: TargetNode;
  readonly #secured: TargetNode;
  readonly #pipelines: Readonly<Record<PortName, readonly Pipeline[]>>;
  readonly #answers: Record<string, Record<string, number>> = {};
  readonly #failures: string[] = [];
  readonly #healthMs: number[] = [];
  #raw = 0;

  constructor(options: HostileOptions, node: TargetNode, secured: TargetNode) {
    this.#options = options;
    this.#node = node;
    this.#secured = secured;
    const to = (port: number): Pipeline[] =>
      Array.from({ length: CONNECTIONS_PER_PORT }, () => new Pipeline(port));
    this.#pipelines = {
      client: to(node.ports.client),
      peer: to(node.ports.peer),
      admin: to(node.ports.admin),
      secured: to(secured.ports.client),
    };
  }

  async run(): Promise<HostileReport> {
    const { requests, seed, from = 0, log, signal } = this.#options;
    const started = performance.now();
    const wallet = await HonestWallet.open(this.#node.plan);
    const footprints: { node: Footprint[]; secured: Footprint[] } = { node: [], secured: [] };
    const watching = new AbortController();
    try {
      await wallet.sync();
      await wallet.payOnce();
      wallet.start();
      const watched = this.#watchHealth(watching.signal);
      const end = from + requests;
      const warm = from + Math.max(1, Math.floor(requests / 10));
      let sent = 0;
      for (const [first, last] of [
        [from, warm],
        [warm, end],
      ] as const) {
        sent += await this.#shootAll(first, last, wallet);
        await this.#flood();
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        if (!this.#isUp()) break;
        footprints.node.push(await this.#node.footprint());
        footprints.secured.push(await this.#secured.footprint());
        log(`${sent} requests: ${describe(footprints.node.at(-1)!)}`);
        if (signal.aborted) break;
      }
      watching.abort();
      await watched;
      await wallet.close();
      this.#conclude(wallet, footprints);
      return {
        seed,
        requests: sent,
        seconds: (performance.now() - started) / 1000,
        answers: this.#answers,
        failures: this.#failures,
        payments: {
          confirmed: wallet.confirmMs.length,
          handshakes: wallet.handshakes,
          ...spread(wallet.confirmMs),
        },
        health: { checks: this.#healthMs.length, ...spread(this.#healthMs) },
        footprints,
      };
    } finally {
      watching.abort();
      await wallet.close();
      for (const pipelines of Object.values(this.#pipelines))
        for (const pipeline of pipelines) pipeline.close();
    }
  }

  #isUp(): boolean {
    return this.#node.ended === undefined && this.#secured.ended === undefined;
  }

  async #shootAll(first: number, last: number, wallet: HonestWallet): Promise<number> {
    const { log, signal } = this.#options;
    let next = first;
    let done = 0;
    let reported = performance.now();
    const shootOn = async (): Promise<void> => {
      while (next < last && !signal.aborted && this.#isUp()) {
        await this.#shoot(next++, wallet);
        done++;
        if (performance.now() - reported > 10_000) {
          reported = performance.now();
          log(`${next} requests, ${this.#failures.length} failures`);
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, shootOn));
    return done;
  }

  async #shoot(index: number, wallet: HonestWallet): Promise<void> {
    const random = new FuzzRandom(this.#options.seed, index);
    if (random.once(RAW_CONNECTION_EVERY) && this.#raw < MAX_RAW_CONNECTIONS) {
      const port = random.pick([...Object.values(this.#node.ports), this.#secured.ports.client]);
      this.#raw++;
      this.#count("raw connection", await rawConnection(random, port));
      this.#raw--;
      return;
    }
    if (random.once(SESSION_EVERY)) {
      const responderId = clientResponderId(this.#node.plan.nodes[0]!);
      // A connection of its own: others lose theirs when what is sent on them is bad enough.
      const pipeline = new Pipeline(this.#node.ports.client);
      const { outcomes, failure } = await disorderlySession(random, pipeline, wallet, responderId);
      pipeline.close();
      for (const outcome of outcomes) this.#count("attested: out of order", outcome);
      if (failure !== undefined) this.#fail(`request ${index}, attested: out of order: ${failure}`);
      return;
    }
    const kind = pickKind(random);
    let shot: Shot;
    try {
      shot = kind.make(random, wallet);
    } catch (error) {
      return this.#fail(`request ${index}, ${kind.name}: could not be made: ${String(error)}`);
    }
    const answer = await random.pick(this.#pipelines[shot.port]).send(shot.request);
    this.#count(kind.name, answer.outcome);
    // A connection that ended takes the requests on it along; that it ended is no answer to any of them.
    const failure =
      answer.outcome === "timeout"
        ? "no answer"
        : answer.outcome.startsWith("reset:")
          ? undefined
          : shot.judge?.(answer);
    if (failure !== undefined) this.#fail(`request ${index}, ${kind.name}: ${failure}`);
  }

  /** Connections at once that say nothing, on every port. */
  async #flood(): Promise<void> {
    const sockets: Socket[] = [];
    for (const port of [...Object.values(this.#node.ports), this.#secured.ports.client]) {
      for (let i = 0; i < FLOOD_CONNECTIONS / 4; i++) {
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => {});
        sockets.push(socket);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const socket of sockets) {
      this.#count("connection flood", socket.connecting ? "waiting" : "taken");
      socket.destroy();
    }
  }

  async #watchHealth(signal: AbortSignal): Promise<void> {
    const pipeline = new Pipeline(this.#node.ports.client);
    const request = {
      path: "/grpc.health.v1.Health/Check",
      headers: { "content-type": "application/grpc", te: "trailers" },
      body: new Uint8Array(5),
    };
    while (!signal.aborted && this.#isUp()) {
      const started = performance.now();
      const { outcome, body } = await pipeline.send(request);
      const elapsed = performance.now() - started;
      this.#healthMs.push(elapsed);
      if (outcome !== "grpc:0" || body[6] !== 1) this.#fail(`the health check was answered ${outcome}`);
      else if (elapsed > MAX_HEALTH_MS) this.#fail(`the health check took ${Math.round(elapsed)} ms`);
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
    }
    pipeline.close();
  }

  #conclude(
    wallet: HonestWallet,
    footprints: Readonly<Record<"node" | "secured", readonly Footprint[]>>,
  ): void {
    for (const failure of wallet.failures) this.#fail(failure);
    if (wallet.handshakes !== 1) this.#fail(`the honest session had to be made ${wallet.handshakes} times`);
    for (const [name, target] of [
      ["node", this.#node],
      ["secured", this.#secured],
    ] as const) {
      if (target.ended !== undefined) this.#fail(`${name}: ${target.ended}`);
      for (const line of target.faults) this.#fail(`${name} logged: ${line.slice(0, 1500)}`);
      const [first, last] = footprints[name];
      if (first === undefined || last === undefined) continue;
      const grown = (of: keyof Footprint, limit: number): void => {
        if (last[of] > Math.max(first[of] + limit, of === "anonymousMiB" ? WORKING_MEMORY_MIB : 0))
          this.#fail(`${name}: ${of} grew from ${first[of].toFixed(0)} to ${last[of].toFixed(0)}`);
      };
      grown("heapMiB", MAX_HEAP_GROWTH_MIB);
      grown("anonymousMiB", MAX_MEMORY_GROWTH_MIB);
      grown("openFiles", MAX_HANDLE_GROWTH);
      grown("handles", MAX_HANDLE_GROWTH);
    }
  }

  #count(kind: string, outcome: string): void {
    this.#answers[kind] ??= {};
    const counts = this.#answers[kind];
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }

  #fail(failure: string): void {
    if (this.#failures.length < MAX_FAILURES) {
      this.#failures.push(failure);
      this.#options.log(`FAILED: ${failure}`);
    }
  }
}

const TOTAL_WEIGHT = SHOT_KINDS.reduce((total, { weight }) => total + weight, 0);

function pickKind(random: FuzzRandom): ShotKind {
  let at = (random.u32() / 2 ** 32) * TOTAL_WEIGHT;
  for (const kind of SHOT_KINDS) {
    at -= kind.weight;
    if (at < 0) return kind;
  }
  return SHOT_KINDS[0]!;
}

function spread(values: readonly number[]): { readonly medianMs: number; readonly slowestMs: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { medianMs: Math.round(sorted[sorted.length >> 1] ?? 0), slowestMs: Math.round(sorted.at(-1) ?? 0) };
}

function describe({ heapMiB, anonymousMiB, openFiles, handles }: Footprint): string {
  return `heap ${heapMiB.toFixed(0)} MiB, memory ${anonymousMiB.toFixed(0)} MiB, ${openFiles} open files, ${handles} handles`;
}
