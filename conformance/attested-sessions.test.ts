import {
  AttestedClient,
  evidenceVerifier,
  INTEL_SGX_ROOT,
  isDebug,
  parseIasReportBody,
  type VerifiedEvidence,
} from "@mobilecoin-ts/attestation";
import { bytesToHex, hexToBytes, u64le } from "@mobilecoin-ts/crypto";
import { type AttestationEvidence, verificationReportCodec } from "@mobilecoin-ts/ledger";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface SessionRow {
  name: string;
  responder_id: string;
  initiator_ephemeral_private_key: string;
  message_1: string;
  message_2: string;
  responder_static_public_key: string;
  payload: string;
  channel_binding: string;
  first_ciphertext: { aad: string; plaintext: string; ciphertext: string };
  payload_kind: string;
  evidence: EvidenceRow;
  evidence_valid: boolean;
  verify_at: string;
}

interface EvidenceRow extends Record<string, unknown> {
  mr_enclave: string;
  advisory_ids: string[];
}

describeVectors("attested sessions", () => {
  for (const row of loadVectors<SessionRow>("noise/recorded_sessions.jsonl")) {
    test(`${row.name}: a client repeats it`, () => {
      const shown: { evidence: AttestationEvidence; staticKey: string }[] = [];
      const client = new AttestedClient({
        responderId: row.responder_id,
        random: () => hexToBytes(row.initiator_ephemeral_private_key),
        verify: (evidence, staticKey) => {
          shown.push({ evidence, staticKey: bytesToHex(staticKey) });
          // Whether the evidence holds is not the question here.
          return {} as VerifiedEvidence;
        },
      });
      expect(bytesToHex(client.authRequest())).toBe(row.message_1);
      client.processAuthResponse(hexToBytes(row.message_2));
      const value = verificationReportCodec.decode(hexToBytes(row.payload));
      expect(shown).toEqual([
        { evidence: { case: "verificationReport", value }, staticKey: row.responder_static_public_key },
      ]);
      expect(bytesToHex(client.channelId)).toBe(row.channel_binding);
      const { aad, plaintext, ciphertext } = row.first_ciphertext;
      expect(bytesToHex(client.encrypt(hexToBytes(aad), hexToBytes(plaintext)).data)).toBe(ciphertext);
    });

    test(`${row.name}: the evidence in it`, () => {
      expect(row.payload_kind).toBe("epid_verification_report");
      const value = verificationReportCodec.decode(hexToBytes(row.payload));
      const { quote, ...body } = parseIasReportBody(value.httpBody);
      expect({
        report_id: body.id,
        timestamp: body.timestamp,
        version: body.version,
        nonce: body.nonce,
        quote_status: body.quoteStatus,
        advisory_ids: body.advisoryIds,
        advisory_url: body.advisoryUrl,
        epid_pseudonym: Buffer.from(body.epidPseudonym!, "base64").toString("hex"),
        quote_version: quote.version,
        sign_type: quote.signType,
        gid: bytesToHex(quote.gid),
        qe_svn: quote.qeSvn,
        pce_svn: quote.pceSvn,
        basename: bytesToHex(quote.basename),
        cpu_svn: bytesToHex(quote.reportBody.cpuSvn),
        attribute_flags: bytesToHex(u64le(quote.reportBody.attributesFlags)),
        attribute_xfrm: bytesToHex(u64le(quote.reportBody.xfrm)),
        mr_enclave: bytesToHex(quote.reportBody.mrEnclave),
        mr_signer: bytesToHex(quote.reportBody.mrSigner),
        isv_prod_id: quote.reportBody.isvProdId,
        isv_svn: quote.reportBody.isvSvn,
        report_data: bytesToHex(quote.reportBody.reportData),
        debug: isDebug(quote.reportBody),
      }).toEqual(row.evidence);
      const verify = evidenceVerifier({
        identities: [
          {
            kind: "mrEnclave",
            mrEnclave: hexToBytes(row.evidence.mr_enclave),
            configAdvisories: [],
            hardeningAdvisories: row.evidence.advisory_ids,
          },
        ],
        root: INTEL_SGX_ROOT,
        time: () => new Date(row.verify_at),
      });
      const judge = (staticKey: string) => () =>
        verify({ case: "verificationReport", value }, hexToBytes(staticKey));
      expect(row.evidence_valid).toBe(true);
      expect(judge(row.responder_static_public_key)().trust).toBe("intel");
      expect(judge("11".repeat(32))).toThrow(expect.objectContaining({ code: "BadRemoteIdentity" }));
    });
  }
});
