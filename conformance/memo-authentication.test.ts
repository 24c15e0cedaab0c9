import { publicAddressCodec, shortAddressHash } from "@mobilecoin-ts/account";
import { bytesToHex, concat, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import {
  createSenderMemo,
  formatMemo,
  memoTypeOf,
  parseMemo,
  type SenderMemoStatement,
  validateSenderMemo,
} from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface SenderMemoRow {
  readonly name: string;
  readonly kind: "sender" | "sender_with_payment_request";
  readonly sender_public_address_proto: string;
  readonly sender_default_subaddress_spend_private_key: string;
  readonly recipient_default_subaddress_view_private_key: string;
  readonly recipient_default_subaddress_view_public_key: string;
  readonly tx_out_public_key: string;
  readonly memo_data: string;
  readonly valid: boolean;
  readonly payment_request_id?: string;
}

interface DestinationMemoRow {
  readonly name: string;
  readonly recipient_short_address_hash: string;
  readonly number_of_recipients: number;
  readonly fee: string;
  readonly total_outlay: string;
  readonly memo_data: string;
}

interface PayloadKindRow {
  readonly name: string;
  readonly memo_payload: string;
  readonly memo_type: string;
}

const TYPES = { sender: "0100", sender_with_payment_request: "0101" };

function statementOf({ kind, payment_request_id }: SenderMemoRow): SenderMemoStatement {
  return kind === "sender"
    ? { kind: "authenticatedSender" }
    : { kind: "authenticatedSenderWithPaymentRequestId", paymentRequestId: BigInt(payment_request_id!) };
}

describeVectors("memo_authentication", () => {
  describe("sender memos", () => {
    test.each(loadVectors<SenderMemoRow>("memo_authentication/sender_memos.jsonl"))("$name", (row) => {
      const payload = hexToBytes(TYPES[row.kind] + row.memo_data);
      const sender = publicAddressCodec.decode(hexToBytes(row.sender_public_address_proto));
      const viewPrivateKey = Scalar.fromBytes(hexToBytes(row.recipient_default_subaddress_view_private_key));
      const txOutPublicKey = hexToBytes(row.tx_out_public_key);
      expect(validateSenderMemo(payload, sender, viewPrivateKey, txOutPublicKey)).toBe(row.valid);

      const made = createSenderMemo(
        statementOf(row),
        {
          addressHash: shortAddressHash(sender),
          subaddressSpendPrivateKey: Scalar.fromBytes(
            hexToBytes(row.sender_default_subaddress_spend_private_key),
          ),
        },
        Point.decode(hexToBytes(row.recipient_default_subaddress_view_public_key)),
        txOutPublicKey,
      );
      expect(bytesToHex(made) === bytesToHex(payload)).toBe(row.valid);
    });
  });

  describe("destination memos", () => {
    test.each(loadVectors<DestinationMemoRow>("memo_authentication/destination_memos.jsonl"))(
      "$name",
      (row) => {
        const memo = {
          kind: "destination",
          recipientHash: hexToBytes(row.recipient_short_address_hash),
          recipientCount: row.number_of_recipients,
          fee: BigInt(row.fee),
          totalOutlay: BigInt(row.total_outlay),
        } as const;
        const payload = concat(Uint8Array.of(2, 0), hexToBytes(row.memo_data));
        expect(formatMemo(memo)).toEqual(payload);
        expect(parseMemo(payload)).toEqual(memo);
      },
    );
  });

  describe("payload kinds", () => {
    test.each(loadVectors<PayloadKindRow>("memo_authentication/memo_payload_kinds.jsonl"))("$name", (row) => {
      const memo = parseMemo(hexToBytes(row.memo_payload));
      expect(memoTypeOf(memo.kind).toString(16).padStart(4, "0")).toBe(row.memo_type);
      expect(bytesToHex(formatMemo(memo))).toBe(row.memo_payload);
    });
  });
});
