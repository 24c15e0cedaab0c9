import { CurveError, Scalar } from "@mobilecoin-ts/curve";
import { type Codec, type DecodeLimits, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { TransactionError } from "../error.ts";
import type { SigningData } from "../tx/ring-ct-sign.ts";
import { compressedRistrettoCodec } from "../tx-out/key-codecs.ts";

/** As it stands on the wire: blindings are not yet known to be canonical. */
type SigningDataMessage = Omit<SigningData, "pseudoOutputBlindings"> & {
  readonly pseudoOutputBlindings: readonly Uint8Array[];
};

const signingDataCodec: Codec<SigningDataMessage> = message<SigningDataMessage>("SigningData", {
  ringSigningMessage: f.bytes(1),
  pseudoOutputBlindings: f.repeated(2, fixedBytes("CurveScalar", 32)),
  pseudoOutputCommitments: f.repeated(3, compressedRistrettoCodec),
  rangeProofBytes: f.bytes(4),
  rangeProofs: f.repeatedBytes(5),
  pseudoOutputTokenIds: f.packedFixed64(6),
  outputTokenIds: f.packedFixed64(7),
});

/** `SigningData`: what goes to a signer that holds nothing but spend keys (02 section 2.13). */
export function encodeSigningData(data: SigningData): Uint8Array {
  const pseudoOutputBlindings = data.pseudoOutputBlindings.map((blinding) => blinding.toBytes());
  return signingDataCodec.encode({ ...data, pseudoOutputBlindings });
}

/**
 * Reads signing data from outside.
 *
 * @throws WireError for bytes that are no such message; TransactionError `InvalidContents` (area `unsignedTx`) for a
 * blinding that is not canonical.
 */
export function decodeSigningData(bytes: Uint8Array, limits?: Partial<DecodeLimits>): SigningData {
  const data = signingDataCodec.decode(bytes, limits);
  return {
    ...data,
    pseudoOutputBlindings: data.pseudoOutputBlindings.map((blinding, index) =>
      canonicalScalar(blinding, `pseudo_output_blindings[${index}]`),
    ),
  };
}

/** Throws `InvalidContents` (area `unsignedTx`), naming `field`. */
export function canonicalScalar(bytes: Uint8Array, field: string): Scalar {
  try {
    return Scalar.fromBytes(bytes);
  } catch (cause) {
    if (!(cause instanceof CurveError)) throw cause;
    throw new TransactionError("unsignedTx", "InvalidContents", `${field} is not a canonical scalar`, {
      data: { field },
    });
  }
}
