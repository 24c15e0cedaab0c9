import { ORDER, Point, type Product, type Scalar, sumOfProductsPublic } from "@mobilecoin-ts/curve";
import { sum, toScalar } from "./public-scalars.ts";
import type { RangeTranscript } from "./range-transcript.ts";

type Half = "low" | "high";

/** A vector of generators, and products with a run of them. */
export interface GeneratorSource {
  readonly points: readonly Point[];
  products(start: number, scalars: readonly Scalar[]): Product[];
}

/** A vector of generators that was folded some times: each element a combination of original points. */
class FoldedGenerators {
  #source: GeneratorSource;
  /** Original `k` occurs in folded element `k mod length`, this many times. */
  #coefficients: readonly bigint[];
  #length: number;

  constructor(source: GeneratorSource, coefficients: readonly bigint[]) {
    this.#source = source;
    this.#coefficients = coefficients;
    this.#length = coefficients.length;
  }

  /** The products of `⟨s, half of the vector⟩`, over the original points. */
  half(half: Half, s: readonly bigint[]): Product[] {
    const middle = this.#length / 2;
    const products: Product[] = [];
    for (let at = half === "low" ? 0 : middle; at < this.#coefficients.length; at += this.#length) {
      const start = at;
      products.push(
        ...this.#source.products(
          start,
          s.map((scalar, i) => toScalar(scalar * this.#coefficients[start + i]!)),
        ),
      );
    }
    return products;
  }

  /** Replaces the vector by `low·lowFactor + high·highFactor`. */
  fold(lowFactor: bigint, highFactor: bigint): void {
    const middle = this.#length / 2;
    this.#coefficients = this.#coefficients.map(
      (c, k) => (c * (k % this.#length < middle ? lowFactor : highFactor)) % ORDER,
    );
    this.#length = middle;
  }

  /** Computes the folded generators, so that the rounds to come work on that many points only. */
  materialize(): void {
    const { points } = this.#source;
    const scalars = this.#coefficients.map(toScalar);
    const folded: Point[] = [];
    for (let i = 0; i < this.#length; i++) {
      const inColumn = (_: unknown, k: number) => k % this.#length === i;
      folded.push(Point.multiMultiplyPublic(scalars.filter(inColumn), points.filter(inColumn)));
    }
    this.#source = {
      points: folded,
      products: (start, part) => [{ scalars: part, points: folded.slice(start, start + part.length) }],
    };
    this.#coefficients = folded.map(() => 1n);
  }
}

/**
 * Rounds done over the original generators before their folds are computed. Early rounds are cheapest as one
 * multiplication over fixed points; late ones would drag all fixed points along for a handful of terms.
 */
const ROUNDS_BEFORE_FOLDING = 4;

export interface InnerProductArgument {
  readonly rounds: readonly { readonly l: Uint8Array; readonly r: Uint8Array }[];
  readonly left: Scalar;
  readonly right: Scalar;
}

function innerProduct(a: readonly bigint[], b: readonly bigint[]): bigint {
  return sum(a.map((s, i) => s * b[i]!));
}

/** `low·lowFactor + high·highFactor`, reduced. */
function foldScalars(s: readonly bigint[], lowFactor: bigint, highFactor: bigint): bigint[] {
  const middle = s.length / 2;
  return s.slice(0, middle).map((low, i) => (low * lowFactor + s[middle + i]! * highFactor) % ORDER);
}

/**
 * The inner-product argument over bases `G`, `H'_k = hFactors_k·H_k` and `q` (02 section 2.12, prover step 5).
 *
 * Variable time on purpose: `a` and `b` are the blinded vectors `l(x)` and `r(x)`, which the protocol without this
 * argument sends in clear (Bünz et al., "Bulletproofs", section 4.1: given `x` they are uniform, whatever the values
 * are). What they hide is hidden by `s_L` and `s_R`, not by being kept secret.
 */
export function proveInnerProduct(
  transcript: RangeTranscript,
  q: Point,
  g: GeneratorSource,
  h: GeneratorSource,
  hFactors: readonly bigint[],
  a: readonly bigint[],
  b: readonly bigint[],
): InnerProductArgument {
  let left = a;
  let right = b;
  const foldedG = new FoldedGenerators(
    g,
    a.map(() => 1n),
  );
  const foldedH = new FoldedGenerators(h, hFactors);
  const rounds: { l: Uint8Array; r: Uint8Array }[] = [];
  transcript.innerProduct(left.length);

  while (left.length > 1) {
    if (rounds.length === ROUNDS_BEFORE_FOLDING) {
      foldedG.materialize();
      foldedH.materialize();
    }
    const middle = left.length / 2;
    const cross = (gHalf: Half, leftPart: readonly bigint[], rightPart: readonly bigint[]) =>
      sumOfProductsPublic([
        { scalars: [toScalar(innerProduct(leftPart, rightPart))], points: [q] },
        ...foldedG.half(gHalf, leftPart),
        ...foldedH.half(gHalf === "low" ? "high" : "low", rightPart),
      ]);
    const [l, r] = Point.encodeBatch([
      cross("high", left.slice(0, middle), right.slice(middle)),
      cross("low", left.slice(middle), right.slice(0, middle)),
    ]) as [Uint8Array, Uint8Array];
    rounds.push({ l, r });
    const challenge = transcript.round(l, r);
    const u = challenge.toBigInt();
    const uInverse = challenge.invert().toBigInt();
    left = foldScalars(left, u, uInverse);
    right = foldScalars(right, uInverse, u);
    foldedG.fold(uInverse, u);
    foldedH.fold(u, uInverse);
  }
  return { rounds, left: toScalar(left[0]!), right: toScalar(right[0]!) };
}
