/** Every reason this package refuses an input, named as the protocol names it (01 section 3). */
export type CryptoErrorCode =
  /** A key, signature or DER form has the wrong length; `data` holds `found` and `required`. */
  | "LengthMismatch"
  /** The object identifier of a DER form names another algorithm. */
  | "AlgorithmMismatch"
  | "InvalidPublicKey"
  | "InvalidPrivateKey"
  /** Malformed signature: wrong length, missing marker bit, response not reduced. */
  | "InvalidSignature"
  /** A PEM text without the expected label, or with a body that is no base64. */
  | "InvalidPem"
  | "InvalidHex"
  /** A number does not fit the declared width. */
  | "IntegerOutOfRange"
  /** Box or message shorter than its fixed part; `data` holds `found` and `required`. */
  | "TooShort"
  | "WrongMagicBytes"
  | "UnknownAlgorithm"
  /** The ephemeral key of a box does not decode. */
  | "Key"
  /** The authentication tag of a box does not match. */
  | "MacFailed"
  | "NoAcceptableVersions"
  | "UnknownKey"
  | "MacFailure"
  /** A decrypted message does not decode. */
  | "Prost"
  /** A key-exchange generator of a version unknown here. */
  | "UnknownVersion"
  /** A Noise message shorter than its keys and tags (05 section 3). */
  | "MessageTooShort"
  /** A Noise tag does not match. */
  | "Aead"
  | "ReKeyNeeded"
  | "WriteOutOfOrder"
  | "ReadOutOfOrder"
  | "MissingStaticKey"
  | "ExistingStaticKey"
  | "HandshakeNotComplete";

export interface CryptoErrorOptions {
  readonly cause?: unknown;
  /** Lengths, versions and algorithm numbers; never key material. */
  readonly data?: Readonly<Record<string, number | bigint | string>>;
}

/** A refusal by this package; `code` tells which rule was broken. */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;
  readonly data: Readonly<Record<string, number | bigint | string>>;

  constructor(code: CryptoErrorCode, message: string, options: CryptoErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CryptoError";
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** Throws `LengthMismatch` unless `bytes` is exactly `required` bytes long. */
export function requireLength(bytes: Uint8Array, required: number, what: string): void {
  if (bytes.length !== required) {
    throw new CryptoError("LengthMismatch", `${what} must be ${required} bytes, got ${bytes.length}`, {
      data: { found: bytes.length, required },
    });
  }
}
