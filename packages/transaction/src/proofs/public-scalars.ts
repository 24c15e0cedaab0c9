import { ORDER, Scalar } from "@mobilecoin-ts/curve";

// Scalars of a verifier are public, and there are thousands of them: bigint arithmetic is fast enough not to need the
// kernel, and may be variable time. Nothing here is for secrets.

/** The representative in `0 … ℓ − 1`. */
export function reduce(s: bigint): bigint {
  const remainder = s % ORDER;
  return remainder < 0n ? remainder + ORDER : remainder;
}

/** `s, s², s⁴, …`: `count` of them, reduced. */
export function repeatedSquares(s: bigint, count: number): bigint[] {
  const out: bigint[] = [];
  for (let i = 0, power = s; i < count; i++, power = (power * power) % ORDER) out.push(power);
  return out;
}

/** `s, s², s³, …`: `count` of them, reduced. */
export function successivePowers(s: bigint, count: number): bigint[] {
  const out: bigint[] = [];
  for (let i = 0, power = s; i < count; i++, power = (power * s) % ORDER) out.push(power);
  return out;
}

export function product(scalars: readonly bigint[]): bigint {
  return scalars.reduce((total, s) => (total * s) % ORDER, 1n);
}

export function sum(scalars: readonly bigint[]): bigint {
  return scalars.reduce((total, s) => total + s, 0n);
}

/** From any integer. */
export function toScalar(s: bigint): Scalar {
  return Scalar.fromBigInt(reduce(s));
}
