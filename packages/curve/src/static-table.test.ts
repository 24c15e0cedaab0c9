import { describe, expect, it } from "vitest";
import { Point } from "./point.ts";
import { systemRandom } from "./random.ts";
import { ORDER, Scalar } from "./scalar.ts";
import { StaticTable } from "./static-table.ts";
import { sumOfProductsPublic } from "./sum-of-products.ts";

const randomPoints = (n: number) => Array.from({ length: n }, () => Point.fromUniformBytes(systemRandom(64)));
const edges = [
  0n,
  1n,
  2n,
  511n,
  512n,
  513n,
  1023n,
  1024n,
  2n ** 252n - 1n,
  2n ** 252n,
  ORDER - 1n,
  ORDER - 512n,
];

describe("sums over static tables", () => {
  it.each([48, 64, 200])(
    "%i generators, edge scalars among random ones, agree with products one by one",
    (n) => {
      const points = randomPoints(n);
      points[0] = Point.IDENTITY;
      points[2] = points[1]!;
      points[3] = points[1]!.negate();
      const scalars = points.map((_, i) => {
        const edge = edges[i - 4];
        return edge === undefined ? Scalar.random() : Scalar.fromBigInt(edge);
      });
      scalars[2] = scalars[3] = scalars[1]!;
      const expected = points.reduce((sum, point, i) => sum.add(point.multiply(scalars[i]!)), Point.IDENTITY);
      using table = StaticTable.from(points);
      expect(sumOfProductsPublic([{ scalars, points: table }]).equals(expected)).toBe(true);

      const half = n / 2;
      const dynamic = randomPoints(3);
      const mixed = sumOfProductsPublic([
        { scalars: scalars.slice(half), points: table.slice(half) },
        { scalars: scalars.slice(0, 3), points: dynamic },
        { scalars: scalars.slice(0, half), points: table.slice(0, half) },
      ]);
      const more = dynamic.reduce((sum, point, i) => sum.add(point.multiply(scalars[i]!)), expected);
      expect(mixed.equals(more)).toBe(true);
    },
  );

  it("all scalars zero give the identity", () => {
    using table = StaticTable.from(randomPoints(60));
    const scalars = Array.from({ length: 60 }, () => Scalar.ZERO);
    expect(sumOfProductsPublic([{ scalars, points: table }]).isIdentity()).toBe(true);
  });
});
