import { AccountKey, type FogInfo, type PublicAddress } from "@mobilecoin-ts/account";
import { bytesToHex, d, digest32, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  root_entropy: string;
  fog_report_url: string;
  fog_report_id: string;
  fog_authority_spki: string;
  first_subaddress: string;
  num_subaddresses: string;
  first_block: string;
  monitor_id: string;
}

interface MonitorData {
  address: PublicAddress;
  firstSubaddress: bigint;
  numSubaddresses: bigint;
  firstBlock: bigint;
}

/** The address as mobilecoind hashes it: the last field under its older name. */
const olderAddress = d.struct<PublicAddress>("PublicAddress", [
  ["view_public_key", d.ristretto],
  ["spend_public_key", d.ristretto],
  ["fog_report_url", d.str, { neverOmit: true }],
  ["fog_report_id", d.str, { neverOmit: true }],
  ["fog_authority_fingerprint_sig", d.bytes, { key: "fogAuthoritySig", neverOmit: true }],
]);

const monitorData = d.struct<MonitorData>("ConstMonitorData", [
  ["address", olderAddress],
  ["first_subaddress", d.u64],
  ["num_subaddresses", d.u64],
  ["first_block", d.u64],
]);

function fogOf(row: Row): FogInfo | undefined {
  if (row.fog_report_url === "") return undefined;
  return {
    reportUrl: row.fog_report_url,
    reportId: row.fog_report_id,
    authoritySpki: hexToBytes(row.fog_authority_spki),
  };
}

describeVectors("monitor_ids", () => {
  for (const row of loadVectors<Row>("monitor_ids/monitor_ids.jsonl")) {
    test(row.name, () => {
      const account = AccountKey.fromRootEntropy(hexToBytes(row.root_entropy), fogOf(row));
      const monitorId = digest32("monitor_data", monitorData, {
        address: account.defaultSubaddress,
        firstSubaddress: BigInt(row.first_subaddress),
        numSubaddresses: BigInt(row.num_subaddresses),
        firstBlock: BigInt(row.first_block),
      });
      expect(bytesToHex(monitorId)).toBe(row.monitor_id);
    });
  }
});
