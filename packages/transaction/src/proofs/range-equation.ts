import { bytesToHex } from "@mobilecoin-ts/crypto";
import { Point, type RandomBytes, Scalar, ScalarVector, sumOfProductsPublic } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { GENERATORS_PER_PARTY, generatorProducts } from "./bulletproof-generators.ts";
import { type RangeParameters, requireRangeSize } from "./range-parameters.ts";
import { parseRangeProof, type RangeProof } from "./range-proof.ts";
import { isIdentityEncoding, RangeTranscript } from "./range-transcript.ts";

/** A proof to check under explicit parameters; commitments compressed and already padded. */
export interface RangeStatement {
  readonly parameters: RangeParameters;
  readonly commitments: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** A statement with its challenges recomputed and its points decompressed. */
export interface ReplayedStatement {
  readonly index: number;
  readonly parameters: RangeParameters;
  readonly parties: number;
  readonly proof: RangeProof;
  readonly y: Scalar;
  readonly z: Scalar;
  readonly x: Scalar;
  readonly w: Scalar;
  readonly u: readonly Scalar[];
  /** A, S, T_1, T_2, then the L and the R of the rounds, then the commitments. */
  readonly points: readonly Point[];
}

/** A statement that is one linear equation over known points. */
export interface PreparedStatement extends ReplayedStatement {
  readonly yInverse: Scalar;
  readonly uInverse: readonly Scalar[];
}

/** Inverts the challenges of all statements at the price of one inversion. */
export function prepare(statements: readonly ReplayedStatement[]): PreparedStatement[] {
  const inverses = Scalar.batchInvert(statements.flatMap(({ y, u }) => [y, ...u]));
  let at = 0;
  return statements.map((statement) => ({
    ...statement,
    yInverse: inverses[at++]!,
    uInverse: statement.u.map(() => inverses[at++]!),
  }));
}

export function verificationError(message: string): TransactionError<"range-proof"> {
  return new TransactionError("range-proof", "VerificationError", message);
}

/**
 * Parses a proof, recomputes its challenges and decompresses its points.
 *
 * @throws TransactionError `FormatError`, `InvalidBitsize`, `InvalidGeneratorsLength`, `VerificationError`.
 */
export function replay(
  index: number,
  { parameters, commitments, proof: bytes }: RangeStatement,
): ReplayedStatement {
  const proof = parseRangeProof(bytes);
  const { bits } = parameters;
  const parties = commitments.length;
  requireRangeSize(bits, parties);
  if (2 ** proof.rounds.length !== bits * parties) {
    throw verificationError("the number of rounds does not fit the commitments");
  }
  const proofPoints = [
    proof.a,
    proof.s,
    proof.t1,
    proof.t2,
    ...proof.rounds.map(({ l }) => l),
    ...proof.rounds.map(({ r }) => r),
  ];
  if (proofPoints.some(isIdentityEncoding)) throw verificationError("the proof contains the identity");
  const points = Point.tryDecodeBatch([...proofPoints, ...commitments]).map((point) => {
    if (point === undefined) throw verificationError("the proof or a commitment contains what is no point");
    return point;
  });

  const transcript = new RangeTranscript(parameters.label, bits, commitments);
  const { y, z } = transcript.bitCommitments(proof.a, proof.s);
  const x = transcript.polynomialCommitments(proof.t1, proof.t2);
  const w = transcript.evaluation(proof.tX, proof.tXBlinding, proof.eBlinding);
  transcript.innerProduct(bits * parties);
  const u = proof.rounds.map(({ l, r }) => transcript.round(l, r));
  return { index, parameters, parties, proof, y, z, x, w, u, points };
}

/**
 * Adds the vector of `first · Π factors[t]^{bit t of k}` at the generators `k` of a proof: `bits` of them for each of
 * its parties.
 */
function addToGenerators(
  vector: ScalarVector,
  bits: number,
  parties: number,
  first: Scalar,
  factors: readonly Scalar[],
): void {
  if (bits === GENERATORS_PER_PARTY) {
    vector.slice(0, parties * bits).addTensorInPlace(first, factors);
    return;
  }
  const log2Bits = Math.log2(bits);
  for (let j = 0; j < parties; j++) {
    const ofParty = factors.slice(log2Bits).filter((_, t) => (j >> t) & 1);
    const firstOfParty = ofParty.reduce((p, factor) => p.multiply(factor), first);
    const start = j * GENERATORS_PER_PARTY;
    vector.slice(start, start + bits).addTensorInPlace(firstOfParty, factors.slice(0, log2Bits));
  }
}

/** A copy with zeros behind. */
function lengthened(vector: ScalarVector, length: number): ScalarVector {
  const longer = ScalarVector.zeros(length);
  longer.slice(0, vector.length).addInPlace(vector);
  vector.dispose();
  return longer;
}

function square(s: Scalar): Scalar {
  return s.multiply(s);
}

function product(scalars: readonly Scalar[]): Scalar {
  return scalars.reduce((total, s) => total.multiply(s));
}

function sum(scalars: readonly Scalar[]): Scalar {
  return scalars.reduce((total, s) => total.add(s));
}

/** `s, s², s⁴, …`: `count` of them. */
function repeatedSquares(s: Scalar, count: number): Scalar[] {
  const out: Scalar[] = [];
  for (let i = 0, power = s; i < count; i++, power = square(power)) out.push(power);
  return out;
}

/** Pairwise products of two lists. */
function products(a: readonly Scalar[], b: readonly Scalar[]): Scalar[] {
  return a.map((s, i) => s.multiply(b[i]!));
}

const TWO_REPEATEDLY_SQUARED = repeatedSquares(Scalar.fromBigInt(2n), Math.log2(GENERATORS_PER_PARTY));

const baseKeys = new WeakMap<Point, string>();

/** The same for equal bases, so that however many statements share one, it is found at once. */
function baseKey(base: Point): string {
  const known = baseKeys.get(base);
  if (known !== undefined) return known;
  const key = bytesToHex(base.encode());
  baseKeys.set(base, key);
  return key;
}

/** The sum that must vanish, over statements each weighed at random; a generator they share is in it once. */
class WeighedSum {
  #g: ScalarVector = ScalarVector.zeros(0);
  #h: ScalarVector = ScalarVector.zeros(0);
  /** What every `H` of a party has more, and every `G` less, from proofs that use them all. */
  readonly #z: Scalar[] = [];
  readonly #bases = new Map<string, { readonly base: Point; readonly coefficient: Scalar }>();
  readonly #points: Point[] = [];
  readonly #scalars: Scalar[] = [];

  #addBase(base: Point, coefficient: Scalar): void {
    const key = baseKey(base);
    const known = this.#bases.get(key);
    const total = known === undefined ? coefficient : known.coefficient.add(coefficient);
    this.#bases.set(key, { base, coefficient: total });
  }

  /** `weight` decides how much of the statement's equation enters, `c` how its two halves are joined. */
  add(statement: PreparedStatement, weight: Scalar, c: Scalar): void {
    const { parameters, parties, proof, y, yInverse, z, x, w, u, uInverse } = statement;
    const { bits } = parameters;
    const log2Bits = Math.log2(bits);
    const log2Length = u.length;
    const zSquared = square(z);
    const zPowers = [zSquared];
    for (let j = 1; j <= parties; j++) zPowers.push(zPowers[j - 1]!.multiply(z));
    const uSquared = u.map(square);
    const uInverseSquared = uInverse.map(square);

    const weightedX = weight.multiply(x);
    const weightedC = weight.multiply(c);
    const weightedCX = weightedC.multiply(x);
    this.#points.push(...statement.points);
    this.#scalars.push(
      weight,
      weightedX,
      weightedCX,
      weightedCX.multiply(x),
      ...uSquared.map((s) => weight.multiply(s)),
      ...uInverseSquared.map((s) => weight.multiply(s)),
      ...zPowers.slice(0, parties).map((s) => weightedC.multiply(s)),
    );

    // Σ y^k over 2^t terms is Π (1 + y^(2^i)).
    const yPowerSum = product(repeatedSquares(y, log2Length).map((s) => s.add(Scalar.ONE)));
    const allOnes = Scalar.fromBigInt((1n << BigInt(bits)) - 1n);
    const delta = z
      .subtract(zSquared)
      .multiply(yPowerSum)
      .subtract(allOnes.multiply(sum(zPowers.slice(1))));
    const valueCoefficient = w
      .multiply(proof.tX.subtract(proof.left.multiply(proof.right)))
      .add(c.multiply(delta.subtract(proof.tX)));
    const blindingCoefficient = proof.eBlinding.add(c.multiply(proof.tXBlinding));
    this.#addBase(parameters.valueBase, weight.multiply(valueCoefficient));
    this.#addBase(parameters.blindingBase, weight.multiply(blindingCoefficient).negate());

    // Every vector here is a product over the bits of its index.
    const yInverses = repeatedSquares(yInverse, log2Length);
    const twoAndZ = [
      ...TWO_REPEATEDLY_SQUARED.slice(0, log2Bits),
      ...repeatedSquares(z, log2Length - log2Bits),
    ];
    const weightedZ = weight.multiply(z);
    const minusWeight = weight.negate();
    this.#grow(parties);
    const addTensor = (vector: ScalarVector, first: Scalar, factors: readonly Scalar[]) =>
      addToGenerators(vector, bits, parties, first, factors);
    addTensor(this.#g, product([minusWeight, proof.left, ...uInverse]), uSquared.toReversed());
    addTensor(
      this.#h,
      product([minusWeight, proof.right, ...u]),
      products(uInverseSquared.toReversed(), yInverses),
    );
    addTensor(this.#h, weight.multiply(zSquared), products(twoAndZ, yInverses));
    if (bits === GENERATORS_PER_PARTY) {
      for (let j = 0; j < parties; j++) this.#z[j] = this.#z[j]!.add(weightedZ);
    } else {
      const ones = u.map(() => Scalar.ONE);
      addTensor(this.#g, weightedZ.negate(), ones);
      addTensor(this.#h, weightedZ, ones);
    }
  }

  #grow(parties: number): void {
    if (parties <= this.#z.length) return;
    while (this.#z.length < parties) this.#z.push(Scalar.ZERO);
    this.#g = lengthened(this.#g, parties * GENERATORS_PER_PARTY);
    this.#h = lengthened(this.#h, parties * GENERATORS_PER_PARTY);
  }

  isIdentity(): boolean {
    const parties = this.#z.length;
    for (const [j, z] of this.#z.entries()) {
      const start = j * GENERATORS_PER_PARTY;
      const ones = Array<Scalar>(Math.log2(GENERATORS_PER_PARTY)).fill(Scalar.ONE);
      const end = start + GENERATORS_PER_PARTY;
      this.#g.slice(start, end).addTensorInPlace(z.negate(), ones);
      this.#h.slice(start, end).addTensorInPlace(z, ones);
    }
    const bases = [...this.#bases.values()];
    return sumOfProductsPublic([
      ...generatorProducts("G", parties, 0, this.#g),
      ...generatorProducts("H", parties, 0, this.#h),
      {
        scalars: [...bases.map(({ coefficient }) => coefficient), ...this.#scalars],
        points: [...bases.map(({ base }) => base), ...this.#points],
      },
    ]).isIdentity();
  }

  dispose(): void {
    this.#g.dispose();
    this.#h.dispose();
  }
}

/**
 * Whether all statements hold, by one multiscalar multiplication (02 section 2.12, verifier). A false one passes with
 * a probability of about 2^-250.
 */
export function allHold(statements: readonly PreparedStatement[], random: RandomBytes): boolean {
  const total = new WeighedSum();
  for (const statement of statements) {
    const weight = statements.length === 1 ? Scalar.ONE : Scalar.random(random);
    total.add(statement, weight, Scalar.random(random));
  }
  const holds = total.isIdentity();
  total.dispose();
  return holds;
}
