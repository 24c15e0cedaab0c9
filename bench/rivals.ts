import { pippenger } from "@noble/curves/abstract/curve.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import sodium from "libsodium-wrappers-sumo";

await sodium.ready;

export { sodium };

const { Point: NoblePoint } = ristretto255;

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The operations of `@noble/curves` that ours are compared with, bytes in and bytes out. */
export const noble = {
  multiplySecret: (scalar: Uint8Array, point: Uint8Array) =>
    NoblePoint.fromBytes(point).multiply(littleEndian(scalar)).toBytes(),
  multiplyPublic: (scalar: Uint8Array, point: Uint8Array) =>
    NoblePoint.fromBytes(point).multiplyUnsafe(littleEndian(scalar)).toBytes(),
  multiplyBase: (scalar: Uint8Array) => NoblePoint.BASE.multiply(littleEndian(scalar)).toBytes(),
  doubleMultiply: (a: Uint8Array, point: Uint8Array, b: Uint8Array) =>
    NoblePoint.fromBytes(point)
      .multiplyUnsafe(littleEndian(a))
      .add(NoblePoint.BASE.multiplyUnsafe(littleEndian(b)))
      .toBytes(),
  decode: (point: Uint8Array) => NoblePoint.fromBytes(point),
  hash: (uniform: Uint8Array) => ristretto255_hasher.deriveToCurve!(uniform),
  /** An encoder of one point, already decoded. */
  encoder: (point: Uint8Array) => {
    const decoded = NoblePoint.fromBytes(point);
    return () => decoded.toBytes();
  },
  /** A multiscalar multiplication over decoded points. */
  multiscalar: (scalars: readonly Uint8Array[], points: readonly Uint8Array[]) => {
    const decoded = points.map((point) => NoblePoint.fromBytes(point));
    const numbers = scalars.map(littleEndian);
    return () => pippenger(NoblePoint, decoded, numbers);
  },
};
