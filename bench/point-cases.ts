import { Point, Scalar } from "@mobilecoin-ts/curve";
import type { BenchCase } from "./harness.ts";
import { noble, sodium } from "./rivals.ts";

const MULTISCALAR_SIZES = [128, 512, 4096];

/** Operations on points, bytes in and bytes out except for sums and encoding, whose inputs are decoded before. */
export function pointCases(): BenchCase[] {
  const secret = Scalar.random().toBytes();
  const other = Scalar.random().toBytes();
  const encoded = Point.multiplyBase(Scalar.random()).encode();
  const point = Point.decode(encoded);
  const uniform = sodium.randombytes_buf(64);
  return [
    {
      name: "point.mul.base.secret",
      ours: () => Point.multiplyBase(Scalar.fromBytes(secret)).encode(),
      rivals: {
        noble: () => noble.multiplyBase(secret),
        sodium: () => sodium.crypto_scalarmult_ristretto255_base(secret),
      },
    },
    {
      name: "point.mul.secret",
      ours: () => Point.decode(encoded).multiply(Scalar.fromBytes(secret)).encode(),
      rivals: {
        noble: () => noble.multiplySecret(secret, encoded),
        sodium: () => sodium.crypto_scalarmult_ristretto255(secret, encoded),
      },
    },
    {
      name: "point.mul.public",
      ours: () => Point.decode(encoded).multiplyPublic(Scalar.fromBytes(secret)).encode(),
      rivals: {
        noble: () => noble.multiplyPublic(secret, encoded),
        sodium: () => sodium.crypto_scalarmult_ristretto255(secret, encoded),
      },
    },
    {
      name: "point.mul.double.public",
      ours: () =>
        Point.doubleMultiplyBasePublic(
          Scalar.fromBytes(secret),
          Point.decode(encoded),
          Scalar.fromBytes(other),
        ).encode(),
      rivals: {
        noble: () => noble.doubleMultiply(secret, encoded, other),
        sodium: () =>
          sodium.crypto_core_ristretto255_add(
            sodium.crypto_scalarmult_ristretto255(secret, encoded),
            sodium.crypto_scalarmult_ristretto255_base(other),
          ),
      },
    },
    ...MULTISCALAR_SIZES.map(multiscalarCase),
    {
      name: "point.decode",
      ours: () => Point.decode(encoded),
      rivals: {
        noble: () => noble.decode(encoded),
        sodium: () => sodium.crypto_core_ristretto255_is_valid_point(encoded),
      },
    },
    { name: "point.encode", ours: () => point.encode(), rivals: { noble: noble.encoder(encoded) } },
    {
      name: "point.hash",
      ours: () => Point.fromUniformBytes(uniform),
      rivals: {
        noble: () => noble.hash(uniform),
        sodium: () => sodium.crypto_core_ristretto255_from_hash(uniform),
      },
    },
  ];
}

function multiscalarCase(size: number): BenchCase {
  const scalars = Array.from({ length: size }, () => Scalar.random());
  const points = scalars.map(() => Point.multiplyBase(Scalar.random()));
  const multiscalar = noble.multiscalar(
    scalars.map((scalar) => scalar.toBytes()),
    Point.encodeBatch(points),
  );
  return {
    name: `point.msm.${size}`,
    ours: () => Point.multiMultiplyPublic(scalars, points),
    rivals: { noble: multiscalar },
  };
}
