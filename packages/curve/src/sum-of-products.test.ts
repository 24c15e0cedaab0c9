import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CurveError,
  Point,
  PointVector,
  type Product,
  Scalar,
  ScalarVector,
  StaticTable,
  selectedSum,
  sumOfProducts,
  sumOfProductsPublic,
} from "./index.ts";

function randomPoints(n: number): Point[] {
  return Array.from({ length: n }, () => Point.multiplyBase(Scalar.random()));
}

function randomScalars(n: number): Scalar[] {
  return Array.from({ length: n }, () => Scalar.random());
}

function naiveSum(products: readonly Product[]): Point {
  let sum = Point.IDENTITY;
  for (const { scalars, points } of products) {
    const all =
      points instanceof PointVector
        ? points.toPoints()
        : points instanceof StaticTable
          ? points.points.toPoints()
          : points;
    const factors = scalars instanceof ScalarVector ? scalars.toScalars() : scalars;
    for (const [i, point] of all.entries()) sum = sum.add(point.multiply(factors[i]!));
  }
  return sum;
}

const special = [
  Scalar.ZERO,
  Scalar.ONE,
  Scalar.fromBigInt(-1n),
  Scalar.fromBigInt(-2n),
  Scalar.fromBigInt(2n ** 252n),
  Scalar.fromBigInt(2n ** 252n - 1n),
  Scalar.fromBigInt(2n ** 251n),
  Scalar.fromBigInt(8n),
  Scalar.fromBigInt(0x8888888888888888888888888888888888888888888888888888888888888888n),
];

describe("sums of products", () => {
  it.each([1, 2, 3, 17, 125, 126, 300, 700])("of %i products are the sum of the products", (n) => {
    const points = randomPoints(n);
    const scalars = randomScalars(n);
    for (const [i, scalar] of special.entries()) if (i < n) scalars[i] = scalar;
    if (n > 20) {
      points[15] = Point.IDENTITY;
      points[16] = points[17]!;
      points[18] = points[17]!.negate();
      scalars[16] = scalars[18] = scalars[17]!;
    }
    const expected = naiveSum([{ scalars, points }]);
    expect(Point.multiMultiplyPublic(scalars, points).equals(expected)).toBe(true);
    expect(Point.multiMultiply(scalars, points).equals(expected)).toBe(true);
    using pointVector = PointVector.from(points);
    using scalarVector = ScalarVector.from(scalars);
    const products = [{ scalars: scalarVector, points: pointVector }];
    expect(sumOfProductsPublic(products).equals(expected)).toBe(true);
    expect(sumOfProducts(products).equals(expected)).toBe(true);
    using table = StaticTable.from(points);
    const fixed = [{ scalars, points: table }];
    expect(sumOfProductsPublic(fixed).equals(expected)).toBe(true);
    expect(sumOfProducts(fixed).equals(expected)).toBe(true);
  });

  it.each([5, 250])("mix tables, vectors, views and plain points (%i)", (n) => {
    using table = StaticTable.from(randomPoints(40));
    using vector = PointVector.from(randomPoints(n));
    using scalars = ScalarVector.random(n);
    const products: Product[] = [
      { scalars: randomScalars(10), points: table.slice(5, 15) },
      { scalars, points: vector },
      { scalars: scalars.slice(1, 4), points: randomPoints(3) },
      { scalars: randomScalars(25), points: table.slice(15) },
    ];
    const expected = naiveSum(products);
    expect(sumOfProductsPublic(products).equals(expected)).toBe(true);
    expect(sumOfProducts(products).equals(expected)).toBe(true);
  });

  it("of nothing is the identity", () => {
    expect(sumOfProductsPublic([]).isIdentity()).toBe(true);
    expect(sumOfProducts([]).isIdentity()).toBe(true);
    expect(Point.multiMultiply([], []).isIdentity()).toBe(true);
    expect(Point.multiMultiplyPublic([], []).isIdentity()).toBe(true);
  });

  it("choose by bits", () => {
    const zeros = randomPoints(20);
    const ones = randomPoints(20);
    using zeroVector = PointVector.from(zeros);
    using oneVector = PointVector.from(ones);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20, max: 1 }), (bits) => {
        let sum = Point.IDENTITY;
        for (const [i, bit] of bits.entries()) sum = sum.add(bit === 1 ? ones[i]! : zeros[i]!);
        return selectedSum(bits, zeroVector, oneVector).equals(sum);
      }),
      { numRuns: 20 },
    );
  });

  it("want as many scalars as points", () => {
    const mismatch = expect.objectContaining({ code: "LENGTH_MISMATCH" });
    expect(() => sumOfProductsPublic([{ scalars: [Scalar.ONE], points: [] }])).toThrow(mismatch);
    expect(() => Point.multiMultiply([Scalar.ONE], [])).toThrow(mismatch);
    using points = PointVector.from([Point.BASE]);
    expect(() => selectedSum(new Uint8Array(2), points, points)).toThrow(CurveError);
  });
});
