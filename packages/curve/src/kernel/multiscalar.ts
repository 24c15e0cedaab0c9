// Sums of many products.

import { nonAdjacent, radix16, windowCount, windows } from "./digits";
import { addOddMultiple } from "./multiply";
import {
  add,
  addCached,
  cachedMultiples,
  cachedOddMultiples,
  copyPoint,
  double,
  negate,
  POINT,
  selectCached,
  setIdentity,
  subtractCached,
  toCached,
} from "./point";
import { POINTS } from "./scratch";

const SELECTED: usize = POINTS;
const SUM: usize = POINTS + POINT;
const RUNNING: usize = POINTS + 2 * POINT;
const RUNNING_CACHED: usize = POINTS + 3 * POINT;
const TOTAL: usize = POINTS + 4 * POINT;
const SPARE: usize = POINTS + 5 * POINT; // two points

/** Bytes of work `multiSecret` needs for one product. */
export const SECRET_WORK: usize = 64 + 8 * POINT;

/**
 * out = sum of scalars[i] points[i], the same steps and addresses whatever the scalars. `work`: SECRET_WORK bytes a
 * product, cleared at the end.
 */
export function multiSecret(out: usize, n: i32, scalars: usize, points: usize, work: usize): void {
  const tables = work;
  const digits = work + <usize>n * 8 * POINT;
  for (let i: usize = 0; i < <usize>n; i++) {
    radix16(digits + 64 * i, scalars + 32 * i);
    cachedMultiples(tables + i * 8 * POINT, points + i * POINT, 8, SUM);
  }
  setIdentity(SUM);
  for (let position: i32 = 63; position >= 0; position--) {
    double(SUM, SUM);
    double(SUM, SUM);
    double(SUM, SUM);
    double(SUM, SUM);
    for (let i: usize = 0; i < <usize>n; i++) {
      selectCached(SELECTED, tables + i * 8 * POINT, 8, <i32>load<i8>(digits + 64 * i + <usize>position));
      addCached(SUM, SUM, SELECTED);
    }
  }
  memory.fill(work, 0, <usize>n * SECRET_WORK);
  copyPoint(out, SUM);
}

/** Bytes of work `straus` needs for a product with a point of its own, and for one with a static table. */
export const STRAUS_WORK: usize = 256 + 8 * POINT;
export const STATIC_WORK: usize = 256;

/**
 * out = sum of scalars[i] points[i] + sum of staticScalars[j] times the point of table j. Interleaved windows (Straus).
 * Variable time.
 */
export function straus(
  out: usize,
  n: i32,
  scalars: usize,
  points: usize,
  statics: i32,
  staticScalars: usize,
  tables: usize,
  tableBytes: usize,
  tableWidth: i32,
  work: usize,
): void {
  const odd = work;
  const digits = work + <usize>n * 8 * POINT;
  const staticDigits = digits + 256 * <usize>n;
  for (let i: usize = 0; i < <usize>n; i++) {
    nonAdjacent(digits + 256 * i, scalars + 32 * i, 5);
    cachedOddMultiples(odd + i * 8 * POINT, points + i * POINT, 8, SPARE);
  }
  for (let j: usize = 0; j < <usize>statics; j++) {
    nonAdjacent(staticDigits + 256 * j, staticScalars + 32 * j, tableWidth);
  }
  setIdentity(SUM);
  for (let position: i32 = 254; position >= 0; position--) {
    double(SUM, SUM);
    let at = digits + <usize>position;
    let table = odd;
    for (let i: i32 = 0; i < n; i++) {
      addOddMultiple(SUM, table, <i32>load<i8>(at));
      at += 256;
      table += 8 * POINT;
    }
    at = staticDigits + <usize>position;
    table = tables;
    for (let j: i32 = 0; j < statics; j++) {
      addOddMultiple(SUM, table, <i32>load<i8>(at));
      at += 256;
      table += tableBytes;
    }
  }
  copyPoint(out, SUM);
}

/** Bytes of work `pippenger` needs. */
export function pippengerWork(n: i32, bits: i32): usize {
  return (
    <usize>n * (POINT + ((<usize>windowCount(bits)) << 1)) + ((<usize>1) << (bits - 1)) * (POINT + 1) + 64
  );
}

/** out = sum of scalars[i] points[i], by buckets of windows of `bits` bits. Variable time. */
export function pippenger(out: usize, n: i32, scalars: usize, points: usize, bits: i32, work: usize): void {
  const count = windowCount(bits);
  const bucketCount = 1 << (bits - 1);
  const cached = work;
  const buckets = cached + <usize>n * POINT;
  const used = buckets + <usize>bucketCount * POINT;
  const digits = (used + <usize>bucketCount + 15) & ~(<usize>15);
  const digitBytes = (<usize>count) << 1;
  for (let i: usize = 0; i < <usize>n; i++) {
    toCached(cached + i * POINT, points + i * POINT);
    windows(digits + i * digitBytes, scalars + 32 * i, bits);
  }
  setIdentity(SUM);
  for (let w: i32 = count - 1; w >= 0; w--) {
    if (w != count - 1) for (let i: i32 = 0; i < bits; i++) double(SUM, SUM);
    memory.fill(used, 0, bucketCount);
    let at = digits + ((<usize>w) << 1);
    for (let i: usize = 0; i < <usize>n; i++) {
      const d = <i32>load<i16>(at);
      at += digitBytes;
      if (d == 0) continue;
      const index = <usize>(abs(d) - 1);
      const bucket = buckets + index * POINT;
      if (load<u8>(used + index)) {
        if (d > 0) addCached(bucket, bucket, cached + i * POINT);
        else subtractCached(bucket, bucket, cached + i * POINT);
      } else {
        store<u8>(used + index, 1);
        if (d > 0) copyPoint(bucket, points + i * POINT);
        else negate(bucket, points + i * POINT);
      }
    }
    // sum of (j + 1) bucket[j], as a sum of running sums from the top.
    let empty = true;
    let changed = false;
    setIdentity(RUNNING);
    setIdentity(TOTAL);
    for (let j: i32 = bucketCount - 1; j >= 0; j--) {
      if (load<u8>(used + <usize>j)) {
        const bucket = buckets + <usize>j * POINT;
        if (empty) copyPoint(RUNNING, bucket);
        else add(RUNNING, RUNNING, bucket);
        empty = false;
        changed = true;
      }
      if (empty) continue;
      if (changed) toCached(RUNNING_CACHED, RUNNING);
      changed = false;
      addCached(TOTAL, TOTAL, RUNNING_CACHED);
    }
    if (!empty) add(SUM, SUM, TOTAL);
  }
  copyPoint(out, SUM);
}
