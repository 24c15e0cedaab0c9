import { publicAddressCodec, shortAddressHash } from "@mobilecoin-ts/account";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  public_address_proto: string;
  short_address_hash: string;
}

describeVectors("short_address_hashes", () => {
  for (const row of loadVectors<Row>("short_address_hashes/hashes.jsonl")) {
    test(row.name, () => {
      const address = publicAddressCodec.decode(hexToBytes(row.public_address_proto));
      expect(bytesToHex(publicAddressCodec.encode(address))).toBe(row.public_address_proto);
      expect(bytesToHex(shortAddressHash(address))).toBe(row.short_address_hash);
    });
  }
});
