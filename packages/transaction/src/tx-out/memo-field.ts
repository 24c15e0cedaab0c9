import { readU64be, u64be, utf8 } from "@mobilecoin-ts/crypto";
import { TransactionError } from "../error.ts";

/** Bytes of memo data behind the two type bytes (02 section 2.7.1). */
export const MEMO_DATA_LENGTH = 64;

/** The largest fee that a memo can state: 7 bytes. */
export const MAX_MEMO_FEE = (1n << 56n) - 1n;

/** One value at a fixed place in the 64 bytes of memo data. Integers are big-endian (02 section 2.7.2). */
export interface MemoField<T> {
  read(data: Uint8Array): T;
  write(data: Uint8Array, value: T): void;
}

/** `length` raw bytes at `offset`. Throws `BadLength` when given another number of bytes. */
export function bytesField(offset: number, length: number): MemoField<Uint8Array> {
  return {
    read: (data) => data.slice(offset, offset + length),
    write(data, value) {
      if (value.length !== length) {
        throw new TransactionError("memo", "BadLength", `memo field takes ${length} bytes`, {
          data: { found: value.length, required: length },
        });
      }
      data.set(value, offset);
    },
  };
}

/** One byte, 0 to 255, at `offset`. */
export function byteField(offset: number): MemoField<number> {
  return {
    read: (data) => data[offset]!,
    write(data, value) {
      if (!Number.isInteger(value) || value < 0 || value > 255) throw new RangeError("not a byte");
      data[offset] = value;
    },
  };
}

/** A u64 at `offset`. */
export function u64Field(offset: number): MemoField<bigint> {
  return {
    read: (data) => readU64be(data, offset),
    write: (data, value) => data.set(u64be(value), offset),
  };
}

/** A fee of at most 56 bits at `offset`; larger fees are refused with `refusal`. */
export function feeField(offset: number, refusal: "FeeTooLarge" | "MaxFeeExceeded"): MemoField<bigint> {
  return {
    read(data) {
      let fee = 0n;
      for (let i = offset; i < offset + 7; i++) fee = (fee << 8n) | BigInt(data[i]!);
      return fee;
    },
    write(data, value) {
      if (value > MAX_MEMO_FEE) {
        throw new TransactionError("memo", refusal, "fee does not fit the 56 bits a memo has for it", {
          data: { max: MAX_MEMO_FEE },
        });
      }
      data.set(u64be(value).subarray(1), offset);
    },
  };
}

/**
 * UTF-8 text from `offset` to the end of the data. It ends at the first zero byte or at the end, so a note with a
 * zero character in it reads back shorter, as it does for every other implementation.
 *
 * Writing throws `BadLength` for too many bytes and `Utf8Decoding` for unpaired surrogates; reading throws
 * `Utf8Decoding`.
 */
export function noteField(offset: number): MemoField<string> {
  const max = MEMO_DATA_LENGTH - offset;
  return {
    read(data) {
      const end = data.indexOf(0, offset);
      try {
        return strictUtf8.decode(data.subarray(offset, end < 0 ? data.length : end));
      } catch (cause) {
        throw new TransactionError("memo", "Utf8Decoding", "memo note is not UTF-8", { cause });
      }
    },
    write(data, value) {
      data.set(encodeNote(value, max), offset);
    },
  };
}

/** UTF-8 bytes of a note of at most `max` bytes. Throws `BadLength` or `Utf8Decoding` (unpaired surrogates). */
export function encodeNote(note: string, max: number): Uint8Array {
  // TextEncoder would replace an unpaired surrogate without a word.
  if (UNPAIRED_SURROGATE.test(note)) {
    throw new TransactionError("memo", "Utf8Decoding", "memo note has no UTF-8 form");
  }
  const bytes = utf8(note);
  if (bytes.length > max) {
    throw new TransactionError("memo", "BadLength", `memo note is longer than ${max} bytes of UTF-8`, {
      data: { found: bytes.length, max },
    });
  }
  return bytes;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const UNPAIRED_SURROGATE = /\p{Surrogate}/u;
