import {
  type AttestationRoot,
  requireRootForChain,
  type TrustedIdentity,
  verifyDcapEvidence,
  verifyIasReport,
} from "@mobilecoin-ts/attestation";
import { bytesToHex, d, digest32 } from "@mobilecoin-ts/crypto";
import type { AttestationEvidence } from "@mobilecoin-ts/ledger";
import { LedgerSyncError } from "../error.ts";
import { encodeStoredEvidence } from "./stored-evidence.ts";

/**
 * Judges evidence against what is trusted, and gives the block-signing key that it vouches for (32 bytes); throws what is
 * wrong with it.
 *
 * @param signedAt Unix seconds at which the block was signed, as its archive says; undefined where nobody says.
 */
export type EvidenceJudge = (evidence: AttestationEvidence, signedAt: bigint | undefined) => Uint8Array;

export interface EvidenceJudgeOptions {
  /** Programs that are believed, the first match counting. */
  readonly identities: readonly TrustedIdentity[];
  /** The one root that is believed. */
  readonly root: AttestationRoot;
  /** Root of reports of the attestation service, in DER, where not Intel's. A development root admits no such report. */
  readonly iasRootDer?: Uint8Array;
  /** Accepts enclaves that their host may look into. */
  readonly allowDebug?: boolean;
  /** See `DcapVerificationOptions`. */
  readonly strict?: boolean;
  /** `main` and `test` refuse a development root. */
  readonly chainId?: string;
}

const SECONDS_PER_DAY = 86_400n;
/** A node shows the same evidence for hours: that of so many nodes is judged once a day. */
const MAX_KNOWN = 256;
const SIGNER_LENGTH = 32;

/**
 * Judges by the trust chain of 03 section 2.14: the measurement and the root are trusted, and the enclave's identity
 * field names a key. Certificates and lists must have been current on the day the block was signed: those of old blocks
 * have long run out since.
 *
 * @throws AttestationError `InvalidTrust` for a development root where `chainId` allows none; LedgerSyncError
 * `InvalidConfig` without any identity.
 */
export function evidenceJudge(options: EvidenceJudgeOptions): EvidenceJudge {
  const { identities, root, chainId } = options;
  if (identities.length === 0) {
    throw new LedgerSyncError(
      "watcher",
      "InvalidConfig",
      "no enclave is trusted: no evidence could ever hold",
    );
  }
  if (chainId !== undefined) requireRootForChain(root, chainId);
  const known = new Map<string, () => Uint8Array>();
  return (evidence, signedAt) => {
    const day = signedAt === undefined ? undefined : signedAt / SECONDS_PER_DAY;
    const digest = digest32("attestation_evidence", d.bytes, encodeStoredEvidence(evidence));
    const key = `${day}:${bytesToHex(digest)}`;
    const verdict = known.get(key) ?? verdictOn(evidence, signedAt, options);
    known.delete(key);
    known.set(key, verdict);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? "");
    return verdict();
  };
}

function verdictOn(
  evidence: AttestationEvidence,
  signedAt: bigint | undefined,
  options: EvidenceJudgeOptions,
): () => Uint8Array {
  try {
    const signer = judge(evidence, signedAt, options);
    return () => signer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function judge(
  evidence: AttestationEvidence,
  signedAt: bigint | undefined,
  { identities, root, iasRootDer, allowDebug = false, strict = true }: EvidenceJudgeOptions,
): Uint8Array {
  if (evidence.case === "dcapEvidence") {
    const { reportData } = verifyDcapEvidence(evidence.value, {
      identities,
      root,
      allowDebug,
      strict,
      ...(signedAt === undefined ? {} : { time: timeOf(signedAt) }),
    });
    return signerOf(reportData.customIdentity);
  }
  if (root.kind === "development" && iasRootDer === undefined) {
    throw refused("found a report of Intel's attestation service, wanted a quote under the development root");
  }
  const { reportData } = verifyIasReport(evidence.value, {
    identities,
    allowDebug,
    ...(iasRootDer === undefined ? {} : { rootDer: iasRootDer }),
  });
  return signerOf(reportData.customIdentity);
}

/** Archives may write any number of seconds. */
function timeOf(signedAt: bigint): Date {
  const time = new Date(Number(signedAt) * 1_000);
  if (Number.isNaN(time.getTime())) throw refused(`found ${signedAt} for the time of the signature`);
  return time;
}

function signerOf(customIdentity: Uint8Array): Uint8Array {
  if (customIdentity.length === SIGNER_LENGTH) return customIdentity;
  throw refused(`found an identity of ${customIdentity.length} bytes, wanted a block-signing key of 32`);
}

function refused(text: string): LedgerSyncError<"watcher"> {
  return new LedgerSyncError("watcher", "EvidenceRefused", `evidence: ${text}`);
}
