import type { SubaddressPoints } from "@mobilecoin-ts/account";
import { onetimeHashToScalar } from "@mobilecoin-ts/crypto";
import { Point, type Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";

/**
 * The one-time key pair rules of 02 section 2.4. Shared secrets are 32-byte encodings, since everything derived from
 * them hashes that.
 */

/** What a sender derives for one output from the recipient and a fresh transaction private key. */
export interface OnetimeKeys {
  /** Target key `P = Hs(r·C)·G + D`, 32 bytes. */
  readonly targetKey: Uint8Array;
  /** Transaction public key `R = r·D`, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Shared secret `S = r·C`, 32 bytes. */
  readonly sharedSecret: Uint8Array;
}

/** Derives the keys of an output for a recipient. Constant time in the transaction private key. */
export function createOnetimeKeys(recipient: SubaddressPoints, txPrivateKey: Scalar): OnetimeKeys {
  const sharedSecret = recipient.viewPublicKey.multiply(txPrivateKey).encode();
  const hash = onetimeHashToScalar(sharedSecret);
  return {
    targetKey: Point.multiplyBase(hash).add(recipient.spendPublicKey).encode(),
    publicKey: recipient.spendPublicKey.multiply(txPrivateKey).encode(),
    sharedSecret,
  };
}

/**
 * The shared secret `S = a·R` of an output, 32 bytes, from the **account** view private key (whatever the
 * subaddress) and the output's public key.
 */
export function recoverSharedSecret(viewPrivateKey: Scalar, publicKey: Point): Uint8Array {
  return publicKey.multiply(viewPrivateKey).encode();
}

/**
 * The subaddress spend public key `D' = P − Hs(S)·G` that an output with target key `P` was made for. Every
 * output yields some point; the output belongs to subaddress `i` only if it is `D_i`.
 */
export function recoverSubaddressSpendKey(sharedSecret: Uint8Array, targetKey: Point): Point {
  return targetKey.subtract(Point.multiplyBase(onetimeHashToScalar(sharedSecret)));
}

/** The one-time private key `x = Hs(S) + d` with `x·G = P`, from the subaddress spend private key `d`. */
export function recoverOnetimePrivateKey(
  sharedSecret: Uint8Array,
  subaddressSpendPrivateKey: Scalar,
): Scalar {
  return onetimeHashToScalar(sharedSecret).add(subaddressSpendPrivateKey);
}

/** Decodes a key of an output or an address. Throws `Key` (area `txOut`), naming `field`. */
export function decodeKey(bytes: Uint8Array, field: string): Point {
  const point = Point.tryDecode(bytes);
  if (point === undefined) {
    throw new TransactionError("txOut", "Key", `${field} is not a ristretto255 encoding`, {
      data: { field },
    });
  }
  return point;
}
