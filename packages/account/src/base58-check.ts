import { concat, crc32, u32le } from "@mobilecoin-ts/crypto";
import { base58 } from "@scure/base";
import { AccountError } from "./error.ts";

const CHECKSUM_LENGTH = 4;

/**
 * Longest code that is read: base58 takes quadratic time, and no code with a purpose comes near. (The reference
 * bounds nothing here, but its published codes stay below 255 characters.)
 */
export const MAX_CODE_LENGTH = 16_384;

/** base58 of CRC-32 (little-endian, in front) and payload (01 section 2.14). */
export function encodeBase58Check(payload: Uint8Array): string {
  return base58.encode(concat(u32le(crc32(payload)), payload));
}

/** Payload of a code. Throws `B58`, `InsufficientBytes`, `ChecksumMismatch`. White space is not trimmed. */
export function decodeBase58Check(code: string): Uint8Array {
  if (code.length > MAX_CODE_LENGTH) {
    throw new AccountError("B58", `the code is longer than ${MAX_CODE_LENGTH} characters`);
  }
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(code);
  } catch {
    throw new AccountError("B58", "the code holds a character that base58 does not have");
  }
  if (bytes.length <= CHECKSUM_LENGTH) {
    throw new AccountError("InsufficientBytes", `a code has at least 5 bytes, got ${bytes.length}`, {
      data: { found: bytes.length },
    });
  }
  const payload = bytes.slice(CHECKSUM_LENGTH);
  const checksum = new DataView(bytes.buffer, bytes.byteOffset, CHECKSUM_LENGTH).getUint32(0, true);
  if (checksum !== crc32(payload)) {
    throw new AccountError(
      "ChecksumMismatch",
      "the checksum does not match: a character is missing or mistyped",
    );
  }
  return payload;
}
