import { compareBytes } from "@mobilecoin-ts/crypto";
import { type Block, type BlockData, blockContentsHash, blocksEqual } from "@mobilecoin-ts/ledger";
import type { Logger } from "@mobilecoin-ts/service";
import { abortable, type Clock, withTimeLimit } from "../clock.ts";
import { reasonOf } from "../error.ts";
import type { ContentsSource } from "../sources/contents-source.ts";

/** Blocks fetched at a time (03 section 2.12 step 6). */
export const MAX_CONTENTS_WORKERS = 50;
/** Blocks held in memory while an earlier one is awaited. */
export const MAX_BLOCKS_AHEAD = 100;
const CONTENTS_TIME_LIMIT_MS = 30_000;
/** How long one source may take for one block before another is asked. */
const SOURCE_TIME_LIMIT_MS = 5_000;
const MAX_RETRY_DELAY_S = 60;

export interface DownloadOptions {
  readonly headers: readonly Block[];
  readonly sources: SourceRotation;
  /** Why a block cannot be used though its contents are right, or undefined. */
  readonly objection: (data: BlockData) => string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal | undefined;
}

/** Sources in turn; those that failed last come after those that did not. */
export class SourceRotation {
  readonly #sources: readonly ContentsSource[];
  readonly #failures = new Map<ContentsSource, number>();
  #turn = 0;

  constructor(sources: readonly ContentsSource[]) {
    this.#sources = sources;
  }

  /** All sources, in the order to try them. */
  next(): readonly ContentsSource[] {
    const start = this.#turn++ % Math.max(this.#sources.length, 1);
    const turned = [...this.#sources.slice(start), ...this.#sources.slice(0, start)];
    return turned.toSorted((a, b) => this.#failuresOf(a) - this.#failuresOf(b));
  }

  succeeded(source: ContentsSource): void {
    this.#failures.delete(source);
  }

  failed(source: ContentsSource): void {
    this.#failures.set(source, this.#failuresOf(source) + 1);
  }

  #failuresOf(source: ContentsSource): number {
    return this.#failures.get(source) ?? 0;
  }
}

/**
 * Fetches the contents of agreed headers and hands them over in order, as far as they come within the time limit
 * (03 section 2.12 steps 6 and 7). A block that no source has is asked for again, after a wait that grows.
 *
 * @param take gets each block in order; false ends the download.
 */
export async function downloadContents(
  options: DownloadOptions,
  take: (data: BlockData) => boolean | Promise<boolean>,
): Promise<void> {
  const { headers, clock, signal } = options;
  await withTimeLimit(
    clock,
    CONTENTS_TIME_LIMIT_MS,
    signal,
    "the archives took too long",
    async (limited) => {
      const ended = new AbortController();
      const fetching = AbortSignal.any([limited, ended.signal]);
      const pending = new Map<number, Promise<BlockData | undefined>>();
      const slots = new Slots(MAX_CONTENTS_WORKERS);
      let started = 0;
      try {
        for (let position = 0; position < headers.length; position++) {
          while (started < headers.length && started < position + MAX_BLOCKS_AHEAD) {
            pending.set(started, fetchWhenFree(headers[started]!, slots, options, fetching));
            started += 1;
          }
          const data = await pending.get(position)!;
          pending.delete(position);
          if (data === undefined || !(await take(data))) return;
        }
      } finally {
        ended.abort();
        await Promise.allSettled(pending.values());
      }
    },
  );
  signal?.throwIfAborted();
}

/** At most so many at a time. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

async function fetchWhenFree(
  expected: Block,
  slots: Slots,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<BlockData | undefined> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    await slots.acquire();
    try {
      const data = await fetchFromAny(expected, options, signal);
      if (data !== undefined) return data;
    } finally {
      slots.release();
    }
    await options.clock.sleep(Math.min(attempt, MAX_RETRY_DELAY_S) * 1_000, signal).catch(() => {});
  }
  return undefined;
}

async function fetchFromAny(
  expected: Block,
  { sources, objection, clock, log }: DownloadOptions,
  signal: AbortSignal,
): Promise<BlockData | undefined> {
  for (const source of sources.next()) {
    if (signal.aborted) return undefined;
    try {
      const data = await withTimeLimit(clock, SOURCE_TIME_LIMIT_MS, signal, "it takes too long", (limited) =>
        abortable(source.fetchBlock(expected.index, expected, limited), limited),
      );
      const fault = data === undefined ? "it does not have the block" : faultInBlock(expected, data);
      const reason = fault ?? (data && objection(data));
      if (data !== undefined && reason === undefined) {
        sources.succeeded(source);
        return data;
      }
      sources.failed(source);
      log.debug({ source: source.name, block: expected.index.toString(), reason }, "another source is tried");
    } catch (error) {
      if (signal.aborted) return undefined;
      sources.failed(source);
      log.warn(
        { source: source.name, block: expected.index.toString(), reason: reasonOf(error) },
        "a source gives no valid block",
      );
    }
  }
  return undefined;
}

function faultInBlock(expected: Block, { block, contents }: BlockData): string | undefined {
  const same =
    blocksEqual(block, expected) && compareBytes(blockContentsHash(contents), expected.contentsHash) === 0;
  return same ? undefined : "TransactionsAndBlockMismatch";
}
