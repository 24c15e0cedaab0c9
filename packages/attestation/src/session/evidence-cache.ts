import { bytesToHex, concat, equalBytes } from "@mobilecoin-ts/crypto";
import type { RandomBytes } from "@mobilecoin-ts/curve";
import type { DcapEvidence, EnclaveReportDataContents } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";
import { verifyDcapEvidence } from "../verify/dcap.ts";
import type { TrustedIdentity } from "../verify/trusted-identity.ts";
import { reportDataHash } from "../verify/verified-evidence.ts";
import { completeDcapEvidence, encodeInitiatorPayload, encodeResponderPayload } from "./evidence-payload.ts";
import { LruMap } from "./lru-map.ts";
import type { QuotingPlatform } from "./quoting-platform.ts";

/** Reports that wait for their quote (05 section 2.7). */
const MAX_PENDING_REPORTS = 64;

const NONCE_LENGTH = 16;
const REPORT_BODY_OFFSET = 48;
const REPORT_BODY_LENGTH = 384;

interface CachedEvidence {
  readonly evidence: DcapEvidence;
  readonly initiatorPayload: Uint8Array;
  readonly responderPayload: Uint8Array;
}

export interface EvidenceCacheOptions {
  readonly platform: QuotingPlatform;
  /** Public key of the enclave's sessions, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** 32 bytes, or none. */
  readonly customIdentity: Uint8Array;
  /** Whom this program trusts: itself. */
  readonly identity: TrustedIdentity;
  readonly random: RandomBytes;
}

/** A program's evidence about itself, and the reports that are to become evidence (05 section 2.15). */
export class EvidenceCache {
  readonly #options: EvidenceCacheOptions;
  readonly #pending = new LruMap<Uint8Array>(MAX_PENDING_REPORTS);
  #cached: CachedEvidence | undefined;

  constructor(options: EvidenceCacheOptions) {
    this.#options = options;
  }

  /** A report for the host to have quoted, and what its report data commits to. */
  newReport(): { readonly report: Uint8Array; readonly contents: EnclaveReportDataContents } {
    const { platform, identityKey, customIdentity } = this.#options;
    const nonce = this.#unusedNonce();
    const contents = { nonce, key: identityKey.slice(), customIdentity: customIdentity.slice() };
    const report = platform.createReport(concat(reportDataHash(contents), new Uint8Array(32)));
    this.#pending.set(bytesToHex(nonce), report.slice());
    return { report, contents };
  }

  /**
   * Takes the evidence into use if it is about a report that was asked for and holds for this program itself. Throws
   * the codes of conversion, `InvalidState` when no such report is pending (each is taken once), `ReportMismatch`, or
   * the verifier's; evidence that was there stays then.
   */
  cache(untrusted: DcapEvidence): void {
    const evidence = completeDcapEvidence(untrusted);
    const pending = this.#pending.take(bytesToHex(evidence.reportData.nonce));
    if (pending === undefined) {
      throw new AttestationError(
        "InvalidState",
        "evidence: found no pending report of its nonce, wanted one",
      );
    }
    const quoted = evidence.quote.subarray(REPORT_BODY_OFFSET, REPORT_BODY_OFFSET + REPORT_BODY_LENGTH);
    if (!equalBytes(quoted, pending)) {
      throw new AttestationError(
        "ReportMismatch",
        "evidence: found a quote of another report, wanted the pending one",
      );
    }
    const { platform, identity } = this.#options;
    verifyDcapEvidence(evidence, {
      identities: [identity],
      root: platform.attestationRoot,
      allowDebug: platform.allowDebug,
    });
    this.#cached = {
      evidence,
      initiatorPayload: encodeInitiatorPayload(evidence),
      responderPayload: encodeResponderPayload(evidence),
    };
  }

  /** Throws `NoAttestationEvidenceAvailable` before the first evidence. */
  get current(): CachedEvidence {
    if (this.#cached === undefined) {
      throw new AttestationError(
        "NoAttestationEvidenceAvailable",
        "evidence: found none, wanted some: the report cache has to be filled before a handshake",
      );
    }
    return this.#cached;
  }

  #unusedNonce(): Uint8Array {
    for (;;) {
      const nonce = this.#options.random(NONCE_LENGTH);
      if (!this.#pending.has(bytesToHex(nonce))) return nonce;
    }
  }
}
