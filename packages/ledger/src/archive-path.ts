const HEX_DIGITS = 16;
const FOLDERS = 7;

/** Path of a block's archive file, with forward slashes: `00/00/00/00/00/00/00/0000000000000001.pb` (03 section 2.8.1). */
export function archiveBlockPath(blockIndex: bigint): string {
  if (BigInt.asUintN(64, blockIndex) !== blockIndex) throw new RangeError("a block index is a u64");
  const name = blockIndex.toString(16).padStart(HEX_DIGITS, "0");
  const folders = Array.from({ length: FOLDERS }, (_, i) => name.slice(2 * i, 2 * i + 2));
  return `${folders.join("/")}/${name}.pb`;
}

/** Buckets that merged files are written for, in blocks. */
export const DEFAULT_MERGE_BUCKETS: readonly bigint[] = [100n, 1000n, 10_000n];

/** Path of the merged file of `bucketSize` blocks from `firstBlockIndex` on, a multiple of the size. */
export function mergedArchivePath(bucketSize: bigint, firstBlockIndex: bigint): string {
  if (bucketSize <= 0n || firstBlockIndex % bucketSize !== 0n) {
    throw new RangeError("a merged file starts at a multiple of its size");
  }
  return `merged-${bucketSize}/${archiveBlockPath(firstBlockIndex)}`;
}
