import { type Logger, silentLogger } from "../logger.ts";
import { sleep as platformSleep, type Sleep } from "./sleep.ts";

export interface PeriodicTaskOptions {
  readonly name: string;
  /** Time between the end of one run and the start of the next. */
  readonly intervalMs: number;
  /** Whether the first run waits for the interval too; no by default. */
  readonly startDelayed?: boolean;
  readonly logger?: Logger;
  readonly sleep?: Sleep;
}

/** Runs work again and again, never twice at a time; a failed run is logged and the next one comes all the same. */
export class PeriodicTask implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(work: (signal: AbortSignal) => Promise<void> | void, options: PeriodicTaskOptions) {
    this.#done = this.#run(work, options);
  }

  /** Tells the run in progress through its signal, and waits for its end. */
  close(): Promise<void> {
    this.#stop.abort();
    return this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(
    work: (signal: AbortSignal) => Promise<void> | void,
    options: PeriodicTaskOptions,
  ): Promise<void> {
    const { name, intervalMs, startDelayed = false, logger = silentLogger, sleep = platformSleep } = options;
    const { signal } = this.#stop;
    const wait = () => sleep(intervalMs, signal).catch(() => {});
    if (startDelayed) await wait();
    else await Promise.resolve();
    while (!signal.aborted) {
      try {
        await work(signal);
      } catch (error) {
        if (!signal.aborted) logger.error({ task: name, err: error }, "a periodic task failed");
      }
      if (!signal.aborted) await wait();
    }
  }
}
