import { Point } from "@mobilecoin-ts/curve";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";

/** A message of the public API around one byte string. */
export interface ApiBytes {
  readonly data: Uint8Array;
}

/** A rejection of an API message; `field` is the path to the offending field, in the names of the protocol. */
export function refuseApi(
  code: TransactionErrorCodes["conversion"],
  field: string,
  reason: string,
  cause?: unknown,
): TransactionError<"conversion"> {
  return new TransactionError("conversion", code, `${field} ${reason}`, { data: { field }, cause });
}

/** Byte string of one length; absent counts as empty. Throws `ArrayCastError`. */
export function apiArray(bytes: Uint8Array | undefined, length: number, field: string): Uint8Array {
  const found = bytes?.length ?? 0;
  if (bytes === undefined || found !== length) {
    throw refuseApi("ArrayCastError", field, `has ${found} bytes, needs ${length}`);
  }
  return bytes;
}

/** Byte string of one length in a message of its own. Throws `ArrayCastError`. */
export function apiWrapped(message: ApiBytes | undefined, length: number, field: string): Uint8Array {
  return apiArray(message?.data, length, field);
}

/** The same, where a message without bytes counts as absent. Throws `ArrayCastError`. */
export function apiOptional(
  message: ApiBytes | undefined,
  length: number,
  field: string,
): Uint8Array | undefined {
  return message === undefined || message.data.length === 0 ? undefined : apiWrapped(message, length, field);
}

/** 32 bytes that are a point. Throws `ArrayCastError`, `KeyCastError`. */
export function apiPublicKey(message: ApiBytes | undefined, field: string): Uint8Array {
  const bytes = apiWrapped(message, 32, field);
  if (Point.tryDecode(bytes) === undefined) throw refuseApi("KeyCastError", field, "is no point");
  return bytes;
}
