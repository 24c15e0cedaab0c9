import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CurveError, ORDER, Scalar, ScalarVector } from "./index.ts";

const value = fc.oneof(
  fc.constantFrom(0n, 1n, ORDER - 1n, 2n ** 252n),
  fc.bigInt({ min: 0n, max: ORDER - 1n }),
);
const values = fc.array(value, { minLength: 1, maxLength: 12 });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 12 });
const mod = (v: bigint): bigint => ((v % ORDER) + ORDER) % ORDER;
const vectorOf = (all: readonly bigint[]): ScalarVector =>
  ScalarVector.from(all.map((v) => Scalar.fromBigInt(v)));
const valuesOf = (vector: ScalarVector): bigint[] => vector.toScalars().map((s) => s.toBigInt());

describe("a vector of scalars", () => {
  it("adds, subtracts and multiplies element by element", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        using a = vectorOf(all.map(([x]) => x));
        using b = vectorOf(all.map(([, y]) => y));
        using sum = a.add(b);
        using difference = a.subtract(b);
        using product = a.multiply(b);
        expect(valuesOf(sum)).toEqual(all.map(([x, y]) => mod(x + y)));
        expect(valuesOf(difference)).toEqual(all.map(([x, y]) => mod(x - y)));
        expect(valuesOf(product)).toEqual(all.map(([x, y]) => mod(x * y)));
        expect(a.innerProduct(b).toBigInt()).toBe(mod(all.reduce((s, [x, y]) => s + x * y, 0n)));
        using inPlace = a.copy();
        expect(valuesOf(inPlace.addInPlace(b).multiplyInPlace(b))).toEqual(
          all.map(([x, y]) => mod((x + y) * y)),
        );
        expect(valuesOf(a)).toEqual(all.map(([x]) => x));
      }),
      { numRuns: 50 },
    );
  });

  it("scales, shifts, inverts and reverses", () => {
    fc.assert(
      fc.property(values, value, (all, v) => {
        using a = vectorOf(all);
        const s = Scalar.fromBigInt(v);
        using scaled = a.scale(s);
        using added = a.addScalar(s);
        using subtracted = a.subtractScalar(s);
        using inverse = a.invert();
        using reversed = a.reverse();
        expect(valuesOf(scaled)).toEqual(all.map((x) => mod(x * v)));
        expect(valuesOf(added)).toEqual(all.map((x) => mod(x + v)));
        expect(valuesOf(subtracted)).toEqual(all.map((x) => mod(x - v)));
        expect(valuesOf(inverse)).toEqual(all.map((x) => Scalar.fromBigInt(x).invert().toBigInt()));
        expect(valuesOf(reversed)).toEqual(all.toReversed());
        expect(valuesOf(a.copy().scaleInPlace(s))).toEqual(all.map((x) => mod(x * v)));
      }),
      { numRuns: 50 },
    );
  });

  it("makes powers, zeros and random scalars", () => {
    const x = Scalar.fromBigInt(7n);
    using powers = ScalarVector.powers(x, 5);
    expect(valuesOf(powers)).toEqual([1n, 7n, 49n, 343n, 2401n]);
    using from = ScalarVector.powers(x, 3, x);
    expect(valuesOf(from)).toEqual([7n, 49n, 343n]);
    using none = ScalarVector.powers(x, 0);
    expect(none.length).toBe(0);
    using zeros = ScalarVector.zeros(3);
    expect(valuesOf(zeros)).toEqual([0n, 0n, 0n]);
    let calls = 0;
    using random = ScalarVector.random(2, (length) => new Uint8Array(length).fill(++calls));
    expect(random.toScalars()).toEqual([1, 2].map((b) => Scalar.fromBytesWide(new Uint8Array(64).fill(b))));
  });

  it("has slices that are views, also of slices", () => {
    using a = vectorOf([1n, 2n, 3n, 4n, 5n]);
    const middle = a.slice(1, 4);
    expect(valuesOf(middle)).toEqual([2n, 3n, 4n]);
    expect(valuesOf(middle.slice(1))).toEqual([3n, 4n]);
    middle.set(0, Scalar.fromBigInt(20n));
    expect(a.get(1).toBigInt()).toBe(20n);
    expect(valuesOf(a.slice(5))).toEqual([]);
  });

  it("refuses indices, lengths and use after disposal", () => {
    const a = vectorOf([1n, 2n]);
    const b = vectorOf([1n]);
    const withCode = (code: string) => expect.objectContaining({ code });
    for (const index of [-1, 2, 0.5, Number.NaN]) {
      expect(() => a.get(index)).toThrow(withCode("INDEX_RANGE"));
      expect(() => a.set(index, Scalar.ONE)).toThrow(withCode("INDEX_RANGE"));
    }
    expect(() => a.slice(1, 3)).toThrow(withCode("INDEX_RANGE"));
    expect(() => a.slice(2, 1)).toThrow(withCode("INDEX_RANGE"));
    expect(() => a.add(b)).toThrow(withCode("LENGTH_MISMATCH"));
    expect(() => a.innerProduct(b)).toThrow(withCode("LENGTH_MISMATCH"));
    const view = a.slice(0, 1);
    a.dispose();
    a.dispose();
    expect(() => a.get(0)).toThrow(withCode("DISPOSED"));
    expect(() => view.toScalars()).toThrow(CurveError);
    b.dispose();
  });
});
