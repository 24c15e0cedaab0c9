/** Every reason this package refuses an input, named as the protocol names it (01 section 3). */
export type AccountErrorCode =
  /** An entropy, key or hash has the wrong length; `data` holds `found` and `required`. */
  | "LengthMismatch"
  /** An account or subaddress index outside its integer type. */
  | "IndexOutOfRange"
  /** A key of an address or account is absent or invalid; the reason is the cause. */
  | "Key"
  // Mnemonics
  | "InvalidMnemonic"
  /** Entropy that is no length BIP-39 knows. */
  | "MnemonicSize"
  // Printable codes
  | "B58"
  | "InsufficientBytes"
  | "ChecksumMismatch"
  | "Deserialization"
  | "Serialization"
  /** A transfer payload without exactly one entropy of a valid length. */
  | "TransferPayloadEntropy"
  // Key files
  | "Json"
  | "Encode"
  | "NoMnemonic"
  | "NoAccountIndex"
  | "MissingFogDetails"
  // Fog authority signatures
  | "NoSignature"
  | "SignatureParse"
  | "Authority";

export interface AccountErrorOptions {
  readonly cause?: unknown;
  /** Lengths and field names; never a key, a phrase or an address. */
  readonly data?: Readonly<Record<string, number | string>>;
}

/** A refusal by this package; `code` tells which rule was broken. */
export class AccountError extends Error {
  readonly code: AccountErrorCode;
  readonly data: Readonly<Record<string, number | string>>;

  constructor(code: AccountErrorCode, message: string, options: AccountErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AccountError";
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** Throws `LengthMismatch` unless `bytes` is exactly `required` bytes long. */
export function requireLength(bytes: Uint8Array, required: number, what: string): void {
  if (bytes.length !== required) {
    throw new AccountError("LengthMismatch", `${what} must be ${required} bytes, got ${bytes.length}`, {
      data: { found: bytes.length, required },
    });
  }
}
