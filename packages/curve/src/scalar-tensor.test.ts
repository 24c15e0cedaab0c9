import { describe, expect, it } from "vitest";
import { Scalar } from "./scalar.ts";
import { ScalarVector } from "./scalar-vector.ts";

describe("addTensorInPlace", () => {
  it.each([0, 1, 2, 3, 5, 8])("adds the products over the bits of the index (%i factors)", (count) => {
    const factors = Array.from({ length: count }, () => Scalar.random());
    const first = Scalar.random();
    const before = Array.from({ length: 2 ** count }, () => Scalar.random());
    using vector = ScalarVector.from(before);
    vector.addTensorInPlace(first, factors);
    for (const [i, scalar] of vector.toScalars().entries()) {
      const product = factors.reduce((p, factor, t) => ((i >> t) & 1 ? p.multiply(factor) : p), first);
      expect(scalar.equals(before[i]!.add(product))).toBe(true);
    }
  });

  it("leaves the rest of the memory alone", () => {
    using vector = ScalarVector.zeros(8);
    vector.slice(2, 6).addTensorInPlace(Scalar.ONE, [Scalar.ONE, Scalar.ONE]);
    expect(vector.toScalars().map((scalar) => scalar.toBigInt())).toEqual([0n, 0n, 1n, 1n, 1n, 1n, 0n, 0n]);
  });

  it("refuses a length that is not 2 to the number of factors", () => {
    using vector = ScalarVector.zeros(3);
    expect(() => vector.addTensorInPlace(Scalar.ONE, [Scalar.ONE])).toThrow(
      expect.objectContaining({ code: "LENGTH_MISMATCH" }),
    );
  });
});
