/** Waits, or rejects with the signal's reason. */
export type Sleep = (delayMs: number, signal?: AbortSignal) => Promise<void>;

/** By the platform's timer. */
export const sleep: Sleep = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
