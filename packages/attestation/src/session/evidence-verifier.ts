import { equalBytes } from "@mobilecoin-ts/crypto";
import type { AttestationEvidence } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";
import { type DcapVerificationOptions, verifyDcapEvidence } from "../verify/dcap.ts";
import { verifyIasReport } from "../verify/ias.ts";
import type { AttestationRoot } from "../verify/roots.ts";
import type { TrustedIdentity } from "../verify/trusted-identity.ts";
import type { VerifiedEvidence } from "../verify/verified-evidence.ts";

/** Judges the evidence that came with a handshake made with `staticKey` (32 bytes), or throws. */
export type EvidenceVerifier = (evidence: AttestationEvidence, staticKey: Uint8Array) => VerifiedEvidence;

/** Chains with coins of value, or that stand for one: nothing simulated is believed there (05 section 5.2). */
const CHAINS_OF_HARDWARE: readonly string[] = ["main", "test"];

export interface EvidenceVerifierOptions
  extends Pick<DcapVerificationOptions, "allowDebug" | "crlPolicy" | "strict"> {
  /** Who is believed; the first that matches counts. None is an error. */
  readonly identities: readonly TrustedIdentity[];
  /** The one root that is believed, in place of any other. */
  readonly root: AttestationRoot;
  /** The time to judge by; enclaves, who have no clock, give none. */
  readonly time: () => Date | undefined;
  /** Root of EPID reports in DER, where not Intel's. A development root admits no such report. */
  readonly iasRootDer?: Uint8Array;
  /** The chain this is for: `main` and `test` refuse a development root. */
  readonly chainId?: string;
}

/** Throws `InvalidTrust` where a development root would be believed about `main` or `test`. */
export function requireRootForChain(root: AttestationRoot, chainId: string): void {
  if (root.kind === "development" && CHAINS_OF_HARDWARE.includes(chainId)) {
    throw new AttestationError(
      "InvalidTrust",
      `trust: found a development root for chain ${chainId}, wanted Intel's: take the root away, or name another chain`,
    );
  }
}

/**
 * What a client makes of a server's evidence: it is about the key of the handshake (`BadRemoteIdentity`), and it holds
 * under the one root and one of the identities (05 sections 2.7, 2.11 and 2.12). Throws `InvalidTrust` at once when
 * there is no identity, or the root is not for this chain.
 */
export function evidenceVerifier(options: EvidenceVerifierOptions): EvidenceVerifier {
  const { identities, root, time, iasRootDer, chainId, ...policy } = options;
  if (identities.length === 0) {
    throw new AttestationError(
      "InvalidTrust",
      "trust: found no identity, wanted at least one to compare with",
    );
  }
  if (chainId !== undefined) requireRootForChain(root, chainId);
  return (evidence, staticKey) => {
    const now = time();
    if (evidence.case === "dcapEvidence") {
      requireKey(evidence.value.reportData?.key, staticKey);
      return verifyDcapEvidence(evidence.value, {
        identities,
        root,
        ...policy,
        ...(now === undefined ? {} : { time: now }),
      });
    }
    if (root.kind === "development" && iasRootDer === undefined) {
      throw new AttestationError(
        "InvalidTrust",
        "evidence: found a report of Intel's attestation service, wanted a quote under the development root",
      );
    }
    const verified = verifyIasReport(evidence.value, {
      identities,
      ...(policy.allowDebug === undefined ? {} : { allowDebug: policy.allowDebug }),
      ...(iasRootDer === undefined ? {} : { rootDer: iasRootDer }),
    });
    requireKey(verified.reportBody.reportData.subarray(0, 32), staticKey);
    return verified;
  };
}

/** Evidence is public: without this rule, whoever shows a copy of it would be believed. */
function requireKey(key: Uint8Array | undefined, staticKey: Uint8Array): void {
  if (key === undefined || !equalBytes(key, staticKey)) {
    throw new AttestationError(
      "BadRemoteIdentity",
      "evidence: found one about another key, wanted the key of this handshake",
    );
  }
}

/** Runs a verifier in a handshake: what it refuses becomes `AttestationEvidenceVerification`. */
export function verifyRemote(
  verify: EvidenceVerifier,
  evidence: AttestationEvidence,
  staticKey: Uint8Array,
  remote: string,
): VerifiedEvidence {
  try {
    return verify(evidence, staticKey);
  } catch (cause) {
    if (cause instanceof AttestationError && cause.code === "BadRemoteIdentity") throw cause;
    const why = cause instanceof Error ? cause.message : "unknown";
    throw new AttestationError(
      "AttestationEvidenceVerification",
      `evidence of ${remote} is refused: ${why}`,
      {
        cause,
      },
    );
  }
}
