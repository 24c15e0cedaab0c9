import { crc32 } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, type Field, f, message, WireError } from "@mobilecoin-ts/wire";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "./amount.ts";
import { type MaskedAmount, type MaskedAmountVersion, reconstructMaskedAmount } from "./masked-amount.ts";
import { decodeKey, recoverSharedSecret } from "./onetime-keys.ts";
import { ENCRYPTED_MEMO_LENGTH } from "./tx-out.ts";

/**
 * What a Fog view server keeps of an output for its owner (06 section 2.4): everything but the hint and, since the
 * owner can recompute it, the commitment.
 */
export interface TxOutRecord {
  /** 32 bytes in records of old, empty since; then the checksum stands for it. */
  readonly commitment: Uint8Array;
  readonly maskedValue: bigint;
  /** 32 bytes. */
  readonly targetKey: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Index of the output among all outputs of the ledger. */
  readonly globalIndex: bigint;
  readonly blockIndex: bigint;
  /** Seconds since 1970; 2^64−1 is unknown. */
  readonly timestamp: bigint;
  /** CRC-32 of the 32 commitment bytes. */
  readonly commitmentCrc32: number;
  /** 66 bytes, or empty for none. */
  readonly eMemo: Uint8Array;
  /** Absent is read as version 1 without token id. */
  readonly maskedTokenId: RecordedTokenId | undefined;
}

/** The masked token id (0 or 8 bytes) with the version of the masked amount, which the record's oneof tells. */
export interface RecordedTokenId {
  readonly version: MaskedAmountVersion;
  readonly bytes: Uint8Array;
}

/** How a record is written: what identifies the output always, zero too; the rest where there is something. */
export const txOutRecordCodec: Codec<TxOutRecord> = message("TxOutRecord", {
  commitment: f.bytes(1),
  maskedValue: f.fixed64(2, { required: true }),
  targetKey: f.bytes(3, { required: true }),
  publicKey: f.bytes(4, { required: true }),
  globalIndex: f.fixed64(5, { required: true }),
  blockIndex: f.fixed64(6, { required: true }),
  timestamp: f.fixed64(7),
  commitmentCrc32: fixed32(8),
  eMemo: f.bytes(9),
  maskedTokenId: recordedTokenId(10, 11),
});

/** The oneof of two byte strings that tells the version; a present but empty one counts. */
function recordedTokenId(tagOfV1: number, tagOfV2: number): Field<RecordedTokenId | undefined> {
  const v1 = f.bytes(tagOfV1, { optional: true });
  const v2 = f.bytes(tagOfV2, { optional: true });
  return {
    tags: [tagOfV1, tagOfV2],
    isOneof: true,
    initial: () => undefined,
    write(writer, value, order) {
      if (value !== undefined) (value.version === 1 ? v1 : v2).write(writer, value.bytes, order);
    },
    read(reader, tag, wireType, _current, state) {
      const version = tag === tagOfV1 ? 1 : 2;
      const bytes = (version === 1 ? v1 : v2).read(reader, tag, wireType, undefined, state);
      return bytes === undefined ? undefined : { version, bytes };
    },
  };
}

/** Four bytes little-endian, left out when zero; no other message has one. */
function fixed32(tag: number): Field<number> {
  const wireType32Bit = 5;
  return {
    tags: [tag],
    isOneof: false,
    initial: () => 0,
    write(writer, value) {
      if (value !== 0) writer.tag(tag, wireType32Bit).fixed32(value);
    },
    read(reader, _tag, wireType) {
      if (wireType !== wireType32Bit) throw new WireError("WireType", "needs four bytes");
      return reader.fixed32();
    },
  };
}

/** An output as its record and its owner's view key give it back, without the hint. */
export interface RecoveredTxOut {
  readonly maskedAmount: MaskedAmount;
  readonly targetKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly eMemo: Uint8Array | undefined;
  readonly amount: UnmaskedAmount;
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array;
}

const COMMITMENT_LENGTH = 32;

/**
 * Recovers an output from its record with the **account** view private key.
 *
 * @throws TransactionError area `txOutRecord`: `Key` (a key or the commitment has a wrong length or the public key
 * does not decode), `Memo` (length), `Amount` (cause `InvalidMaskedTokenId`), `ChecksumMismatch` (the record is of
 * another account, or altered).
 */
export function recoverTxOutFromRecord(record: TxOutRecord, viewPrivateKey: Scalar): RecoveredTxOut {
  const checksum = recordedChecksum(record);
  if (record.targetKey.length !== 32) throw malformed("Key", "target key of the record is not 32 bytes");
  const eMemo = record.eMemo.length === 0 ? undefined : record.eMemo;
  if (eMemo !== undefined && eMemo.length !== ENCRYPTED_MEMO_LENGTH) {
    throw malformed("Memo", "memo of the record is not 66 bytes");
  }
  const publicKey = inRecord("Key", () => decodeKey(record.publicKey, "tx_out_public_key_data"));
  const sharedSecret = recoverSharedSecret(viewPrivateKey, publicKey);
  const { version, bytes } = record.maskedTokenId ?? { version: 1, bytes: new Uint8Array(0) };
  const { maskedAmount, unmasked } = inRecord("Amount", () =>
    reconstructMaskedAmount({ version, maskedValue: record.maskedValue, maskedTokenId: bytes }, sharedSecret),
  );
  if (crc32(maskedAmount.commitment) !== checksum) {
    throw malformed("ChecksumMismatch", "the record is of another account, or altered");
  }
  const { targetKey } = record;
  return { maskedAmount, targetKey, publicKey: record.publicKey, eMemo, amount: unmasked, sharedSecret };
}

function recordedChecksum({ commitment, commitmentCrc32 }: TxOutRecord): number {
  if (commitment.length === 0) return commitmentCrc32;
  if (commitment.length !== COMMITMENT_LENGTH) {
    throw malformed("Key", "commitment of the record is not 32 bytes");
  }
  return crc32(commitment);
}

function inRecord<T>(code: "Key" | "Amount", recover: () => T): T {
  try {
    return recover();
  } catch (cause) {
    if (cause instanceof TransactionError) throw malformed(code, `record: ${cause.message}`, cause);
    throw cause;
  }
}

function malformed(
  code: "Key" | "Memo" | "Amount" | "ChecksumMismatch",
  message: string,
  cause?: TransactionError,
): TransactionError {
  return new TransactionError("txOutRecord", code, message, { cause });
}
