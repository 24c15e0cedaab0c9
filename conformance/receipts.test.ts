import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { checkReceipt, receiptCodec, validateConfirmationNumber } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface ReceiptRow {
  readonly name: string;
  readonly receipt: string;
  readonly view_private_key: string;
  readonly tx_out_public_key: string;
  readonly confirmation_number: string;
  readonly tombstone_block: string;
  readonly value: string;
  readonly token_id: string;
  readonly valid: boolean;
}

describeVectors("receipts", () => {
  test.each(loadVectors<ReceiptRow>("receipts/receipts.jsonl"))("$name", (row) => {
    const viewPrivateKey = Scalar.fromBytes(hexToBytes(row.view_private_key));
    const receipt = receiptCodec.decode(hexToBytes(row.receipt));
    expect(bytesToHex(receiptCodec.encode(receipt))).toBe(row.receipt);
    expect(bytesToHex(receipt.publicKey)).toBe(row.tx_out_public_key);
    expect(bytesToHex(receipt.confirmation)).toBe(row.confirmation_number);
    expect(receipt.tombstoneBlock).toBe(BigInt(row.tombstone_block));
    expect(validateConfirmationNumber(receipt.confirmation, receipt.publicKey, viewPrivateKey)).toBe(
      row.valid,
    );
    const check = checkReceipt(receipt, viewPrivateKey);
    expect(check.valid).toBe(row.valid);
    if (check.valid) {
      expect([check.amount.value, check.amount.tokenId]).toEqual([BigInt(row.value), BigInt(row.token_id)]);
    }
  });
});
