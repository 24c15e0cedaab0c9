import {
  type AttestationEvidence,
  type Collateral,
  type DcapEvidence,
  dcapEvidenceCodec,
  type EnclaveReportDataContents,
  verificationReportCodec,
} from "@mobilecoin-ts/ledger";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { AttestationError } from "../error.ts";
import { MAX_AUTH_MESSAGE_BYTES } from "./messages.ts";

/** Certificates of one chain that are read. */
const MAX_CHAIN_CERTIFICATES = 32;

const LIMITS = { maxBytes: MAX_AUTH_MESSAGE_BYTES, maxDepth: 8, maxElements: MAX_CHAIN_CERTIFICATES };

interface ResponderPayload {
  readonly dcapEvidence: DcapEvidence | undefined;
}

// The field number is free in `VerificationReport`, whose bytes stand in the same place in older servers' answers.
const responderPayloadCodec: Codec<ResponderPayload> = message<ResponderPayload>("evidence", {
  dcapEvidence: f.message(4, dcapEvidenceCodec, { optional: true }),
});

/** Evidence of which nothing is missing or malformed; its quote is not looked into yet. */
export interface CompleteDcapEvidence extends DcapEvidence {
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
  readonly reportData: EnclaveReportDataContents;
}

/** Payload of the first IX message: the evidence, bare (05 section 2.5). */
export function encodeInitiatorPayload(evidence: DcapEvidence): Uint8Array {
  return dcapEvidenceCodec.encode(evidence);
}

/** Payload of the second message of either pattern: the evidence at field 4 of a nameless wrapper. */
export function encodeResponderPayload(evidence: DcapEvidence): Uint8Array {
  return responderPayloadCodec.encode({ dcapEvidence: evidence });
}

/** Throws `AttestationEvidenceDeserialization`. */
export function decodeInitiatorPayload(payload: Uint8Array): CompleteDcapEvidence {
  return deserialized(() => completeDcapEvidence(dcapEvidenceCodec.decode(payload, LIMITS)));
}

/**
 * DCAP evidence where field 4 is set, else an EPID report, which an empty payload is too: it fails when verified, for
 * want of a chain. Throws `AttestationEvidenceDeserialization`.
 */
export function decodeResponderPayload(payload: Uint8Array): AttestationEvidence {
  return deserialized(() => {
    const { dcapEvidence } = responderPayloadCodec.decode(payload, LIMITS);
    return dcapEvidence === undefined
      ? { case: "verificationReport", value: verificationReportCodec.decode(payload, LIMITS) }
      : { case: "dcapEvidence", value: completeDcapEvidence(dcapEvidence) };
  });
}

/**
 * The rules that evidence must meet before anyone looks at what it says, the first broken one reported: `MissingField`,
 * `InvalidContents`, `LengthMismatch`, `Key`. NUL bytes around the two texts are stripped (05 section 2.5).
 */
export function completeDcapEvidence(evidence: DcapEvidence): CompleteDcapEvidence {
  const quote = present(evidence.quote, "quote");
  const collateral = present(evidence.collateral, "collateral");
  const reportData = present(evidence.reportData, "report_data");
  return { quote, collateral: checkedCollateral(collateral), reportData: checkedReportData(reportData) };
}

function present<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new AttestationError("MissingField", `evidence: found no ${field}, wanted one`, {
      data: { field },
    });
  }
  return value;
}

function checkedCollateral(collateral: Collateral): Collateral {
  checkChain(collateral.pckCrlIssuerChain, "pck_crl_issuer_chain");
  checkDer(collateral.rootCaCrl, "root_ca_crl");
  checkDer(collateral.pckCrl, "pck_crl");
  checkChain(collateral.tcbInfoIssuerChain, "tcb_info_issuer_chain");
  const tcbInfo = strippedText(collateral.tcbInfo, "tcb_info");
  checkChain(collateral.qeIdentityIssuerChain, "qe_identity_issuer_chain");
  const qeIdentity = strippedText(collateral.qeIdentity, "qe_identity");
  return { ...collateral, tcbInfo, qeIdentity };
}

function checkedReportData(contents: EnclaveReportDataContents): EnclaveReportDataContents {
  const { nonce, key, customIdentity } = contents;
  if (nonce.length !== 16) throw lengthMismatch("nonce", nonce.length, "16");
  if (key.length !== 32) {
    throw new AttestationError("Key", `report data: found a key of ${key.length} bytes, wanted 32`, {
      data: { found: key.length, required: 32 },
    });
  }
  if (customIdentity.length !== 0 && customIdentity.length !== 32) {
    throw lengthMismatch("custom_identity", customIdentity.length, "none or 32");
  }
  return contents;
}

function lengthMismatch(field: string, found: number, required: string): AttestationError {
  return new AttestationError(
    "LengthMismatch",
    `report data: found a ${field} of ${found} bytes, wanted ${required}`,
    { data: { field, found, required } },
  );
}

function checkChain(chain: readonly Uint8Array[], field: string): void {
  if (chain.length === 0) throw invalidContents(field, "an empty chain, wanted at least one certificate");
  for (const certificate of chain) checkDer(certificate, field);
}

function strippedText(text: string, field: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 0) start += 1;
  while (end > start && text.charCodeAt(end - 1) === 0) end -= 1;
  if (start === end) throw invalidContents(field, "an empty text, wanted JSON");
  return text.slice(start, end);
}

/** One SEQUENCE that ends where the bytes do; what is in it is the verifier's to judge. */
function checkDer(der: Uint8Array, field: string): void {
  const first = der[1];
  let header = 2;
  let length = first ?? -1;
  if (first !== undefined && first >= 0x80) {
    const octets = first & 0x7f;
    header += octets;
    length = -1;
    if (octets >= 1 && octets <= 4 && der.length >= header && der[2] !== 0) {
      length = der.subarray(2, header).reduce((sum, octet) => sum * 256 + octet, 0);
      if (length < 0x80) length = -1;
    }
  }
  if (der[0] !== 0x30 || length < 0 || header + length !== der.length) {
    throw invalidContents(field, `${der.length} bytes that are not one DER sequence, wanted one`);
  }
}

function invalidContents(field: string, found: string): AttestationError {
  return new AttestationError("InvalidContents", `collateral: found ${field} with ${found}`, {
    data: { field },
  });
}

function deserialized<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new AttestationError(
      "AttestationEvidenceDeserialization",
      `the handshake's payload is no evidence: ${cause instanceof Error ? cause.message : "unreadable"}`,
      { cause },
    );
  }
}
