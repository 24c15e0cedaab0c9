/**
 * Runs a share of a fuzzing run. The number of the input under way lies in shared memory, so that the main thread can
 * name it when a decoder never comes back.
 */
import { parentPort, workerData } from "node:worker_threads";
import { allTargets } from "./all-targets.ts";
import { emptyTallies, type Failure, inputAt, runOne, runProbe, type Tallies } from "./run.ts";

export interface WorkerTask {
  readonly seed: number;
  readonly firstIndex: number;
  readonly step: number;
  readonly runs: number;
  /** Of `Date.now()`. */
  readonly deadline: number;
  /** Index of the input under way. */
  readonly progress: Int32Array;
}

export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "done"; readonly tallies: Tallies };

const { seed, firstIndex, step, runs, deadline, progress } = workerData as WorkerTask;
const targets = allTargets();
const tallies = emptyTallies(targets);
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

post({ kind: "ready" });
for (const target of targets.filter((_, position) => position % step === firstIndex)) {
  const failure = runProbe(target);
  if (failure !== undefined) post({ kind: "failure", failure });
}
for (let index = firstIndex; index < runs; index += step) {
  if (Date.now() > deadline) break;
  Atomics.store(progress, 0, index);
  const [target, input] = inputAt(targets, seed, index);
  const failure = runOne(target, index, input, tallies);
  if (failure !== undefined) post({ kind: "failure", failure });
}
post({ kind: "done", tallies });
