import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ArchiveFetcher, type FetchBytes, fetchOverHttp } from "../archive-fetcher.ts";
import { LedgerError } from "../error.ts";
import type { LedgerStore } from "./ledger-store.ts";

const fetchFile: FetchBytes = async (url) => {
  try {
    return new Uint8Array(await readFile(fileURLToPath(url)));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new LedgerError("archive", "IO", `${url.href} cannot be read`, {
      cause: error,
      data: { url: url.href },
    });
  }
};

const fetchAny: FetchBytes = (url, signal) =>
  url.protocol === "file:" ? fetchFile(url, signal) : fetchOverHttp(url, signal);

/** A fetcher over archive folders and `http:`, `https:` or `file:` URLs, used in turn. Throws `UnknownScheme`. */
export function openArchives(sources: readonly string[]): ArchiveFetcher {
  const urls = sources.map((source) => {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return pathToFileURL(`${resolve(source)}/`).href;
    if (!/^(https?|file):/i.test(source)) {
      throw new LedgerError(
        "archive",
        "UnknownScheme",
        `"${source}" is no folder and no http, https or file URL`,
      );
    }
    return source;
  });
  return new ArchiveFetcher({ urls, fetchBytes: fetchAny });
}

/** How many blocks are appended before others get a turn. */
const BLOCKS_PER_TURN = 16n;

export interface ImportArchiveOptions {
  /** Stop when the ledger has this many blocks. */
  readonly blockCount?: bigint;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly blockIndex: bigint }) => void;
}

/**
 * Appends the blocks that archives have and the ledger lacks, each checked by itself and by the rules of appending
 * (03 section 2.10), until the next one is missing. Goes on where the ledger ends, so it can be interrupted.
 *
 * @returns the number of blocks appended.
 * @throws LedgerError area `archive` or `store`, naming the first bad block; the blocks before it stay.
 */
export async function importArchive(
  store: LedgerStore,
  archives: ArchiveFetcher,
  options: ImportArchiveOptions = {},
): Promise<number> {
  let appended = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const index = store.blockCount();
    if (options.blockCount !== undefined && index >= options.blockCount) return appended;
    const data = await archives.block(index, options.signal === undefined ? {} : { signal: options.signal });
    if (data === undefined) return appended;
    store.appendBlock(data);
    appended += 1;
    options.onProgress?.({ blockIndex: index });
    // Blocks of a merged file come from the cache without waiting for anything; signals and timers need their turn.
    if (index % BLOCKS_PER_TURN === 0n) await new Promise(setImmediate);
  }
}
