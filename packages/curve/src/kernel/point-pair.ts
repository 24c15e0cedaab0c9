// Two points at a time, one in each lane: the coordinates X, Y, Z, T of both are four pairs. A doubling takes 4 squares
// and 3 products for both points (T only where an addition follows), against 2 and 2 for one point in point.ts.
//
// For one scalar and many points. The formulas are those of point.ts.

import { CACHING, IDENTITY, IDENTITY_CACHED } from "./constants";
import { radix16 } from "./digits";
import {
  blendLanes,
  carryAndStore,
  limbs,
  minus,
  multiply,
  PAIR,
  plus,
  setLimbs,
  square,
  swapLanes,
} from "./field";
import { DIGITS, POINT_PAIRS, POINTS } from "./scratch";

/** Bytes of two points, extended (X, Y, Z, T) or cached (Y - X, Y + X, 2dT, 2Z). */
const TWO_POINTS: usize = 4 * PAIR;

// Where coordinates are.
const Y: usize = PAIR;
const Z: usize = 2 * PAIR;
const T: usize = 3 * PAIR;

// Working pairs.
const A: usize = POINT_PAIRS;
const B: usize = POINT_PAIRS + PAIR;
const C: usize = POINT_PAIRS + 2 * PAIR;
const S: usize = POINT_PAIRS + 3 * PAIR;
const E: usize = POINT_PAIRS + 4 * PAIR;
const F: usize = POINT_PAIRS + 5 * PAIR;
const G: usize = POINT_PAIRS + 6 * PAIR;
const H: usize = POINT_PAIRS + 7 * PAIR;

// @ts-ignore: decorator
@inline
function carrySum(out: usize, a: usize, b: usize): void {
  carryAndStore(
    out,
    plus(limbs(a, 0), limbs(b, 0)),
    plus(limbs(a, 1), limbs(b, 1)),
    plus(limbs(a, 2), limbs(b, 2)),
    plus(limbs(a, 3), limbs(b, 3)),
    plus(limbs(a, 4), limbs(b, 4)),
  );
}

// @ts-ignore: decorator
@inline
function carryDifference(out: usize, a: usize, b: usize): void {
  carryAndStore(
    out,
    minus(limbs(a, 0), limbs(b, 0), 0),
    minus(limbs(a, 1), limbs(b, 1), 1),
    minus(limbs(a, 2), limbs(b, 2), 2),
    minus(limbs(a, 3), limbs(b, 3), 3),
    minus(limbs(a, 4), limbs(b, 4), 4),
  );
}

/** A + B - S of vectors k. */
// @ts-ignore: decorator
@inline
function doubleE(k: i32): v128 {
  return minus(plus(limbs(A, k), limbs(B, k)), limbs(S, k), k);
}

/** F = 2C + A - B, with G = A - B already carried; H = A + B. */
// @ts-ignore: decorator
@inline
function doubleFH(k: i32): void {
  const c = limbs(C, k);
  setLimbs(F, k, plus(limbs(G, k), plus(c, c)));
  setLimbs(H, k, plus(limbs(A, k), limbs(B, k)));
}

/** p = 2 p; T only if it will be needed. */
export function doubleTwo(p: usize, withT: bool): void {
  square(A, p);
  square(B, p + Y);
  square(C, p + Z);
  carrySum(S, p, p + Y);
  square(S, S);
  carryAndStore(E, doubleE(0), doubleE(1), doubleE(2), doubleE(3), doubleE(4));
  carryDifference(G, A, B);
  doubleFH(0);
  doubleFH(1);
  doubleFH(2);
  doubleFH(3);
  doubleFH(4);
  multiply(p, F, E);
  multiply(p + Y, H, G);
  multiply(p + Z, F, G);
  if (withT) multiply(p + T, H, E);
}

/** E = Y - X, F = Y + X. */
// @ts-ignore: decorator
@inline
function differenceAndSum(p: usize, k: i32): void {
  const x = limbs(p, k);
  const y = limbs(p + Y, k);
  setLimbs(E, k, minus(y, x, k));
  setLimbs(F, k, plus(y, x));
}

/** F = D - C, H = B + A; D is in S. */
// @ts-ignore: decorator
@inline
function addFH(k: i32): void {
  setLimbs(F, k, minus(limbs(S, k), limbs(C, k), k));
  setLimbs(H, k, plus(limbs(B, k), limbs(A, k)));
}

/** p = p + q, q cached, without T: to be doubled next; or with, to be added to. */
export function addCachedTwo(p: usize, q: usize, withT: bool): void {
  differenceAndSum(p, 0);
  differenceAndSum(p, 1);
  differenceAndSum(p, 2);
  differenceAndSum(p, 3);
  differenceAndSum(p, 4);
  multiply(A, E, q);
  multiply(B, F, q + PAIR);
  multiply(C, p + T, q + 2 * PAIR);
  multiply(S, p + Z, q + 3 * PAIR); // D
  carryDifference(E, B, A);
  carrySum(G, S, C);
  addFH(0);
  addFH(1);
  addFH(2);
  addFH(3);
  addFH(4);
  multiply(p, F, E);
  multiply(p + Y, H, G);
  multiply(p + Z, F, G);
  if (withT) multiply(p + T, H, E);
}

function cacheTwo(out: usize, p: usize): void {
  carryDifference(out, p + Y, p);
  carrySum(out + PAIR, p + Y, p);
  // The factors 2d and 2 side by side in CACHING, each in both lanes here.
  for (let k: i32 = 0; k < 5; k++) {
    const c = limbs(CACHING, k);
    setLimbs(A, k, blendLanes(c, swapLanes(c)));
    setLimbs(B, k, blendLanes(swapLanes(c), c));
  }
  multiply(out + 2 * PAIR, p + T, A);
  multiply(out + 3 * PAIR, p + Z, B);
}

/** out = one lane of a pair of constants, in both. */
// @ts-ignore: decorator
@inline
function both(out: usize, constant: usize, laneB: bool): void {
  for (let k: i32 = 0; k < 5; k++) {
    const c = limbs(constant, k);
    setLimbs(out, k, laneB ? blendLanes(swapLanes(c), c) : blendLanes(c, swapLanes(c)));
  }
}

const TABLE: usize = POINTS; // 8 times two points, cached
const SELECTED: usize = POINTS + 8 * TWO_POINTS;
const SUM: usize = POINTS + 9 * TWO_POINTS;
const IDENTITY_TWO: usize = POINTS + 10 * TWO_POINTS;

/** out = digit times both points of the table, -8 to 8: reads all of it, the same steps whatever the digit. */
function selectTwo(out: usize, digit: i32): void {
  const sign = digit >> 31;
  const magnitude = (digit ^ sign) - sign;
  for (let at: usize = 0; at < TWO_POINTS; at += PAIR) {
    let v0 = limbs(IDENTITY_TWO + at, 0);
    let v1 = limbs(IDENTITY_TWO + at, 1);
    let v2 = limbs(IDENTITY_TWO + at, 2);
    let v3 = limbs(IDENTITY_TWO + at, 3);
    let v4 = limbs(IDENTITY_TWO + at, 4);
    let entry = TABLE + at;
    for (let j: i32 = 1; j <= 8; j++) {
      const mask = i32x4.splat(((j ^ magnitude) - 1) >> 31);
      v0 = v128.bitselect(limbs(entry, 0), v0, mask);
      v1 = v128.bitselect(limbs(entry, 1), v1, mask);
      v2 = v128.bitselect(limbs(entry, 2), v2, mask);
      v3 = v128.bitselect(limbs(entry, 3), v3, mask);
      v4 = v128.bitselect(limbs(entry, 4), v4, mask);
      entry += TWO_POINTS;
    }
    setLimbs(out + at, 0, v0);
    setLimbs(out + at, 1, v1);
    setLimbs(out + at, 2, v2);
    setLimbs(out + at, 3, v3);
    setLimbs(out + at, 4, v4);
  }
  // Minus a point: Y - X and Y + X change places, 2dT its sign.
  const negative = i32x4.splat(sign);
  const zero = i32x4.splat(0);
  for (let k: i32 = 0; k < 5; k++) {
    const difference = limbs(out, k);
    const sum = limbs(out + PAIR, k);
    const t = limbs(out + 2 * PAIR, k);
    setLimbs(out, k, v128.bitselect(sum, difference, negative));
    setLimbs(out + PAIR, k, v128.bitselect(difference, sum, negative));
    setLimbs(out + 2 * PAIR, k, v128.bitselect(minus(zero, t, k), t, negative));
  }
}

/** outA = scalar a, outB = scalar b, the same steps and addresses whatever the scalar. */
export function multiplyTwoSecret(outA: usize, outB: usize, scalar: usize, a: usize, b: usize): void {
  radix16(DIGITS, scalar);
  for (let k: i32 = 0; k < 5; k++) {
    const xyA = limbs(a, k);
    const xyB = limbs(b, k);
    const tzA = limbs(a + PAIR, k);
    const tzB = limbs(b + PAIR, k);
    setLimbs(SUM, k, blendLanes(xyA, swapLanes(xyB)));
    setLimbs(SUM + Y, k, blendLanes(swapLanes(xyA), xyB));
    setLimbs(SUM + Z, k, blendLanes(swapLanes(tzA), tzB));
    setLimbs(SUM + T, k, blendLanes(tzA, swapLanes(tzB)));
  }
  both(IDENTITY_TWO, IDENTITY_CACHED, false);
  both(IDENTITY_TWO + PAIR, IDENTITY_CACHED, true);
  both(IDENTITY_TWO + 2 * PAIR, IDENTITY_CACHED + PAIR, false);
  both(IDENTITY_TWO + 3 * PAIR, IDENTITY_CACHED + PAIR, true);
  cacheTwo(TABLE, SUM);
  for (let j: usize = 1; j < 8; j++) {
    addCachedTwo(SUM, TABLE, true);
    cacheTwo(TABLE + j * TWO_POINTS, SUM);
  }
  both(SUM, IDENTITY, false);
  both(SUM + Y, IDENTITY, true);
  both(SUM + Z, IDENTITY, true);
  both(SUM + T, IDENTITY, false);
  for (let i: i32 = 63; i >= 0; i--) {
    doubleTwo(SUM, false);
    doubleTwo(SUM, false);
    doubleTwo(SUM, false);
    doubleTwo(SUM, true);
    selectTwo(SELECTED, <i32>load<i8>(DIGITS + <usize>i));
    if (i > 0) addCachedTwo(SUM, SELECTED, false);
    else addCachedTwo(SUM, SELECTED, true);
  }
  for (let k: i32 = 0; k < 5; k++) {
    const x = limbs(SUM, k);
    const y = limbs(SUM + Y, k);
    const z = limbs(SUM + Z, k);
    const t = limbs(SUM + T, k);
    setLimbs(outA, k, blendLanes(x, swapLanes(y)));
    setLimbs(outA + PAIR, k, blendLanes(t, swapLanes(z)));
    setLimbs(outB, k, blendLanes(swapLanes(x), y));
    setLimbs(outB + PAIR, k, blendLanes(swapLanes(t), z));
  }
}
