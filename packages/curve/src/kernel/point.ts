// Points of the Edwards curve -x^2 + y^2 = 1 + d x^2 y^2 in extended coordinates, x = X/Z, y = Y/Z, T = XY/Z.
//
// One point at a time, its coordinates side by side in the two lanes, so that each operation is pairs of independent
// field operations: first pair (X | Y), second pair (T | Z).
//
// A point that will be added is "cached": (Y - X | Y + X), (2dT | 2Z).
//
// Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), sections 3.1 and 3.3.

import { CACHING, IDENTITY, IDENTITY_CACHED, ONE } from "./constants";
import {
  blendLanes,
  carry,
  copy,
  FUSED,
  laneToBytes,
  limbs,
  minus,
  multiply,
  negateA,
  onlyA,
  PAIR,
  plus,
  setLimbs,
  square,
  squareNegateA,
  swapLanes,
} from "./field";
import { CODEC_BYTES, POINT_PAIRS } from "./scratch";

/** Bytes of a point, extended or cached. */
export const POINT: usize = 2 * PAIR;

const M0: usize = POINT_PAIRS;
const M1: usize = POINT_PAIRS + PAIR;
const LEFT: usize = POINT_PAIRS + 2 * PAIR;
const LEFT_SWAPPED: usize = POINT_PAIRS + 3 * PAIR;
const RIGHT: usize = POINT_PAIRS + 4 * PAIR;

export function setIdentity(out: usize): void {
  copyPoint(out, IDENTITY);
}

// @ts-ignore: decorator
@inline
export function copyPoint(out: usize, p: usize): void {
  copy(out, p);
  copy(out + PAIR, p + PAIR);
}

// @ts-ignore: decorator
@inline
function finish(out: usize): void {
  multiply(out, LEFT, RIGHT); // (F | H) (E | G) = (X | Y)
  multiply(out + PAIR, LEFT_SWAPPED, RIGHT); // (H | F) (E | G) = (T | Z)
}

// @ts-ignore: decorator
@inline
function doubleStep(k: i32): void {
  const ab = limbs(M0, k); // (A | B) = (X^2 | Y^2)
  const sc = limbs(M1, k); // (-S | C) = (-(X + Y)^2 | Z^2)
  const ba = swapLanes(ab);
  const cs = swapLanes(sc);
  const sum = plus(ab, ba); // A + B in both lanes
  const difference = minus(blendLanes(ab, ba), blendLanes(ba, ab), k); // A - B in both
  // E = A + B - S, G = A - B, F = 2C + A - B, H = A + B
  setLimbs(RIGHT, k, plus(blendLanes(sum, difference), onlyA(sc)));
  const left = plus(blendLanes(difference, sum), onlyA(plus(cs, cs)));
  setLimbs(LEFT, k, left);
}

/** out = 2 p. */
export function double(out: usize, p: usize): void {
  for (let k: i32 = 0; k < 5; k++) {
    const xy = limbs(p, k);
    setLimbs(M1, k, blendLanes(plus(xy, swapLanes(xy)), limbs(p + PAIR, k))); // (X + Y | Z)
  }
  if (FUSED) carry(M1, M1);
  square(M0, p);
  squareNegateA(M1, M1);
  doubleStep(0);
  doubleStep(1);
  doubleStep(2);
  doubleStep(3);
  doubleStep(4);
  if (FUSED) {
    carry(LEFT, LEFT);
    carry(RIGHT, RIGHT);
  }
  for (let k: i32 = 0; k < 5; k++) setLimbs(LEFT_SWAPPED, k, swapLanes(limbs(LEFT, k)));
  finish(out);
}

/** (Y - X | Y + X) of vector k of (X | Y). */
// @ts-ignore: decorator
@inline
function differenceAndSum(p: usize, k: i32): v128 {
  const xy = limbs(p, k);
  return plus(swapLanes(xy), negateA(xy, k));
}

// @ts-ignore: decorator
@inline
function addStep(k: i32): void {
  const ab = limbs(M0, k);
  const cd = limbs(M1, k);
  const ba = swapLanes(ab);
  const dc = swapLanes(cd);
  // E = B - A, G = D + C, F = D - C, H = B + A
  setLimbs(RIGHT, k, plus(blendLanes(ba, cd), negateA(blendLanes(ab, dc), k)));
  const left = plus(blendLanes(dc, ab), negateA(blendLanes(cd, ba), k));
  setLimbs(LEFT, k, left);
  setLimbs(LEFT_SWAPPED, k, swapLanes(left));
}

/** out = p + q, q cached. */
export function addCached(out: usize, p: usize, q: usize): void {
  setLimbs(LEFT, 0, differenceAndSum(p, 0));
  setLimbs(LEFT, 1, differenceAndSum(p, 1));
  setLimbs(LEFT, 2, differenceAndSum(p, 2));
  setLimbs(LEFT, 3, differenceAndSum(p, 3));
  setLimbs(LEFT, 4, differenceAndSum(p, 4));
  multiply(M0, LEFT, q); // (A | B)
  multiply(M1, p + PAIR, q + PAIR); // (C | D)
  addStep(0);
  addStep(1);
  addStep(2);
  addStep(3);
  addStep(4);
  if (FUSED) carry(RIGHT, RIGHT);
  finish(out);
}

// @ts-ignore: decorator
@inline
function subtractStep(k: i32): void {
  const ba = limbs(M0, k); // factors crossed: lane A holds what lane B has to be
  const cd = limbs(M1, k);
  const ab = swapLanes(ba);
  const dc = swapLanes(cd);
  // As in an addition with C negated: E = B - A, G = D - C, F = D + C, H = B + A
  setLimbs(RIGHT, k, minus(blendLanes(ba, cd), blendLanes(ab, dc), k));
  const left = plus(blendLanes(dc, ab), blendLanes(cd, ba));
  setLimbs(LEFT, k, left);
  setLimbs(LEFT_SWAPPED, k, swapLanes(left));
}

/** out = p - q, q cached. */
export function subtractCached(out: usize, p: usize, q: usize): void {
  // (Y + X | Y - X): the lanes of p crossed instead of those of q.
  setLimbs(LEFT, 0, swapLanes(differenceAndSum(p, 0)));
  setLimbs(LEFT, 1, swapLanes(differenceAndSum(p, 1)));
  setLimbs(LEFT, 2, swapLanes(differenceAndSum(p, 2)));
  setLimbs(LEFT, 3, swapLanes(differenceAndSum(p, 3)));
  setLimbs(LEFT, 4, swapLanes(differenceAndSum(p, 4)));
  multiply(M0, LEFT, q);
  multiply(M1, p + PAIR, q + PAIR);
  subtractStep(0);
  subtractStep(1);
  subtractStep(2);
  subtractStep(3);
  subtractStep(4);
  if (FUSED) carry(RIGHT, RIGHT);
  finish(out);
}

/** out = p, cached. */
export function toCached(out: usize, p: usize): void {
  setLimbs(LEFT, 0, differenceAndSum(p, 0));
  setLimbs(LEFT, 1, differenceAndSum(p, 1));
  setLimbs(LEFT, 2, differenceAndSum(p, 2));
  setLimbs(LEFT, 3, differenceAndSum(p, 3));
  setLimbs(LEFT, 4, differenceAndSum(p, 4));
  multiply(out + PAIR, p + PAIR, CACHING);
  carry(out, LEFT);
}

const CACHED: usize = POINT_PAIRS + 5 * PAIR; // two pairs

/** out = p + q. */
export function add(out: usize, p: usize, q: usize): void {
  toCached(CACHED, q);
  addCached(out, p, CACHED);
}

/** out = p - q. */
export function subtract(out: usize, p: usize, q: usize): void {
  toCached(CACHED, q);
  subtractCached(out, p, CACHED);
}

/** out = -p. */
export function negate(out: usize, p: usize): void {
  // -(X, Y, Z, T) = (-X, Y, Z, -T); added to zero so that the limbs come out carried.
  for (let k: i32 = 0; k < 5; k++) {
    setLimbs(M0, k, negateA(limbs(p, k), k));
    setLimbs(M1, k, negateA(limbs(p + PAIR, k), k));
  }
  multiply(out, M0, ONE);
  multiply(out + PAIR, M1, ONE);
}

/** 1 if p and q are the same element of ristretto255 (RFC 9496 section 4.3.3): X1 Y2 = Y1 X2 or Y1 Y2 = X1 X2. */
export function equals(p: usize, q: usize): i32 {
  for (let k: i32 = 0; k < 5; k++) setLimbs(LEFT, k, swapLanes(limbs(q, k)));
  multiply(M0, p, LEFT); // (X1 Y2 | Y1 X2)
  multiply(M1, p, q); // (X1 X2 | Y1 Y2)
  return lanesEqual(M0) | lanesEqual(M1);
}

function lanesEqual(pair: usize): i32 {
  laneToBytes(CODEC_BYTES, pair, 0);
  laneToBytes(CODEC_BYTES + 32, pair, 1);
  let different: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) different |= load<u64>(CODEC_BYTES + i) ^ load<u64>(CODEC_BYTES + 32 + i);
  return i32(different == 0);
}

/**
 * out = digit times the point of a table of cached multiples 1 to `size`, for a digit from -size to size. Reads the
 * whole table and takes the same steps whatever the digit.
 */
export function selectCached(out: usize, table: usize, size: i32, digit: i32): void {
  const sign = digit >> 31;
  const magnitude = (digit ^ sign) - sign;
  let a0 = limbs(IDENTITY_CACHED, 0);
  let a1 = limbs(IDENTITY_CACHED, 1);
  let a2 = limbs(IDENTITY_CACHED, 2);
  let a3 = limbs(IDENTITY_CACHED, 3);
  let a4 = limbs(IDENTITY_CACHED, 4);
  let b0 = limbs(IDENTITY_CACHED, 5);
  let b1 = limbs(IDENTITY_CACHED, 6);
  let b2 = limbs(IDENTITY_CACHED, 7);
  let b3 = limbs(IDENTITY_CACHED, 8);
  let b4 = limbs(IDENTITY_CACHED, 9);
  for (let j: i32 = 1; j <= size; j++) {
    // All ones if j is the magnitude.
    const mask = i32x4.splat(((j ^ magnitude) - 1) >> 31);
    a0 = v128.bitselect(limbs(table, 0), a0, mask);
    a1 = v128.bitselect(limbs(table, 1), a1, mask);
    a2 = v128.bitselect(limbs(table, 2), a2, mask);
    a3 = v128.bitselect(limbs(table, 3), a3, mask);
    a4 = v128.bitselect(limbs(table, 4), a4, mask);
    b0 = v128.bitselect(limbs(table, 5), b0, mask);
    b1 = v128.bitselect(limbs(table, 6), b1, mask);
    b2 = v128.bitselect(limbs(table, 7), b2, mask);
    b3 = v128.bitselect(limbs(table, 8), b3, mask);
    b4 = v128.bitselect(limbs(table, 9), b4, mask);
    table += POINT;
  }
  const negative = i32x4.splat(sign);
  setLimbs(out, 0, v128.bitselect(swapLanes(a0), a0, negative));
  setLimbs(out, 1, v128.bitselect(swapLanes(a1), a1, negative));
  setLimbs(out, 2, v128.bitselect(swapLanes(a2), a2, negative));
  setLimbs(out, 3, v128.bitselect(swapLanes(a3), a3, negative));
  setLimbs(out, 4, v128.bitselect(swapLanes(a4), a4, negative));
  setLimbs(out, 5, v128.bitselect(negateA(b0, 0), b0, negative));
  setLimbs(out, 6, v128.bitselect(negateA(b1, 1), b1, negative));
  setLimbs(out, 7, v128.bitselect(negateA(b2, 2), b2, negative));
  setLimbs(out, 8, v128.bitselect(negateA(b3, 3), b3, negative));
  setLimbs(out, 9, v128.bitselect(negateA(b4, 4), b4, negative));
}

/** Cached multiples 1, 2, ..., size of p, one after another; size even. `last` receives size times p, extended. */
export function cachedMultiples(table: usize, p: usize, size: i32, last: usize): void {
  toCached(table, p);
  copyPoint(last, p);
  for (let j: i32 = 1; j < size; j++) {
    addCached(last, last, table);
    toCached(table + <usize>j * POINT, last);
  }
}

/** Cached odd multiples 1, 3, ..., 2 size - 1 of p. `twice`: two points of scratch. */
export function cachedOddMultiples(table: usize, p: usize, size: i32, twice: usize): void {
  const running = twice + POINT;
  toCached(table, p);
  double(running, p);
  toCached(twice, running);
  copyPoint(running, p);
  for (let j: i32 = 1; j < size; j++) {
    addCached(running, running, twice);
    toCached(table + <usize>j * POINT, running);
  }
}
