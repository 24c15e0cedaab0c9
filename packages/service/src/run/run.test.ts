import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { BoundedQueue } from "./bounded-queue.ts";
import { gracefulRun } from "./graceful-run.ts";
import { PeriodicTask } from "./periodic-task.ts";

test("a queue keeps order and its limit, and tells its length", async () => {
  const lengths: number[] = [];
  const queue = new BoundedQueue<number>({ limit: 2, onLength: (length) => lengths.push(length) });
  expect([queue.offer(1), queue.offer(2), queue.offer(3)]).toEqual([true, true, false]);
  expect(() => queue.push(3)).toThrow(expect.objectContaining({ code: "QueueFull" }));
  expect([await queue.take(), queue.poll(), queue.poll()]).toEqual([1, 2, undefined]);
  const waiting = queue.take();
  queue.push(4);
  expect(await waiting).toBe(4);
  expect(lengths).toEqual([1, 2, 1, 0]);
  queue.push(5);
  queue.close();
  expect(() => queue.push(6)).toThrow(expect.objectContaining({ code: "Closed" }));
  expect(await Array.fromAsync(queue)).toEqual([5]);
});

test("a taker that gives up takes nothing", async () => {
  const queue = new BoundedQueue<number>({ limit: 1 });
  const stop = new AbortController();
  const waiting = queue.take(stop.signal);
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  queue.push(1);
  expect(queue.drain()).toEqual([1]);
});

test("a periodic task runs on after a failure, one run at a time, until it is closed", async () => {
  let [runs, running] = [0, 0];
  const task = new PeriodicTask(
    async () => {
      expect(++running).toBe(1);
      runs++;
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      if (runs === 1) throw new Error("once");
    },
    { name: "t", intervalMs: 1 },
  );
  while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await task.close();
  const seen = runs;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect([runs, running]).toEqual([seen, 0]);
});

test("a signal closes parts in reverse, a second one forces, and a failed start closes what had started", async () => {
  const signals = new EventEmitter();
  const closed: string[] = [];
  let forced = 0;
  const part = (name: string) => ({
    close: async () => {
      if (name === "b") signals.emit("SIGINT");
      closed.push(name);
      if (name === "b") throw new Error("b fails to close");
    },
  });
  const run = gracefulRun(
    async (keep) => {
      keep(part("a"));
      keep(part("b"));
      setTimeout(() => signals.emit("SIGTERM"), 1);
    },
    { signals, force: () => forced++ },
  );
  await run;
  expect([closed, forced, signals.listenerCount("SIGINT")]).toEqual([["b", "a"], 1, 0]);
  const failing = gracefulRun(
    async (keep) => {
      keep(part("c"));
      throw new Error("no start");
    },
    { signals },
  );
  await expect(failing).rejects.toThrow("no start");
  expect(closed).toEqual(["b", "a", "c"]);
});
