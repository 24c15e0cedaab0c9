import { AttestationError, verifyDcapEvidence } from "@mobilecoin-ts/attestation";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import {
  CODES_OF_REASONS,
  collateralOf,
  type EvidenceCase,
  identityOf,
  quoteOf,
  rootOf,
} from "./attestation-material.ts";
import { describeVectors, loadVectorJson } from "./vectors.ts";

const FOLDER = "sgx_simulated";

describeVectors(FOLDER, () => {
  for (const row of loadVectorJson<{ cases: EvidenceCase[] }>("sgx_simulated/cases.json").cases) {
    test(row.name, () => {
      const contents = row.report_data_contents!;
      const reportData = {
        nonce: hexToBytes(contents.nonce),
        key: hexToBytes(contents.key),
        customIdentity: hexToBytes(contents.custom_identity ?? ""),
      };
      const verify = () =>
        verifyDcapEvidence(
          { quote: quoteOf(FOLDER, row), collateral: collateralOf(FOLDER, row), reportData },
          {
            identities: row.trusted_identities.map(identityOf),
            root: rootOf(FOLDER, row),
            time: new Date(row.at),
            crlPolicy: row.enforce_crl_dates ? "enforceDates" : "reference",
          },
        );
      if (row.accept) {
        const verified = verify();
        expect([verified.trust, verified.reportData]).toEqual(["development", reportData]);
        return;
      }
      let code: string | undefined;
      try {
        verify();
      } catch (error) {
        if (!(error instanceof AttestationError)) throw error;
        code = error.code;
      }
      expect(row.reasons.flatMap((reason) => CODES_OF_REASONS[reason]!)).toContain(code);
    });
  }
});
