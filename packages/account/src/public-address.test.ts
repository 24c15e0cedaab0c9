import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import { burnAddress } from "./burn-address.ts";
import { addressesEqual, describeAddress, type PublicAddress, shortAddressHash } from "./public-address.ts";

const zero = AccountKey.fromRootEntropy(new Uint8Array(32));
const fog = { reportUrl: "fog://example.com", reportId: "", authoritySpki: new Uint8Array(0) };

describe("short address hash (01 section 5.3)", () => {
  test("without Fog", () => {
    expect(bytesToHex(shortAddressHash(zero.subaddress(0n)))).toBe("09b67f689006efafe5b8a066a21b0edf");
  });

  test("with Fog", () => {
    const address = zero.withFog(fog).subaddress(0n);
    expect(bytesToHex(shortAddressHash(address))).toBe("acf0f3e0ed0c033d05d39f30cec3e6ff");
    expect(bytesToHex(address.fogAuthoritySig)).toBe(
      "daab45d7f334872ee4c667170f42481318bc0e813c0f90e4c86015308a241e138feea095ea8decde7bbaa6690b5f925b92672cc37074c871d7c7d1b274ae1e82",
    );
  });

  test("of the burn address", () => {
    const address = burnAddress();
    expect(bytesToHex(address.viewPublicKey)).toBe(
      "56538fc65c5da5cb667888a80c20da656aa4a3befe8cd6a4b3eba8b57d75db6e",
    );
    expect(bytesToHex(address.spendPublicKey)).toBe(
      "ba527ad0b690f5bf3e92cd54f037af2ea7933ee695d293e940a89f5e060e2620",
    );
    expect(bytesToHex(shortAddressHash(address))).toBe("121f1d80f93043f19ec0c0aee2e8c226");
  });

  test("every field counts, for the hash and for equality", () => {
    const address = zero.withFog({ ...fog, reportId: "id" }).subaddress(0n);
    const changes: Partial<PublicAddress>[] = [
      { viewPublicKey: address.spendPublicKey },
      { spendPublicKey: address.viewPublicKey },
      { fogReportUrl: "fog://example.com/" },
      { fogReportId: "" },
      { fogAuthoritySig: new Uint8Array(0) },
    ];
    expect(addressesEqual(address, { ...address })).toBe(true);
    for (const change of changes) {
      const other = { ...address, ...change };
      expect(addressesEqual(address, other)).toBe(false);
      expect(equalBytes(shortAddressHash(address), shortAddressHash(other))).toBe(false);
    }
  });
});

test("the text form shows the spend key first, then what there is of Fog", () => {
  const plain = zero.subaddress(0n);
  const keys = `MOB${bytesToHex(plain.spendPublicKey).toUpperCase()}${bytesToHex(plain.viewPublicKey).toUpperCase()}`;
  expect(describeAddress(plain)).toBe(keys);
  expect(describeAddress(zero.withFog({ ...fog, reportId: "7" }).subaddress(0n))).toBe(
    `${keys}:'fog://example.com'#7`,
  );
});
