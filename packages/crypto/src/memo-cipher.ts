import { aes256Ctr64 } from "./aes-ctr64.ts";
import { requireLength } from "./error.ts";
import { hkdfSha512 } from "./hkdf.ts";

/** Length of an encrypted memo and of its plaintext: type (2) and data (64). */
export const MEMO_LENGTH = 66;

/**
 * Encrypts or decrypts (the same operation) a memo of 66 bytes under the TxOut's shared secret, the 32-byte encoding
 * of a point (01 section 2.2.2).
 */
export function applyMemoCipher(txOutSharedSecret: Uint8Array, memo: Uint8Array): Uint8Array {
  requireLength(txOutSharedSecret, 32, "TxOut shared secret");
  requireLength(memo, MEMO_LENGTH, "memo");
  const material = hkdfSha512({ salt: "mc-memo-okm", key: txOutSharedSecret, length: 48 });
  return aes256Ctr64(material.slice(0, 32), material.slice(32), memo);
}
