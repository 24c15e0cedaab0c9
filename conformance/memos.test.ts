import { AccountKey, DEFAULT_SUBADDRESS, publicAddressCodec, shortAddressHash } from "@mobilecoin-ts/account";
import { bytesToHex, concat, hexToBytes, memoMac } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import {
  createSenderMemo,
  formatMemo,
  parseMemo,
  type SenderMemoStatement,
  validateSenderMemo,
} from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { ChaChaRng } from "../packages/crypto/src/test-rng.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

/** The parties of one row: what the vectors publish of them, and the private keys they do not publish. */
interface Parties {
  readonly sender: AccountKey;
  readonly recipient: AccountKey;
  readonly txOutPublicKey: Uint8Array;
}

/** Rows the generator is asked for; the files have ten at most. */
const ROWS = 16;

/** The generator of these vectors again (02 section 5), so that MACs can be checked, not only carried. */
function regenerate(): Parties[] {
  const rng = new ChaChaRng(new Uint8Array(32).fill(2), 12);
  const scalar = () => Scalar.fromBytesWide(rng.bytes(64));
  const account = () => {
    const spendPrivateKey = scalar();
    return new AccountKey({ spendPrivateKey, viewPrivateKey: scalar() });
  };
  return Array.from({ length: ROWS }, () => ({
    sender: account(),
    recipient: account(),
    txOutPublicKey: Point.fromUniformBytes(rng.bytes(64)).encode(),
  }));
}

const generated = regenerate();

function partiesWith(address: Uint8Array, whose: "sender" | "recipient"): Parties {
  const found = generated.find(
    (parties) =>
      bytesToHex(publicAddressCodec.encode(parties[whose].defaultSubaddress)) === bytesToHex(address),
  );
  if (found === undefined) throw new Error("the row was not made by this generator");
  return found;
}

interface CorrectRow {
  readonly sender_public_address_hex_proto_bytes: string;
  readonly recipient_view_public_key_hex_raw_bytes: string;
  readonly payment_request_id?: number;
  readonly encrypted_sender_memo_hex_raw_bytes?: string;
  readonly encrypted_sender_with_payment_request_id_memo_hex_raw_bytes?: string;
}

interface IncorrectRow {
  readonly incorrect_sender_public_address_hex_proto_bytes: string;
  readonly incorrect_recipient_view_public_key_hex_raw_bytes: string;
  readonly payment_request_id?: number;
  readonly encrypted_sender_memo_hex_raw_bytes?: string;
  readonly encrypted_sender_with_payment_request_id_memo_hex_raw_bytes?: string;
}

interface DestinationRow {
  readonly sender_public_address_hex_proto_bytes: string;
  readonly total_outlay: number;
  readonly fee: number;
  readonly encrypted_destination_memo_hex_raw_bytes: string;
}

function payloadOf(row: CorrectRow | IncorrectRow): Uint8Array {
  const plain = row.encrypted_sender_memo_hex_raw_bytes;
  return plain === undefined
    ? hexToBytes(`0101${row.encrypted_sender_with_payment_request_id_memo_hex_raw_bytes}`)
    : hexToBytes(`0100${plain}`);
}

function statementOf(row: CorrectRow | IncorrectRow): SenderMemoStatement {
  return row.payment_request_id === undefined
    ? { kind: "authenticatedSender" }
    : {
        kind: "authenticatedSenderWithPaymentRequestId",
        paymentRequestId: BigInt(row.payment_request_id),
      };
}

function numbered<Row>(path: string) {
  return loadVectors<Row>(path).map((row, index) => [index, row] as const);
}

describeVectors("memos", () => {
  describe.each(["correct_encrypted_sender_memos", "correct_encrypted_sender_with_payment_request_id_memos"])(
    "%s",
    (file) => {
      test.each(numbered<CorrectRow>(`memos/${file}.jsonl`))("row %i", (_, row) => {
        const address = hexToBytes(row.sender_public_address_hex_proto_bytes);
        const { sender, recipient, txOutPublicKey } = partiesWith(address, "sender");
        const recipientViewPublicKey = hexToBytes(row.recipient_view_public_key_hex_raw_bytes);
        expect(recipient.defaultSubaddress.viewPublicKey).toEqual(recipientViewPublicKey);
        const payload = payloadOf(row);

        const senderAddress = publicAddressCodec.decode(address);
        const senderHash = shortAddressHash(senderAddress);
        expect(parseMemo(payload)).toMatchObject({ ...statementOf(row), senderHash });
        const viewKey = recipient.subaddressViewPrivateKey(DEFAULT_SUBADDRESS);
        expect(validateSenderMemo(payload, senderAddress, viewKey, txOutPublicKey)).toBe(true);
        const credential = {
          addressHash: senderHash,
          subaddressSpendPrivateKey: sender.subaddressSpendPrivateKey(DEFAULT_SUBADDRESS),
        };
        const recipientPoint = Point.decode(recipientViewPublicKey);
        expect(createSenderMemo(statementOf(row), credential, recipientPoint, txOutPublicKey)).toEqual(
          payload,
        );
      });
    },
  );

  describe.each([
    "incorrect_encrypted_sender_memos",
    "incorrect_encrypted_sender_with_payment_request_id_memos",
  ])("%s", (file) => {
    test.each(numbered<IncorrectRow>(`memos/${file}.jsonl`))("row %i", (_, row) => {
      // The parties are swapped: neither the hash nor the MAC may fit.
      const address = hexToBytes(row.incorrect_sender_public_address_hex_proto_bytes);
      const { sender, recipient, txOutPublicKey } = partiesWith(address, "recipient");
      expect(bytesToHex(sender.defaultSubaddress.viewPublicKey)).toBe(
        row.incorrect_recipient_view_public_key_hex_raw_bytes,
      );
      const payload = payloadOf(row);
      const claimed = publicAddressCodec.decode(address);
      expect(parseMemo(payload)).toMatchObject(statementOf(row));
      expect(payload.subarray(2, 18)).not.toEqual(shortAddressHash(claimed));
      const viewKey = sender.subaddressViewPrivateKey(DEFAULT_SUBADDRESS);
      const mac = memoMac({
        sharedSecret: Point.decode(claimed.spendPublicKey).multiply(viewKey).encode(),
        txOutPublicKey,
        memoType: payload.subarray(0, 2),
        memoData: payload.subarray(2),
      });
      expect(payload.subarray(50)).not.toEqual(mac);
      expect(validateSenderMemo(payload, claimed, viewKey, txOutPublicKey)).toBe(false);
      // With the parties put right the memo is genuine, so it was the swap that made it fail.
      expect(
        validateSenderMemo(
          payload,
          sender.defaultSubaddress,
          recipient.subaddressViewPrivateKey(DEFAULT_SUBADDRESS),
          txOutPublicKey,
        ),
      ).toBe(true);
    });
  });

  describe("correct_encrypted_destination_memos", () => {
    // Mislabelled upstream: the memo carries the hash of the address in the column called sender.
    test.each(numbered<DestinationRow>("memos/correct_encrypted_destination_memos.jsonl"))(
      "row %i",
      (_, row) => {
        const address = publicAddressCodec.decode(hexToBytes(row.sender_public_address_hex_proto_bytes));
        const data = hexToBytes(row.encrypted_destination_memo_hex_raw_bytes);
        const payload = concat(Uint8Array.of(2, 0), data);
        const memo = {
          kind: "destination",
          recipientHash: shortAddressHash(address),
          recipientCount: 1,
          fee: BigInt(row.fee),
          totalOutlay: BigInt(row.total_outlay),
        } as const;
        expect(parseMemo(payload)).toEqual(memo);
        expect(formatMemo(memo)).toEqual(payload);
      },
    );
  });
});
