// ristretto255 (RFC 9496): elements from bytes, to bytes, and from uniform bytes, two at a time.

import {
  D,
  D_MINUS_ONE_SQ,
  INVSQRT_A_MINUS_D,
  ONE,
  ONE_MINUS_D_SQ,
  SQRT_AD_MINUS_ONE,
  SQRT_M1,
} from "./constants";
import {
  add,
  blendLanes,
  laneFromBytes,
  laneToBytes,
  limbs,
  multiply,
  negate,
  negateWhere,
  PAIR,
  powerP58,
  select,
  setLimbs,
  square,
  subtract,
  swapLanes,
} from "./field";
import { add as addPoints } from "./point";
import { CODEC_BYTES, CODEC_PAIRS, POINTS, POWER_PAIRS } from "./scratch";

// Pairs 0..4 belong to squareRootOfRatio, 5..15 to its callers.
const R: usize = CODEC_PAIRS;
const CHECK: usize = CODEC_PAIRS + PAIR;
const V3: usize = CODEC_PAIRS + 2 * PAIR;
const OTHER: usize = CODEC_PAIRS + 3 * PAIR;
const SCRATCH_PAIR: usize = CODEC_PAIRS + 4 * PAIR;
const P5: usize = CODEC_PAIRS + 5 * PAIR;
const P6: usize = CODEC_PAIRS + 6 * PAIR;
const P7: usize = CODEC_PAIRS + 7 * PAIR;
const P8: usize = CODEC_PAIRS + 8 * PAIR;
const P9: usize = CODEC_PAIRS + 9 * PAIR;
const P10: usize = CODEC_PAIRS + 10 * PAIR;
const P11: usize = CODEC_PAIRS + 11 * PAIR;
const P12: usize = CODEC_PAIRS + 12 * PAIR;
const P13: usize = CODEC_PAIRS + 13 * PAIR;
const P14: usize = CODEC_PAIRS + 14 * PAIR;

/** Lanes (bits 1: A, 2: B) holding a negative element: canonical bytes that are odd. */
export function negativeLanes(pair: usize): i32 {
  laneToBytes(CODEC_BYTES, pair, 0);
  laneToBytes(CODEC_BYTES + 32, pair, 1);
  return (load<u8>(CODEC_BYTES) & 1) | ((load<u8>(CODEC_BYTES + 32) & 1) << 1);
}

// @ts-ignore: decorator
@inline
function isZero32(bytes: usize): i32 {
  return i32((load<u64>(bytes) | load<u64>(bytes, 8) | load<u64>(bytes, 16) | load<u64>(bytes, 24)) == 0);
}

/** Lanes holding zero. */
export function zeroLanes(pair: usize): i32 {
  laneToBytes(CODEC_BYTES, pair, 0);
  laneToBytes(CODEC_BYTES + 32, pair, 1);
  return isZero32(CODEC_BYTES) | (isZero32(CODEC_BYTES + 32) << 1);
}

/** Lanes where a = b. */
function equalLanes(a: usize, b: usize): i32 {
  subtract(SCRATCH_PAIR, a, b);
  return zeroLanes(SCRATCH_PAIR);
}

/** out = |a|. */
export function absolute(out: usize, a: usize): void {
  const lanes = negativeLanes(a);
  negateWhere(out, a, lanes, SCRATCH_PAIR);
}

/** SQRT_RATIO_M1 of RFC 9496 section 4.2 in both lanes; returns the lanes where u/v is a square. */
function squareRootOfRatio(out: usize, u: usize, v: usize): i32 {
  square(V3, v);
  multiply(V3, V3, v);
  square(R, V3);
  multiply(R, R, v);
  multiply(R, R, u); // u v^7
  powerP58(CHECK, R, POWER_PAIRS);
  multiply(R, V3, u);
  multiply(R, R, CHECK); // u v^3 (u v^7)^((p - 5) / 8)
  square(CHECK, R);
  multiply(CHECK, CHECK, v);
  const correct = equalLanes(CHECK, u);
  negate(OTHER, u);
  const flipped = equalLanes(CHECK, OTHER);
  multiply(OTHER, OTHER, SQRT_M1);
  const flippedI = equalLanes(CHECK, OTHER);
  multiply(OTHER, R, SQRT_M1);
  select(R, R, OTHER, flipped | flippedI);
  absolute(out, R);
  return correct | flipped;
}

/** Whether 32 bytes are a canonical, non-negative field element. */
function isCanonicalSign(pair: usize, lane: i32, bytes: usize): i32 {
  laneToBytes(CODEC_BYTES, pair, lane);
  let different: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) different |= load<u64>(CODEC_BYTES + i) ^ load<u64>(bytes + i);
  return i32(different == 0) & (1 ^ (load<u8>(bytes) & 1));
}

/**
 * DECODE (RFC 9496 section 4.3.1) of two encodings into two extended points; returns the lanes that were valid.
 * An invalid one leaves a meaningless point.
 */
export function decodePair(outA: usize, outB: usize, bytesA: usize, bytesB: usize): i32 {
  const s = P5;
  laneFromBytes(s, 0, bytesA);
  laneFromBytes(s, 1, bytesB);
  let valid = isCanonicalSign(s, 0, bytesA) | (isCanonicalSign(s, 1, bytesB) << 1);
  const u1 = P6;
  const u2 = P7;
  const u2s = P8;
  const v = P9;
  const invsqrt = P10;
  square(P11, s);
  subtract(u1, ONE, P11);
  add(u2, ONE, P11);
  square(u2s, u2);
  square(v, u1);
  multiply(v, v, D);
  add(v, v, u2s);
  negate(v, v); // -(D u1^2) - u2^2
  multiply(P11, v, u2s);
  const wasSquare = squareRootOfRatio(invsqrt, ONE, P11);
  const x = P11;
  const y = P12;
  multiply(x, invsqrt, u2); // den_x
  multiply(y, invsqrt, x);
  multiply(y, y, v); // den_y
  multiply(y, y, u1);
  multiply(x, x, s);
  add(x, x, x);
  absolute(x, x);
  const t = P13;
  multiply(t, x, y);
  valid &= wasSquare & (3 ^ negativeLanes(t)) & (3 ^ zeroLanes(y));
  for (let k: i32 = 0; k < 5; k++) {
    const xs = limbs(x, k);
    const ys = limbs(y, k);
    const ts = limbs(t, k);
    const one = limbs(ONE, k);
    setLimbs(outA, k, blendLanes(xs, swapLanes(ys)));
    setLimbs(outA + PAIR, k, blendLanes(ts, one));
    setLimbs(outB, k, blendLanes(swapLanes(xs), ys));
    setLimbs(outB + PAIR, k, blendLanes(swapLanes(ts), one));
  }
  return valid;
}

/** Coordinates of two points, one point a lane: x, y, z, t. */
// @ts-ignore: decorator
@inline
export function transpose(x: usize, y: usize, z: usize, t: usize, a: usize, b: usize): void {
  for (let k: i32 = 0; k < 5; k++) {
    const xyA = limbs(a, k);
    const xyB = limbs(b, k);
    const tzA = limbs(a + PAIR, k);
    const tzB = limbs(b + PAIR, k);
    setLimbs(x, k, blendLanes(xyA, swapLanes(xyB)));
    setLimbs(y, k, blendLanes(swapLanes(xyA), xyB));
    setLimbs(t, k, blendLanes(tzA, swapLanes(tzB)));
    setLimbs(z, k, blendLanes(swapLanes(tzA), tzB));
  }
}

/** ENCODE (RFC 9496 section 4.3.2) of two extended points. */
export function encodePair(bytesA: usize, bytesB: usize, a: usize, b: usize): void {
  const x = P5;
  const y = P6;
  const z = P7;
  const t = P8;
  transpose(x, y, z, t, a, b);
  const u1 = P9;
  const u2 = P10;
  add(P11, z, y);
  subtract(P12, z, y);
  multiply(u1, P11, P12);
  multiply(u2, x, y);
  square(P11, u2);
  multiply(P11, P11, u1);
  squareRootOfRatio(P12, ONE, P11);
  const den1 = P13;
  const den2 = P14;
  multiply(den1, P12, u1);
  multiply(den2, P12, u2);
  const zInverse = P9; // u1 is no longer needed
  multiply(zInverse, den1, den2);
  multiply(zInverse, zInverse, t);
  multiply(P10, t, zInverse);
  const rotate = negativeLanes(P10);
  multiply(P10, x, SQRT_M1);
  multiply(P11, y, SQRT_M1);
  select(x, x, P11, rotate);
  select(y, y, P10, rotate);
  multiply(P10, den1, INVSQRT_A_MINUS_D);
  select(den2, den2, P10, rotate);
  multiply(P10, x, zInverse);
  const flip = negativeLanes(P10);
  negateWhere(y, y, flip, SCRATCH_PAIR);
  subtract(P11, z, y);
  multiply(P11, den2, P11);
  absolute(P11, P11);
  laneToBytes(bytesA, P11, 0);
  laneToBytes(bytesB, P11, 1);
}

/** out = the sum of MAP of two field elements of 32 bytes (RFC 9496 section 4.3.4), a lane each. */
export function fromUniform(out: usize, bytes: usize): void {
  const t = P5;
  laneFromBytes(t, 0, bytes);
  laneFromBytes(t, 1, bytes + 32);
  const r = P6;
  const u = P7;
  const v = P8;
  square(r, t);
  multiply(r, r, SQRT_M1);
  add(u, r, ONE);
  multiply(u, u, ONE_MINUS_D_SQ);
  multiply(P9, r, D);
  add(P9, P9, ONE);
  negate(P9, P9); // -1 - r D
  add(v, r, D);
  multiply(v, v, P9);
  const s = P9;
  const wasSquare = squareRootOfRatio(s, u, v);
  multiply(P10, s, t);
  absolute(P10, P10);
  negate(P10, P10);
  select(s, P10, s, wasSquare);
  const c = P11;
  negate(c, ONE);
  select(c, r, c, wasSquare);
  const n = P12;
  subtract(n, r, ONE);
  multiply(n, n, c);
  multiply(n, n, D_MINUS_ONE_SQ);
  subtract(n, n, v);
  const w0 = P10;
  const w1 = P13;
  const w2 = P6;
  const w3 = P7;
  add(w0, s, s);
  multiply(w0, w0, v);
  multiply(w1, n, SQRT_AD_MINUS_ONE);
  square(P14, s);
  subtract(w2, ONE, P14);
  add(w3, ONE, P14);
  const x = P11;
  const y = P12;
  const z = P5;
  const tt = P14;
  multiply(x, w0, w3);
  multiply(y, w2, w1);
  multiply(z, w1, w3);
  multiply(tt, w0, w2);
  const a = POINTS;
  const b = POINTS + 2 * PAIR;
  for (let k: i32 = 0; k < 5; k++) {
    const xs = limbs(x, k);
    const ys = limbs(y, k);
    const zs = limbs(z, k);
    const ts = limbs(tt, k);
    setLimbs(a, k, blendLanes(xs, swapLanes(ys)));
    setLimbs(a + PAIR, k, blendLanes(ts, swapLanes(zs)));
    setLimbs(b, k, blendLanes(swapLanes(xs), ys));
    setLimbs(b + PAIR, k, blendLanes(swapLanes(ts), zs));
  }
  addPoints(out, a, b);
}

/** Whether a point is the identity of ristretto255: X = 0 or Y = 0. */
export function isIdentity(p: usize): i32 {
  return i32(zeroLanes(p) != 0);
}
