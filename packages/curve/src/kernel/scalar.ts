// Arithmetic modulo the order of the group, l = 2^252 + c.
//
// A scalar in memory is its 32 canonical bytes (little endian). For a product it is cut into nine limbs of 28 bits:
// 252 is nine times 28, so that what lies above folds back by multiples of the five limbs of c. Columns are signed
// 64-bit sums. No branch and no address depends on a value.

import { SCALAR_POWERS } from "./scratch";

/** Bytes of a scalar. */
export const SCALAR: usize = 32;

/** Limbs of c = l - 2^252. */
const C0: i64 = 0xcf5d3ed;
const C1: i64 = 0x12631a5;
const C2: i64 = 0x79cd658;
const C3: i64 = 0xf9dea2f;
const C4: i64 = 0x14de;

/** 28 bits. */
const M: i64 = 0xfffffff;

/** Stores the canonical remainder of nineteen columns. */
// @ts-ignore: decorator
@inline
function reduceColumns(
  out: usize,
  t0: i64,
  t1: i64,
  t2: i64,
  t3: i64,
  t4: i64,
  t5: i64,
  t6: i64,
  t7: i64,
  t8: i64,
  t9: i64,
  t10: i64,
  t11: i64,
  t12: i64,
  t13: i64,
  t14: i64,
  t15: i64,
  t16: i64,
  t17: i64,
  t18: i64,
): void {
  // Limbs from 252 bits up, carried.
  t9 += t8 >> 28;
  t8 &= M;
  t10 += t9 >> 28;
  t9 &= M;
  t11 += t10 >> 28;
  t10 &= M;
  t12 += t11 >> 28;
  t11 &= M;
  t13 += t12 >> 28;
  t12 &= M;
  t14 += t13 >> 28;
  t13 &= M;
  t15 += t14 >> 28;
  t14 &= M;
  t16 += t15 >> 28;
  t15 &= M;
  t17 += t16 >> 28;
  t16 &= M;
  t18 += t17 >> 28;
  t17 &= M;
  // 2^252 = -c: fold limbs 9..18 (252 bits and more) onto 0..13.
  let u0 = t0 - (t9 * C0);
  let u1 = t1 - (t10 * C0 + t9 * C1);
  let u2 = t2 - (t11 * C0 + t10 * C1 + t9 * C2);
  let u3 = t3 - (t12 * C0 + t11 * C1 + t10 * C2 + t9 * C3);
  let u4 = t4 - (t13 * C0 + t12 * C1 + t11 * C2 + t10 * C3 + t9 * C4);
  let u5 = t5 - (t14 * C0 + t13 * C1 + t12 * C2 + t11 * C3 + t10 * C4);
  let u6 = t6 - (t15 * C0 + t14 * C1 + t13 * C2 + t12 * C3 + t11 * C4);
  let u7 = t7 - (t16 * C0 + t15 * C1 + t14 * C2 + t13 * C3 + t12 * C4);
  let u8 = t8 - (t17 * C0 + t16 * C1 + t15 * C2 + t14 * C3 + t13 * C4);
  let u9 = -(t18 * C0 + t17 * C1 + t16 * C2 + t15 * C3 + t14 * C4);
  let u10 = -(t18 * C1 + t17 * C2 + t16 * C3 + t15 * C4);
  let u11 = -(t18 * C2 + t17 * C3 + t16 * C4);
  let u12 = -(t18 * C3 + t17 * C4);
  let u13 = -(t18 * C4);
  // Again, limbs 9..14 onto 0..9.
  let u14: i64 = 0;
  u9 += u8 >> 28;
  u8 &= M;
  u10 += u9 >> 28;
  u9 &= M;
  u11 += u10 >> 28;
  u10 &= M;
  u12 += u11 >> 28;
  u11 &= M;
  u13 += u12 >> 28;
  u12 &= M;
  u14 += u13 >> 28;
  u13 &= M;
  let v0 = u0 - (u9 * C0);
  let v1 = u1 - (u10 * C0 + u9 * C1);
  let v2 = u2 - (u11 * C0 + u10 * C1 + u9 * C2);
  let v3 = u3 - (u12 * C0 + u11 * C1 + u10 * C2 + u9 * C3);
  let v4 = u4 - (u13 * C0 + u12 * C1 + u11 * C2 + u10 * C3 + u9 * C4);
  let v5 = u5 - (u14 * C0 + u13 * C1 + u12 * C2 + u11 * C3 + u10 * C4);
  let v6 = u6 - (u14 * C1 + u13 * C2 + u12 * C3 + u11 * C4);
  let v7 = u7 - (u14 * C2 + u13 * C3 + u12 * C4);
  let v8 = u8 - (u14 * C3 + u13 * C4);
  let v9 = -(u14 * C4);
  // Once more: what is above 252 bits is now below 2^34 and may be negative.
  v1 += v0 >> 28;
  v0 &= M;
  v2 += v1 >> 28;
  v1 &= M;
  v3 += v2 >> 28;
  v2 &= M;
  v4 += v3 >> 28;
  v3 &= M;
  v5 += v4 >> 28;
  v4 &= M;
  v6 += v5 >> 28;
  v5 &= M;
  v7 += v6 >> 28;
  v6 &= M;
  v8 += v7 >> 28;
  v7 &= M;
  v9 += v8 >> 28;
  v8 &= M;
  v0 -= v9 * C0;
  v1 -= v9 * C1;
  v2 -= v9 * C2;
  v3 -= v9 * C3;
  v4 -= v9 * C4;
  v9 = 0;
  v1 += v0 >> 28;
  v0 &= M;
  v2 += v1 >> 28;
  v1 &= M;
  v3 += v2 >> 28;
  v2 &= M;
  v4 += v3 >> 28;
  v3 &= M;
  v5 += v4 >> 28;
  v4 &= M;
  v6 += v5 >> 28;
  v5 &= M;
  v7 += v6 >> 28;
  v6 &= M;
  v8 += v7 >> 28;
  v7 &= M;
  v9 += v8 >> 28;
  v8 &= M;
  // In (-2^160, 2^252 + 2^160) now. Add the order if negative, then subtract it if that leaves no less than 0.
  const negative = v9; // 0, -1, or 1 when 2^252 or more
  const addMask = negative >> 63;
  v0 += C0 & addMask;
  v1 += C1 & addMask;
  v2 += C2 & addMask;
  v3 += C3 & addMask;
  v4 += C4 & addMask;
  v9 += 1 & addMask;
  v1 += v0 >> 28;
  v0 &= M;
  v2 += v1 >> 28;
  v1 &= M;
  v3 += v2 >> 28;
  v2 &= M;
  v4 += v3 >> 28;
  v3 &= M;
  v5 += v4 >> 28;
  v4 &= M;
  v6 += v5 >> 28;
  v5 &= M;
  v7 += v6 >> 28;
  v6 &= M;
  v8 += v7 >> 28;
  v7 &= M;
  v9 += v8 >> 28;
  v8 &= M;
  let w0 = v0 - C0;
  let w1 = v1 - C1;
  let w2 = v2 - C2;
  let w3 = v3 - C3;
  let w4 = v4 - C4;
  let w5 = v5;
  let w6 = v6;
  let w7 = v7;
  let w8 = v8;
  let w9 = v9 - 1;
  w1 += w0 >> 28;
  w0 &= M;
  w2 += w1 >> 28;
  w1 &= M;
  w3 += w2 >> 28;
  w2 &= M;
  w4 += w3 >> 28;
  w3 &= M;
  w5 += w4 >> 28;
  w4 &= M;
  w6 += w5 >> 28;
  w5 &= M;
  w7 += w6 >> 28;
  w6 &= M;
  w8 += w7 >> 28;
  w7 &= M;
  w9 += w8 >> 28;
  w8 &= M;
  const keep = w9 >> 63; // all ones: below the order before the subtraction
  w0 ^= (w0 ^ v0) & keep;
  w1 ^= (w1 ^ v1) & keep;
  w2 ^= (w2 ^ v2) & keep;
  w3 ^= (w3 ^ v3) & keep;
  w4 ^= (w4 ^ v4) & keep;
  w5 ^= (w5 ^ v5) & keep;
  w6 ^= (w6 ^ v6) & keep;
  w7 ^= (w7 ^ v7) & keep;
  w8 ^= (w8 ^ v8) & keep;
  w9 ^= (w9 ^ v9) & keep;
  store<u64>(out, <u64>(w0 | (w1 << 28) | (w2 << 56)), 0);
  store<u64>(out, <u64>((w2 >> 8) | (w3 << 20) | (w4 << 48)), 8);
  store<u64>(out, <u64>((w4 >> 16) | (w5 << 12) | (w6 << 40)), 16);
  store<u64>(out, <u64>((w6 >> 24) | (w7 << 4) | (w8 << 32) | (w9 << 60)), 24);
}

/** out = a + b c modulo l; pass ZERO for a plain product. */
export function multiplyAdd(out: usize, a: usize, b: usize, addend: usize): void {
  const a0 = <i64>((<u64>load<u32>(a, 0)) & 0xfffffff);
  const a1 = <i64>((<u64>load<u32>(a, 3) >> 4) & 0xfffffff);
  const a2 = <i64>((<u64>load<u32>(a, 7)) & 0xfffffff);
  const a3 = <i64>((<u64>load<u32>(a, 10) >> 4) & 0xfffffff);
  const a4 = <i64>((<u64>load<u32>(a, 14)) & 0xfffffff);
  const a5 = <i64>((<u64>load<u32>(a, 17) >> 4) & 0xfffffff);
  const a6 = <i64>((<u64>load<u32>(a, 21)) & 0xfffffff);
  const a7 = <i64>((<u64>load<u32>(a, 24) >> 4) & 0xfffffff);
  const a8 = <i64>(<u64>load<u32>(a, 28));
  const b0 = <i64>((<u64>load<u32>(b, 0)) & 0xfffffff);
  const b1 = <i64>((<u64>load<u32>(b, 3) >> 4) & 0xfffffff);
  const b2 = <i64>((<u64>load<u32>(b, 7)) & 0xfffffff);
  const b3 = <i64>((<u64>load<u32>(b, 10) >> 4) & 0xfffffff);
  const b4 = <i64>((<u64>load<u32>(b, 14)) & 0xfffffff);
  const b5 = <i64>((<u64>load<u32>(b, 17) >> 4) & 0xfffffff);
  const b6 = <i64>((<u64>load<u32>(b, 21)) & 0xfffffff);
  const b7 = <i64>((<u64>load<u32>(b, 24) >> 4) & 0xfffffff);
  const b8 = <i64>(<u64>load<u32>(b, 28));
  const c0 = <i64>((<u64>load<u32>(addend, 0)) & 0xfffffff);
  const c1 = <i64>((<u64>load<u32>(addend, 3) >> 4) & 0xfffffff);
  const c2 = <i64>((<u64>load<u32>(addend, 7)) & 0xfffffff);
  const c3 = <i64>((<u64>load<u32>(addend, 10) >> 4) & 0xfffffff);
  const c4 = <i64>((<u64>load<u32>(addend, 14)) & 0xfffffff);
  const c5 = <i64>((<u64>load<u32>(addend, 17) >> 4) & 0xfffffff);
  const c6 = <i64>((<u64>load<u32>(addend, 21)) & 0xfffffff);
  const c7 = <i64>((<u64>load<u32>(addend, 24) >> 4) & 0xfffffff);
  const c8 = <i64>(<u64>load<u32>(addend, 28));
  reduceColumns(
    out,
    a0 * b0 + c0,
    a0 * b1 + a1 * b0 + c1,
    a0 * b2 + a1 * b1 + a2 * b0 + c2,
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + c3,
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + c4,
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + c5,
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + c6,
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0 + c7,
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0 + c8,
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
    a6 * b8 + a7 * b7 + a8 * b6,
    a7 * b8 + a8 * b7,
    a8 * b8,
    0,
    0,
  );
}

/** out = a^2 modulo l. */
export function square(out: usize, a: usize): void {
  const a0 = <i64>((<u64>load<u32>(a, 0)) & 0xfffffff);
  const a1 = <i64>((<u64>load<u32>(a, 3) >> 4) & 0xfffffff);
  const a2 = <i64>((<u64>load<u32>(a, 7)) & 0xfffffff);
  const a3 = <i64>((<u64>load<u32>(a, 10) >> 4) & 0xfffffff);
  const a4 = <i64>((<u64>load<u32>(a, 14)) & 0xfffffff);
  const a5 = <i64>((<u64>load<u32>(a, 17) >> 4) & 0xfffffff);
  const a6 = <i64>((<u64>load<u32>(a, 21)) & 0xfffffff);
  const a7 = <i64>((<u64>load<u32>(a, 24) >> 4) & 0xfffffff);
  const a8 = <i64>(<u64>load<u32>(a, 28));
  reduceColumns(
    out,
    a0 * a0,
    ((a0 * a1) << 1),
    ((a0 * a2) << 1) + a1 * a1,
    ((a0 * a3 + a1 * a2) << 1),
    ((a0 * a4 + a1 * a3) << 1) + a2 * a2,
    ((a0 * a5 + a1 * a4 + a2 * a3) << 1),
    ((a0 * a6 + a1 * a5 + a2 * a4) << 1) + a3 * a3,
    ((a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4) << 1),
    ((a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) << 1) + a4 * a4,
    ((a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5) << 1),
    ((a2 * a8 + a3 * a7 + a4 * a6) << 1) + a5 * a5,
    ((a3 * a8 + a4 * a7 + a5 * a6) << 1),
    ((a4 * a8 + a5 * a7) << 1) + a6 * a6,
    ((a5 * a8 + a6 * a7) << 1),
    ((a6 * a8) << 1) + a7 * a7,
    ((a7 * a8) << 1),
    a8 * a8,
    0,
    0,
  );
}

/** out = the number in 64 little-endian bytes modulo l. */
export function fromWide(out: usize, wide: usize): void {
  reduceColumns(
    out,
    <i64>((<u64>load<u32>(wide, 0)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 3) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 7)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 10) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 14)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 17) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 21)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 24) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 28)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 31) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 35)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 38) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 42)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 45) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 49)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 52) >> 4) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 56)) & 0xfffffff),
    <i64>((<u64>load<u32>(wide, 59) >> 4) & 0xfffffff),
    <i64>(<u64>load<u8>(wide, 63)),
  );
}

/** 0, 1 and l - 1. */
export const ZERO: usize = memory.data<u64>([0, 0, 0, 0], 16);
export const ONE: usize = memory.data<u64>([1, 0, 0, 0], 16);
export const MINUS_ONE: usize = memory.data<u64>(
  [0x5812631a5cf5d3ec, 0x14def9dea2f79cd6, 0, 0x1000000000000000],
  16,
);

/** l - 2. */
const INVERSION_EXPONENT: usize = memory.data<u64>(
  [0x5812631a5cf5d3eb, 0x14def9dea2f79cd6, 0, 0x1000000000000000],
  16,
);

// @ts-ignore: decorator
@inline
export function multiply(out: usize, a: usize, b: usize): void {
  multiplyAdd(out, a, b, ZERO);
}

/** out = 1/a (0 for 0), as a^(l - 2). */
export function invert(out: usize, a: usize): void {
  const powers = SCALAR_POWERS;
  memory.copy(powers, ONE, SCALAR);
  for (let i: usize = 1; i < 16; i++) multiply(powers + i * SCALAR, powers + (i - 1) * SCALAR, a);
  const result = powers + 16 * SCALAR;
  memory.copy(result, ONE, SCALAR);
  // The exponent is public: its digits may steer.
  for (let i: i32 = 63; i >= 0; i--) {
    for (let j: i32 = 0; j < 4; j++) square(result, result);
    const digit = (load<u8>(INVERSION_EXPONENT + <usize>(i >> 1)) >> <u8>((i & 1) << 2)) & 15;
    if (digit != 0) multiply(result, result, powers + <usize>digit * SCALAR);
  }
  memory.copy(out, result, SCALAR);
}

/** Replaces n scalars by their inverses (0 stays 0). `work`: n + 2 scalars. */
export function batchInvert(scalars: usize, n: i32, work: usize): void {
  const running = work + <usize>n * SCALAR;
  const value = running + SCALAR;
  memory.copy(running, ONE, SCALAR);
  for (let i: usize = 0; i < <usize>n; i++) {
    memory.copy(work + i * SCALAR, running, SCALAR);
    oneForZero(value, scalars + i * SCALAR);
    multiply(running, running, value);
  }
  invert(running, running);
  for (let i: i32 = n - 1; i >= 0; i--) {
    const s = scalars + <usize>i * SCALAR;
    const zero = oneForZero(value, s);
    multiply(s, running, work + <usize>i * SCALAR);
    for (let j: usize = 0; j < 32; j += 8) store<u64>(s + j, load<u64>(s + j) & ~zero);
    multiply(running, running, value);
  }
  memory.fill(work, 0, <usize>(n + 2) * SCALAR);
}

/** out = a, or 1 for 0; returns all ones for 0. No branch. */
function oneForZero(out: usize, a: usize): u64 {
  const bits = load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24);
  const zero: u64 = ((bits | (0 - bits)) >> 63) - 1;
  store<u64>(out, load<u64>(a) | (zero & 1));
  store<u64>(out, load<u64>(a, 8), 8);
  store<u64>(out, load<u64>(a, 16), 16);
  store<u64>(out, load<u64>(a, 24), 24);
  return zero;
}
