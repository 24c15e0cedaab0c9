import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const script = fileURLToPath(new URL("./simulate.ts", import.meta.url));
const simulate = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("npm run simulate", () => {
  test("reports as JSON, the same whatever the number of threads", () => {
    const report = (workers: string) => {
      const { stdout, status } = simulate("--seeds", "12", "--from", "30", "--workers", workers, "--json");
      expect(status).toBe(0);
      const { seconds, slowest, ...rest } = JSON.parse(stdout);
      expect(seconds).toBeGreaterThan(0);
      expect(slowest.seed).toBeGreaterThanOrEqual(30);
      return rest;
    };
    const one = report("1");
    expect(one).toMatchObject({
      runs: 12,
      divergences: 0,
      stalls: 0,
      from: 30,
      interrupted: false,
      seeds: [],
    });
    expect(one.slots).toBeGreaterThan(12);
    expect(one.messages).toBeGreaterThan(1000);
    expect(report("3")).toEqual(one);
  });

  test("names what is wrong with an argument", () => {
    for (const args of [["--seeds", "0"], ["--from", "x"], ["--workers", "0"], ["--what"]]) {
      const { status, stderr } = simulate(...args);
      expect(status).toBe(2);
      expect(stderr).toContain("usage: npm run -s simulate");
    }
  });

  test("reports what was run when it is interrupted", async () => {
    const child = spawn(process.execPath, [script, "--seeds", "100000", "--json"]);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    setTimeout(() => child.kill("SIGINT"), 3000);
    expect(await ended).toBe(130);
    expect(JSON.parse(output)).toMatchObject({ interrupted: true });
  });
});
