import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { WireError } from "@mobilecoin-ts/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type TxOut,
  txOutCodec,
  txOutEquals,
  txOutEqualsIgnoringAmount,
  txOutHash,
  txOutMerkleLeaf,
} from "./tx-out.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const txOut: TxOut = {
  maskedAmount: { version: 1, commitment: bytes(32, 1), maskedValue: 2n, maskedTokenId: bytes(8, 3) },
  targetKey: bytes(32, 4),
  publicKey: bytes(32, 5),
  eFogHint: bytes(84, 6),
  eMemo: bytes(66, 7),
};

const changes: readonly (readonly [string, Partial<TxOut>])[] = [
  ["target key", { targetKey: bytes(32, 0) }],
  ["public key", { publicKey: bytes(32, 0) }],
  ["hint", { eFogHint: bytes(84, 0) }],
  ["memo", { eMemo: bytes(66, 0) }],
  ["memo present", { eMemo: undefined }],
];
const amountChanges: readonly (readonly [string, Partial<TxOut>])[] = [
  ["amount present", { maskedAmount: undefined }],
  ["amount version", { maskedAmount: { ...txOut.maskedAmount!, version: 2 } }],
  ["masked value", { maskedAmount: { ...txOut.maskedAmount!, maskedValue: 0n } }],
  ["commitment", { maskedAmount: { ...txOut.maskedAmount!, commitment: bytes(32, 0) } }],
  ["masked token id", { maskedAmount: { ...txOut.maskedAmount!, maskedTokenId: bytes(0, 0) } }],
];

test.each(changes)("equality and hash see another %s", (_, change) => {
  const other = { ...txOut, ...change };
  expect(txOutEquals(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(other, txOut)).toBe(false);
  expect(txOutHash(other)).not.toEqual(txOutHash(txOut));
});

test.each(amountChanges)("another %s matters only where amounts do", (_, change) => {
  const other = { ...txOut, ...change };
  expect(txOutEquals(txOut, other)).toBe(false);
  expect(txOutEqualsIgnoringAmount(txOut, other)).toBe(true);
  expect(txOutHash(other)).not.toEqual(txOutHash(txOut));
});

test("an equal copy hashes the same; leaf and hash differ", () => {
  const copy = { ...txOut, eMemo: bytes(66, 7), maskedAmount: { ...txOut.maskedAmount! } };
  expect(txOutEquals(txOut, copy)).toBe(true);
  expect(txOutHash(copy)).toEqual(txOutHash(txOut));
  expect(bytesToHex(txOutMerkleLeaf(txOut))).not.toBe(bytesToHex(txOutHash(txOut)));
});

describe("codec", () => {
  const hex = (bytes: Uint8Array) => bytesToHex(bytes);

  test("a version 2 amount is written first, a version 1 amount too; fields are never left out", () => {
    const v2 = { ...txOut, maskedAmount: { ...txOut.maskedAmount!, version: 2 as const, maskedValue: 0n } };
    const key = (byte: string) => `0a20${byte.repeat(32)}`;
    const amount = `0a22${key("01")}1100000000000000001a08${"03".repeat(8)}`;
    const rest = `1222${key("04")}1a22${key("05")}22560a54${"06".repeat(84)}2a440a42${"07".repeat(66)}`;
    expect(hex(txOutCodec.encode(v2))).toBe(`3237${amount}${rest}`);
    const v1 = { ...v2, maskedAmount: { ...v2.maskedAmount, version: 1 as const } };
    expect(hex(txOutCodec.encode(v1))).toBe(`0a37${amount}${rest}`);
  });

  test("reads back what it writes", () => {
    const part = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const anyTxOut = fc.record({
      maskedAmount: fc.option(
        fc.record({
          version: fc.constantFrom(1 as const, 2 as const),
          commitment: part(32),
          maskedValue: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          maskedTokenId: fc.uint8Array({ maxLength: 10 }),
        }),
        { nil: undefined },
      ),
      targetKey: part(32),
      publicKey: part(32),
      eFogHint: part(84),
      eMemo: fc.option(part(66), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyTxOut, (txOut) => {
        const decoded = txOutCodec.decode(txOutCodec.encode(txOut));
        expect(txOutEquals(decoded, txOut)).toBe(true);
        expect(txOutCodec.decode(txOutCodec.encode(txOut, "wire"))).toEqual(decoded);
      }),
    );
  });

  test("what is absent decodes to its default; the last amount of the oneof wins", () => {
    expect(txOutCodec.decode(new Uint8Array(0))).toEqual({
      maskedAmount: undefined,
      targetKey: bytes(32, 0),
      publicKey: bytes(32, 0),
      eFogHint: bytes(84, 0),
      eMemo: undefined,
    });
    // Empty wrapper messages are present: a memo of zeros.
    expect(txOutCodec.decode(hexToBytes("2a00")).eMemo).toEqual(bytes(66, 0));
    expect(txOutCodec.decode(hexToBytes("0a0032001a00")).maskedAmount).toMatchObject({ version: 2 });
    expect(txOutCodec.decode(hexToBytes("32000a00")).maskedAmount).toMatchObject({ version: 1 });
  });

  test.each([
    ["a target key of 31 bytes", `12210a1f${"00".repeat(31)}`, "TxOut.targetKey"],
    ["a hint of 83 bytes", `22550a53${"00".repeat(83)}`, "TxOut.eFogHint"],
    ["a memo of 67 bytes", `2a450a43${"00".repeat(67)}`, "TxOut.eMemo"],
  ])("%s is refused, naming the field", (_, encoded, path) => {
    try {
      txOutCodec.decode(hexToBytes(encoded));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect(error).toMatchObject({ code: "Length", path });
    }
  });
});
