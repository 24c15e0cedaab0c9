import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountKey } from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { Devnet, devnetAccount, NetworkAccess, nodeLedgerFolder } from "@mobilecoin-ts/devnet";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { SdkError, Wallet } from "@mobilecoin-ts/sdk";
import { UNITS_PER_MOB } from "@mobilecoin-ts/transaction";

const CLIENTS = 8;

/** Outputs that each client begins with, so that its payments need not wait for one another's change. */
const OUTPUTS_PER_CLIENT = 4;

/** How long the load goes on before the first node is hurt, and after each, milliseconds. */
const PHASE_MS = 3_000;

/** How long nodes may take to be at one block when the load has ended, milliseconds. */
const SETTLE_MS = 60_000;

export interface NetworkTestOptions {
  readonly topology: string;
  /** Milliseconds between the steps. */
  readonly phaseMs?: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface NetworkTestResult {
  /** Payments that a node accepted. */
  readonly accepted: number;
  /** Of those, the ones that are in every node's ledger. */
  readonly confirmed: number;
  readonly blocks: bigint;
  /** Why the run did not go as it must; empty where it did. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** An accepted payment, by the public key (hex) of the output that pays. */
type Accepted = Map<string, "accepted" | "confirmed">;

/**
 * Lets clients pay over a network of processes while two nodes are killed and restarted in turn and one is cut off and
 * let in again, and then looks for forks, payments that were accepted and lost, and nodes that did not catch up.
 */
export async function networkTest(options: NetworkTestOptions): Promise<NetworkTestResult> {
  const folder = mkdtempSync(join(tmpdir(), "network-test-"));
  const started = performance.now();
  try {
    const run = await hurtWhilePaying(folder, options);
    return { ...run, seconds: (performance.now() - started) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function hurtWhilePaying(
  folder: string,
  { topology, phaseMs = PHASE_MS, log, signal }: NetworkTestOptions,
): Promise<Omit<NetworkTestResult, "seconds">> {
  const failures: string[] = [];
  await using devnet = await Devnet.start(folder, {
    topology,
    processes: true,
    onNodeFailure: (node, error) => failures.push(`${node} ended by itself: ${describe(error)}`),
  });
  const { nodes } = devnet.plan;
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, i) => ({
      account: AccountKey.random(),
      ledger: await NetworkAccess.open(devnet.plan, i),
    })),
  );
  try {
    await fund(devnet, clients);
    const accepted: Accepted = new Map();
    const stopping = new AbortController();
    const paying = clients.map(({ account, ledger }, i) =>
      payOn(new Wallet({ account, ledger, tombstoneDistance: 1000n }), clients[(i + 1) % CLIENTS]!.account, {
        accepted,
        failures,
        until: AbortSignal.any([stopping.signal, signal]),
      }),
    );
    const pause = () => sleep(phaseMs, signal);
    await pause();
    for (const victim of [nodes[1]!, nodes[2]!]) {
      log(`${victim.name}: SIGKILL, after ${accepted.size} payments`);
      await devnet.killNode(victim.name);
      await pause();
      await devnet.startNode(victim.name);
      log(`${victim.name}: started again, after ${accepted.size} payments`);
      await pause();
    }
    const cut = nodes[3] ?? nodes[0]!;
    log(`${cut.name}: cut off, after ${accepted.size} payments`);
    await devnet.partition([cut.name]);
    await pause();
    await devnet.heal();
    log(`${cut.name}: let in again, after ${accepted.size} payments`);
    await pause();
    stopping.abort();
    await Promise.all(paying);
    await settle(devnet, failures, log, signal);
    const before = await devnet.status();
    if (new Set(before.map(({ lastBlockId }) => lastBlockId)).size > 1)
      failures.push("nodes have different last blocks");
    const ledgers = await compareLedgers(devnet, accepted, failures);
    return { accepted: accepted.size, failures, ...ledgers };
  } finally {
    await Promise.all(clients.map(({ ledger }) => ledger.close()));
  }
}

interface Client {
  readonly account: AccountKey;
}

async function fund(devnet: Devnet, clients: readonly Client[]): Promise<void> {
  const payers = Array.from(
    { length: 4 },
    (_, i) => new Wallet({ account: devnetAccount(i), ledger: devnet.ledger }),
  );
  await Promise.all(
    payers.map(async (payer, p) => {
      const own = clients.filter((_, i) => i % payers.length === p);
      for (let round = 0; round < OUTPUTS_PER_CLIENT; round++) {
        for (const { account } of own) {
          const payment = await payer.send({ to: account.defaultSubaddress, amount: 100n * UNITS_PER_MOB });
          await payment.confirmed();
        }
      }
    }),
  );
}

interface Load {
  readonly accepted: Accepted;
  readonly failures: string[];
  readonly until: AbortSignal;
}

/** Pays again and again, each payment when the one before is in the ledger. */
async function payOn(wallet: Wallet, to: AccountKey, { accepted, failures, until }: Load): Promise<void> {
  while (!until.aborted) {
    try {
      const payment = await wallet.send({ to: to.defaultSubaddress, amount: UNITS_PER_MOB });
      const key = bytesToHex(payment.outputPublicKey);
      accepted.set(key, "accepted");
      await payment.confirmed();
      accepted.set(key, "confirmed");
    } catch (error) {
      if (error instanceof SdkError && (error.retryable || error.code === "InsufficientFunds")) {
        await sleep(100, until);
        await wallet.sync();
      } else {
        failures.push(`a client failed: ${describe(error)}`);
        return;
      }
    }
  }
}

/** Waits until all nodes run, are in sync and have the same block. */
async function settle(
  devnet: Devnet,
  failures: string[],
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  const start = performance.now();
  for (;;) {
    const status = await devnet.status();
    const ids = new Set(status.map(({ lastBlockId }) => lastBlockId));
    if (ids.size === 1 && status.every(({ running }) => running)) {
      log(
        `all ${status.length} nodes at block ${(status[0]?.blockCount ?? 0n) - 1n}, ${Math.round(performance.now() - start)} ms after the load`,
      );
      return;
    }
    if (performance.now() > deadline || signal.aborted) {
      const seen = status.map(
        ({ name, blockCount, lastBlockId }) => `${name} ${blockCount} ${lastBlockId?.slice(0, 8)}`,
      );
      failures.push(`the nodes did not come together: ${seen.join(", ")}`);
      return;
    }
    await sleep(200, signal);
  }
}

/** Reads every node's ledger from its folder. */
async function compareLedgers(
  devnet: Devnet,
  accepted: Accepted,
  failures: string[],
): Promise<{ readonly confirmed: number; readonly blocks: bigint }> {
  let blocks = 0n;
  let confirmed = accepted.size;
  let first: string[] | undefined;
  for (const node of devnet.plan.nodes) {
    const store = LedgerStore.open(nodeLedgerFolder(node), { readOnly: true });
    try {
      const ids = Array.from({ length: Number(store.blockCount()) }, (_, i) =>
        bytesToHex(store.block(BigInt(i)).id),
      );
      first ??= ids;
      const shared = Math.min(ids.length, first.length);
      if (ids.slice(0, shared).join() !== first.slice(0, shared).join())
        failures.push(`FORK: ${node.name} has other blocks`);
      blocks = store.blockCount();
      const missing = [...accepted.keys()].filter(
        (key) => !store.containsTxOutPublicKey(Buffer.from(key, "hex")),
      );
      if (missing.length > 0)
        failures.push(`${node.name} lacks ${missing.length} payments that were accepted`);
      confirmed = Math.min(confirmed, accepted.size - missing.length);
    } finally {
      await store.close();
    }
  }
  return { confirmed, blocks };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
