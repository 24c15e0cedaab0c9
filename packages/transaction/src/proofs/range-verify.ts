import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { GENERATORS_PER_PARTY, vectorGenerators } from "./bulletproof-generators.ts";
import {
  networkRangeParameters,
  padToPowerOfTwo,
  type RangeParameters,
  requireRangeSize,
} from "./range-parameters.ts";
import { parseRangeProof, type RangeProof } from "./range-proof.ts";
import { isIdentityEncoding, RangeTranscript } from "./range-transcript.ts";

/** A proof to check under explicit parameters; commitments compressed and already padded. */
export interface RangeStatement {
  readonly parameters: RangeParameters;
  readonly commitments: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** A proof of the network: that every commitment is to a u64 of the token. Commitments compressed, not padded. */
export interface TokenRangeStatement {
  readonly tokenId: bigint;
  readonly commitments: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** A statement of a batch that does not hold. */
export interface RangeFailure {
  /** Its place in the batch. */
  readonly index: number;
  /** `FormatError`, `VerificationError`, `InvalidBitsize`, `InvalidGeneratorsLength` or `ResizeError`. */
  readonly error: TransactionError<"range-proof">;
}

/** A statement with its challenges recomputed and its points decompressed: what is left is one linear equation. */
interface ReplayedStatement {
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

function verificationError(message: string): TransactionError<"range-proof"> {
  return new TransactionError("range-proof", "VerificationError", message);
}

function replay(index: number, { parameters, commitments, proof: bytes }: RangeStatement): ReplayedStatement {
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
  const points = [...proofPoints, ...commitments].map((encoded) => {
    const point = encoded.length === 32 ? Point.tryDecode(encoded) : undefined;
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

/** The vector of `Π factors[t]^{bit t of i}`, scaled by `initial`. */
function tensor(initial: Scalar, factors: readonly Scalar[]): Scalar[] {
  const out = [initial];
  for (const factor of factors)
    for (let i = 0, n = out.length; i < n; i++) out.push(out[i]!.multiply(factor));
  return out;
}

/** `s, s², s⁴, …`: `count` of them. */
function repeatedSquares(s: Scalar, count: number): Scalar[] {
  const out = [s];
  while (out.length < count) out.push(out.at(-1)!.multiply(out.at(-1)!));
  return out.slice(0, count);
}

function sum(scalars: readonly Scalar[]): Scalar {
  return scalars.reduce((total, s) => total.add(s), Scalar.ZERO);
}

function product(scalars: readonly Scalar[]): Scalar {
  return scalars.reduce((total, s) => total.multiply(s), Scalar.ONE);
}

/** The sum that must vanish, over statements each weighed at random; a generator they share is in it once. */
class WeighedSum {
  readonly #g: Scalar[] = [];
  readonly #h: Scalar[] = [];
  readonly #bases = new Map<Point, Scalar>();
  readonly #scalars: Scalar[] = [];
  readonly #points: Point[] = [];
  #parties = 0;

  #addBase(base: Point, coefficient: Scalar): void {
    for (const [known, total] of this.#bases) {
      if (known === base || known.equals(base)) {
        this.#bases.set(known, total.add(coefficient));
        return;
      }
    }
    this.#bases.set(base, coefficient);
  }

  /** `weight` decides how much of the statement's equation enters, `c` how its two halves are joined. */
  add(
    statement: ReplayedStatement,
    inverses: { y: Scalar; u: readonly Scalar[] },
    weight: Scalar,
    c: Scalar,
  ): void {
    const { parameters, parties, proof, y, z, x, w, u, points } = statement;
    const { bits } = parameters;
    const log2Bits = Math.log2(bits);
    const log2Length = u.length;
    const zPowers = [z.multiply(z)];
    for (let j = 1; j <= parties; j++) zPowers.push(zPowers.at(-1)!.multiply(z));
    const uSquared = u.map((s) => s.multiply(s));
    const uInverseSquared = inverses.u.map((s) => s.multiply(s));

    const weightedC = weight.multiply(c);
    const weightedZ = weight.multiply(z);
    this.#points.push(...points);
    this.#scalars.push(
      weight,
      weight.multiply(x),
      weightedC.multiply(x),
      weightedC.multiply(x).multiply(x),
      ...uSquared.map((s) => weight.multiply(s)),
      ...uInverseSquared.map((s) => weight.multiply(s)),
      ...zPowers.slice(0, parties).map((s) => weightedC.multiply(s)),
    );

    // Σ y^k over 2^t terms is Π (1 + y^(2^i)).
    const yPowerSum = product(repeatedSquares(y, log2Length).map((s) => s.add(Scalar.ONE)));
    const allOnes = Scalar.fromBigInt((1n << BigInt(bits)) - 1n);
    const delta = z
      .subtract(zPowers[0]!)
      .multiply(yPowerSum)
      .subtract(allOnes.multiply(sum(zPowers.slice(1))));
    const valueCoefficient = w
      .multiply(proof.tX.subtract(proof.left.multiply(proof.right)))
      .add(c.multiply(delta.subtract(proof.tX)));
    const blindingCoefficient = proof.eBlinding.add(c.multiply(proof.tXBlinding)).negate();
    this.#addBase(parameters.valueBase, weight.multiply(valueCoefficient));
    this.#addBase(parameters.blindingBase, weight.multiply(blindingCoefficient));

    // Every vector here is a product over the bits of its index, so each entry costs one multiplication.
    const yInverse = repeatedSquares(inverses.y, log2Length);
    const two = repeatedSquares(Scalar.fromBigInt(2n), log2Bits);
    const zSquares = repeatedSquares(z, log2Length - log2Bits);
    const s = tensor(weight.multiply(proof.left).multiply(product(inverses.u)), [...uSquared].reverse());
    const reversedS = tensor(
      weight.multiply(proof.right).multiply(product(u)),
      [...uInverseSquared].reverse().map((factor, t) => factor.multiply(yInverse[t]!)),
    );
    const powers = tensor(
      weight.multiply(zPowers[0]!),
      [...two, ...zSquares].map((factor, t) => factor.multiply(yInverse[t]!)),
    );
    this.#grow(parties);
    for (let j = 0, k = 0; j < parties; j++) {
      for (let at = j * GENERATORS_PER_PARTY, end = at + bits; at < end; at++, k++) {
        this.#g[at] = this.#g[at]!.subtract(weightedZ.add(s[k]!));
        this.#h[at] = this.#h[at]!.add(weightedZ).add(powers[k]!.subtract(reversedS[k]!));
      }
    }
  }

  #grow(parties: number): void {
    this.#parties = Math.max(this.#parties, parties);
    while (this.#g.length < this.#parties * GENERATORS_PER_PARTY) {
      this.#g.push(Scalar.ZERO);
      this.#h.push(Scalar.ZERO);
    }
  }

  isIdentity(): boolean {
    const length = this.#g.length;
    return Point.multiMultiplyPublic(
      [...this.#g, ...this.#h, ...this.#bases.values(), ...this.#scalars],
      [
        ...vectorGenerators("G", this.#parties).slice(0, length),
        ...vectorGenerators("H", this.#parties).slice(0, length),
        ...this.#bases.keys(),
        ...this.#points,
      ],
    ).isIdentity();
  }
}

/** Whether all statements hold. A false one passes with a probability of about 2^-250. */
function allHold(statements: readonly ReplayedStatement[], random: RandomBytes): boolean {
  const inverses = Scalar.batchInvert(statements.flatMap(({ y, u }) => [y, ...u]));
  const total = new WeighedSum();
  let at = 0;
  for (const statement of statements) {
    const y = inverses[at++]!;
    const u = inverses.slice(at, at + statement.u.length);
    at += statement.u.length;
    const weight = statements.length === 1 ? Scalar.ONE : Scalar.random(random);
    total.add(statement, { y, u }, weight, Scalar.random(random));
  }
  return total.isIdentity();
}

/** Halves a set that does not hold as a whole until the statements at fault stand alone. */
function findFailures(statements: readonly ReplayedStatement[], random: RandomBytes): number[] {
  if (statements.length === 0 || allHold(statements, random)) return [];
  if (statements.length === 1) return [statements[0]!.index];
  const middle = statements.length >> 1;
  return [
    ...findFailures(statements.slice(0, middle), random),
    ...findFailures(statements.slice(middle), random),
  ];
}

/**
 * Checks range proofs together: each equation is weighed by a random scalar, and their sum is one multiscalar
 * multiplication in which every generator occurs once. Sizes, bit widths, labels and bases may differ. Where the sum
 * does not vanish, halves are checked until every bad proof is named.
 *
 * @returns the statements that do not hold, by index; empty where all hold.
 */
export function verifyRangeStatements(
  statements: readonly RangeStatement[],
  random: RandomBytes = systemRandom,
): RangeFailure[] {
  const failures: RangeFailure[] = [];
  const replayed: ReplayedStatement[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      replayed.push(replay(index, statement));
    } catch (error) {
      if (!isRangeProofError(error)) throw error;
      failures.push({ index, error });
    }
  }
  for (const index of findFailures(replayed, random)) {
    failures.push({ index, error: verificationError("the range proof does not hold") });
  }
  return failures.sort((a, b) => a.index - b.index);
}

function isRangeProofError(error: unknown): error is TransactionError<"range-proof"> {
  return error instanceof TransactionError && error.area === "range-proof";
}

/**
 * Checks the network's range proofs together, of any tokens and sizes (02 section 2.12); see
 * {@link verifyRangeStatements}.
 */
export function verifyRangeBatch(
  statements: readonly TokenRangeStatement[],
  random: RandomBytes = systemRandom,
): RangeFailure[] {
  const failures: RangeFailure[] = [];
  const padded: RangeStatement[] = [];
  const places: number[] = [];
  for (const [index, { tokenId, commitments, proof }] of statements.entries()) {
    try {
      padded.push({
        parameters: networkRangeParameters(tokenId),
        commitments: padToPowerOfTwo(commitments),
        proof,
      });
      places.push(index);
    } catch (error) {
      if (!isRangeProofError(error)) throw error;
      failures.push({ index, error });
    }
  }
  for (const { index, error } of verifyRangeStatements(padded, random)) {
    failures.push({ index: places[index]!, error });
  }
  return failures.sort((a, b) => a.index - b.index);
}

/**
 * Checks one proof of the network: that every commitment is to a u64 of the token; returns where it holds.
 * `commitments` are compressed, in the proof's order, not padded.
 *
 * @throws TransactionError `ResizeError`, `FormatError`, `InvalidGeneratorsLength`, `VerificationError`.
 */
export function verifyRange(
  proof: Uint8Array,
  commitments: readonly Uint8Array[],
  tokenId: bigint,
  random: RandomBytes = systemRandom,
): void {
  const failure = verifyRangeBatch([{ proof, commitments, tokenId }], random)[0];
  if (failure !== undefined) throw failure.error;
}
