// Constants of the curve. Their bytes become pairs of field elements when the module starts.

import { PAIR, laneFromBytes, prepare } from "./field";

const D_BYTES: usize = memory.data<u64>([
  0x75eb4dca135978a3, 0x00700a4d4141d8ab,
  0x8cc740797779e898, 0x52036cee2b6ffe73,
]);
const TWO_D_BYTES: usize = memory.data<u64>([
  0xebd69b9426b2f159, 0x00e0149a8283b156,
  0x198e80f2eef3d130, 0x2406d9dc56dffce7,
]);
const SQRT_M1_BYTES: usize = memory.data<u64>([
  0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478,
  0x2b4d00993dfbd7a7, 0x2b8324804fc1df0b,
]);
const SQRT_AD_MINUS_ONE_BYTES: usize = memory.data<u64>([
  0x7e97f6a0497b2e1b, 0xaf9d8e0c1b7854bd,
  0x0f3cfcc931f5d1fd, 0x376931bf2b8348ac,
]);
const INVSQRT_A_MINUS_D_BYTES: usize = memory.data<u64>([
  0x99c8fdaa805d40ea, 0x9d2f16175a4172be,
  0x16c27b91fe01d840, 0x786c8905cfaffca2,
]);
const ONE_MINUS_D_SQ_BYTES: usize = memory.data<u64>([
  0xe27c09c1945fc176, 0x2c81a138cd5e350f,
  0x9994abddbe70dfe4, 0x029072a8b2b3e0d7,
]);
const D_MINUS_ONE_SQ_BYTES: usize = memory.data<u64>([
  0x31ad5aaa44ed4d20, 0xd29e4a2cb01e1999,
  0x4cdcd32f529b4eeb, 0x5968b37af66c2241,
]);
const BASE_X_BYTES: usize = memory.data<u64>([
  0xc9562d608f25d51a, 0x692cc7609525a7b2,
  0xc0a4e231fdd6dc5c, 0x216936d3cd6e53fe,
]);
const BASE_Y_BYTES: usize = memory.data<u64>([
  0x6666666666666658, 0x6666666666666666,
  0x6666666666666666, 0x6666666666666666,
]);
const BASE_T_BYTES: usize = memory.data<u64>([
  0x6dde8ab3a5b7dda3, 0x20f09f80775152f5,
  0x66ea4e8e64abe37d, 0x67875f0fd78b7665,
]);
const ZERO_BYTES: usize = memory.data<u64>([0, 0, 0, 0]);
const ONE_BYTES: usize = memory.data<u64>([1, 0, 0, 0]);
const TWO_BYTES: usize = memory.data<u64>([2, 0, 0, 0]);

/** Makes a pair of two constants, lane A first. */
function pair(at: usize, a: usize, b: usize): usize {
  laneFromBytes(at, 0, a);
  laneFromBytes(at, 1, b);
  return at;
}

prepare();

/** 1 in both lanes. */
export const ONE: usize = pair(memory.data(80, 16), ONE_BYTES, ONE_BYTES);

/** d, of the curve equation -x^2 + y^2 = 1 + d x^2 y^2. */
export const D: usize = pair(memory.data(80, 16), D_BYTES, D_BYTES);

/** 2 d in lane A, 2 in lane B: what (T | Z) is multiplied by to be cached. */
export const CACHING: usize = pair(memory.data(80, 16), TWO_D_BYTES, TWO_BYTES);

/** The square root of -1 (RFC 9496 section 4.1). */
export const SQRT_M1: usize = pair(memory.data(80, 16), SQRT_M1_BYTES, SQRT_M1_BYTES);

/** RFC 9496 section 4.1, with a = -1. */
export const SQRT_AD_MINUS_ONE: usize = pair(
  memory.data(80, 16),
  SQRT_AD_MINUS_ONE_BYTES,
  SQRT_AD_MINUS_ONE_BYTES,
);

/** RFC 9496 section 4.1. */
export const INVSQRT_A_MINUS_D: usize = pair(
  memory.data(80, 16),
  INVSQRT_A_MINUS_D_BYTES,
  INVSQRT_A_MINUS_D_BYTES,
);

/** RFC 9496 section 4.1. */
export const ONE_MINUS_D_SQ: usize = pair(memory.data(80, 16), ONE_MINUS_D_SQ_BYTES, ONE_MINUS_D_SQ_BYTES);

/** RFC 9496 section 4.1. */
export const D_MINUS_ONE_SQ: usize = pair(memory.data(80, 16), D_MINUS_ONE_SQ_BYTES, D_MINUS_ONE_SQ_BYTES);

/** The identity, (X | Y) = (T | Z) = (0 | 1): an extended point (see point.ts). */
export const IDENTITY: usize = memory.data(160, 16);
pair(IDENTITY, ZERO_BYTES, ONE_BYTES);
pair(IDENTITY + PAIR, ZERO_BYTES, ONE_BYTES);

/** The identity, cached: (Y - X | Y + X), (2dT | 2Z). */
export const IDENTITY_CACHED: usize = memory.data(160, 16);
pair(IDENTITY_CACHED, ONE_BYTES, ONE_BYTES);
pair(IDENTITY_CACHED + PAIR, ZERO_BYTES, TWO_BYTES);

/** The base point of ristretto255, extended. */
export const BASE: usize = memory.data(160, 16);
pair(BASE, BASE_X_BYTES, BASE_Y_BYTES);
pair(BASE + PAIR, BASE_T_BYTES, ONE_BYTES);
