import { X509Certificate } from "node:crypto";
import {
  type AttestationRoot,
  isDebug,
  parseQuote,
  type Quote,
  type ReportBody,
  type VerifiedEvidence,
  verifyDcapEvidence,
} from "@mobilecoin-ts/attestation";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { AttestationEvidence, DcapEvidence, VerificationReport } from "@mobilecoin-ts/ledger";

/** Rows for a person; a list stands under one name. */
export type Description = Record<string, string | number | readonly string[]>;

/** What evidence says, of which nothing is believed. */
export function describeEvidence(evidence: AttestationEvidence): Description {
  return evidence.case === "dcapEvidence" ? describeDcap(evidence.value) : describeReport(evidence.value);
}

/** What was found true. */
export function describeVerified(verified: VerifiedEvidence): Description {
  const { identity, reportBody, reportData, trust, tcbStatus, advisories } = verified;
  const trusted =
    identity.kind === "mrEnclave"
      ? `measurement ${bytesToHex(identity.mrEnclave)}`
      : `signer ${bytesToHex(identity.mrSigner)}, product ${identity.productId}, version ${identity.minimumSvn} or later`;
  return {
    verdict:
      trust === "intel"
        ? "a trusted enclave on Intel's hardware"
        : "a simulated enclave of the development root",
    trusted,
    ...describeBody(reportBody),
    "session key": bytesToHex(reportData.key),
    ...customIdentity(reportData.customIdentity),
    "platform status": tcbStatus,
    advisories: [...advisories],
  };
}

function describeDcap(evidence: DcapEvidence): Description {
  const { quote: bytes, collateral, reportData } = evidence;
  if (bytes === undefined || collateral === undefined || reportData === undefined) {
    throw new TypeError("evidence was read as complete");
  }
  const quote = parseQuote(bytes);
  const chain = certificatesOf(quote);
  return {
    evidence: `DCAP quote, version ${quote.version}`,
    "quoting enclave": `version ${quote.qeSvn}, provisioning ${quote.pceSvn}, vendor ${bytesToHex(quote.qeVendorId)}`,
    ...describeBody(quote.reportBody),
    "session key": bytesToHex(reportData.key),
    nonce: bytesToHex(reportData.nonce),
    ...customIdentity(reportData.customIdentity),
    "platform chain": chain.map(describeCertificate),
    "statement signers": collateral.tcbInfoIssuerChain.map((der) =>
      describeCertificate(new X509Certificate(der)),
    ),
    "platform levels": datesOf(collateral.tcbInfo, "tcbInfo"),
    "quoting identity": datesOf(collateral.qeIdentity, "enclaveIdentity"),
    "platform status": statusUnder(evidence, quote, chain.at(-1)),
  };
}

function describeReport(report: VerificationReport): Description {
  return {
    evidence: "report of Intel's attestation service (EPID)",
    chain: report.chain.map((der) => describeCertificate(new X509Certificate(der))),
    report: report.httpBody,
  };
}

function describeBody(body: ReportBody): Description {
  return {
    mrEnclave: bytesToHex(body.mrEnclave),
    mrSigner: bytesToHex(body.mrSigner),
    product: body.isvProdId,
    "security version": body.isvSvn,
    debug: isDebug(body) ? "yes: it can be looked into" : "no",
    "report data": bytesToHex(body.reportData),
  };
}

function customIdentity(identity: Uint8Array): Description {
  return identity.length === 0 ? {} : { "custom identity": bytesToHex(identity) };
}

function certificatesOf(quote: Quote): X509Certificate[] {
  const text = new TextDecoder().decode(quote.certificationData);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function describeCertificate({ subject, validFrom, validTo }: X509Certificate): string {
  return `${subject.replaceAll("\n", ", ")} (${validFrom} to ${validTo})`;
}

/** From when to when a signed statement holds; it was not verified, so nothing of it is relied on. */
function datesOf(signed: string, member: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(signed);
  } catch {
    return "unreadable: no JSON";
  }
  const value = memberOf(parsed, member);
  return `${String(memberOf(value, "issueDate"))} to ${String(memberOf(value, "nextUpdate"))}`;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * What the platform's status would be for someone who trusts this measurement, every advisory, and the very root that
 * the quote carries: that judges the evidence's form, and nothing else.
 */
function statusUnder(evidence: DcapEvidence, quote: Quote, last: X509Certificate | undefined): string {
  if (last === undefined) return "unknown: the quote has no chain";
  const root: AttestationRoot = { der: Uint8Array.from(last.raw), kind: "development" };
  const advisories = evidence.collateral?.tcbInfo.match(/INTEL-[A-Z]+-\d+/g) ?? [];
  const identity = {
    kind: "mrEnclave",
    mrEnclave: quote.reportBody.mrEnclave,
    configAdvisories: advisories,
    hardeningAdvisories: advisories,
  } as const;
  try {
    const { tcbStatus, advisories: found } = verifyDcapEvidence(evidence, {
      identities: [identity],
      root,
      allowDebug: true,
      crlPolicy: "reference",
    });
    const list = found.length === 0 ? "" : ` (${found.join(", ")})`;
    return `${tcbStatus}${list}, if the root of its chain is believed`;
  } catch (error) {
    return `none: ${error instanceof Error ? error.message : String(error)}`;
  }
}
