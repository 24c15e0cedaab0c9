import { expect, test } from "vitest";
import { LogFilter } from "./log-filter.ts";
import { createLogger } from "./logger.ts";

test.each([
  ["", "x", "info"],
  ["debug", "x", "debug"],
  ["OFF", "x", "silent"],
  ["info,mc_consensus=debug", "mc_consensus", "debug"],
  ["info,mc_consensus=debug", "mc_consensus.worker", "debug"],
  ["info,mc_consensus=debug", "mc_consensus2", "info"],
  ["a=info,a.b=trace", "a.b.c", "trace"],
  ["a=info", "other", "error"],
  ["warn,a", "a::b", "trace"],
  ["a=info,a=warn", "a", "warn"],
])("%j makes %s %s", (filter, name, level) => {
  expect(LogFilter.parse(filter).levelOf(name)).toBe(level);
});

test.each(["a=loud", "a=b=c", "a b=info", "=info", "x".repeat(5000)])("refuses %j", (filter) => {
  expect(() => LogFilter.parse(filter)).toThrow(expect.objectContaining({ code: "LogFilter" }));
});

test("fields that hold secrets do not reach the log", () => {
  const lines: string[] = [];
  const logger = createLogger({ name: "a", destination: { write: (line) => lines.push(line) } });
  logger.info({ secret: "s1", call: { authorization: "s2", inner: { mnemonic: "s3" } }, kept: 1 }, "x");
  expect(lines.join()).not.toMatch(/s[123]/);
  expect(JSON.parse(lines[0]!)).toMatchObject({ name: "a", kept: 1, secret: "[redacted]" });
});
