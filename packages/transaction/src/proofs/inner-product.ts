import { Point, Scalar } from "@mobilecoin-ts/curve";
import type { RangeTranscript } from "./range-transcript.ts";

/** `⟨a, b⟩`. */
export function innerProduct(a: readonly Scalar[], b: readonly Scalar[]): Scalar {
  return a.reduce((sum, s, i) => sum.add(s.multiply(b[i]!)), Scalar.ZERO);
}

/** A vector of generators, each folded one a combination of original points kept as coefficients over them. */
class FoldedGenerators {
  #points: readonly Point[];
  #coefficients: Scalar[];
  #length: number;

  constructor(points: readonly Point[], coefficients: readonly Scalar[]) {
    this.#points = points;
    this.#coefficients = [...coefficients];
    this.#length = points.length;
  }

  /**
   * The terms of `⟨s, half of the vector⟩` over the original points: original `k` contributes to the folded
   * generator `k mod length`.
   */
  collectHalf(half: "low" | "high", s: readonly Scalar[], scalars: Scalar[], points: Point[]): void {
    const middle = this.#length / 2;
    const from = half === "low" ? 0 : middle;
    for (let block = from; block < this.#points.length; block += this.#length) {
      for (let i = 0; i < middle; i++) {
        scalars.push(s[i]!.multiply(this.#coefficients[block + i]!));
        points.push(this.#points[block + i]!);
      }
    }
  }

  /** Replaces the vector by `low·lowFactor + high·highFactor`. */
  fold(lowFactor: Scalar, highFactor: Scalar): void {
    const middle = this.#length / 2;
    this.#coefficients = this.#coefficients.map((c, k) =>
      c.multiply(k % this.#length < middle ? lowFactor : highFactor),
    );
    this.#length = middle;
  }

  /** Computes the folded generators, so that the rounds to come work on that many points only. */
  materialize(): void {
    const scalars = this.#coefficients;
    const points = this.#points;
    const columns = Array.from({ length: this.#length }, (_, i) => {
      const rows = Array.from({ length: points.length / this.#length }, (_, row) => i + row * this.#length);
      return Point.multiMultiplyPublic(
        rows.map((k) => scalars[k]!),
        rows.map((k) => points[k]!),
      );
    });
    this.#points = columns;
    this.#coefficients = columns.map(() => Scalar.ONE);
  }
}

/**
 * Rounds done over the original generators before their folds are computed. Early rounds are cheapest as one
 * multiplication over fixed points; late ones would drag all fixed points along for a handful of terms.
 */
const ROUNDS_BEFORE_FOLDING = 3;

export interface InnerProductArgument {
  readonly rounds: { readonly l: Uint8Array; readonly r: Uint8Array }[];
  readonly left: Scalar;
  readonly right: Scalar;
}

/**
 * The inner-product argument over bases `G`, `H'_k = hFactors_k·H_k` and `q` (02 section 2.12, prover step 5).
 *
 * Variable time on purpose: `a` and `b` are the blinded vectors `l(x)` and `r(x)`, which the protocol without this
 * argument sends in clear (Bünz et al., "Bulletproofs", section 4.1: `l` and `r` are uniform given `x`, whatever the
 * values are). What they hide is hidden by `s_L` and `s_R`, not by keeping them secret.
 */
export function proveInnerProduct(
  transcript: RangeTranscript,
  q: Point,
  g: readonly Point[],
  h: readonly Point[],
  hFactors: readonly Scalar[],
  a: readonly Scalar[],
  b: readonly Scalar[],
): InnerProductArgument {
  let left = [...a];
  let right = [...b];
  const foldedG = new FoldedGenerators(
    g,
    g.map(() => Scalar.ONE),
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
    const [leftLow, leftHigh] = [left.slice(0, middle), left.slice(middle)];
    const [rightLow, rightHigh] = [right.slice(0, middle), right.slice(middle)];
    const cross = (gHalf: "low" | "high", leftPart: Scalar[], rightPart: Scalar[]) => {
      const scalars = [innerProduct(leftPart, rightPart)];
      const points = [q];
      foldedG.collectHalf(gHalf, leftPart, scalars, points);
      foldedH.collectHalf(gHalf === "low" ? "high" : "low", rightPart, scalars, points);
      return Point.multiMultiplyPublic(scalars, points);
    };
    const [l, r] = Point.encodeBatch([
      cross("high", leftLow, rightHigh),
      cross("low", leftHigh, rightLow),
    ]) as [Uint8Array, Uint8Array];
    rounds.push({ l, r });
    const u = transcript.round(l, r);
    const uInverse = u.invert();
    left = leftLow.map((s, i) => s.multiply(u).add(leftHigh[i]!.multiply(uInverse)));
    right = rightLow.map((s, i) => s.multiply(uInverse).add(rightHigh[i]!.multiply(u)));
    foldedG.fold(uInverse, u);
    foldedH.fold(u, uInverse);
  }
  return { rounds, left: left[0]!, right: right[0]! };
}
