import { AttestedClient, type VerifiedEvidence } from "@mobilecoin-ts/attestation";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
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
  }
});
