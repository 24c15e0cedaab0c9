import { equalBytes, utf8 } from "@mobilecoin-ts/crypto";
import type { VerificationReport } from "@mobilecoin-ts/ledger";
import { base64 } from "@scure/base";
import { AttestationError, refusal } from "../error.ts";
import type { Advisories, TcbStatus } from "./advisories.ts";
import { anchorOf } from "./anchor.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { isSignedBy } from "./chain.ts";
import { requireProduction } from "./dcap.ts";
import { verifySignature } from "./public-key.ts";
import { parseReportBody, REPORT_BODY_LENGTH, type ReportBody } from "./report-body.ts";
import { INTEL_IAS_ROOT } from "./roots.ts";
import { type JsonNode, JsonObjectReader, parseStrictJson, stringOf } from "./strict-json.ts";
import { matchIdentity, type TrustedIdentity } from "./trusted-identity.ts";
import type { VerifiedEvidence } from "./verified-evidence.ts";

/** What the attestation service found of a quote (05 section 2.12). */
const IAS_QUOTE_STATUSES = [
  "OK",
  "SIGNATURE_INVALID",
  "GROUP_REVOKED",
  "SIGNATURE_REVOKED",
  "KEY_REVOKED",
  "SIGRL_VERSION_MISMATCH",
  "GROUP_OUT_OF_DATE",
  "CONFIGURATION_NEEDED",
  "SW_HARDENING_NEEDED",
  "CONFIGURATION_AND_SW_HARDENING_NEEDED",
] as const;

export type IasQuoteStatus = (typeof IAS_QUOTE_STATUSES)[number];

/** Statuses that can be accepted, as states of a platform. */
const ACCEPTABLE: Partial<Record<IasQuoteStatus, TcbStatus>> = {
  OK: "UpToDate",
  SW_HARDENING_NEEDED: "SWHardeningNeeded",
  CONFIGURATION_NEEDED: "ConfigurationNeeded",
  CONFIGURATION_AND_SW_HARDENING_NEEDED: "ConfigurationAndSWHardeningNeeded",
};

const NEEDS_PLATFORM_INFO: readonly IasQuoteStatus[] = [
  "GROUP_REVOKED",
  "GROUP_OUT_OF_DATE",
  "CONFIGURATION_NEEDED",
  "CONFIGURATION_AND_SW_HARDENING_NEEDED",
];
const NEEDS_ADVISORY_URL: readonly IasQuoteStatus[] = [
  "GROUP_OUT_OF_DATE",
  "CONFIGURATION_NEEDED",
  "SW_HARDENING_NEEDED",
  "CONFIGURATION_AND_SW_HARDENING_NEEDED",
];

/** The first 432 bytes of an EPID quote (05 section 2.12 step 5), with what follows where it is there. */
export interface EpidQuote {
  readonly version: number;
  /** 0 unlinkable, 1 linkable. */
  readonly signType: number;
  /** 4 bytes. */
  readonly gid: Uint8Array;
  readonly qeSvn: number;
  readonly pceSvn: number;
  readonly xeid: number;
  /** 32 bytes. */
  readonly basename: Uint8Array;
  readonly reportBody: ReportBody;
  /** As the quote says it; undefined in the service's reports, which leave the signature away. */
  readonly signatureLength: number | undefined;
}

/** The body of a report. */
export interface IasReportBody {
  readonly id: string;
  /** UTC, without a zone. */
  readonly timestamp: string;
  /** As written. */
  readonly version: string;
  readonly quoteStatus: IasQuoteStatus;
  readonly quote: EpidQuote;
  readonly advisoryUrl: string | undefined;
  readonly advisoryIds: readonly string[];
  readonly platformInfoBlob: string | undefined;
  readonly nonce: string | undefined;
  readonly epidPseudonym: string | undefined;
}

export interface IasVerificationOptions {
  /** Whom to believe, the first match counting. None fails. */
  readonly identities: readonly TrustedIdentity[];
  /** The one root that is believed, in DER; Intel's unless given. */
  readonly rootDer?: Uint8Array;
  /** Accepts enclaves that their host may look into. */
  readonly allowDebug?: boolean;
  /** Wants the root itself in the chain, where Intel's service always put it: default. The reference does without. */
  readonly strict?: boolean;
}

const STEP = "report";
const EPID_QUOTE_LENGTH = 432;
const REPORT_BODY_OFFSET = 48;
const MAX_CHAIN_DEPTH = 5;
const MAX_CERTIFICATES = 16;

/**
 * Verifies a report of Intel's attestation service, which old servers and old blocks show (05 section 2.12). Throws
 * `NoChain`, `BadSignature`, `Parse`, `QuoteStatus`, and the codes of identities and debug mode.
 */
export function verifyIasReport(
  report: VerificationReport,
  options: IasVerificationOptions,
): VerifiedEvidence {
  const { identities, rootDer = INTEL_IAS_ROOT.der, allowDebug = false, strict = true } = options;
  const kind = equalBytes(rootDer, INTEL_IAS_ROOT.der) ? "intel" : "development";
  const anchor = anchorOf({ der: rootDer, kind }, INTEL_IAS_ROOT);
  requireIasSignature(report, anchor, strict);
  const body = parseIasReportBody(report.httpBody);
  const { reportBody } = body.quote;
  const state = iasAdvisories(body);
  const identity = matchIdentity(reportBody, state, identities);
  requireProduction(reportBody, allowDebug);
  return {
    reportBody,
    reportData: {
      nonce: new Uint8Array(0),
      key: reportBody.reportData.slice(0, 32),
      customIdentity: reportBody.reportData.slice(32),
    },
    identity,
    advisories: state.ids,
    tcbStatus: state.status,
    trust: kind,
  };
}

/** The state that a quote's status stands for. Throws `QuoteStatus` for one that is never accepted. */
export function iasAdvisories({ quoteStatus, advisoryIds }: IasReportBody): Advisories {
  const status = ACCEPTABLE[quoteStatus];
  if (status === undefined) {
    throw refusal("QuoteStatus", STEP, `quote status ${quoteStatus}`, Object.keys(ACCEPTABLE).join(" or "));
  }
  return { ids: advisoryIds, status };
}

function requireIasSignature(report: VerificationReport, anchor: Certificate, strict: boolean): void {
  if (report.chain.length === 0) throw refusal("NoChain", STEP, "no certificates", "a chain");
  const chain = report.chain.slice(0, MAX_CERTIFICATES).flatMap((der) => {
    try {
      return [parseCertificate(der, "report's certificate")];
    } catch (cause) {
      // The reference passes over what it cannot read.
      if (cause instanceof AttestationError) return [];
      throw cause;
    }
  });
  const message = utf8(report.httpBody);
  const isTrusted = chain.some(
    (certificate) =>
      certificate.publicKey.kind === "rsa" &&
      verifySignature(
        certificate.spki,
        certificate.publicKey,
        { scheme: "rsa", hash: "SHA-256" },
        message,
        report.signature,
      ) &&
      leadsTo(anchor, certificate, chain, strict),
  );
  if (!isTrusted) {
    throw refusal(
      "BadSignature",
      STEP,
      "no certificate that signed it and leads to the root",
      `a signature and a chain to "${anchor.subjectText}"`,
    );
  }
}

/** Whether certificates of the chain, each signing the one before, lead from a signer to the anchor. */
function leadsTo(
  anchor: Certificate,
  signer: Certificate,
  chain: readonly Certificate[],
  strict: boolean,
): boolean {
  const path = [signer];
  const isAnchor = ({ spki }: Certificate) => equalBytes(spki, anchor.spki);
  while (path.length < MAX_CHAIN_DEPTH) {
    const top = path.at(-1)!;
    if (isAnchor(top)) return true;
    const above = chain.find(
      (candidate) =>
        candidate.isAuthority &&
        !path.some(({ spki }) => equalBytes(spki, candidate.spki)) &&
        isSignedBy(top, candidate),
    );
    if (above === undefined) break;
    path.push(above);
  }
  return isAnchor(path.at(-1)!) || (!strict && isSignedBy(path.at(-1)!, anchor));
}

/** Reads the JSON body of a report. Throws `Parse`. */
export function parseIasReportBody(text: string): IasReportBody {
  try {
    return readBody(parseStrictJson(text, STEP));
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    throw new AttestationError("Parse", cause.message, { cause, data: cause.data });
  }
}

function readBody(node: JsonNode): IasReportBody {
  const body = new JsonObjectReader(node, STEP);
  const status = body.string("isvEnclaveQuoteStatus");
  const quoteStatus = IAS_QUOTE_STATUSES.find((known) => known === status);
  if (quoteStatus === undefined) {
    throw refusal("Parse", STEP, `quote status "${status.slice(0, 40)}"`, "a known one");
  }
  const version = body.required("version");
  if (version.kind !== "number") throw refusal("Parse", `${STEP}, version`, version.kind, "a number");
  const optionalText = (name: string) => (body.optional(name) === undefined ? undefined : body.string(name));
  const needed = (name: string, statuses: readonly IasQuoteStatus[]) =>
    statuses.includes(quoteStatus) ? body.string(name) : optionalText(name);
  const platformInfoBlob = needed("platformInfoBlob", NEEDS_PLATFORM_INFO);
  if (platformInfoBlob !== undefined && !/^(?:[0-9a-fA-F]{2})*$/.test(platformInfoBlob)) {
    throw refusal("Parse", `${STEP}, platformInfoBlob`, "a text that is no hex", "hex");
  }
  return {
    id: body.string("id"),
    timestamp: body.string("timestamp"),
    version: version.raw,
    quoteStatus,
    quote: parseEpidQuote(quoteBytes(body.string("isvEnclaveQuoteBody"))),
    advisoryUrl: needed("advisoryURL", NEEDS_ADVISORY_URL),
    advisoryIds: body.optional("advisoryIDs") === undefined ? [] : body.list("advisoryIDs", stringOf),
    platformInfoBlob,
    nonce: optionalText("nonce"),
    epidPseudonym: optionalText("epidPseudonym"),
  };
}

function quoteBytes(text: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch (cause) {
    throw refusal("Parse", `${STEP}, isvEnclaveQuoteBody`, "a text that is no base64", "base64", cause);
  }
  if (bytes.length !== EPID_QUOTE_LENGTH) {
    throw refusal("Parse", `${STEP}, isvEnclaveQuoteBody`, `${bytes.length} bytes`, `${EPID_QUOTE_LENGTH}`);
  }
  return bytes;
}

/** Reads an EPID quote, with its signature or (from a report) without. Throws `InputLength`. */
export function parseEpidQuote(bytes: Uint8Array): EpidQuote {
  if (bytes.length < EPID_QUOTE_LENGTH) {
    throw refusal("InputLength", "EPID quote", `${bytes.length} bytes`, `${EPID_QUOTE_LENGTH} or more`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    version: view.getUint16(0, true),
    signType: view.getUint16(2, true),
    gid: bytes.slice(4, 8),
    qeSvn: view.getUint16(8, true),
    pceSvn: view.getUint16(10, true),
    xeid: view.getUint32(12, true),
    basename: bytes.slice(16, REPORT_BODY_OFFSET),
    reportBody: parseReportBody(bytes.slice(REPORT_BODY_OFFSET, REPORT_BODY_OFFSET + REPORT_BODY_LENGTH)),
    signatureLength:
      bytes.length >= EPID_QUOTE_LENGTH + 4 ? view.getUint32(EPID_QUOTE_LENGTH, true) : undefined,
  };
}
