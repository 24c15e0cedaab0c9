// Vectors of scalars, 32 bytes each, one after another. The same steps whatever the values.

import { MINUS_ONE, ONE, SCALAR, ZERO, multiply, multiplyAdd } from "./scalar";

/** out[i] = a[i] b[i]; `step` 0 instead of 32 keeps b at its first element. */
export function scalarsMultiply(out: usize, a: usize, b: usize, n: i32, step: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    multiplyAdd(out, a, b, ZERO);
    out += SCALAR;
    a += SCALAR;
    b += step;
  }
}

/** out[i] = a[i] b[i] + c[i]; steps of 0 keep b or c at their first element. */
export function scalarsMultiplyAdd(
  out: usize,
  a: usize,
  b: usize,
  c: usize,
  n: i32,
  stepB: usize,
  stepC: usize,
): void {
  for (let i: i32 = 0; i < n; i++) {
    multiplyAdd(out, a, b, c);
    out += SCALAR;
    a += SCALAR;
    b += stepB;
    c += stepC;
  }
}

/** out[i] = a[i] + b[i]. */
export function scalarsAdd(out: usize, a: usize, b: usize, n: i32, step: usize): void {
  scalarsMultiplyAdd(out, a, ONE, b, n, 0, step);
}

/** out[i] = a[i] - b[i]. */
export function scalarsSubtract(out: usize, a: usize, b: usize, n: i32, step: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    multiplyAdd(out, b, MINUS_ONE, a);
    out += SCALAR;
    a += SCALAR;
    b += step;
  }
}

/** out = sum of a[i] b[i]; `out` apart from both. */
export function scalarsInnerProduct(out: usize, a: usize, b: usize, n: i32): void {
  memory.copy(out, ZERO, SCALAR);
  for (let i: i32 = 0; i < n; i++) {
    multiplyAdd(out, a, b, out);
    a += SCALAR;
    b += SCALAR;
  }
}

/** out[i] = first x^i; `x` apart from `out`. */
export function scalarsPowers(out: usize, x: usize, first: usize, n: i32): void {
  if (n <= 0) return;
  memory.copy(out, first, SCALAR);
  for (let i: i32 = 1; i < n; i++) {
    multiply(out + SCALAR, out, x);
    out += SCALAR;
  }
}
