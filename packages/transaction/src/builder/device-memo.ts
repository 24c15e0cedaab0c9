import type { AccountKey } from "@mobilecoin-ts/account";
import { concat, MEMO_MAC_LENGTH, memoMac } from "@mobilecoin-ts/crypto";
import { decodeKey } from "../tx-out/onetime-keys.ts";

/** A sender memo that a device with the spend keys is asked to authenticate (02 section 2.20). */
export interface DeviceMemo {
  /** Of the sender that the memo names. */
  readonly senderSubaddress: bigint;
  /** Public key of the output that carries the memo, 32 bytes. */
  readonly txOutPublicKey: Uint8Array;
  /** View public key of the subaddress paid, 32 bytes. */
  readonly recipientViewPublicKey: Uint8Array;
  /** Two bytes, of category 01. */
  readonly memoType: Uint8Array;
  /** The first 48 bytes of memo data, those before the MAC. */
  readonly memoData: Uint8Array;
}

/**
 * The 16 bytes of MAC of a sender memo, from the keys that a view-only wallet lacks (02 section 2.7.3).
 *
 * @throws TransactionError `Key` (area `txOut`); CryptoError `LengthMismatch` for a type or data of a wrong length.
 */
export function deviceMemoMac(account: AccountKey, memo: DeviceMemo): Uint8Array {
  const recipient = decodeKey(memo.recipientViewPublicKey, "view_public_key");
  const spendKey = account.subaddressSpendPrivateKey(memo.senderSubaddress);
  return memoMac({
    sharedSecret: recipient.multiply(spendKey).encode(),
    txOutPublicKey: memo.txOutPublicKey,
    memoType: memo.memoType,
    memoData: concat(memo.memoData, new Uint8Array(MEMO_MAC_LENGTH)),
  });
}
