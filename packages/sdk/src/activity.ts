import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  type PublicAddress,
  shortAddressHash,
} from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { validateSenderMemo } from "@mobilecoin-ts/transaction";
import type { WalletTxOut } from "./wallet-state.ts";

/** Who stands on the other side of a payment, as far as its memo tells. */
export interface Counterparty {
  /** Short address hash, 16 bytes. */
  readonly addressHash: Uint8Array;
  /** The contact whose address it is. For a sender this is proven by the memo's MAC. */
  readonly contact: string | undefined;
}

/** One line of an account's history. */
export type ActivityEntry = {
  readonly blockIndex: bigint;
  /** Unix seconds, where the ledger tells. */
  readonly time: bigint | undefined;
  readonly tokenId: bigint;
  /** In smallest units; of a payment made, without the fee. */
  readonly amount: bigint;
  readonly counterparty: Counterparty | undefined;
} & (
  | { readonly kind: "received" }
  | {
      readonly kind: "sent";
      readonly fee: bigint;
      /** How many were paid; `counterparty` is the last of them. */
      readonly recipients: number;
    }
);

/**
 * The history that the ledger itself tells: outputs received, and payments made, which destination memos on change
 * outputs record. A wallet restored from its phrase tells the same.
 */
export function activityOf(
  account: AccountKey,
  outputs: readonly WalletTxOut[],
  contacts: ReadonlyMap<string, PublicAddress>,
): readonly ActivityEntry[] {
  const nameOfHash = new Map(
    [...contacts].map(([name, address]) => [bytesToHex(shortAddressHash(address)), name]),
  );
  return outputs.flatMap((output): ActivityEntry[] => {
    const { amount, blockIndex, receivedAt: time, memo } = output;
    const { tokenId } = amount;
    if (output.subaddressIndex === CHANGE_SUBADDRESS) {
      if (memo === undefined || !("totalOutlay" in memo) || !("recipientHash" in memo)) return [];
      const { recipientHash, totalOutlay, fee, recipientCount } = memo;
      const counterparty = { addressHash: recipientHash, contact: nameOfHash.get(bytesToHex(recipientHash)) };
      const paid = totalOutlay - fee;
      return [
        {
          kind: "sent",
          blockIndex,
          time,
          tokenId,
          amount: paid,
          fee,
          recipients: recipientCount,
          counterparty,
        },
      ];
    }
    const counterparty = senderOf(account, output, contacts, nameOfHash);
    return [{ kind: "received", blockIndex, time, tokenId, amount: amount.value, counterparty }];
  });
}

function senderOf(
  account: AccountKey,
  { memo, memoPayload, txOut, subaddressIndex }: WalletTxOut,
  contacts: ReadonlyMap<string, PublicAddress>,
  nameOfHash: ReadonlyMap<string, string>,
): Counterparty | undefined {
  if (memo === undefined || !("senderHash" in memo)) return undefined;
  const addressHash = memo.senderHash;
  const claimed = nameOfHash.get(bytesToHex(addressHash));
  const address = claimed === undefined ? undefined : contacts.get(claimed);
  if (address === undefined) return { addressHash, contact: undefined };
  const viewPrivateKey = account.subaddressViewPrivateKey(subaddressIndex);
  const proven = validateSenderMemo(memoPayload, address, viewPrivateKey, txOut.publicKey);
  // A hash that the MAC does not prove is a stranger using a friend's name: tell neither.
  return proven ? { addressHash, contact: claimed } : undefined;
}
