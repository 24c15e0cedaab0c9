import { type PublicAddress, shortAddressHash } from "@mobilecoin-ts/account";
import { equalBytes, MEMO_MAC_LENGTH, memoMac } from "@mobilecoin-ts/crypto";
import type { Point, Scalar } from "@mobilecoin-ts/curve";
import { formatMemo, type MemoOf, requirePayload } from "./memo.ts";
import { decodeKey } from "./onetime-keys.ts";

/** What proves a sender: the key of the subaddress that sender memos name (02 section 2.7.3). */
export interface SenderMemoCredential {
  /** Short hash of the sender's subaddress, 16 bytes. */
  readonly addressHash: Uint8Array;
  readonly subaddressSpendPrivateKey: Scalar;
}

/** What a sender memo states beside the sender. */
export type SenderMemoStatement = {
  [Kind in SenderMemoKind]: Omit<MemoOf<Kind>, "senderHash" | "mac">;
}[SenderMemoKind];

type SenderMemoKind =
  | "authenticatedSender"
  | "authenticatedSenderWithPaymentRequestId"
  | "authenticatedSenderWithPaymentIntentId";

/**
 * The 66-byte payload of a sender memo with its MAC, for the output with this public key (32 bytes) to the
 * subaddress with this view public key.
 */
export function createSenderMemo(
  statement: SenderMemoStatement,
  credential: SenderMemoCredential,
  recipientViewPublicKey: Point,
  txOutPublicKey: Uint8Array,
): Uint8Array {
  const mac = new Uint8Array(MEMO_MAC_LENGTH);
  const payload = formatMemo({ ...statement, senderHash: credential.addressHash, mac });
  const sharedSecret = recipientViewPublicKey.multiply(credential.subaddressSpendPrivateKey).encode();
  payload.set(macOf(payload, sharedSecret, txOutPublicKey), payload.length - MEMO_MAC_LENGTH);
  return payload;
}

/**
 * Whether a payload of category 01 (66 bytes) was made by `sender` for the output with this public key (32 bytes):
 * it names the sender's address and its MAC holds under the recipient **subaddress** view private key. False for
 * payloads of other categories.
 *
 * @throws TransactionError `Key` (area `txOut`) where the sender's spend public key does not decode; `BadLength`
 * (area `memo`).
 */
export function validateSenderMemo(
  payload: Uint8Array,
  sender: PublicAddress,
  recipientSubaddressViewPrivateKey: Scalar,
  txOutPublicKey: Uint8Array,
): boolean {
  requirePayload(payload);
  if (payload[0] !== SENDER_CATEGORY) return false;
  const spendPublicKey = decodeKey(sender.spendPublicKey, "spend_public_key");
  const sharedSecret = spendPublicKey.multiply(recipientSubaddressViewPrivateKey).encode();
  const namesSender = equalBytes(payload.subarray(2, 18), shortAddressHash(sender));
  const macHolds = equalBytes(
    payload.subarray(payload.length - MEMO_MAC_LENGTH),
    macOf(payload, sharedSecret, txOutPublicKey),
  );
  // Both are computed before either is looked at: the time does not tell which one failed.
  return namesSender && macHolds;
}

const SENDER_CATEGORY = 0x01;

function macOf(payload: Uint8Array, sharedSecret: Uint8Array, txOutPublicKey: Uint8Array): Uint8Array {
  return memoMac({
    sharedSecret,
    txOutPublicKey,
    memoType: payload.subarray(0, 2),
    memoData: payload.subarray(2),
  });
}
