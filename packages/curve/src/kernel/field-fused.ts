// Field arithmetic of field.ts with fused multiply-add of doubles (WebAssembly relaxed SIMD), the faster of the two.
//
// An element is five limbs of 51 bits, each a double holding an integer from -2^50 to 2^50 (and up to 2^16
// more: "one unit"). Vector k of a pair holds (A[k], B[k]). Sums and differences of units are exact without any carry, up to
// eight units.
//
// A product of two limbs has up to 102 bits. h = a b + C1 rounds it to a multiple of 2^51, because that is the unit in
// the last place between 2^103 and 2^104; a b + (C1 + C2 - h) is then what is left, exactly, plus C2 = 1.5 2^52. The bits
// of both, read as integers, are linear in their value: they are summed as integers and the constants taken off at the
// end. This holds while |a b| < 2^102: products of three units (3 x 1, or 1.7 x 1.7), not of 2 x 2.

const C1: u64 = 0x4668000000000000; // bits of 1.5 2^103
const C1_PLUS_C2: u64 = 0x4668000000000003;
const C2: u64 = 0x4338000000000000; // bits of 1.5 2^52

/** a b + C1: in its bits, the multiple of 2^51 next to a b. */
// @ts-ignore: decorator
@inline
function high(a: v128, b: v128, c1: v128): v128 {
  return f64x2.relaxed_madd(a, b, c1);
}

/** C2 + a b minus that multiple. */
// @ts-ignore: decorator
@inline
function low(a: v128, b: v128, h: v128, c12: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(c12, h));
}

// @ts-ignore: decorator
@inline
function plus64(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

/**
 * What takes the constants of `lows` and `highs` terms off a column from 5 up.
 */
// @ts-ignore: decorator
@inline
function highOffset(lows: u64, highs: u64): u64 {
  return 0 - lows * C2 - highs * C1;
}

/**
 * The same for column k below 5; it also adds limb k of 2^9 p, so that the column is positive whatever was summed
 * (below 2^59), and 2^50, which `balanced` takes off again to leave limbs around 0.
 */
// @ts-ignore: decorator
@inline
function lowOffset(k: i32, lows: u64, highs: u64): u64 {
  const p: u64 = k == 0 ? 0x7ffffffffffed : 0x7ffffffffffff;
  return (p << 9) + (1 << 50) - lows * C2 - highs * C1;
}

// Constants are kept in memory, both lanes: engines make them anew at each use otherwise.
const CONSTANTS: usize = memory.data(16 * 10, 16);
const PRODUCT_OFFSETS: usize = memory.data(16 * 10, 16);
const SQUARE_OFFSETS: usize = memory.data(16 * 10, 16);

// @ts-ignore: decorator
@inline
function constant(k: i32): v128 {
  return v128.load(CONSTANTS + ((<usize>k) << 4));
}

// @ts-ignore: decorator
@inline
function offset(offsets: usize, k: i32): v128 {
  return v128.load(offsets + ((<usize>k) << 4));
}

function setBoth(address: usize, value: u64): void {
  store<u64>(address, value);
  store<u64>(address, value, 8);
}

/** Fills the constants; before anything else. */
export function prepare(): void {
  setBoth(CONSTANTS, C1);
  setBoth(CONSTANTS + 16, C1_PLUS_C2);
  setBoth(CONSTANTS + 32, 0x7ffffffffffff); // mask of 51 bits
  setBoth(CONSTANTS + 48, 0x4330000000000000); // 2^52
  setBoth(CONSTANTS + 64, reinterpret<u64>(<f64>5629499534213120)); // 2^52 + 2^50
  store<u64>(CONSTANTS + 80, 1 << 63); // the sign in lane A
  store<u64>(CONSTANTS + 96, -1); // lane A
  setBoth(CONSTANTS + 112, reinterpret<u64>(<f64>4.440892098500626e-16)); // 2^-51
  setBoth(CONSTANTS + 128, reinterpret<u64>(<f64>8.43769498715119e-15)); // 19 times that
  setBoth(CONSTANTS + 144, 19);
  // Terms of the low halves in columns 0 to 8; the high halves of column k go to k + 1.
  for (let k: i32 = 0; k < 5; k++) {
    const lows = k + 1;
    const lowsAbove = 4 - k;
    setBoth(PRODUCT_OFFSETS + 16 * <usize>k, lowOffset(k, lows, k));
    setBoth(PRODUCT_OFFSETS + 16 * <usize>(k + 5), highOffset(lowsAbove, lowsAbove + 1));
    // Of a square, each product of two different limbs is one term.
    setBoth(SQUARE_OFFSETS + 16 * <usize>k, lowOffset(k, (lows + 1) >> 1, (k + 1) >> 1));
    setBoth(SQUARE_OFFSETS + 16 * <usize>(k + 5), highOffset((lowsAbove + 1) >> 1, (lowsAbove + 2) >> 1));
  }
}

// @ts-ignore: decorator
@inline
function times19(v: v128): v128 {
  return i64x2.add(v, i64x2.add(i64x2.shl(v, 1), i64x2.shl(v, 4)));
}

/** The double of an integer below 2^52, less 2^50. */
// @ts-ignore: decorator
@inline
function balanced(v: v128): v128 {
  return f64x2.sub(v128.or(v, constant(3)), constant(4));
}

/** Carries and stores five columns. */
// @ts-ignore: decorator
@inline
function carryColumns(out: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): void {
  const mask = constant(2);
  // The carries are below 2^11, so one round leaves limbs below 2^51 + 2^16; and fit a product of 32 bits.
  const carry4 = i32x4.mul(i64x2.shr_u(c4, 51), constant(9));
  v128.store(out, balanced(i64x2.add(v128.and(c0, mask), carry4)), 0);
  v128.store(out, balanced(i64x2.add(v128.and(c1, mask), i64x2.shr_u(c0, 51))), 16);
  v128.store(out, balanced(i64x2.add(v128.and(c2, mask), i64x2.shr_u(c1, 51))), 32);
  v128.store(out, balanced(i64x2.add(v128.and(c3, mask), i64x2.shr_u(c2, 51))), 48);
  v128.store(out, balanced(i64x2.add(v128.and(c4, mask), i64x2.shr_u(c3, 51))), 64);
}

/** The largest limb of a pair, in units: for the kernel that counts. */
export function largestLimb(a: usize): f64 {
  let largest: f64 = 0;
  for (let i: usize = 0; i < 80; i += 8) largest = max(largest, abs(load<f64>(a + i)));
  return largest / <f64>((<i64>1) << 50);
}

/** out = a b. */
export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = v128.load(a, 0);
  const a1 = v128.load(a, 16);
  const a2 = v128.load(a, 32);
  const a3 = v128.load(a, 48);
  const a4 = v128.load(a, 64);
  const b0 = v128.load(b, 0);
  const b1 = v128.load(b, 16);
  const b2 = v128.load(b, 32);
  const b3 = v128.load(b, 48);
  const b4 = v128.load(b, 64);
  const c1 = constant(0);
  const c12 = constant(1);
  let p: v128;
  // Column 4 first: its high halves go to column 5, which folds onto column 0.
  p = high(a0, b4, c1);
  let z4 = plus64(offset(PRODUCT_OFFSETS, 4), low(a0, b4, p, c12));
  let upper = p;
  p = high(a1, b3, c1);
  z4 = plus64(z4, low(a1, b3, p, c12));
  upper = plus64(upper, p);
  p = high(a2, b2, c1);
  z4 = plus64(z4, low(a2, b2, p, c12));
  upper = plus64(upper, p);
  p = high(a3, b1, c1);
  z4 = plus64(z4, low(a3, b1, p, c12));
  upper = plus64(upper, p);
  p = high(a4, b0, c1);
  z4 = plus64(z4, low(a4, b0, p, c12));
  upper = plus64(upper, p);
  let lower: v128;
  let above: v128;
  // Columns 0 and 5.
  above = plus64(upper, offset(PRODUCT_OFFSETS, 5));
  p = high(a1, b4, c1);
  above = plus64(above, low(a1, b4, p, c12));
  upper = p;
  p = high(a2, b3, c1);
  above = plus64(above, low(a2, b3, p, c12));
  upper = plus64(upper, p);
  p = high(a3, b2, c1);
  above = plus64(above, low(a3, b2, p, c12));
  upper = plus64(upper, p);
  p = high(a4, b1, c1);
  above = plus64(above, low(a4, b1, p, c12));
  upper = plus64(upper, p);
  let z0 = plus64(times19(above), offset(PRODUCT_OFFSETS, 0));
  p = high(a0, b0, c1);
  z0 = plus64(z0, low(a0, b0, p, c12));
  lower = p;
  // Columns 1 and 6.
  above = plus64(upper, offset(PRODUCT_OFFSETS, 6));
  p = high(a2, b4, c1);
  above = plus64(above, low(a2, b4, p, c12));
  upper = p;
  p = high(a3, b3, c1);
  above = plus64(above, low(a3, b3, p, c12));
  upper = plus64(upper, p);
  p = high(a4, b2, c1);
  above = plus64(above, low(a4, b2, p, c12));
  upper = plus64(upper, p);
  let z1 = plus64(times19(above), offset(PRODUCT_OFFSETS, 1));
  z1 = plus64(z1, lower);
  p = high(a0, b1, c1);
  z1 = plus64(z1, low(a0, b1, p, c12));
  lower = p;
  p = high(a1, b0, c1);
  z1 = plus64(z1, low(a1, b0, p, c12));
  lower = plus64(lower, p);
  // Columns 2 and 7.
  above = plus64(upper, offset(PRODUCT_OFFSETS, 7));
  p = high(a3, b4, c1);
  above = plus64(above, low(a3, b4, p, c12));
  upper = p;
  p = high(a4, b3, c1);
  above = plus64(above, low(a4, b3, p, c12));
  upper = plus64(upper, p);
  let z2 = plus64(times19(above), offset(PRODUCT_OFFSETS, 2));
  z2 = plus64(z2, lower);
  p = high(a0, b2, c1);
  z2 = plus64(z2, low(a0, b2, p, c12));
  lower = p;
  p = high(a1, b1, c1);
  z2 = plus64(z2, low(a1, b1, p, c12));
  lower = plus64(lower, p);
  p = high(a2, b0, c1);
  z2 = plus64(z2, low(a2, b0, p, c12));
  lower = plus64(lower, p);
  // Columns 3 and 8.
  above = plus64(upper, offset(PRODUCT_OFFSETS, 8));
  p = high(a4, b4, c1);
  above = plus64(above, low(a4, b4, p, c12));
  upper = p;
  let z3 = plus64(times19(above), offset(PRODUCT_OFFSETS, 3));
  z3 = plus64(z3, lower);
  p = high(a0, b3, c1);
  z3 = plus64(z3, low(a0, b3, p, c12));
  lower = p;
  p = high(a1, b2, c1);
  z3 = plus64(z3, low(a1, b2, p, c12));
  lower = plus64(lower, p);
  p = high(a2, b1, c1);
  z3 = plus64(z3, low(a2, b1, p, c12));
  lower = plus64(lower, p);
  p = high(a3, b0, c1);
  z3 = plus64(z3, low(a3, b0, p, c12));
  lower = plus64(lower, p);
  // Column 4 again, with the high halves of columns 3 and 8.
  z4 = plus64(plus64(z4, lower), times19(plus64(upper, offset(PRODUCT_OFFSETS, 9))));
  carryColumns(out, z0, z1, z2, z3, z4);
}

/** out = a^(2^n), a of one unit, n at least 1; in registers from one square to the next. */
export function squareTimes(out: usize, a: usize, n: i32): void {
  let a0 = v128.load(a, 0);
  let a1 = v128.load(a, 16);
  let a2 = v128.load(a, 32);
  let a3 = v128.load(a, 48);
  let a4 = v128.load(a, 64);
  const c1 = constant(0);
  const c12 = constant(1);
  do {
    // Products of two different limbs count twice.
    const d0 = f64x2.add(a0, a0);
    const d1 = f64x2.add(a1, a1);
    const d2 = f64x2.add(a2, a2);
    const d3 = f64x2.add(a3, a3);
    let p: v128;
    // Column 4 first: its high halves go to column 5, which folds onto column 0.
    p = high(d0, a4, c1);
    let z4 = plus64(offset(SQUARE_OFFSETS, 4), low(d0, a4, p, c12));
    let upper = p;
    p = high(d1, a3, c1);
    z4 = plus64(z4, low(d1, a3, p, c12));
    upper = plus64(upper, p);
    p = high(a2, a2, c1);
    z4 = plus64(z4, low(a2, a2, p, c12));
    upper = plus64(upper, p);
    let lower: v128;
    let above: v128;
    // Columns 0 and 5.
    above = plus64(upper, offset(SQUARE_OFFSETS, 5));
    p = high(d1, a4, c1);
    above = plus64(above, low(d1, a4, p, c12));
    upper = p;
    p = high(d2, a3, c1);
    above = plus64(above, low(d2, a3, p, c12));
    upper = plus64(upper, p);
    let z0 = plus64(times19(above), offset(SQUARE_OFFSETS, 0));
    p = high(a0, a0, c1);
    z0 = plus64(z0, low(a0, a0, p, c12));
    lower = p;
    // Columns 1 and 6.
    above = plus64(upper, offset(SQUARE_OFFSETS, 6));
    p = high(d2, a4, c1);
    above = plus64(above, low(d2, a4, p, c12));
    upper = p;
    p = high(a3, a3, c1);
    above = plus64(above, low(a3, a3, p, c12));
    upper = plus64(upper, p);
    let z1 = plus64(times19(above), offset(SQUARE_OFFSETS, 1));
    z1 = plus64(z1, lower);
    p = high(d0, a1, c1);
    z1 = plus64(z1, low(d0, a1, p, c12));
    lower = p;
    // Columns 2 and 7.
    above = plus64(upper, offset(SQUARE_OFFSETS, 7));
    p = high(d3, a4, c1);
    above = plus64(above, low(d3, a4, p, c12));
    upper = p;
    let z2 = plus64(times19(above), offset(SQUARE_OFFSETS, 2));
    z2 = plus64(z2, lower);
    p = high(d0, a2, c1);
    z2 = plus64(z2, low(d0, a2, p, c12));
    lower = p;
    p = high(a1, a1, c1);
    z2 = plus64(z2, low(a1, a1, p, c12));
    lower = plus64(lower, p);
    // Columns 3 and 8.
    above = plus64(upper, offset(SQUARE_OFFSETS, 8));
    p = high(a4, a4, c1);
    above = plus64(above, low(a4, a4, p, c12));
    upper = p;
    let z3 = plus64(times19(above), offset(SQUARE_OFFSETS, 3));
    z3 = plus64(z3, lower);
    p = high(d0, a3, c1);
    z3 = plus64(z3, low(d0, a3, p, c12));
    lower = p;
    p = high(d1, a2, c1);
    z3 = plus64(z3, low(d1, a2, p, c12));
    lower = plus64(lower, p);
    // Column 4 again, with the high halves of columns 3 and 8.
    z4 = plus64(plus64(z4, lower), times19(plus64(upper, offset(SQUARE_OFFSETS, 9))));
    const mask = constant(2);
    // As in carryColumns.
    const carry4 = i32x4.mul(i64x2.shr_u(z4, 51), constant(9));
    a0 = balanced(plus64(v128.and(z0, mask), carry4));
    a1 = balanced(plus64(v128.and(z1, mask), i64x2.shr_u(z0, 51)));
    a2 = balanced(plus64(v128.and(z2, mask), i64x2.shr_u(z1, 51)));
    a3 = balanced(plus64(v128.and(z3, mask), i64x2.shr_u(z2, 51)));
    a4 = balanced(plus64(v128.and(z4, mask), i64x2.shr_u(z3, 51)));
  } while (--n > 0);
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
}

/** out = a^2, a of one unit. */
// @ts-ignore: decorator
@inline
export function square(out: usize, a: usize): void {
  squareTimes(out, a, 1);
}

/** What a limb passes on: the nearest multiple of 2^51. */
// @ts-ignore: decorator
@inline
function carryOf(v: v128, c1: v128): v128 {
  return f64x2.sub(f64x2.add(v, c1), c1);
}

// @ts-ignore: decorator
@inline
function carriedOn(v: v128, own: v128, previous: v128, factor: v128): v128 {
  // A product with a power of two (times 19) is exact: fused or not, the same.
  return f64x2.add(f64x2.sub(v, own), f64x2.mul(previous, factor));
}

/** Brings limbs of up to eight units to one and stores the pair. */
// @ts-ignore: decorator
@inline
export function carryAndStore(out: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  const magic = constant(0);
  const c0 = carryOf(v0, magic);
  const c1 = carryOf(v1, magic);
  const c2 = carryOf(v2, magic);
  const c3 = carryOf(v3, magic);
  const c4 = carryOf(v4, magic);
  const down = constant(7);
  v128.store(out, carriedOn(v0, c0, c4, constant(8)), 0);
  v128.store(out, carriedOn(v1, c1, c0, down), 16);
  v128.store(out, carriedOn(v2, c2, c1, down), 32);
  v128.store(out, carriedOn(v3, c3, c2, down), 48);
  v128.store(out, carriedOn(v4, c4, c3, down), 64);
}

// @ts-ignore: decorator
@inline
function limb(pair: usize, lane: i32, i: i32): u64 {
  // Plus 2^6 p, to make it positive: |limb| is below 2^53.
  const p: i64 = i == 0 ? 0x7ffffffffffed : 0x7ffffffffffff;
  return <u64>(<i64>load<f64>(pair + ((<usize>i) << 4) + ((<usize>lane) << 3)) + (p << 6));
}

/** The canonical 32 bytes (little endian) of one lane. */
export function laneToBytes(out: usize, pair: usize, lane: i32): void {
  const M: u64 = 0x7ffffffffffff;
  let h0 = limb(pair, lane, 0);
  let h1 = limb(pair, lane, 1);
  let h2 = limb(pair, lane, 2);
  let h3 = limb(pair, lane, 3);
  let h4 = limb(pair, lane, 4);
  // Two rounds of carries bring the value below 2^255.
  for (let round: i32 = 0; round < 2; round++) {
    h1 += h0 >> 51;
    h0 &= M;
    h2 += h1 >> 51;
    h1 &= M;
    h3 += h2 >> 51;
    h2 &= M;
    h4 += h3 >> 51;
    h3 &= M;
    h0 += (h4 >> 51) * 19;
    h4 &= M;
  }
  // q = 1 if the value is p or more: then value + 19 reaches 2^255.
  let q = (h0 + 19) >> 51;
  q = (h1 + q) >> 51;
  q = (h2 + q) >> 51;
  q = (h3 + q) >> 51;
  q = (h4 + q) >> 51;
  h0 += q * 19;
  h1 += h0 >> 51;
  h0 &= M;
  h2 += h1 >> 51;
  h1 &= M;
  h3 += h2 >> 51;
  h2 &= M;
  h4 += h3 >> 51;
  h3 &= M;
  h4 &= M;
  store<u64>(out, h0 | (h1 << 51), 0);
  store<u64>(out, (h1 >> 13) | (h2 << 38), 8);
  store<u64>(out, (h2 >> 26) | (h3 << 25), 16);
  store<u64>(out, (h3 >> 39) | (h4 << 12), 24);
}

// @ts-ignore: decorator
@inline
function setLimb(pair: usize, lane: i32, i: i32, value: u64): void {
  store<f64>(pair + ((<usize>i) << 4) + ((<usize>lane) << 3), <f64>(<i64>value));
}

/** One lane from 32 bytes, ignoring the highest bit; values p..2^255-1 are taken as they are. */
export function laneFromBytes(pair: usize, lane: i32, bytes: usize): void {
  const M: u64 = 0x7ffffffffffff;
  const b0 = load<u64>(bytes, 0);
  const b1 = load<u64>(bytes, 8);
  const b2 = load<u64>(bytes, 16);
  const b3 = load<u64>(bytes, 24);
  let h0 = b0 & M;
  let h1 = ((b0 >> 51) | (b1 << 13)) & M;
  let h2 = ((b1 >> 38) | (b2 << 26)) & M;
  let h3 = ((b2 >> 25) | (b3 << 39)) & M;
  let h4 = (b3 >> 12) & M;
  // Balance around 0: what is 2^50 or more goes 2^51 down and carries one.
  let c = (h0 + (1 << 50)) >> 51;
  h0 -= c << 51;
  h1 += c;
  c = (h1 + (1 << 50)) >> 51;
  h1 -= c << 51;
  h2 += c;
  c = (h2 + (1 << 50)) >> 51;
  h2 -= c << 51;
  h3 += c;
  c = (h3 + (1 << 50)) >> 51;
  h3 -= c << 51;
  h4 += c;
  c = (h4 + (1 << 50)) >> 51;
  h4 -= c << 51;
  h0 += c * 19;
  setLimb(pair, lane, 0, h0);
  setLimb(pair, lane, 1, h1);
  setLimb(pair, lane, 2, h2);
  setLimb(pair, lane, 3, h3);
  setLimb(pair, lane, 4, h4);
}

// What point.ts does with single vectors of a pair.

/** (A, B) to (B, A). */
// @ts-ignore: decorator
@inline
export function swapLanes(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 0);
}

/** Lane A of the first, lane B of the second. */
// @ts-ignore: decorator
@inline
export function blendLanes(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 3);
}

// @ts-ignore: decorator
@inline
export function plus(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function minus(a: v128, b: v128, _k: i32): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function minusMany(a: v128, b: v128, _k: i32): v128 {
  return f64x2.sub(a, b);
}

/** Lane A negated, lane B as it is. */
// @ts-ignore: decorator
@inline
export function negateA(v: v128, _k: i32): v128 {
  return v128.xor(v, constant(5));
}

/** Lane A, and 0 in lane B. */
// @ts-ignore: decorator
@inline
export function onlyA(v: v128): v128 {
  return v128.and(v, constant(6));
}

/** All ones in the lanes whose bit of `lanes` is set (1: A, 2: B). */
// @ts-ignore: decorator
@inline
export function laneMask(lanes: i32): v128 {
  return i64x2.replace_lane(i64x2.splat(-(<i64>(lanes & 1))), 1, -(<i64>((lanes >> 1) & 1)));
}
