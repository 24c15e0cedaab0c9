import { concat } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountKey } from "./account-key.ts";
import { encodeBase58Check } from "./base58-check.ts";
import { burnAddress } from "./burn-address.ts";
import { AccountError } from "./error.ts";
import { mnemonicFromEntropy } from "./mnemonic.ts";
import { addressOfPrintable, decodePrintable, encodePrintable, type Printable } from "./printable.ts";
import { type TransferPayload, transferPayloadAccountKey } from "./printable-content.ts";

const account = AccountKey.fromRootEntropy(new Uint8Array(32), {
  reportUrl: "fog://example.com",
  reportId: "id",
  authoritySpki: Uint8Array.of(0x30, 0),
});
const address = account.defaultSubaddress;
const point = Point.BASE.encode();
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function refusal(run: () => unknown, code: string): void {
  expect(run).toThrow(expect.objectContaining({ code }));
}

/** The code of raw wrapper bytes. */
function codeOf(...bytes: (number | Uint8Array)[]): string {
  return encodeBase58Check(
    concat(...bytes.map((part) => (typeof part === "number" ? Uint8Array.of(part) : part))),
  );
}

describe("printable codes", () => {
  test("the quotable address without Fog, and the burn address (01)", () => {
    const plain = AccountKey.fromRootEntropy(new Uint8Array(32)).defaultSubaddress;
    expect(encodePrintable({ kind: "publicAddress", address: plain })).toBe(
      "6UEtkm1rieLhuz2wvELPHdGiCb96zNnW856QVeGLvYzE7NhmbG1MxnoSPGqyVfEHDvxzQmaURFpZcxT9TSypVgRVAusr7svtD1TcrYj92Uh",
    );
    expect(encodePrintable({ kind: "publicAddress", address: burnAddress() })).toBe(
      "3cn4Y8V6p5u51z8AEEQsdUvFWcQKYwv25q6SaXeiXyz8kp19g7rLkuxu6rgefYWdZzun2RNrVPsMkM4djfhNzxC8LKKFmZXptcsxqndvbd9",
    );
  });

  test("round trip for every kind", () => {
    const request = fc.record({
      address: fc.constant(address),
      value: u64,
      memo: fc.string({ unit: "grapheme" }),
      tokenId: u64,
      paymentId: u64,
    });
    const entropy = fc.oneof(
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => ({ kind: "rootEntropy" as const, bytes })),
      fc
        .constantFrom(16, 20, 24, 28, 32)
        .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
        .map((bytes) => ({ kind: "bip39Entropy" as const, bytes })),
    );
    const payload = fc.record({
      entropy,
      txOutPublicKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      memo: fc.string({ unit: "grapheme" }),
    });
    const contents: fc.Arbitrary<Exclude<Printable, { kind: "unknown" }>> = fc.oneof(
      fc.constant({ kind: "publicAddress" as const, address }),
      request.map((value) => ({ kind: "paymentRequest" as const, request: value })),
      payload.map((value) => ({ kind: "transferPayload" as const, payload: value })),
      u64.map((globalIndex) => ({
        kind: "txOutGiftCode" as const,
        giftCode: { globalIndex, onetimePrivateKey: Scalar.fromBigInt(globalIndex), sharedSecret: point },
      })),
    );
    fc.assert(
      fc.property(contents, (content) => {
        const code = encodePrintable(content);
        const decoded = decodePrintable(code);
        if (content.kind === "txOutGiftCode" && decoded.kind === "txOutGiftCode") {
          expect(decoded.giftCode.onetimePrivateKey.equals(content.giftCode.onetimePrivateKey)).toBe(true);
          expect(decoded.giftCode.globalIndex).toBe(content.giftCode.globalIndex);
        } else {
          expect(decoded).toEqual(content);
        }
        if (decoded.kind === "unknown") throw new Error("not recognised");
        expect(encodePrintable(decoded)).toBe(code);
      }),
    );
  });

  test("a request can stand where an address is asked for, other codes cannot", () => {
    const request = { address, value: 0n, memo: "", tokenId: 0n, paymentId: 0n };
    expect(addressOfPrintable(encodePrintable({ kind: "publicAddress", address }))).toEqual(address);
    expect(addressOfPrintable(encodePrintable({ kind: "paymentRequest", request }))).toEqual(address);
    const giftCode = { globalIndex: 1n, onetimePrivateKey: Scalar.ONE, sharedSecret: point };
    expect(addressOfPrintable(encodePrintable({ kind: "txOutGiftCode", giftCode }))).toBeUndefined();
  });

  test("a wrapper with nothing known in it is no error", () => {
    // Field 15, a message of no bytes.
    expect(decodePrintable(codeOf(0x7a, 0))).toEqual({ kind: "unknown" });
  });

  test("bytes that are no wrapper are", () => {
    refusal(() => decodePrintable(codeOf(0x0a, 0x7f, 0)), "Deserialization");
    refusal(() => decodePrintable(codeOf(0x08, 0)), "Deserialization");
    refusal(() => decodePrintable(codeOf(0xff, 0xff)), "Deserialization");
  });

  test("keys of an address must be there and be points", () => {
    const key = (tag: number, bytes: Uint8Array) =>
      concat(Uint8Array.of((tag << 3) | 2, bytes.length + 2, 0x0a, bytes.length), bytes);
    const wrapped = (...keys: Uint8Array[]) => {
      const body = concat(...keys);
      return codeOf(0x0a, body.length, body);
    };
    expect(decodePrintable(wrapped(key(1, point), key(2, point))).kind).toBe("publicAddress");
    refusal(() => decodePrintable(wrapped()), "Key");
    refusal(() => decodePrintable(wrapped(key(1, point))), "Key");
    refusal(() => decodePrintable(wrapped(key(1, point), key(2, point.slice(1)))), "Key");
    refusal(() => decodePrintable(wrapped(key(1, point), key(2, new Uint8Array(32).fill(0xff)))), "Key");
    expect(() => decodePrintable(wrapped(key(1, point)))).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ data: { found: 0, required: 32 } }) }),
    );
  });

  test("without a report URL the other Fog fields of a code are dropped", () => {
    const half = { ...address, fogReportUrl: "" };
    const decoded = decodePrintable(encodePrintable({ kind: "publicAddress", address: half }));
    expect(decoded).toEqual({
      kind: "publicAddress",
      address: { ...half, fogReportId: "", fogAuthoritySig: new Uint8Array(0) },
    });
  });

  test("what does not fit is not encoded", () => {
    const request = { address, value: 2n ** 64n, memo: "", tokenId: 0n, paymentId: 0n };
    refusal(() => encodePrintable({ kind: "paymentRequest", request }), "Serialization");
  });

  test("altered wrappers are decoded or refused with a typed error", () => {
    const wrapper = Uint8Array.of(
      0x0a,
      0x48,
      0x0a,
      0x22,
      0x0a,
      0x20,
      ...point,
      0x12,
      0x22,
      0x0a,
      0x20,
      ...point,
    );
    fc.assert(
      fc.property(fc.nat(wrapper.length - 1), fc.nat(255), fc.nat(wrapper.length), (at, value, length) => {
        const altered = wrapper.slice(0, Math.max(length, 1));
        if (at < altered.length) altered[at] = value;
        try {
          decodePrintable(encodeBase58Check(altered));
        } catch (error) {
          expect(error).toBeInstanceOf(AccountError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("transfer payloads", () => {
  const base = { txOutPublicKey: point, memo: "" };

  test("hand over the account of their entropy", () => {
    const bytes = new Uint8Array(32).fill(3);
    const root: TransferPayload = { ...base, entropy: { kind: "rootEntropy", bytes } };
    expect(transferPayloadAccountKey(root).equals(AccountKey.fromRootEntropy(bytes))).toBe(true);
    const phrase: TransferPayload = { ...base, entropy: { kind: "bip39Entropy", bytes } };
    expect(
      transferPayloadAccountKey(phrase).equals(AccountKey.fromMnemonic(mnemonicFromEntropy(bytes))),
    ).toBe(true);
  });

  test("hold exactly one entropy of a length that makes an account", () => {
    const field = (tag: number, bytes: Uint8Array) =>
      concat(Uint8Array.of((tag << 3) | 2, bytes.length), bytes);
    const key = concat(Uint8Array.of(0x12, 34, 0x0a, 32), point);
    const code = (...fields: Uint8Array[]) => {
      const body = concat(...fields);
      return codeOf(0x1a, body.length, body);
    };
    const entropy = new Uint8Array(32).fill(1);
    expect(decodePrintable(code(field(1, entropy), key)).kind).toBe("transferPayload");
    expect(decodePrintable(code(key, field(4, entropy.slice(16)))).kind).toBe("transferPayload");
    const refused = [
      code(key),
      code(field(1, entropy), key, field(4, entropy)),
      code(field(1, entropy.slice(1)), key),
      code(key, field(4, entropy.slice(1))),
    ];
    for (const bad of refused) refusal(() => decodePrintable(bad), "TransferPayloadEntropy");
    refusal(() => decodePrintable(code(field(1, entropy))), "Key");
    const bad: TransferPayload = { ...base, entropy: { kind: "rootEntropy", bytes: entropy.slice(1) } };
    refusal(() => transferPayloadAccountKey(bad), "TransferPayloadEntropy");
    refusal(() => encodePrintable({ kind: "transferPayload", payload: bad }), "Serialization");
  });
});
