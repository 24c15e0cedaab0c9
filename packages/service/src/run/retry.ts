import { ServiceError } from "../error.ts";
import { sleep as platformSleep, type Sleep } from "./sleep.ts";

/** Waits between attempts, in milliseconds; without end unless limited. */
export type Delays = () => Iterable<number>;

/** 1, 1, 2, 3, 5, … times a unit, never above `mostMs`. */
export function fibonacciDelays(unitMs: number, mostMs = Number.POSITIVE_INFINITY): Delays {
  return function* () {
    let [current, next] = [unitMs, unitMs];
    for (;;) {
      yield Math.min(current, mostMs);
      [current, next] = [next, Math.min(current + next, Number.MAX_SAFE_INTEGER)];
    }
  };
}

/** One, two, three, … times a unit, never above `mostMs`. */
export function linearDelays(unitMs: number, mostMs = Number.POSITIVE_INFINITY): Delays {
  return function* () {
    for (let times = 1; ; times++) yield Math.min(times * unitMs, mostMs);
  };
}

/** The same wait each time. */
export function fixedDelays(delayMs: number): Delays {
  return linearDelays(delayMs, delayMs);
}

/**
 * Shortens a wait by chance, as the reference does (04 section 2.8): one factor takes the whole seconds and the rest
 * apart, each rounded up (the rest to a nanosecond), so that a wait of whole seconds stays at least one second.
 * @param random uniform in [0, 1)
 */
export function jitter(delayMs: number, random: () => number): number {
  const factor = random();
  const seconds = Math.floor(delayMs / 1000);
  const nanoseconds = Math.round((delayMs - seconds * 1000) * 1e6);
  return Math.ceil(seconds * factor) * 1000 + Math.ceil(nanoseconds * factor) / 1e6;
}

export interface RetryPolicy {
  readonly delays: Delays;
  /** Counting the first. */
  readonly maxAttempts: number;
  /** No attempt starts when the work is older. */
  readonly maxAgeMs?: number;
  /** Whether waits are shortened by chance; yes by default. */
  readonly jitter?: boolean;
}

/** How peers are sent messages (04 section 2.8): 3 attempts, Fibonacci from 1 s, nothing older than 30 s. */
export const PEER_RETRY_POLICY: RetryPolicy = {
  delays: fibonacciDelays(1_000),
  maxAttempts: 3,
  maxAgeMs: 30_000,
};

export interface RetryOptions {
  readonly signal?: AbortSignal;
  /** Every failure by default. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** When the work came up; now by default. */
  readonly since?: number;
  /** Milliseconds; the platform's clock by default. */
  readonly now?: () => number;
  /** Uniform in [0, 1), for the waits; no secret hangs on it. */
  readonly random?: () => number;
  readonly sleep?: Sleep;
}

/**
 * Runs work until it succeeds, fails for good, or the policy ends; then the last failure is thrown as it was.
 * @throws ServiceError `RetriesExhausted` when the work was too old to start at all; the signal's reason when aborted
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  policy: RetryPolicy,
  options: RetryOptions = {},
): Promise<T> {
  const { signal, now = Date.now, random = Math.random, sleep = platformSleep } = options;
  const since = options.since ?? now();
  const isOld = () => policy.maxAgeMs !== undefined && now() - since > policy.maxAgeMs;
  if (isOld()) {
    throw new ServiceError("RetriesExhausted", `not started: older than ${policy.maxAgeMs} ms`);
  }
  const delays = policy.delays()[Symbol.iterator]();
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= policy.maxAttempts || options.isRetryable?.(error) === false || isOld()) throw error;
      const delay = delays.next();
      if (delay.done === true) throw error;
      await sleep(policy.jitter === false ? delay.value : jitter(delay.value, random), signal);
      if (isOld()) throw error;
    }
  }
}
