import { Point, Scalar } from "@mobilecoin-ts/curve";
import { type Codec, wrapper } from "@mobilecoin-ts/wire";

const KEY_LENGTH = 32;

/** A private key as ledger records hold it: a canonical scalar, zero when absent. */
export const ristrettoPrivateCodec: Codec<Scalar> = wrapper("RistrettoPrivate", {
  length: KEY_LENGTH,
  initial: () => Scalar.ZERO,
  toBytes: (scalar) => scalar.toBytes(),
  fromBytes: (bytes) => Scalar.fromBytes(bytes),
});

/** A public key as ledger records hold it, kept compressed but checked to be a point; the identity when absent. */
export const ristrettoPublicCodec: Codec<Uint8Array> = wrapper<Uint8Array>("RistrettoPublic", {
  length: KEY_LENGTH,
  initial: () => new Uint8Array(KEY_LENGTH),
  toBytes: (bytes) => bytes,
  fromBytes: (bytes) => {
    Point.decode(bytes);
    return bytes;
  },
});
