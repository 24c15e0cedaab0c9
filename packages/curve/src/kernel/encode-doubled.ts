// Encodings of the doubles of many points for one inversion, where each encoding by itself takes a square root. To encode
// a product, multiply by half the scalar and encode the double.
//
// With e = 2XY, f = Z^2 + dT^2, g = Y^2 + X^2, h = Z^2 - dT^2 the double of a point is (eh : fg : ...) in a form whose
// encoding (RFC 9496 section 4.3.2) needs 1/(egfh) only. The same steps whatever the points.

import { D, INVSQRT_A_MINUS_D, ONE, SQRT_M1 } from "./constants";
import {
  add,
  blendLanes,
  invert,
  laneToBytes,
  limbs,
  multiply,
  negate,
  PAIR,
  select,
  setLimbs,
  square,
  subtract,
  swapLanes,
} from "./field";
import { POINT } from "./point";
import { absolute, negativeLanes, zeroLanes } from "./ristretto";
import { CODEC_PAIRS, POWER_PAIRS } from "./scratch";

/** Bytes of work for two points. */
export const DOUBLED_WORK: usize = 7 * PAIR;

// Pairs 0 to 4 belong to ristretto.ts.
const X: usize = CODEC_PAIRS + 5 * PAIR;
const Y: usize = CODEC_PAIRS + 6 * PAIR;
const Z: usize = CODEC_PAIRS + 7 * PAIR;
const T: usize = CODEC_PAIRS + 8 * PAIR;
const RUNNING: usize = CODEC_PAIRS + 9 * PAIR;
const INVERSE: usize = CODEC_PAIRS + 10 * PAIR;
const Z_INVERSE: usize = CODEC_PAIRS + 11 * PAIR;
const T_INVERSE: usize = CODEC_PAIRS + 12 * PAIR;
const MAGIC: usize = CODEC_PAIRS + 13 * PAIR;
const U: usize = CODEC_PAIRS + 14 * PAIR;
const V: usize = CODEC_PAIRS + 15 * PAIR;

/** Encodes 2 p for n points, 32 bytes each; `work`: DOUBLED_WORK for every two of them or part of two. */
export function encodeDoubled(bytes: usize, points: usize, n: i32, work: usize): void {
  const pairs = (n + 1) >> 1;
  for (let k: i32 = 0; k < 5; k++) setLimbs(RUNNING, k, limbs(ONE, k));
  for (let i: i32 = 0; i < pairs; i++) {
    const a = points + <usize>i * 2 * POINT;
    const b = 2 * i + 1 < n ? a + POINT : a;
    const e = work + <usize>i * DOUBLED_WORK;
    const f = e + PAIR;
    const g = e + 2 * PAIR;
    const h = e + 3 * PAIR;
    const eg = e + 4 * PAIR;
    const fh = e + 5 * PAIR;
    const before = e + 6 * PAIR;
    for (let k: i32 = 0; k < 5; k++) {
      const xyA = limbs(a, k);
      const xyB = limbs(b, k);
      const tzA = limbs(a + PAIR, k);
      const tzB = limbs(b + PAIR, k);
      setLimbs(X, k, blendLanes(xyA, swapLanes(xyB)));
      setLimbs(Y, k, blendLanes(swapLanes(xyA), xyB));
      setLimbs(T, k, blendLanes(tzA, swapLanes(tzB)));
      setLimbs(Z, k, blendLanes(swapLanes(tzA), tzB));
    }
    multiply(e, X, Y);
    add(e, e, e);
    square(Z, Z);
    square(T, T);
    multiply(T, T, D);
    add(f, Z, T);
    subtract(h, Z, T);
    square(X, X);
    square(Y, Y);
    add(g, Y, X);
    multiply(eg, e, g);
    multiply(fh, f, h);
    for (let k: i32 = 0; k < 5; k++) setLimbs(before, k, limbs(RUNNING, k));
    multiply(U, eg, fh);
    select(U, U, ONE, zeroLanes(U));
    multiply(RUNNING, RUNNING, U);
  }
  invert(RUNNING, RUNNING, POWER_PAIRS);
  for (let i: i32 = pairs - 1; i >= 0; i--) {
    const e = work + <usize>i * DOUBLED_WORK;
    const f = e + PAIR;
    const g = e + 2 * PAIR;
    const h = e + 3 * PAIR;
    const eg = e + 4 * PAIR;
    const fh = e + 5 * PAIR;
    const before = e + 6 * PAIR;
    multiply(INVERSE, RUNNING, before);
    multiply(U, eg, fh);
    // The double is the identity: nothing to invert, and all that follows is zero with an inverse of zero.
    const zero = zeroLanes(U);
    select(U, U, ONE, zero);
    multiply(RUNNING, RUNNING, U);
    subtract(V, ONE, ONE);
    select(INVERSE, INVERSE, V, zero);
    multiply(Z_INVERSE, eg, INVERSE);
    multiply(T_INVERSE, fh, INVERSE);
    // Rotate by a point of order four where x y would be negative.
    multiply(U, eg, Z_INVERSE);
    const rotate = negativeLanes(U);
    negate(V, e);
    multiply(U, f, SQRT_M1);
    select(e, e, g, rotate);
    select(g, g, V, rotate);
    select(h, h, U, rotate);
    select(MAGIC, INVSQRT_A_MINUS_D, SQRT_M1, rotate);
    multiply(U, h, e);
    multiply(U, U, Z_INVERSE);
    const flip = negativeLanes(U);
    negate(V, g);
    select(g, g, V, flip);
    subtract(U, h, g);
    multiply(V, g, T_INVERSE);
    multiply(V, V, MAGIC);
    multiply(U, U, V);
    absolute(U, U);
    const at = bytes + ((<usize>i) << 6);
    laneToBytes(at, U, 0);
    if (2 * i + 1 < n) laneToBytes(at + 32, U, 1);
  }
}
