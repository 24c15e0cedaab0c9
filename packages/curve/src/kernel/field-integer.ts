// Field arithmetic of field.ts with integers (WebAssembly SIMD), for engines without fused multiply-add.
//
// An element is ten unsigned limbs of alternately 26 and 25 bits (radix 2^25.5). Vector k of a pair holds
// (A[2k], B[2k], A[2k+1], B[2k+1]), so that the low halves of two vectors multiply even limbs and the high halves odd
// ones, both elements in one instruction.
//
// Bounds. One "unit" is the size of a limb just carried: 2^26 (even) or 2^25 (odd), and a little more (0.4 %).
// A product takes a left operand of at most 5.6 units and a right one of at most 3.36 units (19 times a limb must
// fit 32 bits), a square 2 units; results are one unit. A sum adds units, `minus` adds two units to those of its left
// side and takes one unit on its right.

// @ts-ignore: decorator
@inline
function limbs(pair: usize, k: i32): v128 {
  return v128.load(pair + ((<usize>k) << 4));
}

// @ts-ignore: decorator
@inline
function setLimbs(pair: usize, k: i32, v: v128): void {
  v128.store(pair + ((<usize>k) << 4), v);
}

// Constants are kept in memory: engines make them anew at each use otherwise.
const CONSTANTS: usize = memory.data<u32>(
  [
    0x3ffffff, 0, 0x3ffffff, 0, // 26 bits
    0x1ffffff, 0, 0x1ffffff, 0, // 25 bits
    19, 19, 19, 19,
    0, 0, 0xffffffff, 0xffffffff, // high half
    0x3ffffff, 0x3ffffff, 0x1ffffff, 0x1ffffff, // bits of each limb
    0xffffffff, 0, 0xffffffff, 0, // lane A
    0x7ffffda, 0x7ffffda, 0x3fffffe, 0x3fffffe, // 2 p, vector 0
    0x7fffffe, 0x7fffffe, 0x3fffffe, 0x3fffffe, // 2 p, vectors 1 to 4
    0x7ffffdb, 0, 0x3ffffff, 0, // the same plus 1, in lane A
    0x7ffffff, 0, 0x3ffffff, 0,
  ],
  16,
);

// @ts-ignore: decorator
@inline
function constant(k: i32): v128 {
  return v128.load(CONSTANTS + ((<usize>k) << 4));
}

/** Nothing to prepare: see field-fused.ts. */
export function prepare(): void {}

// @ts-ignore: decorator
@inline
function lo(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_u(a, b);
}

// @ts-ignore: decorator
@inline
function hi(a: v128, b: v128): v128 {
  return i64x2.extmul_high_i32x4_u(a, b);
}

// @ts-ignore: decorator
@inline
function sum5(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return i64x2.add(i64x2.add(i64x2.add(i64x2.add(a, b), c), d), e);
}

// @ts-ignore: decorator
@inline
function sum6(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128): v128 {
  return i64x2.add(sum5(a, b, c, d, e), f);
}

// @ts-ignore: decorator
@inline
function sum10(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, i: v128, j: v128): v128 {
  return i64x2.add(i64x2.add(i64x2.add(i64x2.add(sum6(a, b, c, d, e, f), g), h), i), j);
}

/** (A, B, A', B') to (B, A, B', A'). */
// @ts-ignore: decorator
@inline
export function swapLanes(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 1, 0, 3, 2);
}

/** Lane A of the first, lane B of the second. */
// @ts-ignore: decorator
@inline
export function blendLanes(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 5, 2, 7);
}

// @ts-ignore: decorator
@inline
function timesTwoHigh(v: v128): v128 {
  return i32x4.add(v, v128.and(v, constant(3)));
}

// @ts-ignore: decorator
@inline
function swapHalves(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 2, 3, 0, 1);
}

// @ts-ignore: decorator
@inline
function times19(v: v128): v128 {
  return i32x4.mul(v, constant(2));
}

// @ts-ignore: decorator
@inline
function pack(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 0, 2, 4, 6);
}

/** Carries ten 64-bit columns to one unit each and stores the pair. */
// @ts-ignore: decorator
@inline
function reduceColumns(
  out: usize,
  z0: v128,
  z1: v128,
  z2: v128,
  z3: v128,
  z4: v128,
  z5: v128,
  z6: v128,
  z7: v128,
  z8: v128,
  z9: v128,
): void {
  const m26 = constant(0);
  const m25 = constant(1);
  // Two chains at once (from limb 0 and from limb 4) to halve the latency.
  z1 = i64x2.add(z1, i64x2.shr_u(z0, 26));
  z0 = v128.and(z0, m26);
  z5 = i64x2.add(z5, i64x2.shr_u(z4, 26));
  z4 = v128.and(z4, m26);
  z2 = i64x2.add(z2, i64x2.shr_u(z1, 25));
  z1 = v128.and(z1, m25);
  z6 = i64x2.add(z6, i64x2.shr_u(z5, 25));
  z5 = v128.and(z5, m25);
  z3 = i64x2.add(z3, i64x2.shr_u(z2, 26));
  z2 = v128.and(z2, m26);
  z7 = i64x2.add(z7, i64x2.shr_u(z6, 26));
  z6 = v128.and(z6, m26);
  z4 = i64x2.add(z4, i64x2.shr_u(z3, 25));
  z3 = v128.and(z3, m25);
  z8 = i64x2.add(z8, i64x2.shr_u(z7, 25));
  z7 = v128.and(z7, m25);
  z5 = i64x2.add(z5, i64x2.shr_u(z4, 26));
  z4 = v128.and(z4, m26);
  z9 = i64x2.add(z9, i64x2.shr_u(z8, 26));
  z8 = v128.and(z8, m26);
  // 2^255 = 19: the carry out of limb 9 is below 2^39.
  const c = i64x2.shr_u(z9, 25);
  z9 = v128.and(z9, m25);
  z0 = i64x2.add(i64x2.add(z0, c), i64x2.add(i64x2.shl(c, 1), i64x2.shl(c, 4)));
  z1 = i64x2.add(z1, i64x2.shr_u(z0, 26));
  z0 = v128.and(z0, m26);
  setLimbs(out, 0, pack(z0, z1));
  setLimbs(out, 1, pack(z2, z3));
  setLimbs(out, 2, pack(z4, z5));
  setLimbs(out, 3, pack(z6, z7));
  setLimbs(out, 4, pack(z8, z9));
}

/** out = a b in both lanes; a up to 5.6 units, b up to 3.36. */
export function multiply(out: usize, a: usize, b: usize): void {
  const x0 = limbs(a, 0);
  const x1 = limbs(a, 1);
  const x2 = limbs(a, 2);
  const x3 = limbs(a, 3);
  const x4 = limbs(a, 4);
  const y0 = limbs(b, 0);
  const y1 = limbs(b, 1);
  const y2 = limbs(b, 2);
  const y3 = limbs(b, 3);
  const y4 = limbs(b, 4);
  // A product of two odd limbs lands half a bit too low, so it counts twice: e holds (even, 2 odd), s (odd, even);
  // E and S are 19 times those, for products that wrap.
  const e0 = timesTwoHigh(y0);
  const e1 = timesTwoHigh(y1);
  const e2 = timesTwoHigh(y2);
  const e3 = timesTwoHigh(y3);
  const e4 = timesTwoHigh(y4);
  const s0 = swapHalves(y0);
  const s1 = swapHalves(y1);
  const s2 = swapHalves(y2);
  const s3 = swapHalves(y3);
  const s4 = swapHalves(y4);
  const E0 = times19(e0);
  const E1 = times19(e1);
  const E2 = times19(e2);
  const E3 = times19(e3);
  const E4 = times19(e4);
  const S1 = times19(s1);
  const S2 = times19(s2);
  const S3 = times19(s3);
  const S4 = times19(s4);
  const z0 = sum10(lo(x0, e0), hi(x0, E4), hi(x1, E3), lo(x1, E4), hi(x2, E2), lo(x2, E3), hi(x3, E1), lo(x3, E2), hi(x4, E0), lo(x4, E1));
  const z1 = sum10(lo(x0, s0), hi(x0, s0), lo(x1, S4), hi(x1, S4), lo(x2, S3), hi(x2, S3), lo(x3, S2), hi(x3, S2), lo(x4, S1), hi(x4, S1));
  const z2 = sum10(hi(x0, e0), lo(x0, e1), lo(x1, e0), hi(x1, E4), hi(x2, E3), lo(x2, E4), hi(x3, E2), lo(x3, E3), hi(x4, E1), lo(x4, E2));
  const z3 = sum10(lo(x0, s1), hi(x0, s1), lo(x1, s0), hi(x1, s0), lo(x2, S4), hi(x2, S4), lo(x3, S3), hi(x3, S3), lo(x4, S2), hi(x4, S2));
  const z4 = sum10(hi(x0, e1), lo(x0, e2), hi(x1, e0), lo(x1, e1), lo(x2, e0), hi(x2, E4), hi(x3, E3), lo(x3, E4), hi(x4, E2), lo(x4, E3));
  const z5 = sum10(lo(x0, s2), hi(x0, s2), lo(x1, s1), hi(x1, s1), lo(x2, s0), hi(x2, s0), lo(x3, S4), hi(x3, S4), lo(x4, S3), hi(x4, S3));
  const z6 = sum10(hi(x0, e2), lo(x0, e3), hi(x1, e1), lo(x1, e2), hi(x2, e0), lo(x2, e1), lo(x3, e0), hi(x3, E4), hi(x4, E3), lo(x4, E4));
  const z7 = sum10(lo(x0, s3), hi(x0, s3), lo(x1, s2), hi(x1, s2), lo(x2, s1), hi(x2, s1), lo(x3, s0), hi(x3, s0), lo(x4, S4), hi(x4, S4));
  const z8 = sum10(hi(x0, e3), lo(x0, e4), hi(x1, e2), lo(x1, e3), hi(x2, e1), lo(x2, e2), hi(x3, e0), lo(x3, e1), lo(x4, e0), hi(x4, E4));
  const z9 = sum10(lo(x0, s4), hi(x0, s4), lo(x1, s3), hi(x1, s3), lo(x2, s2), hi(x2, s2), lo(x3, s1), hi(x3, s1), lo(x4, s0), hi(x4, s0));
  reduceColumns(out, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9);
}

/** out = a^2 in both lanes; a up to 2 units. */
export function square(out: usize, a: usize): void {
  const x0 = limbs(a, 0);
  const x1 = limbs(a, 1);
  const x2 = limbs(a, 2);
  const x3 = limbs(a, 3);
  const x4 = limbs(a, 4);
  const e0 = timesTwoHigh(x0);
  const e1 = timesTwoHigh(x1);
  const e2 = timesTwoHigh(x2);
  const e3 = timesTwoHigh(x3);
  const e4 = timesTwoHigh(x4);
  // Each product of two different limbs counts twice: d is 2 x.
  const d0 = i32x4.add(x0, x0);
  const d1 = i32x4.add(x1, x1);
  const d2 = i32x4.add(x2, x2);
  const d3 = i32x4.add(x3, x3);
  const d4 = i32x4.add(x4, x4);
  const s0 = swapHalves(x0);
  const s1 = swapHalves(x1);
  const s2 = swapHalves(x2);
  const s3 = swapHalves(x3);
  const s4 = swapHalves(x4);
  const E2 = times19(e2);
  const E3 = times19(e3);
  const E4 = times19(e4);
  const S1 = times19(s1);
  const S2 = times19(s2);
  const S3 = times19(s3);
  const S4 = times19(s4);
  const z0 = sum6(lo(x0, e0), hi(d0, E4), hi(d1, E3), lo(d1, E4), hi(x2, E2), lo(d2, E3));
  const z1 = sum5(lo(d0, s0), lo(d1, S4), lo(d2, S3), lo(d3, S2), lo(d4, S1));
  const z2 = sum6(hi(x0, e0), lo(d0, e1), hi(d1, E4), hi(d2, E3), lo(d2, E4), lo(x3, E3));
  const z3 = sum5(lo(d0, s1), lo(d1, s0), lo(d2, S4), lo(d3, S3), lo(d4, S2));
  const z4 = sum6(hi(d0, e1), lo(d0, e2), lo(x1, e1), hi(d2, E4), hi(x3, E3), lo(d3, E4));
  const z5 = sum5(lo(d0, s2), lo(d1, s1), lo(d2, s0), lo(d3, S4), lo(d4, S3));
  const z6 = sum6(hi(d0, e2), lo(d0, e3), hi(x1, e1), lo(d1, e2), hi(d3, E4), lo(x4, E4));
  const z7 = sum5(lo(d0, s3), lo(d1, s2), lo(d2, s1), lo(d3, s0), lo(d4, S4));
  const z8 = sum6(hi(d0, e3), lo(d0, e4), hi(d1, e2), lo(d1, e3), lo(x2, e2), hi(x4, E4));
  const z9 = sum5(lo(d0, s4), lo(d1, s3), lo(d2, s2), lo(d3, s1), lo(d4, s0));
  reduceColumns(out, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9);
}

// @ts-ignore: decorator
@inline
function negateColumnA(z: v128, bias: i64): v128 {
  return i64x2.add(v128.xor(z, i64x2(-1, 0)), i64x2.replace_lane(i64x2.splat(0), 0, bias + 1));
}

/** out = (-a^2 in lane A, a^2 in lane B), one unit each: the sign costs less before the carries than after. */
export function squareNegateA(out: usize, a: usize): void {
  const x0 = limbs(a, 0);
  const x1 = limbs(a, 1);
  const x2 = limbs(a, 2);
  const x3 = limbs(a, 3);
  const x4 = limbs(a, 4);
  const e0 = timesTwoHigh(x0);
  const e1 = timesTwoHigh(x1);
  const e2 = timesTwoHigh(x2);
  const e3 = timesTwoHigh(x3);
  const e4 = timesTwoHigh(x4);
  // Each product of two different limbs counts twice: d is 2 x.
  const d0 = i32x4.add(x0, x0);
  const d1 = i32x4.add(x1, x1);
  const d2 = i32x4.add(x2, x2);
  const d3 = i32x4.add(x3, x3);
  const d4 = i32x4.add(x4, x4);
  const s0 = swapHalves(x0);
  const s1 = swapHalves(x1);
  const s2 = swapHalves(x2);
  const s3 = swapHalves(x3);
  const s4 = swapHalves(x4);
  const E2 = times19(e2);
  const E3 = times19(e3);
  const E4 = times19(e4);
  const S1 = times19(s1);
  const S2 = times19(s2);
  const S3 = times19(s3);
  const S4 = times19(s4);
  const z0 = sum6(lo(x0, e0), hi(d0, E4), hi(d1, E3), lo(d1, E4), hi(x2, E2), lo(d2, E3));
  const z1 = sum5(lo(d0, s0), lo(d1, S4), lo(d2, S3), lo(d3, S2), lo(d4, S1));
  const z2 = sum6(hi(x0, e0), lo(d0, e1), hi(d1, E4), hi(d2, E3), lo(d2, E4), lo(x3, E3));
  const z3 = sum5(lo(d0, s1), lo(d1, s0), lo(d2, S4), lo(d3, S3), lo(d4, S2));
  const z4 = sum6(hi(d0, e1), lo(d0, e2), lo(x1, e1), hi(d2, E4), hi(x3, E3), lo(d3, E4));
  const z5 = sum5(lo(d0, s2), lo(d1, s1), lo(d2, s0), lo(d3, S4), lo(d4, S3));
  const z6 = sum6(hi(d0, e2), lo(d0, e3), hi(x1, e1), lo(d1, e2), hi(d3, E4), lo(x4, E4));
  const z7 = sum5(lo(d0, s3), lo(d1, s2), lo(d2, s1), lo(d3, s0), lo(d4, S4));
  const z8 = sum6(hi(d0, e3), lo(d0, e4), hi(d1, e2), lo(d1, e3), lo(x2, e2), hi(x4, E4));
  const z9 = sum5(lo(d0, s4), lo(d1, s3), lo(d2, s2), lo(d3, s1), lo(d4, s0));
  // 2^37 p, limb by limb.
  const b0: i64 = 0x3ffffed << 37;
  const b1: i64 = 0x1ffffff << 37;
  const b2: i64 = 0x3ffffff << 37;
  reduceColumns(
    out,
    negateColumnA(z0, b0),
    negateColumnA(z1, b1),
    negateColumnA(z2, b2),
    negateColumnA(z3, b1),
    negateColumnA(z4, b2),
    negateColumnA(z5, b1),
    negateColumnA(z6, b2),
    negateColumnA(z7, b1),
    negateColumnA(z8, b2),
    negateColumnA(z9, b1),
  );
}

/** Bits of each limb kept by a carry. */
// @ts-ignore: decorator
@inline
function limbMask(): v128 {
  return constant(4);
}

/** What each limb of one vector passes on. */
// @ts-ignore: decorator
@inline
function carriesOf(v: v128): v128 {
  return v128.shuffle<i64>(i32x4.shr_u(v, 26), i32x4.shr_u(v, 25), 0, 3);
}

// @ts-ignore: decorator
@inline
function carriesInto(previous: v128, current: v128): v128 {
  return v128.shuffle<i64>(previous, current, 1, 2);
}

/** Carries five vectors of 32-bit limbs, whatever their size, to one unit each and stores the pair. */
// @ts-ignore: decorator
@inline
export function carryAndStore(out: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  const m = limbMask();
  const c0 = carriesOf(v0);
  const c1 = carriesOf(v1);
  const c2 = carriesOf(v2);
  const c3 = carriesOf(v3);
  const c4 = carriesOf(v4);
  setLimbs(out, 0, i32x4.add(v128.and(v0, m), carriesInto(times19(c4), c0)));
  setLimbs(out, 1, i32x4.add(v128.and(v1, m), carriesInto(c0, c1)));
  setLimbs(out, 2, i32x4.add(v128.and(v2, m), carriesInto(c1, c2)));
  setLimbs(out, 3, i32x4.add(v128.and(v3, m), carriesInto(c2, c3)));
  setLimbs(out, 4, i32x4.add(v128.and(v4, m), carriesInto(c3, c4)));
}

/** Limbs of 16 p in vector k: more than any limb subtracted from it. */
// @ts-ignore: decorator
@inline
function sixteenP(k: i32): v128 {
  return k == 0
    ? i32x4(0x3ffffed0, 0x3ffffed0, 0x1ffffff0, 0x1ffffff0)
    : i32x4(0x3ffffff0, 0x3ffffff0, 0x1ffffff0, 0x1ffffff0);
}

/** Limbs of 2 p in vector k. */
// @ts-ignore: decorator
@inline
function twoP(k: i32): v128 {
  return k == 0 ? constant(6) : constant(7);
}

// What point.ts and field.ts do with single vectors of a pair.

// @ts-ignore: decorator
@inline
export function plus(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

/** a - b of vectors k, b of one unit. */
// @ts-ignore: decorator
@inline
export function minus(a: v128, b: v128, k: i32): v128 {
  return i32x4.add(a, i32x4.sub(twoP(k), b));
}

/** a - b of vectors k, b of up to sixteen units; to be carried. */
// @ts-ignore: decorator
@inline
export function minusMany(a: v128, b: v128, k: i32): v128 {
  return i32x4.add(a, i32x4.sub(sixteenP(k), b));
}

/** Lane A of vector k negated, lane B as it is. */
// @ts-ignore: decorator
@inline
export function negateA(v: v128, k: i32): v128 {
  return i32x4.add(v128.xor(v, constant(5)), k == 0 ? constant(8) : constant(9));
}

/** Lane A, and 0 in lane B. */
// @ts-ignore: decorator
@inline
export function onlyA(v: v128): v128 {
  return v128.and(v, constant(5));
}

/** All ones in the lanes whose bit of `lanes` is set (1: A, 2: B). */
// @ts-ignore: decorator
@inline
export function laneMask(lanes: i32): v128 {
  const a = -(lanes & 1);
  const b = -((lanes >> 1) & 1);
  return i32x4.replace_lane(
    i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(a), 1, b), 2, a),
    3,
    b,
  );
}

// @ts-ignore: decorator
@inline
function limb(pair: usize, lane: i32, i: i32): u64 {
  return load<u32>(pair + ((<usize>(i >> 1)) << 4) + ((<usize>(i & 1)) << 3) + ((<usize>lane) << 2));
}

/** The canonical 32 bytes (little endian) of one lane; limbs up to 2^30. */
export function laneToBytes(out: usize, pair: usize, lane: i32): void {
  let h0 = limb(pair, lane, 0);
  let h1 = limb(pair, lane, 1);
  let h2 = limb(pair, lane, 2);
  let h3 = limb(pair, lane, 3);
  let h4 = limb(pair, lane, 4);
  let h5 = limb(pair, lane, 5);
  let h6 = limb(pair, lane, 6);
  let h7 = limb(pair, lane, 7);
  let h8 = limb(pair, lane, 8);
  let h9 = limb(pair, lane, 9);
  // Two rounds of carries bring the value below 2^255.
  for (let round: i32 = 0; round < 2; round++) {
    h1 += h0 >> 26;
    h0 &= 0x3ffffff;
    h2 += h1 >> 25;
    h1 &= 0x1ffffff;
    h3 += h2 >> 26;
    h2 &= 0x3ffffff;
    h4 += h3 >> 25;
    h3 &= 0x1ffffff;
    h5 += h4 >> 26;
    h4 &= 0x3ffffff;
    h6 += h5 >> 25;
    h5 &= 0x1ffffff;
    h7 += h6 >> 26;
    h6 &= 0x3ffffff;
    h8 += h7 >> 25;
    h7 &= 0x1ffffff;
    h9 += h8 >> 26;
    h8 &= 0x3ffffff;
    h0 += (h9 >> 25) * 19;
    h9 &= 0x1ffffff;
  }
  // q = 1 if the value is p or more: then value + 19 reaches 2^255.
  let q = (h0 + 19) >> 26;
  q = (h1 + q) >> 25;
  q = (h2 + q) >> 26;
  q = (h3 + q) >> 25;
  q = (h4 + q) >> 26;
  q = (h5 + q) >> 25;
  q = (h6 + q) >> 26;
  q = (h7 + q) >> 25;
  q = (h8 + q) >> 26;
  q = (h9 + q) >> 25;
  h0 += q * 19;
  h1 += h0 >> 26;
  h0 &= 0x3ffffff;
  h2 += h1 >> 25;
  h1 &= 0x1ffffff;
  h3 += h2 >> 26;
  h2 &= 0x3ffffff;
  h4 += h3 >> 25;
  h3 &= 0x1ffffff;
  h5 += h4 >> 26;
  h4 &= 0x3ffffff;
  h6 += h5 >> 25;
  h5 &= 0x1ffffff;
  h7 += h6 >> 26;
  h6 &= 0x3ffffff;
  h8 += h7 >> 25;
  h7 &= 0x1ffffff;
  h9 += h8 >> 26;
  h8 &= 0x3ffffff;
  h9 &= 0x1ffffff;
  store<u64>(out, h0 | (h1 << 26) | (h2 << 51), 0);
  store<u64>(out, (h2 >> 13) | (h3 << 13) | (h4 << 38), 8);
  store<u64>(out, h5 | (h6 << 25) | (h7 << 51), 16);
  store<u64>(out, (h7 >> 13) | (h8 << 12) | (h9 << 38), 24);
}

// @ts-ignore: decorator
@inline
function setLimb(pair: usize, lane: i32, i: i32, value: u64): void {
  store<u32>(pair + ((<usize>(i >> 1)) << 4) + ((<usize>(i & 1)) << 3) + ((<usize>lane) << 2), <u32>value);
}

/** One lane from 32 bytes, ignoring the highest bit; values p..2^255-1 are taken as they are. */
export function laneFromBytes(pair: usize, lane: i32, bytes: usize): void {
  const b0 = load<u64>(bytes, 0);
  const b1 = load<u64>(bytes, 8);
  const b2 = load<u64>(bytes, 16);
  const b3 = load<u64>(bytes, 24);
  setLimb(pair, lane, 0, b0 & 0x3ffffff);
  setLimb(pair, lane, 1, (b0 >> 26) & 0x1ffffff);
  setLimb(pair, lane, 2, ((b0 >> 51) | (b1 << 13)) & 0x3ffffff);
  setLimb(pair, lane, 3, (b1 >> 13) & 0x1ffffff);
  setLimb(pair, lane, 4, (b1 >> 38) & 0x3ffffff);
  setLimb(pair, lane, 5, b2 & 0x1ffffff);
  setLimb(pair, lane, 6, (b2 >> 25) & 0x3ffffff);
  setLimb(pair, lane, 7, ((b2 >> 51) | (b3 << 13)) & 0x1ffffff);
  setLimb(pair, lane, 8, (b3 >> 12) & 0x3ffffff);
  setLimb(pair, lane, 9, (b3 >> 38) & 0x1ffffff);
}
