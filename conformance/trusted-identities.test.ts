import { AttestationError, parseTrustedIdentities, type TrustedIdentity } from "@mobilecoin-ts/attestation";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface SetRow {
  name: string;
  json: string;
  valid: boolean;
  releases: { release: string; enclaves: { enclave: string }[] }[] | null;
}

function rowOf(enclave: string, identity: TrustedIdentity) {
  const isSigner = identity.kind === "mrSigner";
  return {
    enclave,
    kind: isSigner ? "mr_signer" : "mr_enclave",
    measurement: bytesToHex(isSigner ? identity.mrSigner : identity.mrEnclave),
    product_id: isSigner ? identity.productId : null,
    minimum_svn: isSigner ? identity.minimumSvn : null,
    config_advisories: identity.configAdvisories,
    hardening_advisories: identity.hardeningAdvisories,
  };
}

describeVectors("trusted_identities", () => {
  for (const row of loadVectors<SetRow>("trusted_identities/sets.jsonl")) {
    test(row.name, () => {
      if (!row.valid) {
        expect(() => parseTrustedIdentities(row.json)).toThrow(AttestationError);
        return;
      }
      const identities = parseTrustedIdentities(row.json);
      const read = [...identities.releases].map(([release, enclaves]) => ({
        release,
        enclaves: [...enclaves].map(([enclave, identity]) => rowOf(enclave, identity)),
      }));
      expect(read).toEqual(row.releases);
      for (const { enclave } of row.releases!.flatMap((release) => release.enclaves)) {
        const of = row.releases!.filter(({ enclaves }) =>
          enclaves.some((entry) => entry.enclave === enclave),
        );
        expect(identities.forEnclave(enclave)).toHaveLength(of.length);
      }
      expect(() => identities.forEnclave("nobody")).toThrow("nobody");
    });
  }
});
