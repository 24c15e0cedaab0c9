import { ed25519, ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as Curve from "./index.ts";

// Every operation of the package, with both forms of the kernel, against @noble/curves.

const OraclePoint = ristretto255.Point;
const ORDER = OraclePoint.Fn.ORDER;

function bigintOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

const wide = fc.uint8Array({ minLength: 64, maxLength: 64 });
const edgeScalars = [
  0n,
  1n,
  2n,
  7n,
  8n,
  9n,
  15n,
  16n,
  ORDER - 1n,
  ORDER - 2n,
  (ORDER - 1n) / 2n,
  (ORDER + 1n) / 2n,
  2n ** 252n,
  2n ** 252n - 1n,
  2n ** 251n,
  2n ** 125n,
  2n ** 28n - 1n,
  0x8888888888888888888888888888888888888888888888888888888888888888n % ORDER,
];
const scalarValue = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...edgeScalars) },
  { weight: 3, arbitrary: wide.map((bytes) => bigintOf(bytes) % ORDER) },
);

describe.each(["fused", "integer"])("with the %s kernel", (form) => {
  let curve: typeof Curve;

  beforeAll(async () => {
    vi.resetModules();
    if (form === "integer")
      vi.doMock("./generated/kernel.ts", async (original) => ({
        ...(await original<object>()),
        FUSED_KERNEL: "",
      }));
    curve = await import("./index.ts");
    const { kernel } = await import("./kernel.ts");
    expect(kernel.isFused()).toBe(form === "fused" ? 1 : 0);
  });

  afterAll(() => {
    vi.doUnmock("./generated/kernel.ts");
    vi.resetModules();
  });

  const check = <Ts extends [unknown, ...unknown[]]>(
    runs: number,
    arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
    run: (...values: Ts) => void,
  ): void => {
    fc.assert(
      fc.property(...arbitraries, (...values) => {
        run(...values);
      }),
      { numRuns: runs },
    );
  };

  /** The same point here and there. */
  const both = (bytes: Uint8Array) => {
    const theirs = ristretto255_hasher.deriveToCurve!(bytes) as InstanceType<typeof OraclePoint>;
    return { mine: curve.Point.fromUniformBytes(bytes), theirs };
  };

  it("scalars add, subtract, multiply, negate, invert", () => {
    check(300, [scalarValue, scalarValue, scalarValue], (a, b, c) => {
      const { Scalar } = curve;
      const x = Scalar.fromBigInt(a);
      const y = Scalar.fromBigInt(b);
      const z = Scalar.fromBigInt(c);
      const mod = (v: bigint): bigint => ((v % ORDER) + ORDER) % ORDER;
      expect(x.toBigInt()).toBe(a);
      expect(x.add(y).toBigInt()).toBe(mod(a + b));
      expect(x.subtract(y).toBigInt()).toBe(mod(a - b));
      expect(x.multiply(y).toBigInt()).toBe(mod(a * b));
      expect(x.multiplyAdd(y, z).toBigInt()).toBe(mod(a * b + c));
      expect(x.negate().toBigInt()).toBe(mod(-a));
      expect(x.equals(y)).toBe(a === b);
      expect(x.isZero()).toBe(a === 0n);
      expect(x.invert().multiply(x).toBigInt()).toBe(a === 0n ? 0n : 1n);
      expect(Scalar.fromBytes(bytesOf(a)).toBytes()).toEqual(bytesOf(a));
      expect(Scalar.batchInvert([x, y, z]).map((s) => s.toBigInt())).toEqual(
        [x, y, z].map((s) => s.invert().toBigInt()),
      );
    });
  });

  it("scalars are reduced from 32 and 64 bytes, and refused where not canonical", () => {
    const { Scalar } = curve;
    const edges = [
      new Uint8Array(64),
      new Uint8Array(64).fill(255),
      Uint8Array.from([...bytesOf(ORDER), ...new Uint8Array(32)]),
      Uint8Array.from([...bytesOf(ORDER - 1n), ...new Uint8Array(32)]),
      Uint8Array.from([...new Uint8Array(32), ...new Uint8Array(32).fill(255)]),
    ];
    check(500, [fc.oneof(fc.constantFrom(...edges), wide)], (bytes) => {
      expect(Scalar.fromBytesWide(bytes).toBigInt()).toBe(bigintOf(bytes) % ORDER);
      const half = bytes.slice(0, 32);
      expect(Scalar.fromBytesModOrder(half).toBigInt()).toBe(bigintOf(half) % ORDER);
      if (bigintOf(half) < ORDER) expect(Scalar.fromBytes(half).toBigInt()).toBe(bigintOf(half));
      else expect(() => Scalar.fromBytes(half)).toThrow("not below");
    });
    for (const value of [ORDER, ORDER + 1n, 2n ** 253n, 2n ** 256n - 1n])
      expect(() => Scalar.fromBytes(bytesOf(value))).toThrow(
        expect.objectContaining({ code: "SCALAR_NOT_CANONICAL" }),
      );
    for (const length of [0, 31, 33])
      expect(() => Scalar.fromBytes(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: "SCALAR_LENGTH" }),
      );
    expect(Scalar.fromBigInt(-1n).toBigInt()).toBe(ORDER - 1n);
    expect(Scalar.fromBigInt(ORDER + 5n).toBigInt()).toBe(5n);
  });

  it("points: one-way map, encoding, group operations", () => {
    check(60, [wide, wide], (first, second) => {
      const { Point } = curve;
      const p = both(first);
      const q = both(second);
      const encoding = p.mine.encode();
      expect(encoding).toEqual(p.theirs.toBytes());
      expect(Point.decode(encoding).equals(p.mine)).toBe(true);
      expect(Point.decode(encoding).encode()).toEqual(encoding);
      expect(p.mine.add(q.mine).encode()).toEqual(p.theirs.add(q.theirs).toBytes());
      expect(p.mine.subtract(q.mine).encode()).toEqual(p.theirs.subtract(q.theirs).toBytes());
      expect(p.mine.double().encode()).toEqual(p.theirs.double().toBytes());
      expect(p.mine.negate().encode()).toEqual(p.theirs.negate().toBytes());
      expect(p.mine.add(p.mine.negate()).isIdentity()).toBe(true);
      expect(p.mine.add(p.mine).equals(p.mine.double())).toBe(true);
      expect(p.mine.add(Point.IDENTITY).equals(p.mine)).toBe(true);
      expect(p.mine.equals(q.mine)).toBe(false);
      expect(Point.encodeBatch([p.mine, q.mine, Point.IDENTITY])).toEqual([
        encoding,
        q.mine.encode(),
        new Uint8Array(32),
      ]);
    });
  });

  it("points multiplied, every way", () => {
    check(40, [wide, scalarValue, scalarValue], (bytes, a, b) => {
      const { FixedBase, Point, PointVector, Scalar } = curve;
      const { mine, theirs } = both(bytes);
      const x = Scalar.fromBigInt(a);
      const y = Scalar.fromBigInt(b);
      const product = theirs.multiplyUnsafe(a).toBytes();
      expect(mine.multiply(x).encode()).toEqual(product);
      expect(mine.multiplyPublic(x).encode()).toEqual(product);
      const fixed = new FixedBase(mine);
      expect(fixed.multiply(x).encode()).toEqual(product);
      expect(fixed.multiplyPublic(x).encode()).toEqual(product);
      // Two at a time, and one left over.
      const double = theirs.double().multiplyUnsafe(a).toBytes();
      using vector = PointVector.from([mine, mine.double(), Point.IDENTITY, mine.double(), mine]);
      using products = vector.multiply(x);
      expect(products.encode()).toEqual([product, double, new Uint8Array(32), double, product]);
      expect(Point.encodeBatch(Point.multiplyBatch(x, vector.toPoints()))).toEqual(products.encode());
      expect(Point.multiplyBatch(x, [])).toEqual([]);
      expect(Point.multiplyBatchEncoded(x, vector.toPoints())).toEqual(products.encode());
      expect(Point.multiplyBatchEncoded(x, [mine])).toEqual([product]);
      expect(Point.multiplyBatchEncoded(x, [])).toEqual([]);
      const baseProduct = OraclePoint.BASE.multiplyUnsafe(b).toBytes();
      expect(Point.multiplyBase(y).encode()).toEqual(baseProduct);
      expect(Point.multiplyBasePublic(y).encode()).toEqual(baseProduct);
      const sum = theirs.multiplyUnsafe(a).add(OraclePoint.BASE.multiplyUnsafe(b)).toBytes();
      expect(Point.doubleMultiplyBasePublic(x, mine, y).encode()).toEqual(sum);
      expect(Point.doubleMultiplyPublic(x, mine, y, Point.BASE).encode()).toEqual(sum);
      expect(Point.multiMultiply([x, y], [mine, Point.BASE]).encode()).toEqual(sum);
      expect(Point.multiMultiplyPublic([x, y], [mine, Point.BASE]).encode()).toEqual(sum);
    });
  });

  it("a step of a ring is three sums", () => {
    const special = fc.constantFrom("random", "identity", "opposite");
    check(30, [wide, scalarValue, scalarValue, scalarValue, special], (bytes, a, b, c, kind) => {
      const { Point, Scalar, ringStepPublic } = curve;
      const x = Scalar.fromBigInt(a);
      const r0 = Scalar.fromBigInt(b);
      const r1 = Scalar.fromBigInt(c);
      const key = Point.fromUniformBytes(bytes);
      const hashed = key.double().add(Point.BASE);
      const image =
        kind === "identity" ? Point.IDENTITY : kind === "opposite" ? hashed.negate() : key.negate();
      const difference = kind === "random" ? hashed.add(key) : Point.IDENTITY;
      expect(ringStepPublic(x, r0, r1, key, hashed, image, difference)).toEqual([
        Point.multiplyBase(r0).add(key.multiply(x)).encode(),
        hashed.multiply(r0).add(image.multiply(x)).encode(),
        Point.multiplyBase(r1).add(difference.multiply(x)).encode(),
      ]);
    });
  });

  it("the identity behaves as one", () => {
    const { Point, Scalar } = curve;
    const s = Scalar.random();
    expect(Point.IDENTITY.encode()).toEqual(new Uint8Array(32));
    expect(Point.decode(new Uint8Array(32)).isIdentity()).toBe(true);
    expect(Point.IDENTITY.multiply(s).isIdentity()).toBe(true);
    expect(Point.IDENTITY.multiplyPublic(s).isIdentity()).toBe(true);
    expect(Point.BASE.multiply(Scalar.ZERO).isIdentity()).toBe(true);
    expect(Point.BASE.multiplyPublic(Scalar.ZERO).isIdentity()).toBe(true);
    expect(Point.multiplyBase(Scalar.ZERO).isIdentity()).toBe(true);
    expect(Point.IDENTITY.double().isIdentity()).toBe(true);
    expect(Point.BASE.isIdentity()).toBe(false);
  });

  it("points that differ by torsion are one element, with one encoding", async () => {
    // Coordinates of B + T for each T of the eight-torsion's even part, put into the kernel by hand.
    const { kernel, memory, read } = await import("./kernel.ts");
    const { pointCoordinates, pointOfCoordinates } = await import("./point.ts");
    const torsion = ed25519.Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    const field = ed25519.Point.Fp;
    for (let i = 0n; i < 8n; i += 2n) {
      const t = torsion.multiplyUnsafe(i);
      const sum = ed25519.Point.BASE.multiply(7n).add(t).toAffine();
      const at = kernel.heapBase();
      // Lanes from bytes through the kernel's own decoder of coordinates.
      memory().set(bytesOf(sum.x), at);
      memory().set(bytesOf(sum.y), at + 32);
      memory().set(bytesOf(field.mul(sum.x, sum.y)), at + 64);
      memory().set(bytesOf(1n), at + 96);
      kernel.setCoordinates(at + 128, at);
      const point = pointOfCoordinates(read(at + 128, 160));
      const expected = curve.Point.multiplyBase(curve.Scalar.fromBigInt(7n));
      expect(pointCoordinates(point)).not.toEqual(pointCoordinates(expected));
      expect(point.equals(expected)).toBe(true);
      expect(point.encode()).toEqual(expected.encode());
      const identity = t.toAffine();
      memory().set(bytesOf(identity.x), at);
      memory().set(bytesOf(identity.y), at + 32);
      memory().set(bytesOf(field.mul(identity.x, identity.y)), at + 64);
      kernel.setCoordinates(at + 128, at);
      const neutral = pointOfCoordinates(read(at + 128, 160));
      expect(neutral.isIdentity()).toBe(true);
      expect(neutral.encode()).toEqual(new Uint8Array(32));
      expect(neutral.equals(curve.Point.IDENTITY)).toBe(true);
    }
  });

  it("decodes exactly what the oracle decodes", () => {
    const { Point } = curve;
    const near = fc.tuple(wide, fc.nat({ max: 255 })).map(([bytes, bit]) => {
      const encoding = both(bytes).mine.encode();
      encoding[bit >> 3]! ^= 1 << (bit & 7);
      return encoding;
    });
    const candidates = fc.oneof(near, fc.uint8Array({ minLength: 32, maxLength: 32 }));
    check(200, [candidates, candidates], (first, second) => {
      const expected = [first, second].map((bytes) => {
        try {
          return OraclePoint.fromBytes(bytes).toBytes();
        } catch {
          return undefined;
        }
      });
      expect(Point.tryDecodeBatch([first, second]).map((p) => p?.encode())).toEqual(expected);
      expect(Point.tryDecode(first)?.encode()).toEqual(expected[0]);
    });
    for (const length of [0, 31, 33, 64]) {
      expect(Point.tryDecode(new Uint8Array(length))).toBeUndefined();
      expect(() => Point.decode(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: "POINT_LENGTH" }),
      );
      expect(Point.tryDecodeBatch([new Uint8Array(length), Point.BASE.encode()])[1]).toBeDefined();
    }
    expect(() => Point.fromUniformBytes(new Uint8Array(63))).toThrow(
      expect.objectContaining({ code: "UNIFORM_LENGTH" }),
    );
  });
});
