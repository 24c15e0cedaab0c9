import { TransactionError } from "../error.ts";
import {
  byteField,
  bytesField,
  feeField,
  MEMO_DATA_LENGTH,
  type MemoField,
  noteField,
  u64Field,
} from "./memo-field.ts";

/** Bytes of a memo payload: two type bytes and 64 bytes of data (02 section 2.7.1). */
export const MEMO_PAYLOAD_LENGTH = 2 + MEMO_DATA_LENGTH;

/** Bytes of UTF-8 in the note of a gift code sender memo. */
export const GIFT_CODE_SENDER_NOTE_MAX_BYTES = 57;

/** Bytes of UTF-8 in the note of a gift code funding memo. */
export const GIFT_CODE_FUNDING_NOTE_MAX_BYTES = 53;

/** Who says to have sent this; true only when the MAC validates (`validateSenderMemo`). */
export interface AuthenticatedSender {
  /** Short address hash of the sender's subaddress, 16 bytes. */
  readonly senderHash: Uint8Array;
  /** 16 bytes. It covers the payload's raw bytes, so it is checked on the payload, not on this record. */
  readonly mac: Uint8Array;
}

/** Written by a sender to their own change output; true only there (`isTrustedByLocation`). */
export interface Destination {
  /** Short address hash of the last recipient, 16 bytes. */
  readonly recipientHash: Uint8Array;
  /** 0 to 255. */
  readonly recipientCount: number;
  /** Below 2^56. */
  readonly fee: bigint;
  /** What the payment took from the sender, fee included. */
  readonly totalOutlay: bigint;
}

/** The fields of each kind of memo (02 section 2.7.2). Amounts are in smallest units of the output's token. */
export interface MemoFields {
  unused: object;
  /** 64 bytes free-form (MCIP 39). */
  burnRedemption: { readonly data: Uint8Array };
  /** Of who redeemed a gift code (MCIP 32). */
  giftCodeSender: { readonly fee: bigint; readonly note: string };
  /** `totalOutlay` includes the fee (MCIP 61). */
  defragmentation: { readonly fee: bigint; readonly totalOutlay: bigint; readonly defragId: bigint };
  authenticatedSender: AuthenticatedSender;
  authenticatedSenderWithPaymentRequestId: AuthenticatedSender & { readonly paymentRequestId: bigint };
  authenticatedSenderWithPaymentIntentId: AuthenticatedSender & { readonly paymentIntentId: bigint };
  destination: Destination;
  /** `giftCodeHash`: 4 bytes, see `giftCodeShortHash`. */
  giftCodeFunding: { readonly giftCodeHash: Uint8Array; readonly fee: bigint; readonly note: string };
  /** `globalIndex`: of the gift code's output in the ledger. */
  giftCodeCancellation: { readonly globalIndex: bigint; readonly fee: bigint };
  destinationWithPaymentRequestId: Destination & { readonly paymentRequestId: bigint };
  destinationWithPaymentIntentId: Destination & { readonly paymentIntentId: bigint };
}

export type MemoKind = keyof MemoFields;

export type MemoOf<Kind extends MemoKind> = { readonly kind: Kind } & MemoFields[Kind];

/** A memo in clear, by kind (02 section 2.7.2). */
export type Memo = { [Kind in MemoKind]: MemoOf<Kind> }[MemoKind];

interface MemoLayout<Fields> {
  /** The two type bytes as one number; the upper byte is the category. */
  readonly type: number;
  readonly fields: { readonly [Name in keyof Fields]: MemoField<Fields[Name]> };
}

const sender = { senderHash: bytesField(0, 16), mac: bytesField(48, 16) };

const destination = {
  recipientHash: bytesField(0, 16),
  recipientCount: byteField(16),
  fee: feeField(17, "FeeTooLarge"),
  totalOutlay: u64Field(24),
};

const LAYOUTS: { readonly [Kind in MemoKind]: MemoLayout<MemoFields[Kind]> } = {
  unused: { type: 0x0000, fields: {} },
  burnRedemption: { type: 0x0001, fields: { data: bytesField(0, MEMO_DATA_LENGTH) } },
  giftCodeSender: { type: 0x0002, fields: { fee: feeField(0, "MaxFeeExceeded"), note: noteField(7) } },
  defragmentation: {
    type: 0x0003,
    fields: { fee: feeField(0, "FeeTooLarge"), totalOutlay: u64Field(7), defragId: u64Field(15) },
  },
  authenticatedSender: { type: 0x0100, fields: sender },
  authenticatedSenderWithPaymentRequestId: {
    type: 0x0101,
    fields: { ...sender, paymentRequestId: u64Field(16) },
  },
  authenticatedSenderWithPaymentIntentId: {
    type: 0x0102,
    fields: { ...sender, paymentIntentId: u64Field(16) },
  },
  destination: { type: 0x0200, fields: destination },
  giftCodeFunding: {
    type: 0x0201,
    fields: { giftCodeHash: bytesField(0, 4), fee: feeField(4, "MaxFeeExceeded"), note: noteField(11) },
  },
  giftCodeCancellation: {
    type: 0x0202,
    fields: { globalIndex: u64Field(0), fee: feeField(8, "MaxFeeExceeded") },
  },
  destinationWithPaymentRequestId: {
    type: 0x0203,
    fields: { ...destination, paymentRequestId: u64Field(32) },
  },
  destinationWithPaymentIntentId: {
    type: 0x0204,
    fields: { ...destination, paymentIntentId: u64Field(32) },
  },
};

const KIND_OF_TYPE = new Map((Object.keys(LAYOUTS) as MemoKind[]).map((kind) => [LAYOUTS[kind].type, kind]));

/** The two type bytes of a kind of memo as one big-endian number, 0x0200 for a destination memo. */
export function memoTypeOf(kind: MemoKind): number {
  return LAYOUTS[kind].type;
}

/**
 * The 66-byte payload of a memo. Bytes that the layout does not name are zero.
 *
 * @throws TransactionError area `memo`: `BadLength` (hash, data or note of a wrong length), `Utf8Decoding` (note with
 * unpaired surrogates), `FeeTooLarge` (destination, defragmentation) or `MaxFeeExceeded` (gift codes) for a fee of
 * 2^56 or more.
 */
export function formatMemo(memo: Memo): Uint8Array {
  return format(memo.kind, memo);
}

function format<Kind extends MemoKind>(kind: Kind, memo: MemoFields[Kind]): Uint8Array {
  const { type, fields }: MemoLayout<MemoFields[Kind]> = LAYOUTS[kind];
  const payload = new Uint8Array(MEMO_PAYLOAD_LENGTH);
  payload[0] = type >> 8;
  payload[1] = type & 255;
  const data = payload.subarray(2);
  for (const name in fields) fields[name].write(data, memo[name]);
  return payload;
}

/**
 * Reads a 66-byte memo payload. Bytes that the layout does not name are ignored, so formatting the result need not
 * give the same payload; keep the payload where a MAC is to be checked.
 *
 * @throws TransactionError area `memo`: `BadLength` (payload is not 66 bytes), `UnknownMemoType`, `Utf8Decoding`
 * (note of a gift code memo).
 */
export function parseMemo(payload: Uint8Array): Memo {
  requirePayload(payload);
  const type = (payload[0]! << 8) | payload[1]!;
  const kind = KIND_OF_TYPE.get(type);
  if (kind === undefined) {
    throw new TransactionError("memo", "UnknownMemoType", "memo type is not known", { data: { type } });
  }
  // Distributing over the union of kinds is beyond the checker; `LAYOUTS` ties each kind to its fields.
  return { kind, ...readFields(kind, payload.subarray(2)) } as Memo;
}

function readFields<Kind extends MemoKind>(kind: Kind, data: Uint8Array): Partial<MemoFields[Kind]> {
  const { fields }: MemoLayout<MemoFields[Kind]> = LAYOUTS[kind];
  const values: Partial<MemoFields[Kind]> = {};
  for (const name in fields) values[name] = fields[name].read(data);
  return values;
}

/** Throws `BadLength` (area `memo`) unless the payload has 66 bytes. */
export function requirePayload(payload: Uint8Array): void {
  if (payload.length !== MEMO_PAYLOAD_LENGTH) {
    throw new TransactionError("memo", "BadLength", `memo payload takes ${MEMO_PAYLOAD_LENGTH} bytes`, {
      data: { found: payload.length, required: MEMO_PAYLOAD_LENGTH },
    });
  }
}
