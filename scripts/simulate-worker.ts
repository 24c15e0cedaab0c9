/** A thread of `simulate.ts`: takes a seed, answers with what came of it. */
import { parentPort } from "node:worker_threads";
import { simulate } from "../packages/scp/src/simulator/simulation.ts";

const port = parentPort;
if (port === null) throw new Error("this file is a worker thread of simulate.ts and does nothing by itself");

port.on("message", (seed: number) => {
  const start = performance.now();
  port.postMessage({ ...simulate(seed), seconds: (performance.now() - start) / 1000 });
});
