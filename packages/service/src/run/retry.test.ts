import fc from "fast-check";
import { expect, test } from "vitest";
import {
  fibonacciDelays,
  jitter,
  linearDelays,
  PEER_RETRY_POLICY,
  type RetryOptions,
  retry,
} from "./retry.ts";

function first(delays: Iterable<number>, count: number): number[] {
  const found: number[] = [];
  for (const delay of delays) if (found.push(delay) === count) break;
  return found;
}

test("delays grow as they say", () => {
  expect(first(fibonacciDelays(10)(), 6)).toEqual([10, 10, 20, 30, 50, 80]);
  expect(first(fibonacciDelays(10, 25)(), 5)).toEqual([10, 10, 20, 25, 25]);
  expect(first(linearDelays(10, 25)(), 4)).toEqual([10, 20, 25, 25]);
});

test("jitter keeps whole seconds at one second at least, and never lengthens", () => {
  expect(jitter(1000, () => 0.001)).toBe(1000);
  expect(jitter(3000, () => 0.5)).toBe(2000);
  expect(jitter(1500, () => 0.5)).toBe(1250);
  expect(jitter(1500, () => 0)).toBe(0);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (delay, r) => {
        expect(jitter(delay, () => r)).toBeLessThanOrEqual(delay);
      },
    ),
  );
});

function clockwork() {
  const waits: number[] = [];
  let time = 0;
  const options: RetryOptions = {
    now: () => time,
    random: () => 0.5,
    sleep: async (delay) => {
      waits.push(delay);
      time += delay;
    },
  };
  return {
    waits,
    options,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

const failing = (attempt: number): Promise<never> => Promise.reject(new Error(`attempt ${attempt}`));

test("peers are tried three times, one second apart", async () => {
  const clock = clockwork();
  await expect(retry(failing, PEER_RETRY_POLICY, clock.options)).rejects.toThrow("attempt 3");
  expect(clock.waits).toEqual([1000, 1000]);
});

test("success ends it, and so does a failure for good", async () => {
  const clock = clockwork();
  const work = (attempt: number) => (attempt < 2 ? failing(attempt) : Promise.resolve("done"));
  expect(await retry(work, PEER_RETRY_POLICY, clock.options)).toBe("done");
  const final = retry(failing, PEER_RETRY_POLICY, { ...clock.options, isRetryable: () => false });
  await expect(final).rejects.toThrow("attempt 1");
});

test("what is too old is not started, nor tried again", async () => {
  const clock = clockwork();
  const slow = (attempt: number) => {
    clock.pass(31_000);
    return failing(attempt);
  };
  await expect(retry(slow, PEER_RETRY_POLICY, clock.options)).rejects.toThrow("attempt 1");
  const late = retry(failing, PEER_RETRY_POLICY, { ...clock.options, since: 0 });
  await expect(late).rejects.toThrow(expect.objectContaining({ code: "RetriesExhausted" }));
});

test("a signal ends the wait", async () => {
  const stop = new AbortController();
  const work = retry(failing, PEER_RETRY_POLICY, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("stopped")), 5);
  await expect(work).rejects.toThrow("stopped");
});
