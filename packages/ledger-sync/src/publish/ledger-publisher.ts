import { readFile } from "node:fs/promises";
import { compareBytes, utf8 } from "@mobilecoin-ts/crypto";
import {
  archiveBlockPath,
  type BlockData,
  DEFAULT_MERGE_BUCKETS,
  decodeArchiveBlock,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  mergedArchivePath,
} from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { type Clock, systemClock } from "../clock.ts";
import { LedgerSyncError } from "../error.ts";
import type { ArchiveDestination } from "./destination.ts";
import { writeFileWhole } from "./file-destination.ts";

/**
 * Where publishing begins: at the first block the destination lacks, looked for there; at the origin; with the blocks to
 * come; or where the state file says.
 */
export type StartFrom = "destination" | "zero" | "next" | "last";

export interface LedgerPublisherOptions {
  readonly store: LedgerStore;
  readonly destination: ArchiveDestination;
  /** By default `destination`. */
  readonly startFrom?: StartFrom;
  /** Path of a file that keeps how far publishing got; needed for `last`. */
  readonly stateFile?: string;
  /** Sizes of merged files in blocks; sizes of 0 and 1 are passed over. */
  readonly mergeBuckets?: readonly bigint[];
  readonly pollIntervalMs?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Called after each block. */
  readonly onPublished?: (blockIndex: bigint) => void;
}

const DEFAULT_POLL_INTERVAL_MS = 10;

function refuse(code: "DestinationMismatch" | "StateFile", text: string, cause?: unknown) {
  return new LedgerSyncError("distribution", code, text, { cause });
}

/** Writes every block of a ledger to an archive, as it comes (03 section 2.8.2). */
export class LedgerPublisher {
  readonly #options: LedgerPublisherOptions;
  readonly #buckets: readonly bigint[];
  readonly #log: Logger;
  #next: bigint | undefined;

  constructor(options: LedgerPublisherOptions) {
    this.#options = options;
    this.#buckets = (options.mergeBuckets ?? DEFAULT_MERGE_BUCKETS).filter((size) => size > 1n);
    this.#log = options.log ?? silentLogger;
  }

  /** The next block to publish; undefined before the first call of `publishNew`. */
  get nextBlockIndex(): bigint | undefined {
    return this.#next;
  }

  /**
   * Publishes until the signal is aborted, and then resolves.
   *
   * @throws LedgerSyncError area `distribution`: `DestinationMismatch`, `StateFile`, `DestinationWrite`.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock = systemClock, pollIntervalMs = DEFAULT_POLL_INTERVAL_MS } = this.#options;
    try {
      while (!signal.aborted) {
        await this.publishNew(signal);
        await clock.sleep(pollIntervalMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Publishes the blocks that the ledger has now; returns their number. Throws as `run`. */
  async publishNew(signal?: AbortSignal): Promise<number> {
    const { store, onPublished } = this.#options;
    let next = this.#next ?? (await this.#start(signal));
    this.#next = next;
    let published = 0;
    for (; next < store.blockCount(); published++) {
      signal?.throwIfAborted();
      await this.#publish(next, signal);
      next += 1n;
      this.#next = next;
      await this.#saveState(next);
      onPublished?.(next - 1n);
    }
    return published;
  }

  async #publish(index: bigint, signal: AbortSignal | undefined): Promise<void> {
    const { store, destination } = this.#options;
    // The block's own file comes last: by this file an interrupted run knows what is done.
    for (const size of this.#buckets) {
      if ((index + 1n) % size !== 0n) continue;
      const first = index + 1n - size;
      const blocks: BlockData[] = [];
      for (let i = first; i <= index; i++) {
        blocks.push(store.blockData(i));
        if (i % 16n === 0n) await new Promise(setImmediate);
      }
      await destination.write(mergedArchivePath(size, first), encodeArchiveBlocks(blocks), signal);
      this.#log.info({ first: first.toString(), size: size.toString() }, "merged file published");
    }
    await destination.write(archiveBlockPath(index), encodeArchiveBlock(store.blockData(index)), signal);
    this.#log.debug({ block: index.toString() }, "block published");
  }

  async #start(signal: AbortSignal | undefined): Promise<bigint> {
    const { startFrom = "destination", store } = this.#options;
    switch (startFrom) {
      case "zero":
        return 0n;
      case "next":
        return store.blockCount();
      case "last":
        return this.#startByState(signal);
      case "destination":
        return this.#startByDestination(signal);
    }
  }

  async #startByDestination(signal: AbortSignal | undefined): Promise<bigint> {
    const { store, destination } = this.#options;
    for (let index = store.blockCount() - 1n; index >= 0n; index--) {
      signal?.throwIfAborted();
      if (!(await destination.exists(archiveBlockPath(index), signal))) continue;
      await this.#requireSameChain(index, signal);
      return index + 1n;
    }
    return 0n;
  }

  async #startByState(signal: AbortSignal | undefined): Promise<bigint> {
    const { stateFile, store } = this.#options;
    if (stateFile === undefined) {
      throw refuse("StateFile", "to start from the last block, name the state file that knows it");
    }
    const next = await readState(stateFile);
    if (next > store.blockCount()) {
      throw refuse("StateFile", `${stateFile} is of a longer ledger: ${next} blocks were published`);
    }
    if (next > 0n) await this.#requireSameChain(next - 1n, signal);
    return next;
  }

  async #requireSameChain(index: bigint, signal: AbortSignal | undefined): Promise<void> {
    const { store, destination } = this.#options;
    const path = archiveBlockPath(index);
    const bytes = await destination.read(path, signal);
    if (bytes === undefined) throw refuse("DestinationMismatch", `${destination.name} lacks ${path}`);
    let published: BlockData;
    try {
      published = decodeArchiveBlock(bytes);
    } catch (cause) {
      throw refuse("DestinationMismatch", `${path} in ${destination.name} is no archive file`, cause);
    }
    if (compareBytes(published.block.id, store.block(index).id) !== 0) {
      throw refuse("DestinationMismatch", `${path} in ${destination.name} holds a block of another chain`);
    }
  }

  async #saveState(next: bigint): Promise<void> {
    const { stateFile } = this.#options;
    if (stateFile !== undefined) await writeFileWhole(stateFile, utf8(`{"next_block":${next}}\n`));
  }
}

async function readState(path: string): Promise<bigint> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return 0n;
    throw refuse("StateFile", `${path} cannot be read`, cause);
  }
  const found = /^\s*\{\s*"next_block"\s*:\s*([0-9]{1,20})\s*\}\s*$/.exec(text);
  if (found === null)
    throw refuse("StateFile", `${path} does not say {"next_block": number}; remove or repair it`);
  return BigInt(found[1]!);
}
