import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { GENERATORS_PER_PARTY, vectorGenerators } from "./bulletproof-generators.ts";
import { proveInnerProduct } from "./inner-product.ts";
import { successivePowers } from "./public-scalars.ts";
import {
  isPowerOfTwo,
  networkRangeParameters,
  padToPowerOfTwo,
  type RangeParameters,
  requireRangeSize,
} from "./range-parameters.ts";
import { serializeRangeProof } from "./range-proof.ts";
import { RangeTranscript } from "./range-transcript.ts";

export interface ProvenRange {
  /** The serialised proof. */
  readonly proof: Uint8Array;
  /** The commitment to each value, compressed, in order; without padding. */
  readonly commitments: readonly Uint8Array[];
}

/** As many calls of `Scalar.random` give, from few calls of the generator (which may refuse 2^16 bytes at once). */
function randomScalars(count: number, random: RandomBytes): Scalar[] {
  const scalars: Scalar[] = [];
  while (scalars.length < count) {
    const bytes = random(64 * Math.min(count - scalars.length, 512));
    for (let at = 0; at < bytes.length; at += 64)
      scalars.push(Scalar.fromBytesWide(bytes.subarray(at, at + 64)));
    bytes.fill(0);
  }
  return scalars;
}

/** `1, s, s², …`: `count` of them. */
function powers(s: Scalar, count: number): Scalar[] {
  const out = [Scalar.ONE];
  while (out.length < count) out.push(out.at(-1)!.multiply(s));
  return out.slice(0, count);
}

/** `⟨a, b⟩`. */
function innerProduct(a: readonly Scalar[], b: readonly Scalar[]): Scalar {
  return a.reduce((sum, s, i) => sum.add(s.multiply(b[i]!)), Scalar.ZERO);
}

/**
 * Proves values to be in range, under explicit parameters (02 section 2.12). Constant time in values, blindings and
 * nonces; the inner-product argument is exempt, for the reason given there.
 *
 * @throws TransactionError `InvalidBitsize`, `InvalidGeneratorsLength`, `WrongNumBlindingFactors`,
 * `InvalidAggregation` where the number of values is no power of two, `ValueOutOfRange`.
 */
export function proveRangeStatement(
  parameters: RangeParameters,
  values: readonly bigint[],
  blindings: readonly Scalar[],
  random: RandomBytes = systemRandom,
): ProvenRange {
  const { bits, valueBase, blindingBase } = parameters;
  const parties = values.length;
  requireRangeSize(bits, parties);
  if (blindings.length !== parties) {
    throw new TransactionError(
      "range-proof",
      "WrongNumBlindingFactors",
      `${blindings.length} blindings for ${parties} values`,
      { data: { expected: parties, found: blindings.length } },
    );
  }
  if (!isPowerOfTwo(parties)) {
    throw new TransactionError("range-proof", "InvalidAggregation", `${parties} values are no power of two`, {
      data: { parties },
    });
  }
  if (values.some((value) => value < 0n || value >> BigInt(bits) !== 0n)) {
    throw new TransactionError("range-proof", "ValueOutOfRange", `a value does not fit into ${bits} bits`);
  }

  const length = parties * bits;
  const ownGenerators = (letter: "G" | "H") =>
    vectorGenerators(letter, parties).filter(
      (_, at) => at < parties * GENERATORS_PER_PARTY && at % GENERATORS_PER_PARTY < bits,
    );
  const g = ownGenerators("G");
  const h = ownGenerators("H");

  const commitments = Point.encodeBatch(
    values.map((value, j) =>
      Point.multiMultiply([Scalar.fromBigInt(value), blindings[j]!], [valueBase, blindingBase]),
    ),
  );
  const transcript = new RangeTranscript(parameters.label, bits, commitments);

  const aL: Scalar[] = [];
  for (const value of values) {
    for (let i = 0; i < bits; i++) aL.push(Scalar.fromBigInt((value >> BigInt(i)) & 1n));
  }
  const aR = aL.map((bit) => bit.subtract(Scalar.ONE));
  const alpha = Scalar.random(random);
  const rho = Scalar.random(random);
  const sL = randomScalars(length, random);
  const sR = randomScalars(length, random);
  const [a, s] = Point.encodeBatch([
    Point.multiMultiply([alpha, ...aL, ...aR], [blindingBase, ...g, ...h]),
    Point.multiMultiply([rho, ...sL, ...sR], [blindingBase, ...g, ...h]),
  ]) as [Uint8Array, Uint8Array];
  const { y, z } = transcript.bitCommitments(a, s);

  // l(X) = l0 + sL·X and r(X) = r0 + r1·X.
  const yPowers = powers(y, length);
  const zPowers = powers(z, parties + 2);
  const twoPowers = powers(Scalar.fromBigInt(2n), bits);
  const l0 = aL.map((bit) => bit.subtract(z));
  const r0 = aR.map((bit, k) =>
    yPowers[k]!.multiply(bit.add(z)).add(zPowers[2 + Math.floor(k / bits)]!.multiply(twoPowers[k % bits]!)),
  );
  const r1 = sR.map((nonce, k) => yPowers[k]!.multiply(nonce));
  const t1 = innerProduct(l0, r1).add(innerProduct(sL, r0));
  const t2 = innerProduct(sL, r1);
  const tau1 = Scalar.random(random);
  const tau2 = Scalar.random(random);
  const [bigT1, bigT2] = Point.encodeBatch([
    Point.multiMultiply([t1, tau1], [valueBase, blindingBase]),
    Point.multiMultiply([t2, tau2], [valueBase, blindingBase]),
  ]) as [Uint8Array, Uint8Array];
  const x = transcript.polynomialCommitments(bigT1, bigT2);

  const left = l0.map((s0, k) => s0.add(sL[k]!.multiply(x)));
  const right = r0.map((s0, k) => s0.add(r1[k]!.multiply(x)));
  const tX = innerProduct(left, right);
  const tXBlinding = innerProduct(zPowers.slice(2), blindings)
    .add(tau1.multiply(x))
    .add(tau2.multiply(x).multiply(x));
  const eBlinding = alpha.add(rho.multiply(x));
  const w = transcript.evaluation(tX, tXBlinding, eBlinding);

  const argument = proveInnerProduct(
    transcript,
    valueBase.multiplyPublic(w),
    g,
    h,
    [1n, ...successivePowers(y.invert().toBigInt(), length - 1)],
    left.map((scalar) => scalar.toBigInt()),
    right.map((scalar) => scalar.toBigInt()),
  );
  const proof = serializeRangeProof({ a, s, t1: bigT1, t2: bigT2, tX, tXBlinding, eBlinding, ...argument });
  return { proof, commitments };
}

/**
 * Proves for the network that values are u64 amounts of a token (02 section 2.12): one proof for all, padded by
 * repeating the last value and blinding.
 *
 * @throws TransactionError `ResizeError` for no value, `WrongNumBlindingFactors`, `InvalidGeneratorsLength` for more
 * than 64 values, `ValueOutOfRange`.
 */
export function proveRange(
  values: readonly bigint[],
  blindings: readonly Scalar[],
  tokenId: bigint,
  random: RandomBytes = systemRandom,
): ProvenRange {
  const paddedValues = padToPowerOfTwo(values);
  const paddedBlindings = blindings.length === values.length ? padToPowerOfTwo(blindings) : blindings;
  const { proof, commitments } = proveRangeStatement(
    networkRangeParameters(tokenId),
    paddedValues,
    paddedBlindings,
    random,
  );
  return { proof, commitments: commitments.slice(0, values.length) };
}
