import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { verifyChain } from "@mobilecoin-ts/ledger";
import { blocksOf, LedgerStore, verifyLedger } from "@mobilecoin-ts/ledger/store";

const appender = fileURLToPath(new URL("append-blocks.ts", import.meta.url));

/** Longest time between the first append and the kill, in milliseconds. */
const MAX_RUN_MILLISECONDS = 60;

/** Blocks at the end of the chain that are verified after every kill; the whole chain is verified at the end. */
const RECENT_BLOCKS = 32n;

export interface KillTestOptions {
  readonly folder: string;
  readonly kills: number;
  /** Chooses the moments of the kills. */
  readonly random: () => number;
  readonly onKill?: (done: number, blockCount: bigint) => void;
}

export interface KillTestResult {
  readonly kills: number;
  readonly blockCount: bigint;
  /** Kills after which the ledger held a block that had not been reported yet. */
  readonly blocksAhead: number;
}

/** Starts the appender and kills it at a random moment; gives the last block it reported. */
async function runAndKill(folder: string, delay: number): Promise<bigint> {
  const child = spawn(process.execPath, [appender, folder], { stdio: ["ignore", "pipe", "inherit"] });
  let reported = "";
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    reported += text;
  });
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), delay));
  await exited;
  if (child.signalCode !== "SIGKILL")
    throw new Error(`the appender ended by itself (exit ${child.exitCode})`);
  const lines = reported.split("\n").slice(0, -1);
  const last = lines.findLast((line) => line.startsWith("appended "));
  if (last !== undefined) return BigInt(last.slice("appended ".length));
  return BigInt(lines[0]!.slice("ready ".length)) - 1n;
}

/**
 * Kills a process that appends blocks, again and again. After every kill the ledger must open, hold all blocks reported
 * and at most one more, and be valid.
 *
 * @throws Error saying after which kill what was wrong.
 */
export async function killTest({ folder, kills, random, onKill }: KillTestOptions): Promise<KillTestResult> {
  let blocksAhead = 0;
  let blockCount = 0n;
  for (let kill = 1; kill <= kills; kill++) {
    const lastReported = await runAndKill(folder, random() * MAX_RUN_MILLISECONDS);
    await using store = LedgerStore.open(folder, { create: lastReported < 0n });
    blockCount = store.blockCount();
    const ahead = blockCount - 1n - lastReported;
    if (ahead < 0n || ahead > 1n) {
      throw new Error(
        `after kill ${kill}: ${blockCount} blocks, but block ${lastReported} was the last reported`,
      );
    }
    if (ahead === 1n) blocksAhead += 1;
    if (store.txOutCount() !== blockCount) throw new Error(`after kill ${kill}: the counts disagree`);
    const from = blockCount > RECENT_BLOCKS ? blockCount - RECENT_BLOCKS : 0n;
    await verifyChain(blocksOf(store, from));
    onKill?.(kill, blockCount);
  }
  await using store = LedgerStore.open(folder, { readOnly: true });
  await verifyLedger(store);
  return { kills, blockCount, blocksAhead };
}
