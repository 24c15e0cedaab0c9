import { bytesToHex, concat, equalBytes } from "@mobilecoin-ts/crypto";
import type { Collateral, DcapEvidence } from "@mobilecoin-ts/ledger";
import { sha256 } from "@noble/hashes/sha2.js";
import { refusal } from "../error.ts";
import { completeDcapEvidence } from "../session/evidence-payload.ts";
import { LruMap } from "../session/lru-map.ts";
import { anchorOf } from "./anchor.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { requireChainDates, requireCrlDates, type VerifiedChain, verifyChain } from "./chain.ts";
import { parseRevocationList, type RevocationList } from "./crl.ts";
import { type PlatformTcb, pckChainOf, platformTcbOf, SGX_EXTENSION } from "./pck-certificates.ts";
import { p256Point, verifyP256 } from "./public-key.ts";
import { parseQeIdentity, type QeIdentity, requireQeReport } from "./qe-identity.ts";
import { parseQuote, type Quote, requireCanonicalQuote } from "./quote.ts";
import { isDebug, type ReportBody } from "./report-body.ts";
import { type AttestationRoot, INTEL_SGX_ROOT } from "./roots.ts";
import { parseSignedJson, parseStatementTime, requireSignedJson, type SignedJson } from "./signed-json.ts";
import { parseTcbInfo, type TcbInfo, tcbLevelOf } from "./tcb-info.ts";
import { matchIdentity, type TrustedIdentity } from "./trusted-identity.ts";
import { reportDataHash, type VerifiedEvidence, type VerifiedQuote } from "./verified-evidence.ts";

export interface DcapVerificationOptions {
  /** Whom to believe, the first match counting. None fails. */
  readonly identities: readonly TrustedIdentity[];
  /** The one root that is believed. */
  readonly root: AttestationRoot;
  /** The time to judge by. Without it no date is looked at: enclaves have no clock. */
  readonly time?: Date;
  /** Accepts enclaves that their host may look into. */
  readonly allowDebug?: boolean;
  /** What a stale revocation list does, given a time: refused (default), or let pass as the reference does. */
  readonly crlPolicy?: "enforceDates" | "reference";
  /** How long after its date a revocation list still counts, in milliseconds; 7 days unless given. */
  readonly crlGrace?: number;
  /**
   * Also checks what the reference leaves out (05 section 2.11, end) and refuses every byte that could be another:
   * default. Turn off for the reference's own simulation mode, whose revocation lists match nothing.
   */
  readonly strict?: boolean;
}

/** Servers renew collateral every 18 hours, Intel its lists every month: a week covers a holiday, not an attack. */
const DEFAULT_CRL_GRACE = 7 * 24 * 3600 * 1000;

const TCB_INFO_VERSION = 3;
const QE_IDENTITY_VERSION = 2;
/** Statements of other technologies are signed by the same key. */
const TCB_INFO_ID = "SGX";
const QE_IDENTITY_ID = "QE";

/**
 * Verifies DCAP evidence: that a processor with a genuine key, in an acceptable state, runs one of the trusted programs,
 * and that this program stands by `reportData` (05 section 2.11). Throws `AttestationError` for the first step that
 * fails.
 */
export function verifyDcapEvidence(
  evidence: DcapEvidence,
  options: DcapVerificationOptions,
): VerifiedEvidence {
  const { quote, collateral, reportData } = completeDcapEvidence(evidence);
  const verified = verifyDcapQuote(quote, collateral, options);
  const found = verified.reportBody.reportData.subarray(0, 32);
  const wanted = reportDataHash(reportData);
  if (!equalBytes(found, wanted)) {
    throw refusal(
      "ReportData",
      "report data",
      bytesToHex(found),
      `${bytesToHex(wanted)}, the hash of its contents`,
    );
  }
  return { ...verified, reportData };
}

/** All of `verifyDcapEvidence` but the contents of the report data, which the caller has to bind to something. */
export function verifyDcapQuote(
  quoteBytes: Uint8Array,
  collateral: Collateral,
  options: DcapVerificationOptions,
): VerifiedQuote {
  const { identities, root, allowDebug = false, strict = true } = options;
  const anchor = anchorOf(root, INTEL_SGX_ROOT);
  const quote = parseQuote(quoteBytes);
  if (strict) requireCanonicalQuote(quote);
  const statements = statementsOf(collateral);
  const pckChain = pckChainOf(quote, strict);
  const leaf = pckChain[0]!;
  const platform = platformTcbOf(leaf);
  const { tcbInfo } = statements;
  const level = tcbLevelOf(tcbInfo, platform);

  const certificates = new ChainChecks(collateral, anchor, options);
  const tcbSigner = certificates.signer("TCB info's chain", collateral.tcbInfoIssuerChain);
  const qeSigner = certificates.signer("QE identity's chain", collateral.qeIdentityIssuerChain);
  certificates.platform(pckChain);
  requireTcbInfo(statements.signedTcbInfo, tcbInfo, tcbSigner, options);
  requireQeIdentity(statements.signedQeIdentity, statements.qeIdentity, qeSigner, options);
  if (strict) requirePlatform(leaf, platform, tcbInfo);
  requireQeReport(quote, statements.qeIdentity);
  requireQuoteSignatures(quote, leaf);
  const identity = matchIdentity(quote.reportBody, level, identities);
  requireProduction(quote.reportBody, allowDebug);
  return {
    reportBody: quote.reportBody,
    identity,
    advisories: level.ids,
    tcbStatus: level.status,
    trust: root.kind,
  };
}

/** Throws `DebugEnclave` for an enclave its host may look into, unless that is allowed. */
export function requireProduction(body: ReportBody, allowDebug: boolean): void {
  if (!allowDebug && isDebug(body)) {
    throw refusal("DebugEnclave", "attributes", "an enclave in debug mode", "one in production mode");
  }
}

interface Statements {
  readonly signedTcbInfo: SignedJson;
  readonly tcbInfo: TcbInfo;
  readonly signedQeIdentity: SignedJson;
  readonly qeIdentity: QeIdentity;
}

/** Texts that were read: the same statements come with every quote of a network. */
const READ_LIMIT = 16;
const read = new LruMap<Statements>(READ_LIMIT);

function statementsOf({ tcbInfo: tcbText, qeIdentity: qeText }: Collateral): Statements {
  const key = `${qeText.length}:${qeText}${tcbText}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const signedQeIdentity = parseSignedJson(qeText, "enclaveIdentity", "QE identity");
  const qeIdentity = parseQeIdentity(signedQeIdentity.node);
  const signedTcbInfo = parseSignedJson(tcbText, "tcbInfo", "TCB info");
  const tcbInfo = parseTcbInfo(signedTcbInfo.node);
  const statements = { signedTcbInfo, tcbInfo, signedQeIdentity, qeIdentity };
  read.set(key, statements);
  return statements;
}

/** The three chains of one piece of evidence, under one root and its revocation list. */
class ChainChecks {
  readonly #anchor: Certificate;
  readonly #rootCrl: RevocationList;
  readonly #pckCrl: RevocationList;
  readonly #options: DcapVerificationOptions;

  constructor(collateral: Collateral, anchor: Certificate, options: DcapVerificationOptions) {
    this.#anchor = anchor;
    this.#options = options;
    this.#rootCrl = parseRevocationList(collateral.rootCaCrl, "root's revocation list");
    this.#pckCrl = parseRevocationList(collateral.pckCrl, "PCK revocation list");
    for (const der of collateral.pckCrlIssuerChain) parseCertificate(der, "PCK CRL issuer chain");
  }

  /** Who signed a statement. Strictly, a signer stands directly under the root and is no platform. */
  signer(step: string, ders: readonly Uint8Array[]): Certificate {
    const chain = ders.map((der) => parseCertificate(der, step));
    const { path } = this.#verify(step, chain, [this.#rootCrl]);
    const signer = path[0]!;
    if (this.#options.strict !== false && (path.length !== 1 || signer.extensions.has(SGX_EXTENSION))) {
      throw refusal(
        "CertificatePurpose",
        step,
        `signer "${signer.subjectText}"`,
        "a signer of statements, directly under the root",
      );
    }
    return signer;
  }

  platform(chain: readonly Certificate[]): void {
    this.#verify("PCK chain", chain, [this.#rootCrl, this.#pckCrl]);
  }

  #verify(step: string, chain: readonly Certificate[], crls: readonly RevocationList[]): VerifiedChain {
    const { time, strict = true, crlPolicy = "enforceDates", crlGrace = DEFAULT_CRL_GRACE } = this.#options;
    const verified = verifyChain({ step, chain, anchor: this.#anchor, crls, strict });
    if (time !== undefined && strict) requireChainDates(step, [...verified.path, this.#anchor], time);
    if (time !== undefined && crlPolicy === "enforceDates") requireCrlDates(step, verified, time, crlGrace);
    return verified;
  }
}

function requireTcbInfo(
  signed: SignedJson,
  info: TcbInfo,
  signer: Certificate,
  { time, strict = true }: DcapVerificationOptions,
): void {
  const step = "TCB info";
  requireSignedJson(signed, signer, step);
  if (info.version !== TCB_INFO_VERSION) {
    throw refusal("TcbInfoVersion", step, `version ${info.version}`, `${TCB_INFO_VERSION}`);
  }
  if (strict && info.id !== TCB_INFO_ID) {
    throw refusal("TcbInfoId", step, `id "${info.id}"`, `"${TCB_INFO_ID}"`);
  }
  if (time === undefined) return;
  const from = parseStatementTime(info.issueDate, step);
  const until = parseStatementTime(info.nextUpdate, step);
  if (time < from)
    throw refusal("TcbInfoNotYetValid", step, `a time before ${info.issueDate}`, "a later one");
  if (time >= until)
    throw refusal("TcbInfoExpired", step, `a time from ${info.nextUpdate} on`, "an earlier one");
}

function requireQeIdentity(
  signed: SignedJson,
  identity: QeIdentity,
  signer: Certificate,
  { time, strict = true }: DcapVerificationOptions,
): void {
  const step = "QE identity";
  requireSignedJson(signed, signer, step);
  if (identity.version !== QE_IDENTITY_VERSION) {
    throw refusal("QeIdentityVersion", step, `version ${identity.version}`, `${QE_IDENTITY_VERSION}`);
  }
  if (strict && identity.id !== QE_IDENTITY_ID) {
    throw refusal("QeIdentityId", step, `id "${identity.id}"`, `"${QE_IDENTITY_ID}"`);
  }
  if (time === undefined) return;
  const { issueDate: from, nextUpdate: until } = identity;
  if (time < from) {
    throw refusal("QeIdentityNotYetValid", step, `a time before ${from.toISOString()}`, "a later one");
  }
  if (time >= until) {
    throw refusal("QeIdentityExpired", step, `a time from ${until.toISOString()} on`, "an earlier one");
  }
}

function requirePlatform(leaf: Certificate, platform: PlatformTcb, info: TcbInfo): void {
  if (leaf.isAuthority) {
    throw refusal("CertificatePurpose", "PCK chain", "a PCK certificate that is an authority", "a leaf");
  }
  const pceId = platform.pceId === undefined ? "none" : bytesToHex(platform.pceId);
  if (pceId !== info.pceId.toLowerCase()) {
    throw refusal(
      "PceIdMismatch",
      "TCB info",
      `one about PCE ${info.pceId}`,
      `${pceId}, as the PCK certificate says`,
    );
  }
}

function requireQuoteSignatures(quote: Quote, leaf: Certificate): void {
  const { publicKey } = leaf;
  if (publicKey.kind !== "ec" || !verifyP256(publicKey.point, quote.qeReportBytes, quote.qeReportSignature)) {
    throw refusal(
      "SignatureVerification",
      "quoting enclave's report",
      "a signature that does not hold",
      "that of the platform's key (PCK)",
    );
  }
  const found = quote.qeReportBody.reportData;
  const wanted = concat(sha256(concat(quote.attestationKey, quote.authData)), new Uint8Array(32));
  if (!equalBytes(found, wanted)) {
    throw refusal(
      "QeReportData",
      "quoting enclave's report",
      `report data ${bytesToHex(found)}`,
      `${bytesToHex(wanted)}, the hash of the attestation key`,
    );
  }
  if (!verifyP256(p256Point(quote.attestationKey)!, quote.signedBytes, quote.signature)) {
    throw refusal(
      "SignatureVerification",
      "quote",
      "a signature of the report that does not hold",
      "that of the attestation key",
    );
  }
}
