import { ORDER, Scalar } from "@mobilecoin-ts/curve";

// Scalars of the inner-product argument may be known: bigint arithmetic is fast and may be variable time. Nothing here
// is for secrets.

/** The representative in `0 … ℓ − 1`. */
function reduce(s: bigint): bigint {
  const remainder = s % ORDER;
  return remainder < 0n ? remainder + ORDER : remainder;
}

/** `s, s², s³, …`: `count` of them, reduced. */
export function successivePowers(s: bigint, count: number): bigint[] {
  const out: bigint[] = [];
  for (let i = 0, power = s; i < count; i++, power = (power * s) % ORDER) out.push(power);
  return out;
}

export function sum(scalars: readonly bigint[]): bigint {
  return scalars.reduce((total, s) => total + s, 0n);
}

/** From any integer. */
export function toScalar(s: bigint): Scalar {
  return Scalar.fromBigInt(reduce(s));
}
