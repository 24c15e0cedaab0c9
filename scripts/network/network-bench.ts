import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEVNET_ACCOUNT_COUNT,
  DEVNET_BLOCK_VERSION,
  Devnet,
  devnetAccount,
  NetworkAccess,
} from "@mobilecoin-ts/devnet";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { type LedgerAccess, type PreparedPayment, Wallet } from "@mobilecoin-ts/sdk";
import { txCodec, UNITS_PER_MOB, validateTransaction } from "@mobilecoin-ts/transaction";

/** Payments that each funded account makes in a round; a payment leaves it with more outputs than before. */
const ROUNDS = [15, 30, 60] as const;

/** What each pays in a round of that many, in picoMOB: less each time, so that one output received before is enough. */
function amountOf(perAccount: number): bigint {
  return (100_000n * UNITS_PER_MOB) / BigInt(perAccount) ** 2n;
}

/** Payments made one by one on an idle network. */
const LONE_PAYMENTS = 12;

/** Connections that the load comes over. */
const CLIENTS = 16;

const POLL_MS = 2;

export interface NetworkFigures {
  readonly nodes: number;
  /** Payments under load, and what came of them. */
  readonly load: {
    readonly payments: number;
    readonly perSecond: number;
    readonly medianMs: number;
    readonly p99Ms: number;
    readonly blocks: number;
  };
  /** A lone payment on an idle network: until the node accepted it, until it is in a ledger, until in all. */
  readonly lone: {
    readonly payments: number;
    readonly acceptedMs: number;
    readonly confirmedMs: number;
    readonly slowestMs: number;
    readonly everywhereMs: number;
  };
  /** Processor time, milliseconds. */
  readonly cpu: {
    /** Decoding and validating one payment, nothing else, in this process. */
    readonly bareValidationMs: number;
    /** Of one node for one payment of the load, everything included. */
    readonly perPaymentAndNodeMs: number;
    readonly ratio: number;
  };
}

export interface NetworkBenchOptions {
  readonly nodes: number;
  readonly log: (line: string) => void;
}

/** Measures a network of processes on this machine, which the clients share. */
export async function networkBench({ nodes, log }: NetworkBenchOptions): Promise<NetworkFigures> {
  const folder = mkdtempSync(join(tmpdir(), "network-bench-"));
  try {
    log(`${nodes} nodes: starting`);
    await using devnet = await Devnet.start(folder, {
      topology: nodes === 1 ? "single" : `dense${nodes}`,
      processes: true,
    });
    const payments = await preparePayments(devnet, ROUNDS[0]);
    const bareValidationMs = bareValidation(devnet, payments);
    const lone = payments.splice(0, LONE_PAYMENTS);
    log(`${nodes} nodes: ${lone.length} lone payments`);
    // The first payment of each connection pays for handshakes; it is not counted.
    const [warmUp, ...counted] = lone;
    if (warmUp !== undefined) await payAndWait(devnet, warmUp);
    const singles = [];
    for (const payment of counted) singles.push(await payAndWait(devnet, payment));
    // The rounds before the last are not counted: in them the nodes' code is compiled.
    let round = await load(devnet, payments);
    for (const perAccount of ROUNDS.slice(1)) {
      log(`${nodes} nodes: ${perAccount * DEVNET_ACCOUNT_COUNT} payments over ${CLIENTS} connections`);
      round = await load(devnet, await preparePayments(devnet, perAccount));
    }
    const latencies = round.latenciesMs.toSorted((a, b) => a - b);
    const perPaymentAndNodeMs = round.cpuMs / latencies.length / nodes;
    return {
      nodes,
      load: {
        payments: latencies.length,
        perSecond: latencies.length / round.seconds,
        medianMs: median(latencies),
        p99Ms: latencies[Math.ceil(latencies.length * 0.99) - 1] ?? 0,
        blocks: round.blocks,
      },
      lone: {
        payments: singles.length,
        acceptedMs: median(singles.map(({ acceptedMs }) => acceptedMs)),
        confirmedMs: median(singles.map(({ confirmedMs }) => confirmedMs)),
        slowestMs: Math.max(...singles.map(({ confirmedMs }) => confirmedMs)),
        everywhereMs: median(singles.map(({ everywhereMs }) => everywhereMs)),
      },
      cpu: { bareValidationMs, perPaymentAndNodeMs, ratio: perPaymentAndNodeMs / bareValidationMs },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Payments of all funded accounts, each with outputs of its own, built and signed but proposed to nobody. */
async function preparePayments(devnet: Devnet, perAccount: number): Promise<PreparedPayment[]> {
  const { ledger } = devnet;
  const nowhere: LedgerAccess = {
    networkState: () => ledger.networkState(),
    blocks: (from, to) => ledger.blocks(from, to),
    provenTxOuts: (indices) => ledger.provenTxOuts(indices),
    propose: async () => ({ accepted: true, blockCount: 1n }),
  };
  const payments: PreparedPayment[] = [];
  for (let i = 0; i < DEVNET_ACCOUNT_COUNT; i++) {
    const wallet = new Wallet({ account: devnetAccount(i), ledger: nowhere, tombstoneDistance: 10_000n });
    const to = devnetAccount((i + 1) % DEVNET_ACCOUNT_COUNT).defaultSubaddress;
    for (let k = 0; k < perAccount; k++)
      payments.push(await wallet.send({ to, amount: amountOf(perAccount) }));
  }
  return payments;
}

/** Processor time to decode and validate one payment, as each node has to at least. */
function bareValidation(devnet: Devnet, payments: readonly PreparedPayment[]): number {
  const { store } = devnet;
  const encoded = payments.map(({ tx }) => txCodec.encode(tx));
  const validateAll = (): void => {
    for (const bytes of encoded) {
      const tx = txCodec.decode(bytes);
      const heights = tx.prefix.inputs.flatMap(({ proofs }) =>
        proofs.map(({ highestIndex }) => highestIndex),
      );
      const [proof] = store.membershipProofs([heights[0] ?? 0n]);
      if (proof === undefined) throw new Error("the ledger gave no proof");
      validateTransaction(tx, {
        blockIndex: 1n,
        blockVersion: DEVNET_BLOCK_VERSION,
        rootProofs: heights.map(() => proof),
        minimumFee: 0n,
      });
    }
  };
  // The second pass counts: by then the code is compiled, as in a node that runs for a while.
  validateAll();
  const before = process.cpuUsage();
  validateAll();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / payments.length;
}

async function payAndWait(devnet: Devnet, payment: PreparedPayment) {
  const start = performance.now();
  const outcome = await devnet.ledger.propose(payment.tx);
  if (!outcome.accepted) throw new Error(`a payment was refused: ${outcome.result}`);
  const acceptedMs = performance.now() - start;
  await until(() => devnet.ledger.stores.some((store) => holds(store, payment)));
  const confirmedMs = performance.now() - start;
  await until(() => devnet.ledger.stores.every((store) => holds(store, payment)));
  return { acceptedMs, confirmedMs, everywhereMs: performance.now() - start };
}

interface Round {
  /** Of all nodes together, milliseconds. */
  readonly cpuMs: number;
  /** Until the last payment was in a ledger. */
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  readonly blocks: number;
}

async function load(devnet: Devnet, payments: readonly PreparedPayment[]): Promise<Round> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => NetworkAccess.open(devnet.plan, i)),
  );
  try {
    await Promise.all(clients.map((client) => client.attest()));
    const blocksBefore = devnet.store.blockCount();
    const cpuBefore = await cpuOf(devnet);
    const start = performance.now();
    const latencies = new Map<PreparedPayment, number>();
    const submitted = new Map<PreparedPayment, number>();
    const queue = [...payments];
    const submitting = clients.map(async (client) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        submitted.set(next, performance.now());
        const outcome = await client.propose(next.tx);
        if (!outcome.accepted) throw new Error(`a payment was refused: ${outcome.result}`);
      }
    });
    const watching = until(() => {
      for (const [payment, at] of submitted) {
        if (!latencies.has(payment) && devnet.ledger.stores.some((store) => holds(store, payment))) {
          latencies.set(payment, performance.now() - at);
        }
      }
      return latencies.size === payments.length;
    });
    await Promise.all([...submitting, watching]);
    const seconds = (performance.now() - start) / 1000;
    await until(() =>
      payments.every((payment) => devnet.ledger.stores.every((store) => holds(store, payment))),
    );
    const cpuMs = (await cpuOf(devnet)) - cpuBefore;
    return {
      cpuMs,
      seconds,
      latenciesMs: [...latencies.values()],
      blocks: Number(devnet.store.blockCount() - blocksBefore),
    };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

async function cpuOf(devnet: Devnet): Promise<number> {
  return (await devnet.status()).reduce((sum, { cpuMs = 0 }) => sum + cpuMs, 0);
}

function holds(store: LedgerStore, { outputPublicKey }: PreparedPayment): boolean {
  return store.containsTxOutPublicKey(outputPublicKey);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error("a payment did not get into the ledgers within two minutes");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
