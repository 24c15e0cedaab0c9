import {
  Point,
  type RandomBytes,
  Scalar,
  ScalarVector,
  selectedSum,
  sumOfProducts,
  systemRandom,
} from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import {
  GENERATORS_PER_PARTY,
  type GeneratorLetter,
  generatorProducts,
  generatorsForProver,
  vectorGenerators,
} from "./bulletproof-generators.ts";
import { type GeneratorSource, proveInnerProduct } from "./inner-product.ts";
import { valueTable } from "./pedersen.ts";
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

/**
 * As many uniform scalars as that many calls of `Scalar.random` give, from few calls of the generator (which may
 * refuse more than 2^16 bytes at once).
 */
function randomScalars(count: number, random: RandomBytes): ScalarVector {
  const scalars: Scalar[] = [];
  while (scalars.length < count) {
    const bytes = random(64 * Math.min(count - scalars.length, 512));
    for (let at = 0; at < bytes.length; at += 64)
      scalars.push(Scalar.fromBytesWide(bytes.subarray(at, at + 64)));
    bytes.fill(0);
  }
  return ScalarVector.from(scalars);
}

/** The bits of u64 values, lowest first, a byte each. The steps do not depend on them. */
function bitsOf(values: readonly bigint[], bits: number): Uint8Array {
  const out = new Uint8Array(values.length * bits);
  const words = new DataView(new ArrayBuffer(8));
  for (const [j, value] of values.entries()) {
    words.setBigUint64(0, value, true);
    for (let i = 0; i < bits; i++) out[j * bits + i] = (words.getUint8(i >> 3) >> (i & 7)) & 1;
  }
  words.setBigUint64(0, 0n);
  return out;
}

/** Scalars 0 and 1 from bytes 0 and 1; no table or branch is indexed by the byte. */
function scalarsOfBits(bits: Uint8Array): ScalarVector {
  const bytes = new Uint8Array(32);
  const scalars = Array.from(bits, (bit) => {
    bytes[0] = bit;
    return Scalar.fromBytes(bytes);
  });
  bytes[0] = 0;
  return ScalarVector.from(scalars);
}

/** `b·B̃`, constant time. */
function blind({ blindingBase }: RangeParameters, b: Scalar): Point {
  return blindingBase === Point.BASE ? Point.multiplyBase(b) : blindingBase.multiply(b);
}

/** `v·B + b·B̃`, constant time. */
function commitUnder(parameters: RangeParameters, v: Scalar, b: Scalar): Point {
  const { valueBase, valueTable } = parameters;
  return (valueTable?.multiply(v) ?? valueBase.multiply(v)).add(blind(parameters, b));
}

/** Generators of a proof as products: over tables, unless each party uses only some of its generators. */
function generatorSource(letter: GeneratorLetter, bits: number, parties: number): GeneratorSource {
  const points = vectorGenerators(letter, parties).filter(
    (_, at) => at < parties * GENERATORS_PER_PARTY && at % GENERATORS_PER_PARTY < bits,
  );
  return {
    points,
    products: (start, scalars) =>
      bits === GENERATORS_PER_PARTY
        ? generatorProducts(letter, parties, start, scalars)
        : [{ scalars, points: points.slice(start, start + scalars.length) }],
  };
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
  const { bits } = parameters;
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

  const vectors: ScalarVector[] = [];
  try {
    return proveWith(parameters, values, blindings, random, (vector) => {
      vectors.push(vector);
      return vector;
    });
  } finally {
    for (const vector of vectors) vector.dispose();
  }
}

/** The proof itself. Every vector of scalars is handed to `keep`, whose owner clears it in the end. */
function proveWith(
  parameters: RangeParameters,
  values: readonly bigint[],
  blindings: readonly Scalar[],
  random: RandomBytes,
  keep: (vector: ScalarVector) => ScalarVector,
): ProvenRange {
  const { bits, blindingBase } = parameters;
  const parties = values.length;
  const length = parties * bits;
  const { g, h, negativeH } = generatorsForProver(bits, parties);
  const commitments = Point.encodeBatch(
    values.map((value, j) => commitUnder(parameters, Scalar.fromBigInt(value), blindings[j]!)),
  );
  const transcript = new RangeTranscript(parameters.label, bits, commitments);

  // A = α·B̃ + ⟨a_L, G⟩ + ⟨a_R, H⟩, where (a_L, a_R) is (1, 0) or (0, −1): one of G and −H for each bit.
  const bitBytes = bitsOf(values, bits);
  const alpha = Scalar.random(random);
  const rho = Scalar.random(random);
  const sL = keep(randomScalars(length, random));
  const sR = keep(randomScalars(length, random));
  const [a, s] = Point.encodeBatch([
    selectedSum(bitBytes, negativeH, g).add(blind(parameters, alpha)),
    sumOfProducts([
      { scalars: [rho], points: [blindingBase] },
      { scalars: sL, points: g },
      { scalars: sR, points: h },
    ]),
  ]) as [Uint8Array, Uint8Array];
  const { y, z } = transcript.bitCommitments(a, s);

  // l(X) = l0 + s_L·X and r(X) = r0 + r1·X, with r0 = y^k·(a_R + z) + z^(j+2)·2^i and r1 = y^k·s_R.
  const aL = keep(scalarsOfBits(bitBytes));
  bitBytes.fill(0);
  const yPowers = keep(ScalarVector.powers(y, length));
  const zPowers = keep(ScalarVector.powers(z, parties, z.multiply(z)));
  const l0 = keep(aL.subtractScalar(z));
  const r0 = keep(keep(aL.addScalar(z.subtract(Scalar.ONE))).multiplyInPlace(yPowers));
  const two = Scalar.fromBigInt(2n);
  for (let j = 0; j < parties; j++) {
    r0.slice(j * bits, (j + 1) * bits).addInPlace(keep(ScalarVector.powers(two, bits, zPowers.get(j))));
  }
  const r1 = keep(yPowers.multiply(sR));
  const t1 = l0.innerProduct(r1).add(sL.innerProduct(r0));
  const t2 = sL.innerProduct(r1);
  const tau1 = Scalar.random(random);
  const tau2 = Scalar.random(random);
  const [bigT1, bigT2] = Point.encodeBatch([
    commitUnder(parameters, t1, tau1),
    commitUnder(parameters, t2, tau2),
  ]) as [Uint8Array, Uint8Array];
  const x = transcript.polynomialCommitments(bigT1, bigT2);

  const left = keep(sL.scale(x)).addInPlace(l0);
  const right = keep(r1.scale(x)).addInPlace(r0);
  const tX = left.innerProduct(right);
  const tXBlinding = zPowers
    .innerProduct(keep(ScalarVector.from(blindings)))
    .add(tau1.multiply(x))
    .add(tau2.multiply(x).multiply(x));
  const eBlinding = alpha.add(rho.multiply(x));
  const w = transcript.evaluation(tX, tXBlinding, eBlinding);

  const argument = proveInnerProduct(
    transcript,
    parameters.valueBase.multiplyPublic(w),
    generatorSource("G", bits, parties),
    generatorSource("H", bits, parties),
    [1n, ...successivePowers(y.invert().toBigInt(), length - 1)],
    left.toScalars().map((scalar) => scalar.toBigInt()),
    right.toScalars().map((scalar) => scalar.toBigInt()),
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
    { ...networkRangeParameters(tokenId), valueTable: valueTable(tokenId) },
    paddedValues,
    paddedBlindings,
    random,
  );
  return { proof, commitments: commitments.slice(0, values.length) };
}
