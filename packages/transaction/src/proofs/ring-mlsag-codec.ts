import { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, f, fixedBytes, message, wrapper } from "@mobilecoin-ts/wire";
import type { RingMLSAG } from "./ring-mlsag.ts";

/**
 * `CurveScalar`: 32 bytes, little-endian. Any 32 bytes are accepted and reduced modulo the group order, as in the
 * reference (02 section 4, pitfall 5); the value is the reduced form.
 */
const reducedScalarCodec: Codec<Uint8Array> = wrapper("CurveScalar", {
  length: 32,
  initial: (): Uint8Array => new Uint8Array(32),
  toBytes: (value) => value,
  fromBytes: (bytes) => Scalar.fromBytesModOrder(bytes).toBytes(),
});

/** `KeyImage`: a compressed point, 32 bytes, kept as they are until a signature is verified. */
export const keyImageCodec: Codec<Uint8Array> = fixedBytes("KeyImage", 32);

/** `RingMLSAG` (02 section 2.9). The number of responses is not looked at here. */
export const ringMLSAGCodec: Codec<RingMLSAG> = message<RingMLSAG>("RingMLSAG", {
  cZero: f.message(1, reducedScalarCodec),
  responses: f.repeated(2, reducedScalarCodec),
  keyImage: f.message(3, keyImageCodec),
});
