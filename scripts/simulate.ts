/**
 * `npm run -s simulate -- --seeds N [--from SEED] [--workers N] [--json]`: runs simulated consensus networks, one for each
 * seed from SEED on, in as many threads as there are processors, and tells which went wrong. Progress goes to standard
 * error. Exit status 1 when a run diverged or stalled, 2 on a bad argument, 130 when interrupted (what was run until then
 * is reported).
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { SimulationResult } from "../packages/scp/src/simulator/simulation.ts";

type Timed = SimulationResult & { readonly seconds: number };

const MAX_SEED = 0xffff_ffff;
const MAX_WORKERS = 256;
const PROGRESS_MS = 5000;

function fail(message: string): never {
  process.stderr.write(
    `simulate: ${message}\nusage: npm run -s simulate -- [--seeds N] [--from SEED] [--workers N] [--json]\n`,
  );
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        seeds: { type: "string" },
        from: { type: "string" },
        workers: { type: "string" },
        json: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function integer(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) fail(`--${name} must be ${low} to ${high}`);
  return value;
}

const { seeds = "100", from = "1", workers = String(availableParallelism()), json = false } = options();
const first = integer("from", from, 0, MAX_SEED);
const count = integer("seeds", seeds, 1, MAX_SEED - first + 1);
const threads = Math.min(count, integer("workers", workers, 1, MAX_WORKERS));

const report = {
  runs: 0,
  slots: 0,
  messages: 0,
  divergences: 0,
  stalls: 0,
  from: first,
  seconds: 0,
  interrupted: false,
  slowest: { seed: first, seconds: 0 },
  seeds: [] as number[],
};
const wrong: Timed[] = [];
const start = performance.now();
const secondsSince = () => Math.round((performance.now() - start) / 100) / 10;

function tally(result: Timed): void {
  report.runs += 1;
  report.slots += result.slots;
  report.messages += result.messages;
  report.divergences += result.divergences;
  report.stalls += result.stalls;
  if (result.seconds > report.slowest.seconds) {
    report.slowest = { seed: result.seed, seconds: Math.round(result.seconds * 10) / 10 };
  }
  if (result.divergences + result.stalls === 0) return;
  wrong.push(result);
  process.stderr.write(`${describe(result)}\n`);
}

const describe = ({ seed, topology, divergences, stalls }: Timed) =>
  `  seed ${seed} (${topology}): ${divergences} slots diverged, ${stalls} nodes stalled`;

const running = new Map<Worker, number>();
let nextSeed = first;

function feed(worker: Worker): void {
  if (nextSeed >= first + count || report.interrupted) {
    running.delete(worker);
    void worker.terminate();
    if (running.size === 0) finish();
    return;
  }
  running.set(worker, nextSeed);
  worker.postMessage(nextSeed++);
}

const progress = setInterval(() => {
  const slow = [...running.values()].join(", ");
  process.stderr.write(
    `${report.runs} of ${count} runs, ${secondsSince()} s; ${wrong.length} went wrong; now at ${slow}\n`,
  );
}, PROGRESS_MS);

process.once("SIGINT", () => {
  report.interrupted = true;
  for (const worker of running.keys()) void worker.terminate();
  finish();
});

for (let i = 0; i < threads; i++) {
  const worker = new Worker(new URL("./simulate-worker.ts", import.meta.url));
  worker.on("message", (result: Timed) => {
    tally(result);
    feed(worker);
  });
  worker.on("error", (error) => {
    process.stderr.write(`simulate: seed ${running.get(worker)} ended in ${error.stack}\n`);
    process.exit(1);
  });
  feed(worker);
}

function finish(): void {
  clearInterval(progress);
  report.seconds = secondsSince();
  wrong.sort((a, b) => a.seed - b.seed);
  report.seeds = wrong.map(({ seed }) => seed);
  if (json) {
    console.log(JSON.stringify(report));
  } else {
    console.log(
      `seeds ${first} to ${nextSeed - 1}, ${report.seconds} s${report.interrupted ? ", interrupted" : ""}`,
    );
    console.log(`runs ${report.runs}  slots ${report.slots}  messages ${report.messages}`);
    console.log(`divergences ${report.divergences}  stalls ${report.stalls}`);
    for (const result of wrong) console.log(describe(result));
  }
  process.exitCode = report.interrupted ? 130 : wrong.length > 0 ? 1 : 0;
}
