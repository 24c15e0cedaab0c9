import type { Clock } from "../clock.ts";

/** Real time in which work that does not wait for the clock gets done. */
const IDLE_MS = 40;

interface Waiting {
  readonly at: number;
  readonly resolve: () => void;
}

/** A clock that jumps to the next awaited moment whenever nothing else is left to do. */
export class FakeClock implements Clock {
  #now = 0;
  #waiting: Waiting[] = [];
  #pumping = false;

  now(): number {
    return this.#now;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const entry: Waiting = {
        at: this.#now + delayMs,
        resolve: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setTimeout(() => {
      this.#pumping = false;
      if (this.#waiting.length === 0) return;
      const at = Math.min(...this.#waiting.map((entry) => entry.at));
      const due = this.#waiting.filter((entry) => entry.at === at);
      this.#waiting = this.#waiting.filter((entry) => entry.at !== at);
      this.#now = Math.max(this.#now, at);
      for (const { resolve } of due) resolve();
      if (this.#waiting.length > 0) this.#pump();
    }, IDLE_MS);
  }
}
