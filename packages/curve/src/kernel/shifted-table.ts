// Sums of products with points that never change. A table holds the cached points 2^(SHIFT i) p: all windows of all
// scalars then go into one set of buckets, no doubling is done, and each table entry is read once, in order (tables of
// many points are too large for the nearer caches, where the random reads of interleaved windows cost more than the
// additions).

import { windowCount, windows } from "./digits";
import { add, addCached, copyPoint, double, POINT, setIdentity, subtractCached, toCached } from "./point";
import { DIGITS, POINTS } from "./scratch";

/** Bits of a window. */
const SHIFT: i32 = 10;

/** Buckets: one for each size of a signed digit. */
const BUCKETS: i32 = 1 << (SHIFT - 1);

const RUNNING: usize = POINTS;
const RUNNING_CACHED: usize = POINTS + POINT;
const TOTAL: usize = POINTS + 2 * POINT;

/** Bytes of the table of one point. */
export function shiftedTableBytes(): usize {
  return <usize>windowCount(SHIFT) * POINT;
}

/** Bytes of work `shiftedSum` needs. */
export function shiftedSumWork(): usize {
  return <usize>BUCKETS * POINT;
}

/** Fills the tables of n points. */
export function makeShiftedTables(tables: usize, points: usize, n: i32): void {
  const count = windowCount(SHIFT);
  for (let i: i32 = 0; i < n; i++) {
    copyPoint(RUNNING, points);
    for (let w: i32 = 0; w < count; w++) {
      toCached(tables, RUNNING);
      tables += POINT;
      for (let j: i32 = 0; j < SHIFT; j++) double(RUNNING, RUNNING);
    }
    points += POINT;
  }
}

/** out = the sum of n products with tables; `list`: addresses of scalar and table for each. Variable time. */
export function shiftedSum(out: usize, n: i32, list: usize, work: usize): void {
  const count = windowCount(SHIFT);
  for (let j: usize = 0; j < <usize>BUCKETS; j++) setIdentity(work + j * POINT);
  for (let i: i32 = 0; i < n; i++) {
    windows(DIGITS, <usize>load<u32>(list), SHIFT, 2);
    let entry = <usize>load<u32>(list, 4);
    for (let w: i32 = 0; w < count; w++) {
      const d = <i32>load<i16>(DIGITS + ((<usize>w) << 1));
      if (d > 0) {
        const bucket = work + <usize>(d - 1) * POINT;
        addCached(bucket, bucket, entry);
      } else if (d < 0) {
        const bucket = work + <usize>(-d - 1) * POINT;
        subtractCached(bucket, bucket, entry);
      }
      entry += POINT;
    }
    list += 8;
  }
  // The sum of (j + 1) bucket[j], as a sum of running sums from the top.
  setIdentity(RUNNING);
  setIdentity(TOTAL);
  for (let j: i32 = BUCKETS - 1; j >= 0; j--) {
    add(RUNNING, RUNNING, work + <usize>j * POINT);
    toCached(RUNNING_CACHED, RUNNING);
    addCached(TOTAL, TOTAL, RUNNING_CACHED);
  }
  copyPoint(out, TOTAL);
}
