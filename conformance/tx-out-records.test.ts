import { ristrettoPrivateCodec } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  decryptMemo,
  parseMemo,
  type RecoveredTxOut,
  recoverTxOutFromRecord,
  TransactionError,
  txOutRecordCodec,
} from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface CorrectRow {
  readonly recipient_view_private_key_hex_proto_bytes: string;
  readonly tx_out_record_hex_proto_bytes: string;
}

interface IncorrectRow {
  readonly spurious_view_private_key_hex_proto_bytes: string;
  readonly tx_out_record_hex_proto_bytes: string;
}

function recover(recordHex: string, viewPrivateKeyHex: string): RecoveredTxOut {
  const record = txOutRecordCodec.decode(hexToBytes(recordHex));
  expect(bytesToHex(txOutRecordCodec.encode(record))).toBe(recordHex);
  return recoverTxOutFromRecord(record, ristrettoPrivateCodec.decode(hexToBytes(viewPrivateKeyHex)));
}

function numbered<Row>(path: string) {
  return loadVectors<Row>(path).map((row, index) => [index, row] as const);
}

describeVectors("tx_out_records", () => {
  describe("correct_tx_out_records", () => {
    test.each(numbered<CorrectRow>("tx_out_records/correct_tx_out_records.jsonl"))("row %i", (_, row) => {
      const recovered = recover(
        row.tx_out_record_hex_proto_bytes,
        row.recipient_view_private_key_hex_proto_bytes,
      );
      // The generator pays 10 of token 0 with the unused memo (02 section 5).
      expect([recovered.amount.value, recovered.amount.tokenId]).toEqual([10n, 0n]);
      expect(decryptMemo(recovered.eMemo, recovered.sharedSecret)).toEqual(new Uint8Array(66));
      expect(parseMemo(decryptMemo(recovered.eMemo, recovered.sharedSecret))).toEqual({ kind: "unused" });
    });
  });

  describe("incorrect_tx_out_records", () => {
    test.each(numbered<IncorrectRow>("tx_out_records/incorrect_tx_out_records.jsonl"))("row %i", (_, row) => {
      const recovering = () =>
        recover(row.tx_out_record_hex_proto_bytes, row.spurious_view_private_key_hex_proto_bytes);
      expect(recovering).toThrow(TransactionError);
      expect(recovering).toThrow(expect.objectContaining({ area: "txOutRecord", code: "ChecksumMismatch" }));
    });
  });
});
