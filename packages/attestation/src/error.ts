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

/** Refusals by the verifier of evidence, by the rule that was broken (05 sections 2.9 to 2.13 and 3). */
export type VerificationErrorCode =
  /** A quote, report or SIGSTRUCT too short for what it declares. */
  | "InputLength"
  /** A quote of another version, key type or vendor. */
  | "Version"
  | "AttestationKeyType"
  | "QeVendorId"
  /** A signature or key of the quote that is no number or point of the curve. */
  | "Ecdsa"
  | "CertificationDataType"
  | "UnsupportedQuoteCertificationData"
  /** Bytes that mean the same as others would: only refused in the strict mode. */
  | "NotCanonical"
  /** A certificate, revocation list or extension that does not read. */
  | "Der"
  | "MissingSgxExtension"
  | "FmspcSize"
  /** Signed JSON that does not read. */
  | "Serde"
  | "InvalidTrustAnchor"
  /** A chain longer than any that is followed. */
  | "GeneralCertificateError"
  | "CertificateRevoked"
  | "CertificateNotYetValid"
  | "CertificateExpired"
  | "CertificatePurpose"
  | "CrlMissing"
  | "CrlNotYetValid"
  | "CrlExpired"
  | "SignatureDecodeError"
  | "SignatureVerification"
  | "FmspcMismatch"
  | "PceIdMismatch"
  | "UnsupportedTcbLevel"
  | "TcbInfoId"
  | "TcbInfoVersion"
  | "TcbInfoNotYetValid"
  | "TcbInfoExpired"
  | "QeIdentityId"
  | "QeIdentityVersion"
  | "QeIdentityNotYetValid"
  | "QeIdentityExpired"
  /** The quoting enclave is not the one of the QE identity, or not up to date. */
  | "QeReport"
  /** The quoting enclave's report is about another attestation key. */
  | "QeReportData"
  /** No identity to compare with. */
  | "NoIdentities"
  /** No trusted identity has the measurement. */
  | "Identity"
  /** The measurement is trusted, the state of its platform is not. */
  | "Advisories"
  | "ReportData"
  | "DebugEnclave"
  /** Reports of Intel's attestation service. */
  | "NoChain"
  | "BadSignature"
  | "Parse"
  | "QuoteStatus"
  /** A list of trusted identities that does not read, or does not name the enclave. */
  | "InvalidIdentities"
  | "NoIdentitiesFound"
  /** SIGSTRUCT (05 section 2.13). */
  | "BadHeader1"
  | "BadHeader2"
  | "UnknownVendor"
  | "BadDate"
  | "NonZeroReserved"
  /** No certificate of a server has a pinned key. */
  | "NotPinned";

export type AttestationErrorCode = SessionErrorCode | ConversionErrorCode | VerificationErrorCode;

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

/** A refusal in one line: at which step, what was found there and what was wanted. */
export function refusal(
  code: AttestationErrorCode,
  step: string,
  found: string,
  wanted: string,
  cause?: unknown,
): AttestationError {
  return new AttestationError(code, `${step}: found ${found}, wanted ${wanted}`, {
    ...(cause === undefined ? {} : { cause }),
    data: { step, found, wanted },
  });
}
