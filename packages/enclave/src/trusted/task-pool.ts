import { Worker } from "node:worker_threads";
import { EnclaveError } from "../error.ts";
import type { EnclaveTask, TaskPool } from "./environment.ts";

/** What tells a thread of the bundle that it is a worker of the pool. */
export const TASK_WORKER = "mobilecoin-enclave-task-worker";

/** A task for a worker, and its answer. */
export interface TaskRequest {
  readonly id: number;
  readonly task: string;
  readonly input: Uint8Array;
}

export type TaskReply =
  | { readonly id: number; readonly output: Uint8Array }
  | { readonly id: number; readonly error: string };

interface Waiting {
  readonly resolve: (output: Uint8Array) => void;
  readonly reject: (error: EnclaveError) => void;
}

/** @throws EnclaveError `UnknownCall` */
export async function runTask(
  tasks: ReadonlyMap<string, EnclaveTask>,
  name: string,
  input: Uint8Array,
): Promise<Uint8Array> {
  const task = tasks.get(name);
  if (task === undefined) throw new EnclaveError("UnknownCall", `there is no task ${name}`);
  return task(input);
}

/** Runs tasks in the thread that asks. */
export function inlinePool(tasks: ReadonlyMap<string, EnclaveTask>): TaskPool {
  return { size: 0, run: (task, input) => runTask(tasks, task, input) };
}

interface PoolWorker {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Threads of the same bundle, inside the enclave; tasks go to the one with the fewest. One that ends is replaced. */
export class WorkerPool implements TaskPool {
  readonly size: number;
  readonly #bundle: URL;
  readonly #workers: (PoolWorker | undefined)[];
  #next = 1;

  /** @param bundle the program's own file */
  constructor(bundle: URL, size: number) {
    this.size = size;
    this.#bundle = bundle;
    this.#workers = Array.from({ length: size }, () => undefined);
    for (let place = 0; place < size; place++) this.#start(place);
  }

  run(task: string, input: Uint8Array): Promise<Uint8Array> {
    const place = this.#leastBusy();
    // Not before there is a task for it: a program whose workers end at once would start them for ever.
    const { worker, waiting } = this.#workers[place] ?? this.#start(place);
    const request: TaskRequest = { id: this.#next++, task, input };
    return new Promise((resolve, reject) => {
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });
  }

  #leastBusy(): number {
    const busy = this.#workers.map((worker) => worker?.waiting.size ?? 0);
    return busy.indexOf(Math.min(...busy));
  }

  #start(place: number): PoolWorker {
    const worker = new Worker(this.#bundle, { workerData: TASK_WORKER, env: {}, execArgv: [] });
    const waiting = new Map<number, Waiting>();
    const started: PoolWorker = { worker, waiting };
    worker.on("message", (reply: TaskReply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ("output" in reply) asked?.resolve(reply.output);
      else asked?.reject(new EnclaveError("CallFailed", reply.error));
    });
    const fail = (): void => {
      if (this.#workers[place] === started) this.#workers[place] = undefined;
      for (const { reject } of waiting.values()) {
        reject(new EnclaveError("Ended", "a worker of the enclave ended"));
      }
      waiting.clear();
    };
    worker.once("error", fail);
    worker.once("exit", fail);
    worker.unref();
    this.#workers[place] = started;
    return started;
  }
}
