// Sums of many products. Products come as a list of pairs of addresses (four bytes each): scalar, then point or table.

import { nonAdjacent, radix16, windowCount, windows } from "./digits";
import { addOddMultiple } from "./multiply";
import {
  POINT,
  add,
  addCached,
  cachedMultiples,
  cachedOddMultiples,
  copyPoint,
  double,
  negate,
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

// @ts-ignore: decorator
@inline
function scalarOf(list: usize, i: usize): usize {
  return <usize>load<u32>(list + (i << 3));
}

// @ts-ignore: decorator
@inline
function pointOf(list: usize, i: usize): usize {
  return <usize>load<u32>(list + (i << 3), 4);
}

/**
 * out = the sum of n products, the same steps and addresses whatever the scalars. `work`: 64 + 8 POINT bytes a product,
 * cleared at the end.
 */
export function multiSecret(out: usize, n: i32, list: usize, work: usize): void {
  const tables = work;
  const digits = work + <usize>n * 8 * POINT;
  for (let i: usize = 0; i < <usize>n; i++) {
    radix16(digits + 64 * i, scalarOf(list, i));
    cachedMultiples(tables + i * 8 * POINT, pointOf(list, i), 8, SUM);
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
  memory.fill(work, 0, <usize>n * (64 + 8 * POINT));
  copyPoint(out, SUM);
}

/** out = the sum of ones[i] where bits[i] (a byte each) is 1 and zeros[i] where it is 0, the same steps for all bits. */
export function selectedSum(out: usize, n: i32, bits: usize, zeros: usize, ones: usize): void {
  setIdentity(SUM);
  for (let i: i32 = 0; i < n; i++) {
    const mask = i64x2.splat(-(<i64>(load<u8>(bits) & 1)));
    for (let k: usize = 0; k < POINT; k += 16) {
      v128.store(SELECTED + k, v128.bitselect(v128.load(ones + k), v128.load(zeros + k), mask));
    }
    add(SUM, SUM, SELECTED);
    bits += 1;
    zeros += POINT;
    ones += POINT;
  }
  copyPoint(out, SUM);
}

/**
 * out = the sum of n products; interleaved windows (Straus). `work`: 8 POINT bytes a product, then 256 a product and
 * 2048 more. Variable time.
 */
export function straus(out: usize, n: i32, list: usize, work: usize): void {
  const odd = work;
  const digits = work + <usize>n * 8 * POINT;
  // The digits for one power of two lie together: most are zero, and eight are skipped at a time.
  const row = (<usize>n + 7) & ~(<usize>7);
  memory.fill(digits, 0, row << 8);
  for (let i: usize = 0; i < <usize>n; i++) {
    nonAdjacent(digits + i, scalarOf(list, i), 5, row);
    cachedOddMultiples(odd + i * 8 * POINT, pointOf(list, i), 8, SPARE);
  }
  setIdentity(SUM);
  let started = false;
  for (let position: i32 = 254; position >= 0; position--) {
    if (started) double(SUM, SUM);
    const line = digits + <usize>position * row;
    for (let group: usize = 0; group < row; group += 8) {
      if (load<u64>(line + group) == 0) continue;
      started = true;
      for (let i = group; i < group + 8; i++) {
        const d = <i32>load<i8>(line + i);
        if (d != 0) addOddMultiple(SUM, odd + i * 8 * POINT, d);
      }
    }
  }
  copyPoint(out, SUM);
}

/** Bytes of work `pippenger` needs. */
export function pippengerWork(n: i32, bits: i32): usize {
  return <usize>n * (POINT + ((<usize>windowCount(bits)) << 1)) + (<usize>1 << (bits - 1)) * (POINT + 1) + 64;
}

/** out = the sum of n products, by buckets of windows of `bits` bits (Pippenger). Variable time. */
export function pippenger(out: usize, n: i32, list: usize, bits: i32, work: usize): void {
  const count = windowCount(bits);
  const bucketCount = 1 << (bits - 1);
  const cached = work;
  const buckets = cached + <usize>n * POINT;
  const used = buckets + <usize>bucketCount * POINT;
  const digits = (used + <usize>bucketCount + 15) & ~(<usize>15);
  const line = <usize>n << 1;
  for (let i: usize = 0; i < <usize>n; i++) {
    toCached(cached + i * POINT, pointOf(list, i));
    windows(digits + (i << 1), scalarOf(list, i), bits, line);
  }
  setIdentity(SUM);
  for (let w: i32 = count - 1; w >= 0; w--) {
    if (w != count - 1) for (let i: i32 = 0; i < bits; i++) double(SUM, SUM);
    memory.fill(used, 0, bucketCount);
    let at = digits + <usize>w * line;
    for (let i: usize = 0; i < <usize>n; i++) {
      const d = <i32>load<i16>(at);
      at += 2;
      if (d == 0) continue;
      const index = <usize>(abs(d) - 1);
      const bucket = buckets + index * POINT;
      if (load<u8>(used + index)) {
        if (d > 0) addCached(bucket, bucket, cached + i * POINT);
        else subtractCached(bucket, bucket, cached + i * POINT);
      } else {
        store<u8>(used + index, 1);
        if (d > 0) copyPoint(bucket, pointOf(list, i));
        else negate(bucket, pointOf(list, i));
      }
    }
    // The sum of (j + 1) bucket[j], as a sum of running sums from the top.
    let empty = true;
    let changed = false;
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
