import { sleep } from "@mobilecoin-ts/service";

/** Time as this package sees it; injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Waits, or rejects with the signal's reason. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The platform's. */
export const systemClock: Clock = { now: () => performance.now(), sleep };

/**
 * Runs work under a time limit: its signal is aborted when the time is over, or with `signal`. The result then is up to
 * the work.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal | undefined,
  reason: string,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const finished = new AbortController();
  clock.sleep(limitMs, finished.signal).then(
    () => controller.abort(new DOMException(reason, "TimeoutError")),
    () => {},
  );
  const limited = signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal]);
  try {
    return await work(limited);
  } finally {
    finished.abort();
  }
}

/** Settles as `work` does, or rejects with the signal's reason, for work that does not heed its signal. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      work.catch(() => {});
      return reject(signal.reason);
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
