import { concat } from "@mobilecoin-ts/crypto";
import type { DcapEvidence, EnclaveReportDataContents, VerificationReport } from "@mobilecoin-ts/ledger";
import { sha256 } from "@noble/hashes/sha2.js";
import type { AttestationRoot } from "../verify/roots.ts";

// Stands in for the verifier until it is there.

export type TrustedIdentity =
  | {
      readonly kind: "mrEnclave";
      readonly mrEnclave: Uint8Array;
      readonly configAdvisories: readonly string[];
      readonly hardeningAdvisories: readonly string[];
    }
  | {
      readonly kind: "mrSigner";
      readonly mrSigner: Uint8Array;
      readonly productId: number;
      readonly minimumSvn: number;
      readonly configAdvisories: readonly string[];
      readonly hardeningAdvisories: readonly string[];
    };

export interface DcapVerificationOptions {
  readonly identities: readonly TrustedIdentity[];
  readonly root: AttestationRoot;
  readonly time?: Date;
  readonly allowDebug?: boolean;
  readonly crlPolicy?: "enforceDates" | "reference";
  readonly strict?: boolean;
}

export interface VerifiedEvidence {
  readonly reportBody: { readonly reportData: Uint8Array; readonly mrEnclave: Uint8Array };
  readonly reportData: EnclaveReportDataContents;
  readonly identity: TrustedIdentity;
  readonly advisories: readonly string[];
  readonly tcbStatus: string;
  readonly trust: "intel" | "development";
}

export function verifyDcapEvidence(
  _evidence: DcapEvidence,
  _options: DcapVerificationOptions,
): VerifiedEvidence {
  throw new Error("the verifier is not here yet");
}

export function verifyIasReport(
  _report: VerificationReport,
  _options: {
    readonly identities: readonly TrustedIdentity[];
    readonly rootDer?: Uint8Array;
    readonly allowDebug?: boolean;
  },
): VerifiedEvidence {
  throw new Error("the verifier is not here yet");
}

/** What report data begins with (05 section 2.8), 32 bytes. */
export function reportDataHash({ nonce, key, customIdentity }: EnclaveReportDataContents): Uint8Array {
  return sha256(concat(nonce, key, customIdentity));
}
