/** Why bytes were refused. */
export type WireErrorCode =
  /** The bytes are not protobuf: truncated, over-long, an illegal tag, a length that leads outside. */
  | "Malformed"
  /** A known field stands under another wire type. */
  | "WireType"
  /** A byte string of a fixed length has another. */
  | "Length"
  /** A field's content is not a value of its type (a non-canonical scalar, bytes that are no point, bad UTF-8). */
  | "Content"
  /** More bytes, depth or elements than the limits allow. */
  | "Limit";

/** A refusal of bytes from outside, naming the field: `Tx.prefix.outputs.target_key: has 31 bytes, needs 32`. */
export class WireError extends Error {
  readonly code: WireErrorCode;
  /** Message and fields down to the offending one, joined by dots. */
  readonly path: string;
  readonly reason: string;

  constructor(code: WireErrorCode, reason: string, path = "", cause?: unknown) {
    super(path === "" ? reason : `${path}: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = "WireError";
    this.code = code;
    this.path = path;
    this.reason = reason;
  }
}
