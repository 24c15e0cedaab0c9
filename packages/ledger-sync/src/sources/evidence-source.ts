import { createClient, type Transport } from "@connectrpc/connect";
import { AttestedClient, parseIasReportBody } from "@mobilecoin-ts/attestation";
import type { AttestationEvidence } from "@mobilecoin-ts/ledger";
import { AttestedApi } from "@mobilecoin-ts/wire/gen/attest_pb";

/** Asks a node for the evidence of its enclave. What comes is not verified. */
export type EvidenceSource = (signal: AbortSignal) => Promise<AttestationEvidence>;

/**
 * A node that shows its evidence as it does to wallets: in the answer to the first message of an attested channel, which
 * is then let go (03 section 2.13.3). The transport stays the caller's to close.
 *
 * @param responderId of the node's client side, `host:port`.
 */
export function grpcEvidenceSource(responderId: string, transport: Transport): EvidenceSource {
  return async (signal) => {
    let shown: AttestationEvidence | undefined;
    const client = new AttestedClient({
      responderId,
      verify: (evidence) => {
        shown = evidence;
        // Whether it is to be believed is decided later: no session is wanted.
        throw new Error("no session is wanted");
      },
    });
    const { data } = await createClient(AttestedApi, transport).auth(
      { data: client.authRequest() },
      { signal },
    );
    try {
      client.processAuthResponse(data);
    } catch (error) {
      if (shown === undefined) throw error;
    }
    return shown!;
  };
}

/** The block-signing key that evidence is about, as it says itself; 32 bytes where it is a consensus enclave's. */
export function claimedSigner(evidence: AttestationEvidence): Uint8Array {
  return evidence.case === "dcapEvidence"
    ? (evidence.value.reportData?.customIdentity ?? new Uint8Array(0))
    : parseIasReportBody(evidence.value.httpBody).quote.reportBody.reportData.slice(32);
}
