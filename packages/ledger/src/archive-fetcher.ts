import { decodeArchiveBlock, decodeArchiveBlocks } from "./archive-block.ts";
import { archiveBlockPath, DEFAULT_MERGE_BUCKETS, mergedArchivePath } from "./archive-path.ts";
import { type Block, blocksEqual } from "./block.ts";
import type { BlockData } from "./block-data.ts";
import { LedgerError } from "./error.ts";

/** Gets the bytes at an address, or undefined where there are none. */
export type FetchBytes = (url: URL, signal: AbortSignal | undefined) => Promise<Uint8Array | undefined>;

/**
 * Over HTTP, anything but success means that there is no such file (03 pitfall 19). Fails with `ReqwestError` (area
 * `archive`) where no answer comes, or with the signal's reason.
 */
export const fetchOverHttp: FetchBytes = async (url, signal) => {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
    return undefined;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new LedgerError("archive", "ReqwestError", `${url.href} cannot be fetched`, {
      cause,
      data: { url: url.href },
    });
  }
};

export interface ArchiveFetcherOptions {
  /** `http:`, `https:`, or whatever `fetchBytes` understands. Used in turn. */
  readonly urls: readonly string[];
  readonly fetchBytes?: FetchBytes;
  /** Sizes of merged files to try, in blocks. */
  readonly mergeBuckets?: readonly bigint[];
}

const CACHE_CAPACITY = 10_000;

/**
 * Reads blocks from archives (03 section 2.8.4). Where a merged file begins at a block, one request brings many: the rest
 * waits in a cache of 10 000 blocks. Archives are not trusted: every block is checked, its index included.
 */
export class ArchiveFetcher {
  readonly #urls: readonly URL[];
  readonly #fetchBytes: FetchBytes;
  readonly #mergeBuckets: readonly bigint[];
  readonly #cache = new Map<bigint, BlockData>();
  #turn = 0;

  /** @throws LedgerError area `archive`: `NoUrlsConfigured`, `UrlParse`. */
  constructor(options: ArchiveFetcherOptions) {
    if (options.urls.length === 0) {
      throw new LedgerError("archive", "NoUrlsConfigured", "there is no archive to read from");
    }
    this.#urls = options.urls.map(parseUrl);
    this.#fetchBytes = options.fetchBytes ?? fetchOverHttp;
    this.#mergeBuckets = (options.mergeBuckets ?? DEFAULT_MERGE_BUCKETS).toSorted((a, b) => (a < b ? 1 : -1));
  }

  /**
   * The block at an index; undefined where the archive whose turn it is has none. With `expected`, its header must be
   * that one.
   *
   * @throws LedgerError `InvalidBlockReceived` (area `archive`; the cause says what is wrong), or what `fetchBytes` throws.
   */
  async block(
    index: bigint,
    options: { readonly expected?: Block; readonly signal?: AbortSignal } = {},
  ): Promise<BlockData | undefined> {
    const { expected, signal } = options;
    const cached = this.#takeCached(index, expected);
    if (cached !== undefined) return cached;
    const base = this.#urls[this.#turn++ % this.#urls.length]!;
    for (const size of this.#mergeBuckets) {
      if (index % size !== 0n) continue;
      await this.#fillCache(new URL(mergedArchivePath(size, index), base), signal);
      const merged = this.#takeCached(index, expected);
      if (merged !== undefined) return merged;
    }
    const url = new URL(archiveBlockPath(index), base);
    const bytes = await this.#fetchBytes(url, signal);
    if (bytes === undefined) return undefined;
    const data = decodeReceived(bytes, url);
    if (data.block.index !== index) throw invalid(url, `it holds block ${data.block.index}`);
    if (expected !== undefined && !blocksEqual(data.block, expected))
      throw invalid(url, "block data mismatch");
    return data;
  }

  /**
   * Blocks from `from` on, in order, until one is missing. That they are a chain is for `verifyChain` to tell. Throws as
   * `block`.
   */
  async *blocks(from = 0n, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<BlockData> {
    for (let index = from; ; index++) {
      options.signal?.throwIfAborted();
      const data = await this.block(index, options);
      if (data === undefined) return;
      yield data;
    }
  }

  #takeCached(index: bigint, expected: Block | undefined): BlockData | undefined {
    const data = this.#cache.get(index);
    this.#cache.delete(index);
    return data === undefined || (expected !== undefined && !blocksEqual(data.block, expected))
      ? undefined
      : data;
  }

  /** Merged files are an optimisation: where there is none, or a bad one, the single files remain. */
  async #fillCache(url: URL, signal: AbortSignal | undefined): Promise<void> {
    let blocks: BlockData[];
    try {
      const bytes = await this.#fetchBytes(url, signal);
      blocks = bytes === undefined ? [] : decodeArchiveBlocks(bytes);
    } catch {
      signal?.throwIfAborted();
      return;
    }
    for (const data of blocks) {
      this.#cache.set(data.block.index, data);
      if (this.#cache.size > CACHE_CAPACITY) this.#cache.delete(this.#cache.keys().next().value!);
    }
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text.endsWith("/") ? text : `${text}/`);
  } catch (cause) {
    throw new LedgerError("archive", "UrlParse", `"${text}" is no URL`, { cause });
  }
}

function decodeReceived(bytes: Uint8Array, url: URL): BlockData {
  try {
    return decodeArchiveBlock(bytes);
  } catch (cause) {
    throw invalid(url, "it is not a valid archive block", cause);
  }
}

function invalid(url: URL, reason: string, cause?: unknown): LedgerError<"archive"> {
  return new LedgerError("archive", "InvalidBlockReceived", `${url.href} is refused: ${reason}`, {
    cause,
    data: { url: url.href },
  });
}
