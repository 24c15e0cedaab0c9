import { bytesToHex, crc32, hexToBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import { describe, expect, test } from "vitest";
import { rejection } from "./testing.ts";
import { recoverTxOutFromRecord, type TxOutRecord, txOutRecordCodec } from "./tx-out-record.ts";

// Both records are quoted in 06 section 5.
const v1 = {
  record:
    "11e8993af924d072341a204220d6bf425422ceca582788baa46379c12e19a5ceb6ea96fe2cdacbe537a7612220febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603296400000000000000310100000000000000390a00000000000000453841cad04a42d96fd3ae64b1ab61ef87706ecf47199183864205987b455e3224295e7e704343e8c3d96d8b6c0fa3dcb98d8cf51343141405bae3ffcfe881b1f6cc1b33572873e2475208cf29351517665a70",
  viewPrivateKey: "c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09",
};
const v2 = {
  record:
    "11e05ea5a865fe88811a205cf12e056b9131692405f410cc03049b49d6e2d12b05c3be8f9504fbe2ba9d482220026279e22d00e163a9edd28506dbe778752ed53a5cc5625d5d712b3f371d8f1f29070000000000000031030000000000000039ffffffffffffffff4581038ac64a42c4277d6a49b752fd39666d1317216e41d8f0bc6ed2d74fc06f36c9f07b6d9954c26d2ce7c3ff4aa95dc1c2e26f50e025d57534258a327f6c5ddd3916acdfa174e2f35a08be23706fb90b5bfb",
  viewPrivateKey: "cd96bd47ff3836afe79e3df605eec113458873d89f7f19e508468f0e7dff0a03",
};
const view = Scalar.fromBytes(hexToBytes(v1.viewPrivateKey));
const record = txOutRecordCodec.decode(hexToBytes(v1.record));

test("version 1 and version 2 records give amounts back and re-encode", () => {
  expect(bytesToHex(txOutRecordCodec.encode(record))).toBe(v1.record);
  const first = recoverTxOutFromRecord(record, view);
  expect(first.amount).toMatchObject({ value: 10n, tokenId: 0n });
  expect(bytesToHex(first.maskedAmount.commitment)).toBe(
    "f8d1d80bb73745dd7ef9c8966540f9c21b291aff858c1ccc8a11ebb1c82a423e",
  );
  expect([record.globalIndex, record.blockIndex, record.timestamp]).toEqual([100n, 1n, 10n]);

  const newer = txOutRecordCodec.decode(hexToBytes(v2.record));
  expect(bytesToHex(txOutRecordCodec.encode(newer))).toBe(v2.record);
  const second = recoverTxOutFromRecord(newer, Scalar.fromBytes(hexToBytes(v2.viewPrivateKey)));
  expect(second.amount).toMatchObject({ value: 1_000_000_000n, tokenId: 0n });
  expect(second.maskedAmount.version).toBe(2);
});

test("a record of old has the commitment itself, and the checksum of the record is not looked at", () => {
  const { maskedAmount } = recoverTxOutFromRecord(record, view);
  const old: TxOutRecord = { ...record, commitment: maskedAmount.commitment, commitmentCrc32: 0 };
  expect(recoverTxOutFromRecord(old, view).maskedAmount).toEqual(maskedAmount);
  expect(crc32(maskedAmount.commitment)).toBe(record.commitmentCrc32);
  expect(rejection(() => recoverTxOutFromRecord({ ...old, commitment: new Uint8Array(32) }, view))).toBe(
    "txOutRecord: ChecksumMismatch",
  );
});

test("no token id at all reads as version 1 and token 0, which is what this record has", () => {
  const { amount, maskedAmount } = recoverTxOutFromRecord({ ...record, maskedTokenId: undefined }, view);
  expect(amount).toMatchObject({ value: 10n, tokenId: 0n });
  expect(maskedAmount).toMatchObject({ version: 1, maskedTokenId: new Uint8Array(0) });
});

test("no memo reads as none", () => {
  expect(recoverTxOutFromRecord({ ...record, eMemo: new Uint8Array(0) }, view).eMemo).toBeUndefined();
});

describe("rejections", () => {
  const recover = (change: Partial<TxOutRecord>, key = view) =>
    rejection(() => recoverTxOutFromRecord({ ...record, ...change }, key));

  test("Key", () => {
    expect(recover({ commitment: new Uint8Array(31) })).toBe("txOutRecord: Key");
    expect(recover({ targetKey: new Uint8Array(31) })).toBe("txOutRecord: Key");
    expect(recover({ publicKey: new Uint8Array(0) })).toBe("txOutRecord: Key");
    expect(recover({ publicKey: new Uint8Array(32).fill(255) })).toBe("txOutRecord: Key");
  });

  test("Memo", () => {
    expect(recover({ eMemo: new Uint8Array(65) })).toBe("txOutRecord: Memo");
  });

  test("Amount", () => {
    expect(recover({ maskedTokenId: { version: 1, bytes: new Uint8Array(7) } })).toBe("txOutRecord: Amount");
    expect(recover({ maskedTokenId: { version: 2, bytes: new Uint8Array(0) } })).toBe("txOutRecord: Amount");
  });

  test("ChecksumMismatch", () => {
    expect(recover({}, Scalar.ONE)).toBe("txOutRecord: ChecksumMismatch");
    expect(recover({ maskedValue: 0n })).toBe("txOutRecord: ChecksumMismatch");
  });
});

describe("codec", () => {
  const zero: TxOutRecord = {
    commitment: new Uint8Array(0),
    maskedValue: 0n,
    targetKey: new Uint8Array(32),
    publicKey: new Uint8Array(32),
    globalIndex: 0n,
    blockIndex: 0n,
    timestamp: 0n,
    commitmentCrc32: 0,
    eMemo: new Uint8Array(0),
    maskedTokenId: { version: 1, bytes: new Uint8Array(0) },
  };

  test("records have the length that their block version gives them", () => {
    const timed = { ...zero, timestamp: 1n, commitmentCrc32: 1 };
    expect(txOutRecordCodec.encode(timed)).toHaveLength(111);
    expect(bytesToHex(txOutRecordCodec.encode(timed)).endsWith("5200")).toBe(true);
    expect(txOutRecordCodec.encode({ ...timed, eMemo: new Uint8Array(66) })).toHaveLength(179);
    expect(hexToBytes(v1.record)).toHaveLength(187);
    expect(txOutRecordCodec.decode(txOutRecordCodec.encode(zero))).toEqual(zero);
    expect(txOutRecordCodec.decode(new Uint8Array(0)).maskedTokenId).toBeUndefined();
  });

  test("a checksum under another wire type is refused", () => {
    expect(() => txOutRecordCodec.decode(hexToBytes("4001"))).toThrow(WireError);
  });
});
