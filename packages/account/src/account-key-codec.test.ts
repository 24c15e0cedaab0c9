import { bytesToHex, concat, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import {
  apiRootIdentityCodec,
  decodeAccountKey,
  decodeApiAccountKey,
  decodeViewAccountKey,
  encodeAccountKey,
  encodeViewAccountKey,
  rootIdentityCodec,
} from "./account-key-codec.ts";
import { AccountError } from "./error.ts";
import { publicAddressCodec } from "./public-address-codec.ts";

const fog = { reportUrl: "fog://example.com", reportId: "id", authoritySpki: Uint8Array.of(0x30, 0) };
const account = AccountKey.fromRootEntropy(new Uint8Array(32), fog);

describe("account keys", () => {
  test("round trip, with and without Fog", () => {
    for (const key of [account, account.withFog(undefined)]) {
      for (const decode of [decodeAccountKey, decodeApiAccountKey]) {
        const decoded = decode(encodeAccountKey(key));
        expect(decoded.equals(key)).toBe(true);
        expect(decoded.fog).toEqual(key.fog);
      }
    }
  });

  test("absent keys are zero in a ledger record, refused in an API message", () => {
    const decoded = decodeAccountKey(new Uint8Array(0));
    expect(decoded.viewPrivateKey.isZero() && decoded.spendPrivateKey.isZero()).toBe(true);
    expect(() => decodeApiAccountKey(new Uint8Array(0))).toThrow(
      expect.objectContaining({ code: "Key", data: { field: "view_private_key" } }),
    );
  });

  test("a zero key is written all the same", () => {
    const zero = new AccountKey({ viewPrivateKey: Scalar.ZERO, spendPrivateKey: Scalar.ZERO });
    expect(bytesToHex(encodeAccountKey(zero))).toBe(`0a220a20${"00".repeat(32)}12220a20${"00".repeat(32)}`);
  });

  test("keys must be canonical", () => {
    const bad = concat(hexToBytes("0a220a20"), new Uint8Array(32).fill(0xff));
    expect(() => decodeAccountKey(bad)).toThrow(WireError);
    expect(() => decodeApiAccountKey(bad)).toThrow(expect.objectContaining({ code: "Key" }));
    expect(() => decodeAccountKey(hexToBytes("0a030a0101"))).toThrow(WireError);
  });

  test("without a report URL the API form drops the other Fog fields, the ledger form keeps them", () => {
    const bytes = encodeAccountKey(account.withFog({ ...fog, reportUrl: "" }));
    expect(decodeApiAccountKey(bytes).fog).toBeUndefined();
    expect(decodeAccountKey(bytes).fog).toEqual({ ...fog, reportUrl: "" });
  });

  test("any bytes are decoded or refused with a typed error", () => {
    const decoders = [
      decodeAccountKey,
      decodeApiAccountKey,
      decodeViewAccountKey,
      publicAddressCodec.decode,
      rootIdentityCodec.decode,
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        for (const decode of decoders) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error instanceof WireError || error instanceof AccountError).toBe(true);
          }
        }
      }),
    );
  });
});

describe("view account keys", () => {
  test("round trip", () => {
    const view = account.viewAccountKey();
    const decoded = decodeViewAccountKey(encodeViewAccountKey(view));
    expect(decoded.subaddress(7n)).toEqual(view.subaddress(7n));
  });

  test("an absent spend key is the identity", () => {
    expect(decodeViewAccountKey(new Uint8Array(0)).spendPublicKey.isIdentity()).toBe(true);
  });
});

describe("root identities", () => {
  const identity = {
    rootEntropy: new Uint8Array(32).fill(1),
    fogReportUrl: "fog://example.com",
    fogReportId: "",
    fogAuthoritySpki: Uint8Array.of(7),
  };

  test("put the authority key at 4 in the ledger and 5 in the API, and read both", () => {
    const ledger = rootIdentityCodec.encode(identity);
    const api = apiRootIdentityCodec.encode(identity);
    expect(bytesToHex(ledger).endsWith("220107")).toBe(true);
    expect(bytesToHex(api).endsWith("2a0107")).toBe(true);
    for (const codec of [rootIdentityCodec, apiRootIdentityCodec]) {
      expect(codec.decode(ledger)).toEqual(identity);
      expect(codec.decode(api)).toEqual(identity);
    }
  });
});

describe("addresses", () => {
  test("of the ledger form hold points", () => {
    const bytes = publicAddressCodec.encode(account.defaultSubaddress);
    expect(publicAddressCodec.decode(bytes)).toEqual(account.defaultSubaddress);
    const bad = bytes.slice();
    bad.fill(0xff, 4, 36);
    expect(() => publicAddressCodec.decode(bad)).toThrow(
      expect.objectContaining({ code: "Content", path: "PublicAddress.viewPublicKey" }),
    );
  });
});
