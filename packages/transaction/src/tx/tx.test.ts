import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { bytesToHex, concat } from "@mobilecoin-ts/crypto";
import { ORDER, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TxOut } from "../tx-out/tx-out.ts";
import { txOutCodec } from "../tx-out/tx-out.ts";
import type { InputRules } from "./input-rules.ts";
import { arbitraryTx } from "./testing/arbitrary-tx.ts";
import { type Tx, type TxIn, txCodec, txHash, txInSignedDigest, txPrefixCodec, txPrefixHash } from "./tx.ts";

const hex = bytesToHex;
const NO_BYTES = new Uint8Array(0);

const txOut: TxOut = {
  maskedAmount: {
    version: 2,
    commitment: new Uint8Array(32).fill(1),
    maskedValue: 3n,
    maskedTokenId: new Uint8Array(8).fill(2),
  },
  targetKey: new Uint8Array(32).fill(3),
  publicKey: new Uint8Array(32).fill(4),
  eFogHint: new Uint8Array(84).fill(5),
  eMemo: new Uint8Array(66).fill(6),
};

const noRules: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

const txIn: TxIn = {
  ring: [txOut],
  proofs: [{ index: 1n, highestIndex: 2n, elements: [] }],
  inputRules: undefined,
};

const tx: Tx = {
  prefix: { inputs: [txIn], outputs: [txOut], fee: 9n, feeTokenId: 0n, tombstoneBlock: 10n },
  signature: {
    ringSignatures: [
      { cZero: new Uint8Array(32), responses: [new Uint8Array(32)], keyImage: new Uint8Array(32).fill(7) },
    ],
    pseudoOutputCommitments: [new Uint8Array(32).fill(8)],
    rangeProofBytes: NO_BYTES,
    rangeProofs: [Uint8Array.of(1)],
    pseudoOutputTokenIds: [1n, 1n << 63n],
    outputTokenIds: [0n],
  },
  feeMapDigest: NO_BYTES,
};

describe("the ledger form", () => {
  test("encodes every transaction to bytes that decode to it", () => {
    fc.assert(
      fc.property(arbitraryTx, (value) => {
        const bytes = txCodec.encode(value);
        const decoded = txCodec.decode(bytes);
        expect(decoded).toEqual(value);
        expect(hex(txCodec.encode(decoded))).toBe(hex(bytes));
        expect(txCodec.decode(txCodec.encode(value, "wire"))).toEqual(value);
        expect(hex(txHash(decoded))).toBe(hex(txHash(value)));
      }),
      { numRuns: 60 },
    );
  });

  test("puts a version 2 amount first, in front of the fields with lower tags", () => {
    expect(hex(txOutCodec.encode(txOut)).slice(0, 4)).toBe("3237");
    expect(hex(txOutCodec.encode(txOut, "wire")).slice(-114, -110)).toBe("3237");
    expect(txOutCodec.decode(txOutCodec.encode(txOut, "wire"))).toEqual(txOut);
  });

  test("writes a masked value of 0", () => {
    const zero = txOutCodec.encode({ ...txOut, maskedAmount: { ...txOut.maskedAmount!, maskedValue: 0n } });
    expect(hex(zero)).toContain("110000000000000000");
    expect(zero.length).toBe(txOutCodec.encode(txOut).length);
  });

  test("lets the last amount of an output count", () => {
    const { maskedAmount, ...rest } = txOut;
    const first = txOutCodec.encode({ ...rest, maskedAmount: { ...maskedAmount!, version: 1 } });
    const second = txOutCodec.encode(txOut);
    expect(txOutCodec.decode(concat(first, second)).maskedAmount?.version).toBe(2);
    expect(txOutCodec.decode(concat(second, first)).maskedAmount?.version).toBe(1);
  });

  test("writes a fee as varint, its token as fixed64, and neither where it is 0", () => {
    const bare = { ...tx.prefix, inputs: [], outputs: [], tombstoneBlock: 0n, fee: 0n };
    expect(hex(txPrefixCodec.encode(bare))).toBe("");
    expect(hex(txPrefixCodec.encode({ ...bare, fee: 300n }))).toBe("18ac02");
    expect(hex(txPrefixCodec.encode({ ...bare, feeTokenId: 300n }))).toBe("292c01000000000000");
  });

  test("needs nothing: what is missing takes its default", () => {
    const empty: Tx = {
      prefix: { inputs: [], outputs: [], fee: 0n, feeTokenId: 0n, tombstoneBlock: 0n },
      signature: {
        ringSignatures: [],
        pseudoOutputCommitments: [],
        rangeProofBytes: NO_BYTES,
        rangeProofs: [],
        pseudoOutputTokenIds: [],
        outputTokenIds: [],
      },
      feeMapDigest: NO_BYTES,
    };
    expect(txCodec.decode(NO_BYTES)).toEqual(empty);
    expect(hex(txCodec.encode(empty))).toBe("0a001200");
    const output = txOutCodec.decode(NO_BYTES);
    expect(output).toEqual({
      maskedAmount: undefined,
      targetKey: new Uint8Array(32),
      publicKey: new Uint8Array(32),
      eFogHint: new Uint8Array(84),
      eMemo: undefined,
    });
  });

  test("takes an empty wrapper for its default, so that an empty memo is a memo", () => {
    expect(txOutCodec.decode(Uint8Array.of(0x2a, 0)).eMemo).toEqual(new Uint8Array(66));
    expect(txCodec.decode(Uint8Array.of(0x12, 4, 0x0a, 2, 0x0a, 0)).signature.ringSignatures[0]).toEqual({
      cZero: new Uint8Array(32),
      responses: [],
      keyImage: new Uint8Array(32),
    });
  });

  test("takes token ids packed or one by one", () => {
    const writer = new BinaryWriter();
    writer.tag(2, WireType.LengthDelimited).fork();
    for (const tokenId of tx.signature.pseudoOutputTokenIds) writer.tag(5, WireType.Bit64).fixed64(tokenId);
    writer.join();
    expect(txCodec.decode(writer.finish()).signature.pseudoOutputTokenIds).toEqual(
      tx.signature.pseudoOutputTokenIds,
    );
  });

  test("reduces the scalars of a ring signature, which leaves the transaction's hash", () => {
    const canonical = txCodec.encode(tx);
    const unreduced = Scalar.ZERO.toBytes();
    let rest = ORDER;
    for (let i = 0; i < 32; i++, rest >>= 8n) unreduced[i] = Number(rest & 0xffn);
    const zero = `0a20${"00".repeat(32)}`;
    const bent = hex(canonical).replaceAll(zero, `0a20${hex(unreduced)}`);
    expect(bent).not.toBe(hex(canonical));
    const decoded = txCodec.decode(
      Uint8Array.from(bent.match(/../g)!.map((byte) => Number.parseInt(byte, 16))),
    );
    expect(decoded).toEqual(tx);
    expect(hex(txHash(decoded))).toBe(hex(txHash(tx)));
  });

  test("refuses keys, hashes and hints of another length by the field", () => {
    expect(() => txOutCodec.decode(Uint8Array.of(0x12, 3, 0x0a, 1, 0))).toThrow(
      expect.objectContaining({ path: "TxOut.targetKey" }),
    );
  });
});

describe("hashes", () => {
  const prefixHash = (changes: Partial<Tx["prefix"]>): string =>
    hex(txPrefixHash({ ...tx.prefix, ...changes }));
  const hashOf = (changes: Partial<Tx["signature"]>): string =>
    hex(txHash({ ...tx, signature: { ...tx.signature, ...changes } }));

  test("cover every part of a prefix, proofs and rules too", () => {
    const hashes = [
      prefixHash({}),
      prefixHash({ fee: 0n }),
      prefixHash({ feeTokenId: 1n }),
      prefixHash({ tombstoneBlock: 11n }),
      prefixHash({ outputs: [] }),
      prefixHash({ inputs: [{ ...txIn, proofs: [] }] }),
      prefixHash({ inputs: [{ ...txIn, inputRules: noRules }] }),
      prefixHash({ outputs: [{ ...txOut, maskedAmount: { ...txOut.maskedAmount!, version: 1 } }] }),
      prefixHash({ outputs: [{ ...txOut, maskedAmount: undefined }] }),
      prefixHash({ outputs: [{ ...txOut, eMemo: undefined }] }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("cover every part of a signature", () => {
    const hashes = [
      hashOf({}),
      hashOf({ rangeProofBytes: Uint8Array.of(1), rangeProofs: [] }),
      hashOf({ rangeProofs: [] }),
      hashOf({ rangeProofs: [Uint8Array.of(1), NO_BYTES] }),
      hashOf({ pseudoOutputTokenIds: [] }),
      hashOf({ outputTokenIds: [] }),
      hashOf({ ringSignatures: [] }),
      hex(txHash({ ...tx, feeMapDigest: new Uint8Array(32) })),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("of a signed input leave its proofs out, but not its ring or rules", () => {
    expect(txInSignedDigest(txIn)).toBeUndefined();
    const ruled: TxIn = { ...txIn, inputRules: noRules };
    const digest = hex(txInSignedDigest(ruled)!);
    expect(hex(txInSignedDigest({ ...ruled, proofs: [] })!)).toBe(digest);
    expect(hex(txInSignedDigest({ ...ruled, ring: [] })!)).not.toBe(digest);
    expect(hex(txInSignedDigest({ ...ruled, inputRules: { ...noRules, maxTombstoneBlock: 1n } })!)).not.toBe(
      digest,
    );
  });
});
