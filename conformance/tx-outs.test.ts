import { AccountKey } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import {
  confirmationNumber,
  decryptMemo,
  keyImageOf,
  matchViewKey,
  parseMemo,
  recoverOnetimePrivateKey,
  recoverSubaddressSpendKey,
  SubaddressTable,
  scanTxOuts,
  txOutCodec,
  validateConfirmationNumber,
} from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface OwnedTxOutRow {
  readonly name: string;
  readonly tx_out: string;
  readonly view_private_key: string;
  readonly spend_private_key: string;
  /** null: not sent to a subaddress of the account. */
  readonly subaddress_index: string | null;
  readonly shared_secret: string;
  readonly masked_amount_version: 1 | 2;
  readonly value: string;
  readonly token_id: string;
  readonly blinding: string;
  readonly commitment: string;
  readonly recovered_subaddress_spend_public_key: string;
  readonly onetime_private_key: string | null;
  readonly key_image: string | null;
  readonly memo: string;
  readonly confirmation_number: string;
}

describeVectors("tx_outs", () => {
  test.each(loadVectors<OwnedTxOutRow>("tx_outs/owned_tx_outs.jsonl"))("$name", (row) => {
    const account = new AccountKey({
      viewPrivateKey: Scalar.fromBytes(hexToBytes(row.view_private_key)),
      spendPrivateKey: Scalar.fromBytes(hexToBytes(row.spend_private_key)),
    });
    const { viewPrivateKey } = account;
    const index = row.subaddress_index === null ? undefined : BigInt(row.subaddress_index);

    const txOut = txOutCodec.decode(hexToBytes(row.tx_out));
    expect(bytesToHex(txOutCodec.encode(txOut))).toBe(row.tx_out);
    expect(txOut.maskedAmount?.version).toBe(row.masked_amount_version);
    expect(bytesToHex(txOut.maskedAmount!.commitment)).toBe(row.commitment);

    const match = matchViewKey(txOut, viewPrivateKey);
    if (!match.matches) return expect.unreachable("the view key does not match");
    const { amount, sharedSecret } = match;
    expect(bytesToHex(sharedSecret)).toBe(row.shared_secret);
    expect([amount.value, amount.tokenId]).toEqual([BigInt(row.value), BigInt(row.token_id)]);
    expect(bytesToHex(amount.blinding.toBytes())).toBe(row.blinding);

    const spendKey = recoverSubaddressSpendKey(sharedSecret, Point.decode(txOut.targetKey)).encode();
    expect(bytesToHex(spendKey)).toBe(row.recovered_subaddress_spend_public_key);
    const onetimePrivateKey =
      index === undefined
        ? undefined
        : recoverOnetimePrivateKey(sharedSecret, account.subaddressSpendPrivateKey(index));
    expect(onetimePrivateKey === undefined ? null : bytesToHex(onetimePrivateKey.toBytes())).toBe(
      row.onetime_private_key,
    );
    expect(onetimePrivateKey === undefined ? null : bytesToHex(keyImageOf(onetimePrivateKey))).toBe(
      row.key_image,
    );

    const payload = decryptMemo(txOut.eMemo, sharedSecret);
    expect(bytesToHex(payload)).toBe(row.memo);
    expect(() => parseMemo(payload)).not.toThrow();

    const confirmation = confirmationNumber(sharedSecret);
    expect(bytesToHex(confirmation)).toBe(row.confirmation_number);
    expect(validateConfirmationNumber(confirmation, txOut.publicKey, viewPrivateKey)).toBe(true);

    const found = { position: 0, amount, sharedSecret };
    const table = SubaddressTable.ofAccount(account.viewAccountKey());
    expect(scanTxOuts(account, [txOut], table, { orphans: true })).toEqual([
      index === undefined
        ? { kind: "orphaned", ...found, subaddressSpendPublicKey: spendKey }
        : { kind: "owned", ...found, subaddressIndex: index },
    ]);
  });
});
