import { concat } from "@mobilecoin-ts/crypto";
import { txCodec } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { TestLedger } from "../testing/test-ledger.ts";
import { encodeTxList, MAX_TX_BYTES, receiveTx, receiveTxList } from "./tx-decoding.ts";

const { tx } = new TestLedger(1).payment(0);
const bytes = txCodec.encode(tx);
/** A field of a tag that nobody knows. */
const unknownField = (length: number): Uint8Array =>
  concat(Uint8Array.of(0x7a, (length & 0x7f) | 0x80, (length >> 7) & 0x7f), new Uint8Array(length));

/** A transaction of so many outputs without content. */
const outputsWithout = (count: number): Uint8Array => {
  const outputs = new Uint8Array(2 * count);
  for (let i = 0; i < count; i++) outputs[2 * i] = 0x12;
  const { length } = outputs;
  return concat(
    Uint8Array.of(0x0a, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14),
    outputs,
  );
};

describe("a received transaction", () => {
  test("keeps its bytes", () => {
    const received = receiveTx(bytes);
    expect(received).toEqual({ tx, bytes });
    expect(received.bytes).toBe(bytes);
  });

  test("loses what else came with it, where that is much", () => {
    expect(receiveTx(concat(bytes, unknownField(16_000)))).toEqual({ tx, bytes });
  });

  test.each<[string, Uint8Array]>([
    ["garbage", Uint8Array.of(1, 2, 3)],
    ["a cut", bytes.slice(0, -1)],
    ["too much", new Uint8Array(MAX_TX_BYTES + 1)],
    ["a list beyond reason", outputsWithout(20_000)],
    [
      "lists beyond reason within one another",
      concat(...Array.from({ length: 8 }, () => outputsWithout(9000))),
    ],
  ])("is refused as %s", (_, bad) => {
    expect(() => receiveTx(bad)).toThrow(expect.objectContaining({ code: "Serialization" }));
  });

  test("is read with more outputs than are allowed, which is not for decoding to say", () => {
    expect(receiveTx(outputsWithout(9000)).tx.prefix.outputs).toHaveLength(9000);
  });

  test("with rules is encoded anew", () => {
    const [input] = tx.prefix.inputs;
    const inputRules = {
      requiredOutputs: [],
      maxTombstoneBlock: 3n,
      partialFillOutputs: [],
      partialFillChange: undefined,
      minPartialFillValue: 0n,
    };
    const ruled = { ...tx, prefix: { ...tx.prefix, inputs: [{ ...input!, inputRules }] } };
    expect(receiveTx(txCodec.encode(ruled))).toEqual({ tx: ruled, bytes: txCodec.encode(ruled) });
  });
});

describe("a list of transactions", () => {
  test("holds them in order", () => {
    expect(receiveTxList(encodeTxList([bytes, bytes]))).toEqual([
      { tx, bytes },
      { tx, bytes },
    ]);
    expect(receiveTxList(encodeTxList([]))).toEqual([]);
  });

  test("is refused with anything else in it", () => {
    for (const bad of [encodeTxList([Uint8Array.of(1)]), Uint8Array.of(0x0a, 5)]) {
      expect(() => receiveTxList(bad)).toThrow(expect.objectContaining({ code: "Serialization" }));
    }
    const tooMany = encodeTxList(Array.from({ length: 5001 }, () => new Uint8Array(0)));
    expect(() => receiveTxList(tooMany)).toThrow(expect.objectContaining({ code: "Serialization" }));
  });
});
