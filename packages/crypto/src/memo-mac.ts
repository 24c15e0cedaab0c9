import { utf8 } from "./bytes.ts";
import { requireLength } from "./error.ts";
import { hmacSha512 } from "./hkdf.ts";

/** Length of a memo's authentication code, the last bytes of its data. */
export const MEMO_MAC_LENGTH = 16;

const LABEL = utf8("mc-memo-mac");

/** What a memo's authentication code covers. */
export interface MemoMacInput {
  /** Encoded product of sender spend key and recipient view key, 32 bytes. */
  readonly sharedSecret: Uint8Array;
  /** Public key of the TxOut, 32 bytes: binds the memo to its output. */
  readonly txOutPublicKey: Uint8Array;
  /** Two bytes. */
  readonly memoType: Uint8Array;
  /** 64 bytes; the last 16, where the code goes, are not covered. */
  readonly memoData: Uint8Array;
}

/** Authentication code (16 bytes) of a memo (01 section 2.9). Compare with `equalBytes`. */
export function memoMac({ sharedSecret, txOutPublicKey, memoType, memoData }: MemoMacInput): Uint8Array {
  requireLength(sharedSecret, 32, "memo shared secret");
  requireLength(txOutPublicKey, 32, "TxOut public key");
  requireLength(memoType, 2, "memo type");
  requireLength(memoData, 64, "memo data");
  const covered = memoData.subarray(0, 64 - MEMO_MAC_LENGTH);
  return hmacSha512(sharedSecret, LABEL, txOutPublicKey, memoType, covered).slice(0, MEMO_MAC_LENGTH);
}
