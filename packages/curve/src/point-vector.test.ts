import { describe, expect, it } from "vitest";
import { Point, PointVector, Scalar } from "./index.ts";

const points = Array.from({ length: 5 }, (_, i) => Point.multiplyBase(Scalar.fromBigInt(BigInt(i))));

describe("a vector of points", () => {
  it.each([0, 1, 2, 5])("decodes and encodes %i points", (n) => {
    const encodings = Point.encodeBatch(points.slice(0, n));
    const vector = PointVector.tryDecode(encodings);
    if (!(vector instanceof PointVector)) throw new Error("does not decode");
    expect(vector.encode()).toEqual(encodings);
    expect(vector.toPoints().map((p) => p.encode())).toEqual(encodings);
    vector.dispose();
  });

  it("says which encoding is no point", () => {
    const encodings = Point.encodeBatch(points);
    for (let bad = 0; bad < encodings.length; bad++) {
      for (const wrong of [new Uint8Array(32).fill(255), new Uint8Array(31), new Uint8Array(0)])
        expect(PointVector.tryDecode(encodings.with(bad, wrong))).toBe(bad);
    }
    expect(PointVector.tryDecode([new Uint8Array(32).fill(255), new Uint8Array(32).fill(255)])).toBe(0);
  });

  it("gets, sets, slices", () => {
    using vector = PointVector.from(points);
    const view = vector.slice(2, 4);
    expect(view.get(0).equals(points[2]!)).toBe(true);
    view.set(1, points[1]!);
    expect(vector.get(3).equals(points[1]!)).toBe(true);
    expect(() => vector.get(5)).toThrow(expect.objectContaining({ code: "INDEX_RANGE" }));
    expect(() => vector.slice(0, 6)).toThrow(expect.objectContaining({ code: "INDEX_RANGE" }));
  });

  it("is dead after disposal, with its views", () => {
    const vector = PointVector.from(points);
    const view = vector.slice(1);
    vector.dispose();
    for (const use of [() => vector.get(0), () => view.encode(), () => view.multiply(Scalar.ONE)])
      expect(use).toThrow(expect.objectContaining({ code: "DISPOSED" }));
  });

  it("survives the growth of the kernel's memory", () => {
    using small = PointVector.from(points);
    const large = Array.from({ length: 4 }, () =>
      PointVector.from(Array.from({ length: 20_000 }, () => Point.BASE)),
    );
    expect(small.get(3).equals(points[3]!)).toBe(true);
    expect(large[3]!.get(19_999).equals(Point.BASE)).toBe(true);
    for (const vector of large) vector.dispose();
  });
});
