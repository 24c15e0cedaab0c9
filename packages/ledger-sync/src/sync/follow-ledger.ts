import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { abortable, type Clock, systemClock, withTimeLimit } from "../clock.ts";
import { LedgerSyncError, reasonOf } from "../error.ts";
import type { PolledBlockSource } from "../sources/block-source.ts";
import { DEFAULT_SYNC_LIMIT, LedgerSync, type LedgerSyncOptions } from "./ledger-sync.ts";

export interface FollowLedgerOptions extends Omit<LedgerSyncOptions, "peers" | "metadataFor"> {
  /** Nodes that are asked how far they are and for headers. Their names must be those of the quorum set. */
  readonly peers: readonly PolledBlockSource[];
  /** Wait between polls while the ledger is in step. */
  readonly pollIntervalMs?: number;
  readonly limit?: number;
  readonly signal: AbortSignal;
}

const POLL_TIME_LIMIT_MS = 10_000;
const MIN_FAILURE_WAIT_MS = 1_000;
const MAX_FAILURE_WAIT_MS = 60_000;

/**
 * Keeps a ledger in step with a network without being part of it: asks the nodes how far they are, and catches up when a
 * quorum is ahead. Everything is verified; failures are logged and tried again. Resolves when the signal is aborted.
 */
export async function followLedger(options: FollowLedgerOptions): Promise<void> {
  const { network, peers, signal, log = silentLogger, clock = systemClock } = options;
  const { pollIntervalMs = 1_000, limit = DEFAULT_SYNC_LIMIT } = options;
  const sync = new LedgerSync(options);
  let failures = 0;
  while (!signal.aborted) {
    let waitMs = pollIntervalMs;
    try {
      if (!sync.isBehind()) await pollNetwork({ network, peers, clock, log, signal });
      if (sync.isBehind()) {
        const { appended } = await sync.attempt(limit, signal);
        if (appended > 0) waitMs = 0;
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      waitMs = Math.min(MIN_FAILURE_WAIT_MS * failures, MAX_FAILURE_WAIT_MS);
      log.warn({ reason: reasonOf(error), failures }, "the ledger is not in step");
      await pollNetwork({ network, peers, clock, log, signal });
    }
    if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => {});
  }
}

/**
 * Brings a ledger to where a network is now, and ends.
 *
 * @returns the number of blocks appended.
 * @throws LedgerSyncError area `sync`: `NoSafeBlocks` also where too few nodes answer, or as `LedgerSync.attempt`.
 */
export async function catchUp(options: FollowLedgerOptions): Promise<number> {
  const { store, network, peers, signal, log = silentLogger, clock = systemClock } = options;
  const before = store.blockCount();
  await pollNetwork({ network, peers, clock, log, signal });
  signal.throwIfAborted();
  if (network.highestBlockIndex() === undefined) {
    throw new LedgerSyncError(
      "sync",
      "NoSafeBlocks",
      "too few nodes say how far they are; those that do are no quorum",
    );
  }
  const sync = new LedgerSync(options);
  while (sync.isBehind()) {
    const { appended, targetBlockIndex } = await sync.attempt(options.limit, signal);
    if (appended === 0) {
      const text = `block ${store.blockCount()} on the way to block ${targetBlockIndex} cannot follow the newest block`;
      throw new LedgerSyncError("sync", "InvalidBlockId", text);
    }
  }
  return Number(store.blockCount() - before);
}

/** Asks every node for its newest block and notes the answers; a node that fails keeps its old one. */
async function pollNetwork(options: {
  readonly network: LedgerSyncOptions["network"];
  readonly peers: readonly PolledBlockSource[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { network, peers, clock, log, signal } = options;
  await Promise.all(
    peers.map(async (peer) => {
      try {
        const { index } = await withTimeLimit(
          clock,
          POLL_TIME_LIMIT_MS,
          signal,
          "it takes too long",
          (limited) => abortable(peer.lastBlockInfo(limited), limited),
        );
        network.observe({ responderId: peer.name, publicKey: new Uint8Array(0) }, index, true);
      } catch (error) {
        if (!signal.aborted) log.warn({ peer: peer.name, reason: reasonOf(error) }, "a node does not answer");
      }
    }),
  );
}
