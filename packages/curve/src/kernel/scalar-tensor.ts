// Vectors whose elements are products over the bits of their index.

import { multiply, multiplyAdd, ONE, SCALAR } from "./scalar";

/** out[i] = first times those of the factors whose bit is set in i, for i below 2^count. */
function tensor(out: usize, first: usize, factors: usize, count: i32): void {
  memory.copy(out, first, SCALAR);
  let length: usize = SCALAR;
  for (let t: i32 = 0; t < count; t++) {
    for (let i: usize = 0; i < length; i += SCALAR) multiply(out + length + i, out + i, factors);
    length <<= 1;
    factors += SCALAR;
  }
}

/** Bytes of work `scalarsAddTensor` needs. */
export function tensorWork(count: i32): usize {
  const high = count - (count >> 1);
  return (((<usize>1) << (count >> 1)) + ((<usize>1) << high)) * SCALAR;
}

/**
 * out[i] += first times those of the factors whose bit is set in i, for i below 2^count. `first` and the factors lie one
 * after another. The same steps whatever the values.
 */
export function scalarsAddTensor(out: usize, first: usize, count: i32, work: usize): void {
  // Each element is a product of two, one over the lower and one over the upper bits.
  const factors = first + SCALAR;
  const lowCount = count >> 1;
  const highCount = count - lowCount;
  const lowBytes = SCALAR << <usize>lowCount;
  const highBytes = SCALAR << <usize>highCount;
  const low = work;
  const high = work + lowBytes;
  tensor(low, ONE, factors, lowCount);
  tensor(high, first, factors + <usize>lowCount * SCALAR, highCount);
  for (let i: usize = 0; i < highBytes; i += SCALAR) {
    for (let j: usize = 0; j < lowBytes; j += SCALAR) {
      multiplyAdd(out, high + i, low + j, out);
      out += SCALAR;
    }
  }
}
