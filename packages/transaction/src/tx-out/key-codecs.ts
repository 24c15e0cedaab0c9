export { ristrettoPrivateCodec } from "@mobilecoin-ts/account";

import { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, fixedBytes, wrapper } from "@mobilecoin-ts/wire";

/** A compressed point, 32 bytes kept as they are: decoding never decompresses. */
export const compressedRistrettoCodec: Codec<Uint8Array> = fixedBytes("CompressedRistretto", 32);

/** A scalar of proofs and blindings: any 32 bytes are taken and reduced. */
export const curveScalarCodec: Codec<Scalar> = wrapper("CurveScalar", {
  length: 32,
  initial: () => Scalar.ZERO,
  toBytes: (scalar) => scalar.toBytes(),
  fromBytes: Scalar.fromBytesModOrder,
});
