import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import { areP256Scalars, p256Point } from "./public-key.ts";
import { parseReportBody, REPORT_BODY_LENGTH, type ReportBody } from "./report-body.ts";

/** A DCAP quote of version 3 (05 section 2.9). */
export interface Quote {
  readonly version: number;
  /** 2 for ECDSA P-256. */
  readonly attestationKeyType: number;
  readonly qeSvn: number;
  readonly pceSvn: number;
  /** 16 bytes. */
  readonly qeVendorId: Uint8Array;
  /** 20 bytes. */
  readonly userData: Uint8Array;
  readonly reportBody: ReportBody;
  /** What the attestation key signed: header and body, 432 bytes. */
  readonly signedBytes: Uint8Array;
  /** As the quote says it, whatever is true. */
  readonly signatureDataLength: number;
  /** `r ‖ s`, 64 bytes. */
  readonly signature: Uint8Array;
  /** `x ‖ y`, 64 bytes. */
  readonly attestationKey: Uint8Array;
  /** Report of the quoting enclave, 384 bytes. */
  readonly qeReportBytes: Uint8Array;
  readonly qeReportBody: ReportBody;
  /** `r ‖ s`, 64 bytes. */
  readonly qeReportSignature: Uint8Array;
  readonly authData: Uint8Array;
  readonly certificationDataType: number;
  readonly certificationData: Uint8Array;
  /** Bytes after everything declared. */
  readonly trailingBytes: number;
}

const STEP = "quote";
const SIGNED_LENGTH = 432;
const SIGNATURE_DATA = 436;
const QE_REPORT = 564;
const AUTH_DATA = 1014;
/** A quote without authentication and certification data. */
const MIN_LENGTH = 1020;
const MAX_LENGTH = 1 << 20;

const QUOTE_VERSION = 3;
const ECDSA_P256 = 2;
const LAST_CERTIFICATION_TYPE = 7;
const INTEL_VENDOR_ID = hexToBytes("939a7233f79c4ca9940a0db3957f0607");

/**
 * Reads a quote. Throws `InputLength`, `Version`, `Ecdsa` (a signature or key that is none of P-256) or
 * `CertificationDataType`.
 */
export function parseQuote(bytes: Uint8Array): Quote {
  if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
    throw refusal("InputLength", STEP, `${bytes.length} bytes`, `${MIN_LENGTH} to ${MAX_LENGTH}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint16(0, true);
  if (version !== QUOTE_VERSION) throw refusal("Version", STEP, `version ${version}`, `${QUOTE_VERSION}`);
  const authLength = view.getUint16(AUTH_DATA - 2, true);
  const certification = AUTH_DATA + authLength;
  const dataLength = certification + 6 <= bytes.length ? view.getUint32(certification + 2, true) : 0;
  const end = certification + 6 + dataLength;
  if (end > bytes.length) {
    throw refusal("InputLength", STEP, `${bytes.length} bytes`, `${end}, as its lengths say`);
  }
  const signature = bytes.slice(SIGNATURE_DATA, SIGNATURE_DATA + 64);
  const attestationKey = bytes.slice(SIGNATURE_DATA + 64, QE_REPORT);
  const qeReportBytes = bytes.slice(QE_REPORT, QE_REPORT + REPORT_BODY_LENGTH);
  const qeReportSignature = bytes.slice(QE_REPORT + REPORT_BODY_LENGTH, AUTH_DATA - 2);
  requireScalars(signature, "the report's signature");
  if (p256Point(attestationKey) === undefined) {
    throw refusal("Ecdsa", STEP, "an attestation key off the curve", "a point of P-256");
  }
  requireScalars(qeReportSignature, "the quoting enclave's signature");
  const certificationDataType = view.getUint16(certification, true);
  if (certificationDataType < 1 || certificationDataType > LAST_CERTIFICATION_TYPE) {
    throw refusal(
      "CertificationDataType",
      STEP,
      `certification data of type ${certificationDataType}`,
      `1 to ${LAST_CERTIFICATION_TYPE}`,
    );
  }
  return {
    version,
    attestationKeyType: view.getUint16(2, true),
    qeSvn: view.getUint16(8, true),
    pceSvn: view.getUint16(10, true),
    qeVendorId: bytes.slice(12, 28),
    userData: bytes.slice(28, 48),
    reportBody: parseReportBody(bytes.slice(48, SIGNED_LENGTH)),
    signedBytes: bytes.slice(0, SIGNED_LENGTH),
    signatureDataLength: view.getUint32(SIGNED_LENGTH, true),
    signature,
    attestationKey,
    qeReportBytes,
    qeReportBody: parseReportBody(qeReportBytes),
    qeReportSignature,
    authData: bytes.slice(AUTH_DATA, certification),
    certificationDataType,
    certificationData: bytes.slice(certification + 6, end),
    trailingBytes: bytes.length - end,
  };
}

/**
 * What the reference lets pass and no genuine quote has: another key type or vendor, a length that is not the length,
 * bytes after the end. Throws `AttestationKeyType`, `QeVendorId` or `NotCanonical`.
 */
export function requireCanonicalQuote(quote: Quote): void {
  if (quote.attestationKeyType !== ECDSA_P256) {
    throw refusal(
      "AttestationKeyType",
      STEP,
      `attestation key type ${quote.attestationKeyType}`,
      `${ECDSA_P256} (ECDSA P-256)`,
    );
  }
  const vendor = bytesToHex(quote.qeVendorId);
  if (vendor !== bytesToHex(INTEL_VENDOR_ID)) {
    throw refusal("QeVendorId", STEP, `quoting enclave of vendor ${vendor}`, bytesToHex(INTEL_VENDOR_ID));
  }
  const length = MIN_LENGTH - SIGNATURE_DATA + quote.authData.length + quote.certificationData.length;
  if (quote.signatureDataLength !== length) {
    throw refusal(
      "NotCanonical",
      STEP,
      `a length of signature data of ${quote.signatureDataLength}`,
      `${length}`,
    );
  }
  if (quote.trailingBytes !== 0) {
    throw refusal("NotCanonical", STEP, `${quote.trailingBytes} bytes after the end`, "none");
  }
}

function requireScalars(signature: Uint8Array, what: string): void {
  if (!areP256Scalars(signature)) {
    throw refusal("Ecdsa", STEP, `${what} with a number out of range`, "r and s of 1..n-1");
  }
}
