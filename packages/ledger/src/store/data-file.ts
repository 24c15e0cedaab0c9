import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { LedgerError } from "../error.ts";

/** Offsets in an LMDB meta page of data format 2: after a page header of 24 bytes, little-endian. */
const META = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  transaction: 152,
  end: 160,
};
const MAGIC = 0xbeefc0de;
const DATA_FORMAT = 2;
const MAX_PAGE_SIZE = 65_536;
/** Root of a table without a page. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/**
 * Looks at the head of an LMDB data file before the library maps it: the library ends the whole process, with no error
 * to catch, for a file that is not its own or is cut off before its root pages. A file cut off later is not noticed.
 *
 * @returns false for a file without a byte: an environment that was never begun.
 * @throws LedgerError area `store`: `Corrupt`, `VersionIncompatible` for LMDB's data format 1, `IO`.
 */
export function isDataFileBegun(path: string): boolean {
  const { size, read } = readHead(path);
  if (size === 0) return false;
  const first = read(0, META.end);
  if (first === undefined || first.getUint32(META.magic, true) !== MAGIC) {
    // Format 1 has a shorter page header, so its magic number stands 8 bytes earlier.
    if (first?.getUint32(META.magic - 8, true) === MAGIC) throw otherFormat(path);
    throw corrupt(path, "it is no LMDB data file");
  }
  if (first.getUint32(META.version, true) !== DATA_FORMAT) throw otherFormat(path);
  const pageSize = first.getUint32(META.pageSize, true);
  const second = pageSize < META.end ? undefined : read(pageSize, META.end);
  if (second === undefined) throw corrupt(path, "it is cut off");
  const newest = transactionOf(first) > transactionOf(second) ? first : second;
  for (const offset of [META.freeRoot, META.mainRoot]) {
    const root = newest.getBigUint64(offset, true);
    if (root !== NO_PAGE && (root + 1n) * BigInt(pageSize) > BigInt(size))
      throw corrupt(path, "it is cut off");
  }
  return true;
}

function transactionOf(meta: DataView): bigint {
  return meta.getBigUint64(META.transaction, true);
}

interface Head {
  readonly size: number;
  /** Undefined where the file has fewer bytes. */
  readonly read: (position: number, length: number) => DataView | undefined;
}

function readHead(path: string): Head {
  try {
    const file = openSync(path, "r");
    try {
      const head = new Uint8Array(2 * MAX_PAGE_SIZE);
      const available = readSync(file, head, 0, head.length, 0);
      return {
        size: fstatSync(file).size,
        read: (position, length) =>
          position + length > available ? undefined : new DataView(head.buffer, position, length),
      };
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new LedgerError("store", "IO", `${path} cannot be read`, { cause, data: { file: path } });
  }
}

function corrupt(path: string, reason: string): LedgerError<"store"> {
  return new LedgerError(
    "store",
    "Corrupt",
    `${path} is damaged: ${reason}; restore it or import an archive`,
    {
      data: { file: path },
    },
  );
}

function otherFormat(path: string): LedgerError<"store"> {
  return new LedgerError(
    "store",
    "VersionIncompatible",
    `${path} has another LMDB data format than ${DATA_FORMAT}; exchange ledgers by archive`,
    { data: { file: path, required: DATA_FORMAT } },
  );
}
