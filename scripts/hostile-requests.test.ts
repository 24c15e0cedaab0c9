import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hostileRequests } from "./hostile/run.ts";
import { SHOT_KINDS } from "./hostile/shots.ts";

test("a node withstands two thousand hostile requests while a wallet pays", async () => {
  const report = await hostileRequests({
    requests: 2000,
    seed: 7,
    log: () => {},
    signal: new AbortController().signal,
  });
  expect(report.failures).toEqual([]);
  expect(report.requests).toBe(2000);
  const common = SHOT_KINDS.filter(({ weight }) => weight >= 10).map(({ name }) => name);
  expect(Object.keys(report.answers)).toEqual(expect.arrayContaining(common));
  expect(report.answers.unauthenticated).toEqual({ "grpc:16": expect.any(Number) });
  expect(report.payments.confirmed).toBeGreaterThan(2);
  expect(report.payments.handshakes).toBe(1);
});

test("names what is wrong with an argument", () => {
  const script = fileURLToPath(new URL("./hostile-requests.ts", import.meta.url));
  for (const args of [["--requests", "0"], ["--seed", "x"], ["--from=-1"]]) {
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("usage: npm run -s hostile");
  }
});
