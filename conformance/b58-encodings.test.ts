import { decodePrintable, encodePrintable, type PublicAddress } from "@mobilecoin-ts/account";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  view_public_key: number[];
  spend_public_key: number[];
  fog_report_url?: string;
  fog_report_id?: string;
  fog_authority_sig?: number[];
  b58_encoded: string;
}

function addressOf(row: Row): PublicAddress {
  return {
    viewPublicKey: Uint8Array.from(row.view_public_key),
    spendPublicKey: Uint8Array.from(row.spend_public_key),
    fogReportUrl: row.fog_report_url ?? "",
    fogReportId: row.fog_report_id ?? "",
    fogAuthoritySig: Uint8Array.from(row.fog_authority_sig ?? []),
  };
}

describeVectors("b58_encodings", () => {
  for (const name of ["b58_encode_public_address_with_fog", "b58_encode_public_address_without_fog"]) {
    const rows = loadVectors<Row>(`b58_encodings/${name}.jsonl`);
    rows.forEach((row, i) => {
      test(`${name} ${i}`, () => {
        const address = addressOf(row);
        expect(encodePrintable({ kind: "publicAddress", address })).toBe(row.b58_encoded);
        expect(decodePrintable(row.b58_encoded)).toEqual({ kind: "publicAddress", address });
      });
    });
  }
});
