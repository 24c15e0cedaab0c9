/** Refusals of the attested key exchange and its sessions (05 sections 2.4 to 2.7, 2.15 and 3). */
export type SessionErrorCode =
  /** A responder id without a colon. */
  | "InvalidResponderId"
  /** A handshake message that the initiator cannot read: cut, altered, or made under another responder id. */
  | "HandshakeRead"
  /** The same at the responder, which the reference names so. */
  | "HandshakeWrite"
  /** A handshake message over the limit of 64 KiB. */
  | "MessageTooLong"
  /** A handshake payload that is no evidence; `cause` tells the broken rule of conversion. */
  | "AttestationEvidenceDeserialization"
  /** Evidence that was understood and refused; `cause` is the verifier's error. */
  | "AttestationEvidenceVerification"
  /** The evidence is about another key than the one the handshake was made with. */
  | "BadRemoteIdentity"
  /** No identity to trust, or a root that this chain must not trust. */
  | "InvalidTrust"
  /** A call in a state that does not have it: no handshake pending, no session, no pending report. */
  | "InvalidState"
  /** No session of that channel id. */
  | "NotFound"
  /** The tag does not match: altered, replayed, out of order, or under another aad. */
  | "Aead"
  /** The session has served its number of messages or bytes. */
  | "ReKeyNeeded"
  /** No evidence was cached yet. */
  | "NoAttestationEvidenceAvailable"
  /** A fresh quote is about another report than the one that was asked for. */
  | "ReportMismatch";

/** Refusals of evidence as such, in the order they are looked for (05 section 2.5). */
export type ConversionErrorCode =
  /** A required part is absent; `data.field` names it. */
  | "MissingField"
  /** An empty chain or text, or bytes that are not one DER value. */
  | "InvalidContents"
  /** A nonce or custom identity of another length; `data.field` names it. */
  | "LengthMismatch"
  /** The key is not 32 bytes. */
  | "Key";

export type AttestationErrorCode = SessionErrorCode | ConversionErrorCode;

export interface AttestationErrorOptions {
  readonly cause?: unknown;
  /** What was found and wanted; never a secret. */
  readonly data?: Readonly<Record<string, number | bigint | string>>;
}

/** A refusal by this package; `code` tells which rule was broken. */
export class AttestationError extends Error {
  readonly code: AttestationErrorCode;
  readonly data: Readonly<Record<string, number | bigint | string>>;

  constructor(code: AttestationErrorCode, message: string, options: AttestationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AttestationError";
    this.code = code;
    this.data = options.data ?? {};
  }
}
