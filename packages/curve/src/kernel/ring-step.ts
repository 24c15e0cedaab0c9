// The three commitments of one member of a ring signature. Variable time: everything in it is published.

import { multiply as scalarMultiply } from "./scalar";
import { nonAdjacent } from "./digits";
import { encodeDoubled } from "./encode-doubled";
import { addOddMultiple, doubleMultiplyBasePublic } from "./multiply";
import { cachedOddMultiples, copyPoint, double, POINT, setIdentity } from "./point";
import { DIGITS, POINTS } from "./scratch";

/** 1/2 modulo the order. */
const HALF: usize = memory.data<u64>(
  [0x2c09318d2e7ae9f7, 0x0a6f7cef517bce6b, 0, 0x0800000000000000],
  16,
);

const TABLE_P: usize = POINTS;
const TABLE_Q: usize = POINTS + 8 * POINT;
const SUM: usize = POINTS + 16 * POINT;
const SPARE: usize = POINTS + 17 * POINT; // two points
const RESULTS: usize = POINTS + 20 * POINT; // three points
const HALVES: usize = POINTS + 24 * POINT; // three scalars
const WORK: usize = POINTS + 25 * POINT; // two times 7 pairs

// @ts-ignore: decorator
@inline
function digit(i: i32): i32 {
  return <i32>load<i8>(DIGITS + <usize>i);
}

/** out = a p + b q. Variable time. */
export function doubleMultiplyPublic(out: usize, a: usize, p: usize, b: usize, q: usize): void {
  memory.fill(DIGITS, 0, 512);
  nonAdjacent(DIGITS, a, 5, 1);
  nonAdjacent(DIGITS + 256, b, 5, 1);
  cachedOddMultiples(TABLE_P, p, 8, SPARE);
  cachedOddMultiples(TABLE_Q, q, 8, SPARE);
  setIdentity(SUM);
  let i: i32 = 255;
  while (i >= 0 && (digit(i) | digit(256 + i)) == 0) i--;
  for (; i >= 0; i--) {
    double(SUM, SUM);
    addOddMultiple(SUM, TABLE_P, digit(i));
    addOddMultiple(SUM, TABLE_Q, digit(256 + i));
  }
  copyPoint(out, SUM);
}

/** bytes = the encodings of r0 B + c p, r0 h + c q and r1 B + c d; the points p, h, q, d one after another. */
export function ringStep(bytes: usize, c: usize, r0: usize, r1: usize, points: usize): void {
  const halfC = HALVES;
  const halfR0 = HALVES + 32;
  const halfR1 = HALVES + 64;
  scalarMultiply(halfC, c, HALF);
  scalarMultiply(halfR0, r0, HALF);
  scalarMultiply(halfR1, r1, HALF);
  doubleMultiplyBasePublic(RESULTS, halfC, points, halfR0);
  doubleMultiplyPublic(RESULTS + POINT, halfR0, points + POINT, halfC, points + 2 * POINT);
  doubleMultiplyBasePublic(RESULTS + 2 * POINT, halfC, points + 3 * POINT, halfR1);
  encodeDoubled(bytes, RESULTS, 3, WORK);
}
