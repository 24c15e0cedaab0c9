import {
  AttestationError,
  parseCertificate,
  publicKeyInfoOf,
  verifyPinnedChain,
} from "@mobilecoin-ts/attestation";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface ChainRow {
  name: string;
  chain: string[];
  subjects: string[];
  pinned_certificate: string;
  pinned_key_is_in_chain: boolean;
  not_before: string[];
  not_after: string[];
}

describeVectors("tls_pinning", () => {
  for (const row of loadVectors<ChainRow>("tls_pinning/chains.jsonl")) {
    const chain = row.chain.map(hexToBytes);
    const pinnedKeys = [publicKeyInfoOf(hexToBytes(row.pinned_certificate))];

    test(row.name, () => {
      const certificates = chain.map((der) => parseCertificate(der));
      expect(certificates.map(({ subjectText }) => subjectText)).toEqual(row.subjects);
      expect(certificates.map(({ notBefore }) => notBefore.toISOString())).toEqual(row.not_before);
      expect(certificates.map(({ notAfter }) => notAfter.toISOString())).toEqual(row.not_after);
      const time = new Date(row.not_before[0]!);
      let rests = true;
      try {
        verifyPinnedChain(chain, { pinnedKeys, time });
      } catch (error) {
        if (!(error instanceof AttestationError) || error.code !== "NotPinned") throw error;
        rests = false;
      }
      expect(rests).toBe(row.pinned_key_is_in_chain);
    });

    test(`${row.name}: not under another key, with a leaf of others, or after its time`, () => {
      const refused = (code: string) => expect.objectContaining({ code });
      const other = [publicKeyInfoOf(chain[0]!).with(-1, 0)];
      expect(() => verifyPinnedChain(chain, { pinnedKeys: other })).toThrow(refused("NotPinned"));
      const foreign = chain.with(0, chain.at(-1)!);
      expect(() => verifyPinnedChain(foreign, { pinnedKeys })).toThrow(refused("SignatureVerification"));
      const time = new Date(Date.parse(row.not_after[0]!) + 1000);
      expect(() => verifyPinnedChain(chain, { pinnedKeys, time })).toThrow(refused("CertificateExpired"));
    });
  }
});
