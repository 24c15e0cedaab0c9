/**
 * `npm run fuzz [-- --seed N] [--runs N] [--seconds N] [--index N]`: mutated inputs for every decoder.
 * Every input follows from the seed and its number: `--index` runs a single one again.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { allTargets } from "./all-targets.ts";
import { addTallies, emptyTallies, type Failure, INPUT_BUDGET_MS, inputAt, runOne } from "./run.ts";
import { show } from "./target.ts";
import type { WorkerMessage, WorkerTask } from "./worker.ts";

/** Failures printed in full. */
const SHOWN_FAILURES = 10;
/** Characters of an input in the report. */
const SHOWN_INPUT = 4000;
/** An input that takes this long never ends: even a slow one is done twice by then. */
const HANG_MS = 10 * INPUT_BUDGET_MS;
const MAX_WORKERS = 4;

const options = readOptions();
const start = Date.now();
const targets = allTargets();

if (options.index !== undefined) runAgain(options.seed, options.index);
else await runAll();

function readOptions(): { seed: number; runs: number; seconds: number; index: number | undefined } {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string", default: "1000000" },
      seconds: { type: "string", default: "900" },
      index: { type: "string" },
    },
  });
  const number = (name: string, text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > 0x7fff_ffff) {
      process.stderr.write(`fuzz: --${name} takes a number of 0..${0x7fff_ffff}, not "${text}"\n`);
      process.exit(2);
    }
    return value;
  };
  return {
    seed: number("seed", values.seed),
    runs: number("runs", values.runs),
    seconds: number("seconds", values.seconds),
    index: values.index === undefined ? undefined : number("index", values.index),
  };
}

function runAgain(seed: number, index: number): void {
  const [target, input] = inputAt(targets, seed, index);
  process.stdout.write(`seed ${seed}, input ${index}, ${target.name}: ${show(input)}\n`);
  const tallies = emptyTallies(targets);
  const failure = runOne(target, index, input, tallies);
  if (failure !== undefined) {
    process.stdout.write(`FAILED: ${failure.reason}\n`);
    process.exit(1);
  }
  process.stdout.write(tallies.get(target.name)!.accepted === 1 ? "accepted\n" : "refused\n");
}

async function runAll(): Promise<void> {
  const { seed, runs, seconds } = options;
  const workers = Math.max(1, Math.min(MAX_WORKERS, availableParallelism(), Math.ceil(runs / 1000)));
  process.stdout.write(
    `fuzz: ${runs} inputs, ${targets.length} decoders, seed ${seed}, ${workers} workers, at most ${seconds} s\n`,
  );
  const tallies = emptyTallies(targets);
  const failures: Failure[] = [];
  const deadline = start + 1000 * seconds;
  await Promise.all(
    Array.from({ length: workers }, (_, firstIndex) => {
      const progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
      const task: WorkerTask = { seed, firstIndex, step: workers, runs, deadline, progress };
      return runWorker(
        task,
        (failure) => report(failures, failure),
        (more) => addTallies(tallies, more),
      );
    }),
  );
  printTable(tallies);
  const total = [...tallies.values()].reduce((sum, { inputs }) => sum + inputs, 0);
  const elapsed = ((Date.now() - start) / 1000).toFixed(0);
  if (total < runs) process.stdout.write(`stopped after ${elapsed} s, before all inputs were run\n`);
  process.stdout.write(`\n${total} inputs, ${failures.length} failures, seed ${seed}, ${elapsed} s\n`);
  process.exit(failures.length === 0 ? 0 : 1);
}

function runWorker(
  task: WorkerTask,
  onFailure: (failure: Failure) => void,
  onTallies: (tallies: ReturnType<typeof emptyTallies>) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: task });
    let last = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const index = Atomics.load(task.progress, 0);
      if (index !== last || index < 0) {
        last = index;
        since = Date.now();
      } else if (Date.now() - since > HANG_MS) {
        const [target, input] = inputAt(targets, task.seed, index);
        onFailure({ target: target.name, index, reason: "does not come back", input: show(input) });
        finish();
      }
    }, 1000);
    const finish = (): void => {
      clearInterval(watch);
      void worker.terminate();
      resolve();
    };
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "failure") onFailure(message.failure);
      if (message.kind === "done") {
        onTallies(message.tallies);
        finish();
      }
    });
    worker.on("error", (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

function report(failures: Failure[], failure: Failure): void {
  failures.push(failure);
  if (failures.length > SHOWN_FAILURES) return;
  const { target, index, reason, input } = failure;
  process.stdout.write(
    `\nFAILED ${target}, ${index === undefined ? "probe" : `input ${index}`}: ${reason}\n`,
  );
  if (index === undefined) return;
  process.stdout.write(
    `  input: ${input.length > SHOWN_INPUT ? `${input.slice(0, SHOWN_INPUT)}…` : input}\n` +
      `  again, input in full: npm run fuzz -- --seed ${options.seed} --index ${index}\n`,
  );
}

function printTable(tallies: ReturnType<typeof emptyTallies>): void {
  const width = Math.max(...targets.map(({ name }) => name.length));
  const row = (cells: readonly string[]) =>
    process.stdout.write(
      `${cells[0]!.padEnd(width)}${cells
        .slice(1)
        .map((cell) => cell.padStart(12))
        .join("")}\n`,
    );
  row(["decoder", "inputs", "accepted", "refused", "slowest ms"]);
  for (const [name, { inputs, accepted, slowestMs }] of tallies) {
    row([name, `${inputs}`, `${accepted}`, `${inputs - accepted}`, slowestMs.toFixed(1)]);
  }
}
