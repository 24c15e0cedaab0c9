import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killTest } from "./kill-test.ts";

const KILLS = 100;

test(`a ledger survives ${KILLS} kills of the process that appends to it`, { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "kill-test-"));
  try {
    const result = await killTest({ folder, kills: KILLS, random: Math.random });
    expect(result.kills).toBe(KILLS);
    expect(result.blockCount).toBeGreaterThan(BigInt(KILLS));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
