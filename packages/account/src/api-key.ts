import { Point, Scalar } from "@mobilecoin-ts/curve";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { AccountError, requireLength } from "./error.ts";

/** A key message of the public API: bytes of any length, checked when it is turned into a key. */
export interface ApiKey {
  readonly data: Uint8Array;
}

export const apiPrivateKeyCodec: Codec<ApiKey> = message<ApiKey>("RistrettoPrivate", { data: f.bytes(1) });
export const apiPublicKeyCodec: Codec<ApiKey> = message<ApiKey>("CompressedRistretto", { data: f.bytes(1) });

/** The 32 bytes of a public key that is a point. Throws `Key`, for absent keys too. */
export function publicKeyFromApi(key: ApiKey | undefined, field: string): Uint8Array {
  return convert(key, field, (bytes) => {
    Point.decode(bytes);
    return bytes;
  });
}

/** 32 bytes that stand for a public key without being checked. Throws `Key`, for absent keys too. */
export function compressedKeyFromApi(key: ApiKey | undefined, field: string): Uint8Array {
  return convert(key, field, (bytes) => bytes);
}

/** A canonical scalar. Throws `Key`, for absent keys too. */
export function privateKeyFromApi(key: ApiKey | undefined, field: string): Scalar {
  return convert(key, field, Scalar.fromBytes);
}

function convert<T>(key: ApiKey | undefined, field: string, read: (bytes: Uint8Array) => T): T {
  // An absent key counts as one of no bytes, as the reference reports it.
  const bytes = key?.data ?? new Uint8Array(0);
  try {
    requireLength(bytes, 32, field);
    return read(bytes);
  } catch (cause) {
    throw new AccountError("Key", `${field} is not a valid key`, { cause, data: { field } });
  }
}
