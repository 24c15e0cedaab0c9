import { hkdfSha512, hmacSha512, utf8 } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { AccountError, requireLength } from "./error.ts";
import { mnemonicSeed } from "./mnemonic.ts";

/** An account's secret: view a and spend b. */
export interface AccountPrivateKeys {
  readonly viewPrivateKey: Scalar;
  readonly spendPrivateKey: Scalar;
}

const HARDENED = 0x8000_0000;
const MASTER_KEY = utf8("ed25519 seed");
const ZERO = Uint8Array.of(0);
const U32_MAX = 0xffff_ffff;

/**
 * SLIP-0010 Ed25519 key (32 bytes) of a phrase on the path m/44'/866'/accountIndex' (01 section 2.12.2). Bit 31 of
 * the index is dropped. Throws `InvalidMnemonic`, `IndexOutOfRange`.
 */
export function slip10KeyFromMnemonic(mnemonic: string, accountIndex = 0): Uint8Array {
  if (!Number.isInteger(accountIndex) || accountIndex < 0 || accountIndex > U32_MAX) {
    throw new AccountError("IndexOutOfRange", "an account index must be of 0..2^32-1");
  }
  const path = [44, 866, accountIndex];
  const master = hmacSha512(MASTER_KEY, mnemonicSeed(mnemonic));
  const node = path.reduce(
    (parent, index) => hmacSha512(parent.subarray(32), ZERO, parent.subarray(0, 32), hardenedIndex(index)),
    master,
  );
  return node.slice(0, 32);
}

/** View and spend keys of a SLIP-10 key, each still 64 bytes wide. Throws `LengthMismatch`. */
export function slip10WideKeys(slip10Key: Uint8Array): { view: Uint8Array; spend: Uint8Array } {
  requireLength(slip10Key, 32, "SLIP-10 key");
  const expand = (salt: string) => hkdfSha512({ salt, key: slip10Key, length: 64 });
  return {
    view: expand("mobilecoin-ristretto255-view"),
    spend: expand("mobilecoin-ristretto255-spend"),
  };
}

/** Private keys of a SLIP-10 key. Throws `LengthMismatch`. */
export function privateKeysFromSlip10(slip10Key: Uint8Array): AccountPrivateKeys {
  const { view, spend } = slip10WideKeys(slip10Key);
  return { viewPrivateKey: Scalar.fromBytesWide(view), spendPrivateKey: Scalar.fromBytesWide(spend) };
}

/** Four bytes, big-endian, with the hardened bit. */
function hardenedIndex(index: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, (index | HARDENED) >>> 0);
  return out;
}
