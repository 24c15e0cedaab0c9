// Arithmetic modulo p = 2^255 - 19, two independent elements ("lanes" A and B) at a time.
//
// A pair of elements takes five vectors. There are two ways to hold and multiply them, chosen when the kernel is
// compiled: doubles with fused multiply-add (field-fused.ts) or integers (field-integer.ts). Both have "units": sums and
// differences need not be carried before a product as long as they keep to what both allow:
//
//   product: 3 units by 1, in the integer form also 5 by 3; square: 1 unit, in the integer form also 2.

import * as fused from "./field-fused";
import * as integer from "./field-integer";

/** Whether this kernel multiplies with fused multiply-add. */
export const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;

/** Bytes of a pair of field elements. */
export const PAIR: usize = 80;

/** Vector k of a pair. */
// @ts-ignore: decorator
@inline
export function limbs(pair: usize, k: i32): v128 {
  return v128.load(pair + ((<usize>k) << 4));
}

// @ts-ignore: decorator
@inline
export function setLimbs(pair: usize, k: i32, v: v128): void {
  v128.store(pair + ((<usize>k) << 4), v);
}

/** Field multiplications so far, two for each pair, in a kernel compiled to count them. */
export let counted: f64 = 0;

/** The largest |a b| of two limbs multiplied so far, in units, in such a kernel with fused multiply-add. */
export let largest: f64 = 0;

// @ts-ignore: decorator
@inline
function count(a: usize, b: usize, pairs: i32): void {
  if (isDefined(COUNTING)) {
    counted += <f64>(2 * pairs);
    if (ASC_FEATURE_RELAXED_SIMD) largest = max(largest, fused.largestLimb(a) * fused.largestLimb(b));
  }
}

/** out = a b in both lanes. */
// @ts-ignore: decorator
@inline
export function multiply(out: usize, a: usize, b: usize): void {
  count(a, b, 1);
  if (ASC_FEATURE_RELAXED_SIMD) fused.multiply(out, a, b);
  else integer.multiply(out, a, b);
}

/** out = a^2 in both lanes. */
// @ts-ignore: decorator
@inline
export function square(out: usize, a: usize): void {
  count(a, a, 1);
  if (ASC_FEATURE_RELAXED_SIMD) fused.square(out, a);
  else integer.square(out, a);
}

/** The canonical 32 bytes (little endian) of one lane (0 or 1). */
// @ts-ignore: decorator
@inline
export function laneToBytes(out: usize, pair: usize, lane: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) fused.laneToBytes(out, pair, lane);
  else integer.laneToBytes(out, pair, lane);
}

/** One lane from 32 bytes, ignoring the highest bit; values p..2^255-1 are taken as they are. */
// @ts-ignore: decorator
@inline
export function laneFromBytes(pair: usize, lane: i32, bytes: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fused.laneFromBytes(pair, lane, bytes);
  else integer.laneFromBytes(pair, lane, bytes);
}

/** (A, B) to (B, A). */
// @ts-ignore: decorator
@inline
export function swapLanes(v: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.swapLanes(v);
  else return integer.swapLanes(v);
}

/** Lane A of the first, lane B of the second. */
// @ts-ignore: decorator
@inline
export function blendLanes(a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.blendLanes(a, b);
  else return integer.blendLanes(a, b);
}

/** a + b of vectors, not carried. */
// @ts-ignore: decorator
@inline
export function plus(a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.plus(a, b);
  else return integer.plus(a, b);
}

/** a - b of vectors k, not carried; b of one unit. */
// @ts-ignore: decorator
@inline
export function minus(a: v128, b: v128, k: i32): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.minus(a, b, k);
  else return integer.minus(a, b, k);
}

/** a - b of vectors k, b not carried: the result must be. */
// @ts-ignore: decorator
@inline
export function minusMany(a: v128, b: v128, k: i32): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.minusMany(a, b, k);
  else return integer.minusMany(a, b, k);
}

/** Lane A of vector k negated (v of one unit), lane B as it is. */
// @ts-ignore: decorator
@inline
export function negateA(v: v128, k: i32): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.negateA(v, k);
  else return integer.negateA(v, k);
}

/** Lane A, and 0 in lane B. */
// @ts-ignore: decorator
@inline
export function onlyA(v: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.onlyA(v);
  else return integer.onlyA(v);
}

/** All ones in the lanes whose bit of `lanes` is set (1: A, 2: B). */
// @ts-ignore: decorator
@inline
export function laneMask(lanes: i32): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return fused.laneMask(lanes);
  else return integer.laneMask(lanes);
}

/** Carries five vectors to one unit and stores the pair. */
// @ts-ignore: decorator
@inline
export function carryAndStore(out: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  if (ASC_FEATURE_RELAXED_SIMD) fused.carryAndStore(out, v0, v1, v2, v3, v4);
  else integer.carryAndStore(out, v0, v1, v2, v3, v4);
}

/** Fills constants; before anything else. */
// @ts-ignore: decorator
@inline
export function prepare(): void {
  if (ASC_FEATURE_RELAXED_SIMD) fused.prepare();
  else integer.prepare();
}

/** out = a, up to eight units, carried to one. */
export function carry(out: usize, a: usize): void {
  carryAndStore(out, limbs(a, 0), limbs(a, 1), limbs(a, 2), limbs(a, 3), limbs(a, 4));
}

/** out = (-a^2 in lane A, a^2 in lane B): the integer form has it for the price of a square. */
// @ts-ignore: decorator
@inline
export function squareNegateA(out: usize, a: usize): void {
  count(a, a, 1);
  if (!ASC_FEATURE_RELAXED_SIMD) integer.squareNegateA(out, a);
}

/** out = a + b, carried. */
export function add(out: usize, a: usize, b: usize): void {
  carryAndStore(
    out,
    plus(limbs(a, 0), limbs(b, 0)),
    plus(limbs(a, 1), limbs(b, 1)),
    plus(limbs(a, 2), limbs(b, 2)),
    plus(limbs(a, 3), limbs(b, 3)),
    plus(limbs(a, 4), limbs(b, 4)),
  );
}

/** out = a - b, carried. */
export function subtract(out: usize, a: usize, b: usize): void {
  carryAndStore(
    out,
    minusMany(limbs(a, 0), limbs(b, 0), 0),
    minusMany(limbs(a, 1), limbs(b, 1), 1),
    minusMany(limbs(a, 2), limbs(b, 2), 2),
    minusMany(limbs(a, 3), limbs(b, 3), 3),
    minusMany(limbs(a, 4), limbs(b, 4), 4),
  );
}

/** out = -a, carried. */
export function negate(out: usize, a: usize): void {
  const zero = i32x4.splat(0);
  carryAndStore(
    out,
    minusMany(zero, limbs(a, 0), 0),
    minusMany(zero, limbs(a, 1), 1),
    minusMany(zero, limbs(a, 2), 2),
    minusMany(zero, limbs(a, 3), 3),
    minusMany(zero, limbs(a, 4), 4),
  );
}

// @ts-ignore: decorator
@inline
export function copy(out: usize, a: usize): void {
  for (let k: i32 = 0; k < 5; k++) setLimbs(out, k, limbs(a, k));
}

/** out = b in the lanes chosen, else a; no branch on the choice. */
export function select(out: usize, a: usize, b: usize, lanes: i32): void {
  const mask = laneMask(lanes);
  for (let k: i32 = 0; k < 5; k++) setLimbs(out, k, v128.bitselect(limbs(b, k), limbs(a, k), mask));
}

/** out = -a in the lanes chosen. */
export function negateWhere(out: usize, a: usize, lanes: i32, scratch: usize): void {
  negate(scratch, a);
  select(out, a, scratch, lanes);
}

/** out = a^(2^n), n at least 1. */
export function squareTimes(out: usize, a: usize, n: i32): void {
  count(a, a, n);
  if (ASC_FEATURE_RELAXED_SIMD) fused.squareTimes(out, a, n);
  else {
    integer.square(out, a);
    for (let i: i32 = 1; i < n; i++) integer.square(out, out);
  }
}

/**
 * t0 = a^(2^250 - 1), t1 = a^11 (the common part of the inversion and the square root).
 * `scratch` holds four pairs: t0..t3.
 */
function powerChain(scratch: usize, a: usize): void {
  const t0 = scratch;
  const t1 = scratch + PAIR;
  const t2 = scratch + 2 * PAIR;
  const t3 = scratch + 3 * PAIR;
  square(t0, a); // 2
  squareTimes(t2, t0, 2); // 8
  multiply(t2, t2, a); // 9
  multiply(t1, t0, t2); // 11
  square(t0, t1); // 22
  multiply(t0, t0, t2); // 2^5 - 1
  squareTimes(t2, t0, 5);
  multiply(t0, t2, t0); // 2^10 - 1
  squareTimes(t2, t0, 10);
  multiply(t2, t2, t0); // 2^20 - 1
  squareTimes(t3, t2, 20);
  multiply(t2, t3, t2); // 2^40 - 1
  squareTimes(t2, t2, 10);
  multiply(t0, t2, t0); // 2^50 - 1
  squareTimes(t2, t0, 50);
  multiply(t2, t2, t0); // 2^100 - 1
  squareTimes(t3, t2, 100);
  multiply(t2, t3, t2); // 2^200 - 1
  squareTimes(t2, t2, 50);
  multiply(t0, t2, t0); // 2^250 - 1
}

/** out = 1/a (0 for 0): a^(p - 2). Four pairs of scratch; `out` may be `a`. */
export function invert(out: usize, a: usize, scratch: usize): void {
  powerChain(scratch, a);
  squareTimes(scratch, scratch, 5);
  multiply(out, scratch, scratch + PAIR); // 2^255 - 32 + 11
}

/** out = a^((p - 5) / 8) = a^(2^252 - 3). Four pairs of scratch; `out` must not be in it. */
export function powerP58(out: usize, a: usize, scratch: usize): void {
  powerChain(scratch, a);
  squareTimes(scratch, scratch, 2);
  multiply(out, scratch, a);
}

