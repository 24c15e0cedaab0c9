import { applyMemoCipher } from "@mobilecoin-ts/crypto";
import { MEMO_PAYLOAD_LENGTH, requirePayload } from "./memo.ts";

/**
 * Encrypts a 66-byte memo payload under the output's shared secret (32 bytes; 02 section 2.7.1). An unused payload
 * is encrypted like any other. Throws `BadLength` (area `memo`).
 */
export function encryptMemo(payload: Uint8Array, sharedSecret: Uint8Array): Uint8Array {
  requirePayload(payload);
  return applyMemoCipher(sharedSecret, payload);
}

/**
 * Decrypts an output's memo to its 66-byte payload; an output without memo has the unused payload. Unauthenticated:
 * a wrong secret or a dishonest sender yields any bytes. Throws `BadLength` (area `memo`).
 */
export function decryptMemo(eMemo: Uint8Array | undefined, sharedSecret: Uint8Array): Uint8Array {
  if (eMemo === undefined) return new Uint8Array(MEMO_PAYLOAD_LENGTH);
  requirePayload(eMemo);
  return applyMemoCipher(sharedSecret, eMemo);
}
