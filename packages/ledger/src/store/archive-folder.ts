import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareBytes } from "@mobilecoin-ts/crypto";
import {
  decodeArchiveBlock,
  decodeArchiveBlocks,
  encodeArchiveBlock,
  encodeArchiveBlocks,
} from "../archive-block.ts";
import { archiveBlockPath, DEFAULT_MERGE_BUCKETS, mergedArchivePath } from "../archive-path.ts";
import type { BlockData } from "../block-data.ts";
import { LedgerError } from "../error.ts";
import type { LedgerStore } from "./ledger-store.ts";

export interface ExportArchiveOptions {
  /** Sizes of merged files to write, in blocks; sizes of 0 and 1 are passed over. */
  readonly mergeBuckets?: readonly bigint[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly blockIndex: bigint; readonly blockCount: bigint }) => void;
}

/**
 * Writes a file whole or not at all: a reader never meets half of it. Synced before and after it gets its name, so that
 * after a loss of power, too, a block's file says that all before it are there.
 */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw new LedgerError("archive", "IO", `${path} cannot be written; the files before it are whole`, {
      cause,
      data: { file: path },
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows does not open folders; there a rename is journalled by itself.
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}

/** Throws `IO`. */
async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LedgerError("archive", "IO", `${path} cannot be read`, { cause, data: { file: path } });
  }
}

/** The first block that has no file of its own yet: after the newest that has one (03 section 2.8.2). */
export function nextBlockToExport(store: LedgerStore, folder: string): bigint {
  if (!existsSync(folder)) return 0n;
  for (let index = store.blockCount() - 1n; index >= 0n; index--) {
    if (existsSync(join(folder, archiveBlockPath(index)))) return index + 1n;
  }
  return 0n;
}

/**
 * Writes a ledger's blocks to an archive folder: a file a block, and a merged file whenever a bucket is full. Goes on
 * after the last block that is there, so an export that was interrupted, or a ledger that grew, needs only the rest.
 *
 * @returns the number of blocks written.
 * @throws LedgerError area `archive`: `DestinationMismatch` where the folder holds another chain, `NotAnArchive` where
 * its newest file is damaged, `IO` where a file cannot be read or written.
 */
export async function exportArchive(
  store: LedgerStore,
  folder: string,
  options: ExportArchiveOptions = {},
): Promise<number> {
  const buckets = (options.mergeBuckets ?? DEFAULT_MERGE_BUCKETS).filter((size) => size > 1n);
  let written = 0;
  const next = nextBlockToExport(store, folder);
  if (next > 0n) await requireSameChain(store, folder, next - 1n);
  for (let index = next; index < store.blockCount(); index++) {
    options.signal?.throwIfAborted();
    // The block's own file comes last: it is by this file that an interrupted export knows what is done.
    for (const size of buckets) {
      if ((index + 1n) % size === 0n) await writeMerged(store, folder, size, index + 1n - size);
    }
    await writeWhole(join(folder, archiveBlockPath(index)), encodeArchiveBlock(store.blockData(index)));
    written += 1;
    options.onProgress?.({ blockIndex: index, blockCount: store.blockCount() });
  }
  return written;
}

async function requireSameChain(store: LedgerStore, folder: string, index: bigint): Promise<void> {
  const path = join(folder, archiveBlockPath(index));
  const { block } = decodeSingle(await readWhole(path), path);
  if (compareBytes(block.id, store.block(index).id) !== 0) {
    throw new LedgerError("archive", "DestinationMismatch", `${path} holds a block of another chain`, {
      data: { file: path, blockIndex: index },
    });
  }
}

async function writeMerged(store: LedgerStore, folder: string, size: bigint, first: bigint): Promise<void> {
  const blocks = Array.from({ length: Number(size) }, (_, i) => store.blockData(first + BigInt(i)));
  await writeWhole(join(folder, mergedArchivePath(size, first)), encodeArchiveBlocks(blocks));
}

/**
 * Reads archive files by path, single or merged, in the order given, checking each (03 section 2.8.3).
 *
 * @throws LedgerError `NotAnArchive` (area `archive`), naming the file and, as the cause, what is wrong with it;
 * `IO` where it cannot be read.
 */
export async function* readArchiveFiles(paths: readonly string[]): AsyncGenerator<BlockData> {
  for (const path of paths) yield* decodeArchiveFile(await readWhole(path), path);
}

/**
 * The blocks of an archive file of either kind. A file of one block is, byte for byte, no merged file: there the block
 * stands one level deeper.
 */
function decodeArchiveFile(bytes: Uint8Array, path: string): BlockData[] {
  const failures: unknown[] = [];
  for (const decode of [(input: Uint8Array) => [decodeArchiveBlock(input)], decodeArchiveBlocks]) {
    try {
      return decode(bytes);
    } catch (cause) {
      failures.push(cause);
    }
  }
  // Read as the kind it is not, a file is no message or an empty one; a refused block tells the right kind.
  const telling = failures.find((error) => error instanceof LedgerError && error.code !== "ObjectMissing");
  throw notAnArchive(path, telling ?? failures[0]);
}

function decodeSingle(bytes: Uint8Array, path: string): BlockData {
  try {
    return decodeArchiveBlock(bytes);
  } catch (cause) {
    throw notAnArchive(path, cause);
  }
}

function notAnArchive(path: string, cause: unknown): LedgerError<"archive"> {
  const reason = cause instanceof Error ? cause.message : "it cannot be read";
  return new LedgerError("archive", "NotAnArchive", `${path} is not a valid archive file: ${reason}`, {
    cause,
    data: { file: path, ...(cause instanceof LedgerError ? cause.data : {}) },
  });
}
