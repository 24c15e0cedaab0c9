import { requireU64 } from "./bytes.ts";

const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** A fraction of two u64 with a denominator that is not zero; products are exact (01 section 2.11.4). */
export interface U64Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The ratio, or undefined for a zero denominator. Throws `IntegerOutOfRange`. */
export function u64Ratio(numerator: bigint, denominator: bigint): U64Ratio | undefined {
  requireU64(numerator);
  requireU64(denominator);
  return denominator === 0n ? undefined : { numerator, denominator };
}

/** floor(value · ratio), or undefined above 2^64-1. */
export function mulRoundDown({ numerator, denominator }: U64Ratio, value: bigint): bigint | undefined {
  requireU64(value);
  return withinU64((value * numerator) / denominator);
}

/** ceil(value · ratio), or undefined above 2^64-1. */
export function mulRoundUp({ numerator, denominator }: U64Ratio, value: bigint): bigint | undefined {
  requireU64(value);
  return withinU64((value * numerator + denominator - 1n) / denominator);
}

/** Negative, zero or positive as a is below, equal to or above b. Exact: 1/2 equals 2/4. */
export function compareU64Ratios(a: U64Ratio, b: U64Ratio): number {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function withinU64(value: bigint): bigint | undefined {
  return value <= U64_MAX ? value : undefined;
}
