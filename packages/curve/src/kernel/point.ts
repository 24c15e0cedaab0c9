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
  carryAndStore,
  copy,
  FUSED,
  laneFromBytes,
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

/** A point from 32 bytes each of X, Y, T, Z, unchecked: how tests get at other points of a coset. */
export function setCoordinates(out: usize, bytes: usize): void {
  laneFromBytes(out, 0, bytes);
  laneFromBytes(out, 1, bytes + 32);
  laneFromBytes(out + PAIR, 0, bytes + 64);
  laneFromBytes(out + PAIR, 1, bytes + 96);
}

/** Canonical bytes of X, Y, T, Z, 32 each: for tests. */
export function getCoordinates(bytes: usize, p: usize): void {
  laneToBytes(bytes, p, 0);
  laneToBytes(bytes + 32, p, 1);
  laneToBytes(bytes + 64, p + PAIR, 0);
  laneToBytes(bytes + 96, p + PAIR, 1);
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

/** (X + Y | Z) of vectors k. */
// @ts-ignore: decorator
@inline
function sumAndZ(p: usize, k: i32): v128 {
  const xy = limbs(p, k);
  return blendLanes(plus(xy, swapLanes(xy)), limbs(p + PAIR, k));
}

/** (E | G) = (A + B - S | A - B). */
// @ts-ignore: decorator
@inline
function doubleRight(k: i32): v128 {
  const ab = limbs(M0, k); // (A | B) = (X^2 | Y^2)
  const sc = limbs(M1, k); // (S | C) = ((X + Y)^2 | Z^2), S already negated in the integer form
  const ba = swapLanes(ab);
  const left = blendLanes(plus(ab, ba), minus(blendLanes(ab, ba), blendLanes(ba, ab), k));
  if (FUSED) return minus(left, onlyA(sc), k);
  return plus(left, onlyA(sc));
}

/** (F | H) = (2C + A - B | A + B). */
// @ts-ignore: decorator
@inline
function doubleLeft(k: i32): v128 {
  const ab = limbs(M0, k);
  const ba = swapLanes(ab);
  const cs = swapLanes(limbs(M1, k));
  return plus(
    blendLanes(minus(blendLanes(ab, ba), blendLanes(ba, ab), k), plus(ab, ba)),
    onlyA(plus(cs, cs)),
  );
}

/** The same with G of one unit, out of RIGHT: three units at most, where G anew would make it four. */
// @ts-ignore: decorator
@inline
function doubleLeftOf(k: i32): v128 {
  const ab = limbs(M0, k);
  const cs = swapLanes(limbs(M1, k));
  return plus(blendLanes(swapLanes(limbs(RIGHT, k)), plus(ab, swapLanes(ab))), onlyA(plus(cs, cs)));
}

/** out = 2 p. */
export function double(out: usize, p: usize): void {
  square(M0, p);
  if (FUSED) {
    // Sums of more than one unit are to be carried before a product.
    carryAndStore(M1, sumAndZ(p, 0), sumAndZ(p, 1), sumAndZ(p, 2), sumAndZ(p, 3), sumAndZ(p, 4));
    square(M1, M1);
    carryAndStore(RIGHT, doubleRight(0), doubleRight(1), doubleRight(2), doubleRight(3), doubleRight(4));
    storeLeft(0, doubleLeftOf(0));
    storeLeft(1, doubleLeftOf(1));
    storeLeft(2, doubleLeftOf(2));
    storeLeft(3, doubleLeftOf(3));
    storeLeft(4, doubleLeftOf(4));
  } else {
    for (let k: i32 = 0; k < 5; k++) setLimbs(M1, k, sumAndZ(p, k));
    squareNegateA(M1, M1);
    for (let k: i32 = 0; k < 5; k++) {
      const left = doubleLeft(k);
      setLimbs(RIGHT, k, doubleRight(k));
      setLimbs(LEFT, k, left);
      setLimbs(LEFT_SWAPPED, k, swapLanes(left));
    }
  }
  finish(out);
}

/** (Y - X | Y + X) of vector k of (X | Y). */
// @ts-ignore: decorator
@inline
function differenceAndSum(p: usize, k: i32): v128 {
  const xy = limbs(p, k);
  return plus(swapLanes(xy), negateA(xy, k));
}

/** (E | G) = (B - A | D + C). */
// @ts-ignore: decorator
@inline
function addRight(k: i32): v128 {
  const ab = limbs(M0, k);
  const cd = limbs(M1, k);
  return plus(blendLanes(swapLanes(ab), cd), negateA(blendLanes(ab, swapLanes(cd)), k));
}

/** (F | H) = (D - C | B + A). */
// @ts-ignore: decorator
@inline
function addLeft(k: i32): v128 {
  const ab = limbs(M0, k);
  const cd = limbs(M1, k);
  return plus(blendLanes(swapLanes(cd), ab), negateA(blendLanes(cd, swapLanes(ab)), k));
}

/** Stores the right factor, carried if it has to be. */
// @ts-ignore: decorator
@inline
function storeRight(v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  if (FUSED) carryAndStore(RIGHT, v0, v1, v2, v3, v4);
  else {
    setLimbs(RIGHT, 0, v0);
    setLimbs(RIGHT, 1, v1);
    setLimbs(RIGHT, 2, v2);
    setLimbs(RIGHT, 3, v3);
    setLimbs(RIGHT, 4, v4);
  }
}

// @ts-ignore: decorator
@inline
function storeLeft(k: i32, left: v128): void {
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
  storeRight(addRight(0), addRight(1), addRight(2), addRight(3), addRight(4));
  storeLeft(0, addLeft(0));
  storeLeft(1, addLeft(1));
  storeLeft(2, addLeft(2));
  storeLeft(3, addLeft(3));
  storeLeft(4, addLeft(4));
  finish(out);
}

// A subtraction is an addition with the lanes of p crossed instead of those of q, and C negated: M0 holds (B | A).

/** (E | G) = (B - A | D - C). */
// @ts-ignore: decorator
@inline
function subtractRight(k: i32): v128 {
  const ba = limbs(M0, k);
  const cd = limbs(M1, k);
  return minus(blendLanes(ba, cd), blendLanes(swapLanes(ba), swapLanes(cd)), k);
}

/** (F | H) = (D + C | B + A). */
// @ts-ignore: decorator
@inline
function subtractLeft(k: i32): v128 {
  const ba = limbs(M0, k);
  const cd = limbs(M1, k);
  return plus(blendLanes(swapLanes(cd), swapLanes(ba)), blendLanes(cd, ba));
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
  storeRight(subtractRight(0), subtractRight(1), subtractRight(2), subtractRight(3), subtractRight(4));
  storeLeft(0, subtractLeft(0));
  storeLeft(1, subtractLeft(1));
  storeLeft(2, subtractLeft(2));
  storeLeft(3, subtractLeft(3));
  storeLeft(4, subtractLeft(4));
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
