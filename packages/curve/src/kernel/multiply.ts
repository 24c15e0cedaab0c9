// Multiplication of one point.

import { BASE } from "./constants";
import { nonAdjacent, radix16 } from "./digits";
import {
  addCached,
  cachedMultiples,
  cachedOddMultiples,
  copyPoint,
  double,
  POINT,
  selectCached,
  setIdentity,
  subtractCached,
} from "./point";
import { DIGITS, POINTS } from "./scratch";

const TABLE: usize = POINTS;
const SELECTED: usize = POINTS + 8 * POINT;
const SUM: usize = POINTS + 9 * POINT;
const SPARE: usize = POINTS + 10 * POINT;

// @ts-ignore: decorator
@inline
function digit(digits: usize, i: i32): i32 {
  return <i32>load<i8>(digits + <usize>i);
}

/** out = scalar p, the same steps and addresses whatever the scalar. */
export function multiplySecret(out: usize, scalar: usize, p: usize): void {
  radix16(DIGITS, scalar);
  cachedMultiples(TABLE, p, 8, SUM);
  setIdentity(SUM);
  for (let i: i32 = 63; i >= 0; i--) {
    double(SUM, SUM);
    double(SUM, SUM);
    double(SUM, SUM);
    double(SUM, SUM);
    selectCached(SELECTED, TABLE, 8, digit(DIGITS, i));
    addCached(SUM, SUM, SELECTED);
  }
  copyPoint(out, SUM);
}

/** Bytes of a table for `multiplyFixedSecret`. */
export const FIXED_TABLE: usize = 64 * 8 * POINT;

/** Fills a table with the cached points j 16^i p, j from 1 to 8, i from 0 to 63. */
export function makeFixedTable(table: usize, p: usize): void {
  copyPoint(SPARE, p);
  for (let i: i32 = 0; i < 64; i++) {
    cachedMultiples(table, SPARE, 8, SUM);
    double(SPARE, SUM); // twice 8 times
    table += 8 * POINT;
  }
}

/** out = scalar p of the table's point p, the same steps and addresses whatever the scalar. */
export function multiplyFixedSecret(out: usize, scalar: usize, table: usize): void {
  radix16(DIGITS, scalar);
  setIdentity(SUM);
  for (let i: i32 = 0; i < 64; i++) {
    selectCached(SELECTED, table, 8, digit(DIGITS, i));
    addCached(SUM, SUM, SELECTED);
    table += 8 * POINT;
  }
  copyPoint(out, SUM);
}

/** out = scalar p of the table's point p. Variable time. */
export function multiplyFixedPublic(out: usize, scalar: usize, table: usize): void {
  radix16(DIGITS, scalar);
  setIdentity(SUM);
  for (let i: i32 = 0; i < 64; i++) {
    const d = digit(DIGITS, i);
    if (d > 0) addCached(SUM, SUM, table + <usize>(d - 1) * POINT);
    else if (d < 0) subtractCached(SUM, SUM, table + <usize>(-d - 1) * POINT);
    table += 8 * POINT;
  }
  copyPoint(out, SUM);
}

/** p += digit times the point of a table of cached odd multiples. */
// @ts-ignore: decorator
@inline
export function addOddMultiple(p: usize, table: usize, d: i32): void {
  if (d > 0) addCached(p, p, table + <usize>(d >> 1) * POINT);
  else if (d < 0) subtractCached(p, p, table + <usize>(-d >> 1) * POINT);
}

/** out = scalar p. Variable time. */
export function multiplyPublic(out: usize, scalar: usize, p: usize): void {
  memory.fill(DIGITS, 0, 256);
  nonAdjacent(DIGITS, scalar, 5, 1);
  cachedOddMultiples(TABLE, p, 8, SUM);
  setIdentity(SUM);
  let i: i32 = 255;
  while (i >= 0 && digit(DIGITS, i) == 0) i--;
  for (; i >= 0; i--) {
    double(SUM, SUM);
    addOddMultiple(SUM, TABLE, digit(DIGITS, i));
  }
  copyPoint(out, SUM);
}

/** Width of the non-adjacent form for fixed points, and how many odd multiples that takes. */
export const STATIC_WIDTH: i32 = 8;
export const STATIC_MULTIPLES: i32 = 64;

/** Cached odd multiples of the base point, for variable-time use. */
const BASE_ODD: usize = memory.data(64 * 160, 16);

/** Table of the base point for `multiplyFixedSecret`. */
const BASE_FIXED: usize = memory.data(64 * 8 * 160, 16);

let baseOddMade: bool = false;
let baseFixedMade: bool = false;

export function baseOdd(): usize {
  if (!baseOddMade) {
    cachedOddMultiples(BASE_ODD, BASE, STATIC_MULTIPLES, SPARE);
    baseOddMade = true;
  }
  return BASE_ODD;
}

/** Table of the base point, made at first use. */
export function baseFixed(): usize {
  if (!baseFixedMade) {
    makeFixedTable(BASE_FIXED, BASE);
    baseFixedMade = true;
  }
  return BASE_FIXED;
}

/** out = a p + b B, B the base point. Variable time. */
export function doubleMultiplyBasePublic(out: usize, a: usize, p: usize, b: usize): void {
  const base = baseOdd();
  memory.fill(DIGITS, 0, 512);
  nonAdjacent(DIGITS, a, 5, 1);
  nonAdjacent(DIGITS + 256, b, STATIC_WIDTH, 1);
  cachedOddMultiples(TABLE, p, 8, SUM);
  setIdentity(SUM);
  let i: i32 = 255;
  while (i >= 0 && (digit(DIGITS, i) | digit(DIGITS + 256, i)) == 0) i--;
  for (; i >= 0; i--) {
    double(SUM, SUM);
    addOddMultiple(SUM, TABLE, digit(DIGITS, i));
    addOddMultiple(SUM, base, digit(DIGITS + 256, i));
  }
  copyPoint(out, SUM);
}
