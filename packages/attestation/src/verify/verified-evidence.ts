import { concat } from "@mobilecoin-ts/crypto";
import type { EnclaveReportDataContents } from "@mobilecoin-ts/ledger";
import { sha256 } from "@noble/hashes/sha2.js";
import type { TcbStatus } from "./advisories.ts";
import type { ReportBody } from "./report-body.ts";
import type { AttestationRoot } from "./roots.ts";
import type { TrustedIdentity } from "./trusted-identity.ts";

/** A quote that holds. */
export interface VerifiedQuote {
  readonly reportBody: ReportBody;
  /** The first of the trusted identities that matched. */
  readonly identity: TrustedIdentity;
  /** Ids of the advisories that the platform is subject to; the identity allows all. */
  readonly advisories: readonly string[];
  readonly tcbStatus: TcbStatus;
  /** What kind of root vouched. */
  readonly trust: AttestationRoot["kind"];
}

/** Evidence that holds: a quote, and what its report data commits to. */
export interface VerifiedEvidence extends VerifiedQuote {
  /** Of a report of Intel's attestation service: both halves of the report data, without a nonce. */
  readonly reportData: EnclaveReportDataContents;
}

/** What report data begins with (05 section 2.8), 32 bytes. An empty custom identity adds nothing, zeros do. */
export function reportDataHash({ nonce, key, customIdentity }: EnclaveReportDataContents): Uint8Array {
  return sha256(concat(nonce, key, customIdentity));
}
