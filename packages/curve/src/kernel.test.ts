import { describe, expect, it } from "vitest";
import { FixedBase, Point, PointVector, Scalar, ScalarVector, sumOfProducts } from "./index.ts";
import { allocate, io, kernel, memory, release } from "./kernel.ts";

describe("kernel memory", () => {
  it("keeps nothing of a secret after an operation", () => {
    const secret = Scalar.random();
    const point = Point.multiplyBase(Scalar.random());
    const fixed = new FixedBase(point);
    const operations: Record<string, () => unknown> = {
      multiply: () => point.multiply(secret),
      multiplyBase: () => Point.multiplyBase(secret),
      multiplyBatch: () => Point.multiplyBatch(secret, [point, point, point]),
      multiplyBatchEncoded: () => Point.multiplyBatchEncoded(secret, [point, point, point]),
      fixedBase: () => fixed.multiply(secret),
      multiMultiply: () => Point.multiMultiply([secret, secret], [point, point]),
      encode: () => point.encode(),
      group: () => [point.add(point).subtract(point).negate(), point.double()],
      compare: () => [point.equals(Point.BASE), point.isIdentity()],
      map: () => Point.fromUniformBytes(new Uint8Array(64).fill(9)),
      encodeBatch: () => Point.encodeBatch([point, point, point]),
      scalars: () => secret.multiply(secret).add(secret).subtract(secret),
      reduce: () => Scalar.fromBytesWide(new Uint8Array(64).fill(7)),
      invert: () => secret.invert(),
      batchInvert: () => Scalar.batchInvert([secret, secret]),
      vectors: () => {
        using scalars = ScalarVector.from([secret, secret]);
        using points = PointVector.from([point, point]);
        using products = points.multiply(secret);
        using scaled = scalars.scale(secret);
        sumOfProducts([{ scalars: scaled, points: products }]);
        return scalars.innerProduct(scaled);
      },
    };
    const block = io;
    const size = kernel.scratchSize();
    for (const [name, operation] of Object.entries(operations)) {
      operation();
      const left = memory().subarray(block, block + size);
      expect(
        left.findIndex((byte) => byte !== 0),
        name,
      ).toBe(-1);
    }
  });

  it("is clear when given back, and joins what is free", () => {
    const blocks = [100, 5000, 1, 70_000].map((bytes) => ({ at: allocate(bytes), bytes }));
    for (const { at, bytes } of blocks) memory().fill(0xa5, at, at + bytes);
    for (const { at, bytes } of [blocks[1]!, blocks[3]!, blocks[0]!, blocks[2]!]) {
      release(at);
      expect(
        memory()
          .subarray(at, at + bytes)
          .findIndex((byte) => byte !== 0),
      ).toBe(-1);
    }
    // All of it again, in one piece, at the same place.
    const all = allocate(75_000);
    expect(all).toBe(blocks[0]!.at);
    release(all);
    // Giving back twice is harmless.
    release(all);
  });
});
