// Scalars rewritten in signed digits.

/** 64 digits from -8 to 8, radix 16, one byte each. The same steps for every scalar. */
export function radix16(out: usize, scalar: usize): void {
  let carry: i32 = 0;
  for (let i: usize = 0; i < 32; i++) {
    const byte = <i32>load<u8>(scalar + i);
    let digit = (byte & 15) + carry;
    carry = (digit + 8) >> 4;
    store<i8>(out + 2 * i, <i8>(digit - (carry << 4)));
    digit = (byte >> 4) + carry;
    carry = (digit + 8) >> 4;
    store<i8>(out + 2 * i + 1, <i8>(digit - (carry << 4)));
  }
  // A scalar is below 2^253, so nothing is carried out of the last digit.
}

/** Digits of a non-adjacent form. */
export const NON_ADJACENT_DIGITS: i32 = 256;

/**
 * Digits of the non-adjacent form of a width: zero, or odd and below 2^(width - 1). Writes only those that are not
 * zero, the one for 2^i at out + i stride. Variable time.
 */
export function nonAdjacent(out: usize, scalar: usize, width: i32, stride: usize): void {
  const size = 1 << width;
  let carry: i32 = 0;
  let position: i32 = 0;
  while (position < 254) {
    const at = position >> 3;
    // Four bytes hold any window of up to 25 bits; past the end of the scalar there are zeros.
    const word: u32 =
      at <= 28 ? load<u32>(scalar + <usize>at) : load<u32>(scalar, 28) >> <u32>((at - 28) << 3);
    const window = carry + (<i32>(word >> <u32>(position & 7)) & (size - 1));
    if ((window & 1) == 0) {
      position++;
      continue;
    }
    if (window < size >> 1) {
      carry = 0;
      store<i8>(out + <usize>position * stride, <i8>window);
    } else {
      carry = 1;
      store<i8>(out + <usize>position * stride, <i8>(window - size));
    }
    position += width;
  }
}

/** Windows of `bits` bits that cover a scalar and the carry out of the last. */
export function windowCount(bits: i32): i32 {
  return (253 + bits) / bits;
}

/** Signed digits from -2^(bits - 1) to 2^(bits - 1), radix 2^bits, two bytes each, `stride` bytes apart. */
export function windows(out: usize, scalar: usize, bits: i32, stride: usize): void {
  const count = windowCount(bits);
  const half = 1 << (bits - 1);
  let carry: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const position = i * bits;
    const at = position >> 3;
    let word: u32 = 0;
    if (at <= 28) word = load<u32>(scalar + <usize>at);
    else if (at < 32) word = load<u32>(scalar, 28) >> <u32>((at - 28) << 3);
    let digit = carry + (<i32>(word >> <u32>(position & 7)) & ((1 << bits) - 1));
    carry = i32(digit >= half);
    digit -= carry << bits;
    store<i16>(out + <usize>i * stride, <i16>digit);
  }
}
