import {
  AccountKey,
  CHANGE_SUBADDRESS,
  decodeAccountKey,
  decodeApiAccountKey,
  decodePrintable,
  encodeAccountKey,
  encodePrintable,
  type FogInfo,
  publicAddressCodec,
  shortAddressHash,
  verifyFogAuthority,
} from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  mnemonic?: string;
  account_index?: string;
  root_entropy?: string;
  fog_report_url: string;
  fog_report_id: string;
  fog_authority_spki: string;
  view_private_key: string;
  spend_private_key: string;
  account_key_proto: string;
  default_view_public_key: string;
  default_spend_public_key: string;
  change_view_public_key: string;
  change_spend_public_key: string;
  fog_authority_sig: string;
  public_address_proto: string;
  public_address_b58: string;
  short_address_hash: string;
}

function fogOf(row: Row): FogInfo | undefined {
  if (row.fog_report_url === "") return undefined;
  return {
    reportUrl: row.fog_report_url,
    reportId: row.fog_report_id,
    authoritySpki: hexToBytes(row.fog_authority_spki),
  };
}

function accountOf(row: Row): AccountKey {
  const fog = fogOf(row);
  if (row.mnemonic !== undefined)
    return AccountKey.fromMnemonic(row.mnemonic, Number(row.account_index), fog);
  if (row.root_entropy !== undefined) return AccountKey.fromRootEntropy(hexToBytes(row.root_entropy), fog);
  return new AccountKey(
    {
      viewPrivateKey: Scalar.fromBytes(hexToBytes(row.view_private_key)),
      spendPrivateKey: Scalar.fromBytes(hexToBytes(row.spend_private_key)),
    },
    fog,
  );
}

describeVectors("accounts", () => {
  for (const row of loadVectors<Row>("accounts/accounts.jsonl")) {
    test(row.name, () => {
      const account = accountOf(row);
      expect(bytesToHex(account.viewPrivateKey.toBytes())).toBe(row.view_private_key);
      expect(bytesToHex(account.spendPrivateKey.toBytes())).toBe(row.spend_private_key);
      expect(bytesToHex(encodeAccountKey(account))).toBe(row.account_key_proto);
      for (const decode of [decodeAccountKey, decodeApiAccountKey]) {
        expect(decode(hexToBytes(row.account_key_proto)).equals(account)).toBe(true);
      }

      const address = account.defaultSubaddress;
      expect(bytesToHex(address.viewPublicKey)).toBe(row.default_view_public_key);
      expect(bytesToHex(address.spendPublicKey)).toBe(row.default_spend_public_key);
      expect(bytesToHex(address.fogAuthoritySig)).toBe(row.fog_authority_sig);
      expect(bytesToHex(publicAddressCodec.encode(address))).toBe(row.public_address_proto);
      expect(publicAddressCodec.decode(hexToBytes(row.public_address_proto))).toEqual(address);
      expect(encodePrintable({ kind: "publicAddress", address })).toBe(row.public_address_b58);
      expect(decodePrintable(row.public_address_b58)).toEqual({ kind: "publicAddress", address });
      expect(bytesToHex(shortAddressHash(address))).toBe(row.short_address_hash);
      if (row.fog_report_url !== "") {
        expect(() => verifyFogAuthority(address, hexToBytes(row.fog_authority_spki))).not.toThrow();
      }

      const change = account.subaddress(CHANGE_SUBADDRESS);
      expect(bytesToHex(change.viewPublicKey)).toBe(row.change_view_public_key);
      expect(bytesToHex(change.spendPublicKey)).toBe(row.change_spend_public_key);
    });
  }
});
