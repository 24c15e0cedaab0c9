import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { archiveBlockPath, encodeArchiveBlock } from "@mobilecoin-ts/ledger";
import { LedgerStore, verifyLedger } from "@mobilecoin-ts/ledger/store";
import { fileDestination } from "@mobilecoin-ts/ledger-sync";
import type { RunningServer } from "@mobilecoin-ts/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveNode } from "../packages/ledger-sync/src/testing/node-server.ts";
import { sampleChain } from "../packages/ledger-sync/src/testing/sample-chain.ts";

const main = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));
const KILLS = 5;
/** Longest time between the first block of a run and the kill. */
const MAX_RUN_MS = 40;

const chain = sampleChain(400);
let folder: string;
let node: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sync-kill-"));
  const archive = fileDestination(join(folder, "archive"));
  for (const data of chain) await archive.write(archiveBlockPath(data.block.index), encodeArchiveBlock(data));
  const publicKey = ed25519PublicKey(new Uint8Array(32).fill(1));
  node = await serveNode(chain, { responderId: "node.test:8443", publicKey });
});

afterAll(async () => {
  await node.close({ graceMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command until it ends, or is killed some time after its first block. Gives the last block it told of. */
async function sync(ledger: string, killAfterMs: number | undefined) {
  const archive = `${pathToFileURL(join(folder, "archive")).href}/`;
  const words = ["ledger-sync", "--ledger-db", ledger, "--peer", `insecure-mc://127.0.0.1:${node.port}/`];
  const options = ["--tx-source-url", archive, "--once", "--log", "debug"];
  const child = spawn(process.execPath, [main, ...words, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  let killing = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (killing || killAfterMs === undefined || !log.includes("block appended")) return;
    killing = true;
    setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  child.stdout.resume();
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const told = [...log.matchAll(/"block":"(\d+)"/g)].map(([, index]) => BigInt(index!));
  return { status, last: told.at(-1) ?? -1n };
}

test(`syncing goes on after ${KILLS} kills without a block lost or wrong`, async () => {
  const ledger = join(folder, "ledger");
  let reached = 0n;
  for (let kill = 0; kill < KILLS; kill++) {
    const { status, last } = await sync(ledger, (MAX_RUN_MS * kill) / KILLS);
    expect(status).toBeNull();
    await using store = LedgerStore.open(ledger, { readOnly: true });
    const count = store.blockCount();
    expect(count).toBeGreaterThan(last);
    expect(count).toBeGreaterThan(reached);
    expect(store.latestBlock()).toEqual(chain[Number(count) - 1]!.block);
    reached = count;
  }
  expect(reached).toBeLessThan(400n);
  expect(await sync(ledger, undefined)).toEqual({ status: 0, last: 399n });
  await using store = LedgerStore.open(ledger, { readOnly: true });
  expect((await verifyLedger(store)).blocks).toBe(400);
  expect(store.latestBlock()).toEqual(chain[399]!.block);
});
