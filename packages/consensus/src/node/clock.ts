/** A pause that can be ended early. */
interface Pause {
  readonly ended: Promise<void>;
  /** Ends it now. */
  readonly end: () => void;
}

/** Time as a node sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Begins a pause. */
  pause(milliseconds: number): Pause;
}

/** Longest delay a timer of the runtime can hold. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  pause(milliseconds) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(milliseconds, MAX_DELAY_MS));
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    return { ended: promise, end };
  },
};

/** Pauses, or goes on at once where the signal aborts. */
export async function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { ended, end } = clock.pause(milliseconds);
  signal.addEventListener("abort", end);
  await ended;
  signal.removeEventListener("abort", end);
}
