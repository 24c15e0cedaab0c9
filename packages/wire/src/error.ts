/** Why bytes or a text were refused. */
export type WireErrorCode = MessageErrorCode | UriErrorCode | TokenErrorCode;

/** Refusals of protobuf bytes. */
export type MessageErrorCode =
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

/** Refusals of URIs and responder ids, named as in 01 section 3. */
export type UriErrorCode =
  /** Not a URL at all. */
  | "UrlParse"
  | "MissingHost"
  /** Neither scheme of the service asked for. */
  | "UnknownScheme"
  /** User name or password is not UTF-8 once percent-decoded. */
  | "PercentDecoding"
  /** A responder id without a colon. */
  | "InvalidFormat"
  /** The URI's responder id is none. */
  | "ResponderId"
  /** No `consensus-msg-key`. */
  | "NoPubkey"
  /** `consensus-msg-key` is neither hex nor URL-safe base64. */
  | "Base64Decode"
  /** `consensus-msg-key` is no Ed25519 key. */
  | "KeyConversion"
  /** Not a `mob:` URI with a code. */
  | "MobUri";

/** Refusals to make a credential. */
export type TokenErrorCode =
  /** The secret is not 32 bytes. */
  | "SecretLength"
  /** The user name holds a colon, which is what parts a credential. */
  | "UserName";

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
