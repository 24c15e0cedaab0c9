import { AccountError, verifyFogAuthority } from "@mobilecoin-ts/account";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  view_public_key: string;
  fog_authority_spki: string;
  fog_authority_sig: string;
  valid: boolean;
}

describeVectors("fog_authority", () => {
  for (const row of loadVectors<Row>("fog_authority/signatures.jsonl")) {
    test(row.name, () => {
      const verify = () =>
        verifyFogAuthority(
          {
            viewPublicKey: hexToBytes(row.view_public_key),
            fogAuthoritySig: hexToBytes(row.fog_authority_sig),
          },
          hexToBytes(row.fog_authority_spki),
        );
      if (row.valid) expect(verify).not.toThrow();
      else expect(verify).toThrow(AccountError);
    });
  }
});
