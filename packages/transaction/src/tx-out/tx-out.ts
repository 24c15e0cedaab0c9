import type { MaskedAmount } from "./masked-amount.ts";

/** Length of an encrypted Fog hint in bytes (02 section 2.2). */
export const ENCRYPTED_FOG_HINT_LENGTH = 84;

/** Length of an encrypted memo in bytes (02 section 2.2). */
export const ENCRYPTED_MEMO_LENGTH = 66;

/** A transaction output (02 section 2.6). Keys are raw bytes as received; decoding never decompresses them. */
export interface TxOut {
  /** Absent only in a malformed output: the oneof had no member. */
  readonly maskedAmount: MaskedAmount | undefined;
  /** One-time public key `P = Hs(r·C)·G + D`, 32 bytes compressed. */
  readonly targetKey: Uint8Array;
  /** Transaction public key `R = r·D`, 32 bytes compressed; unique in the whole ledger. */
  readonly publicKey: Uint8Array;
  /** Encrypted Fog hint, 84 bytes. */
  readonly eFogHint: Uint8Array;
  /** Encrypted memo, 66 bytes; mandatory from block version 1, forbidden before. */
  readonly eMemo: Uint8Array | undefined;
}
