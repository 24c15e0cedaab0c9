import { bytesToHex } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TxOut } from "../tx-out/tx-out.ts";
import { type InputRules, inputRulesDigest } from "./input-rules.ts";
import { arbitraryTxPrefix } from "./testing/arbitrary-tx.ts";
import type { TxPrefix } from "./tx.ts";
import { summarizeTx, txSummaryCodec } from "./tx-summary.ts";

const txOut = (key: number, changes: Partial<TxOut> = {}): TxOut => ({
  maskedAmount: {
    version: 2,
    commitment: new Uint8Array(32).fill(key),
    maskedValue: 1n,
    maskedTokenId: new Uint8Array(8),
  },
  targetKey: new Uint8Array(32).fill(key),
  publicKey: new Uint8Array(32).fill(key),
  eFogHint: new Uint8Array(84),
  eMemo: new Uint8Array(66),
  ...changes,
});

const rules = (changes: Partial<InputRules>): InputRules => ({
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
  ...changes,
});

const revealed = (output: TxOut) => ({ txOut: output, amountSharedSecret: new Uint8Array(32) });

const prefix = (outputs: readonly TxOut[], ...inputRules: (InputRules | undefined)[]): TxPrefix => ({
  inputs: inputRules.map((rulesOfInput) => ({ ring: [], proofs: [], inputRules: rulesOfInput })),
  outputs,
  fee: 5n,
  feeTokenId: 6n,
  tombstoneBlock: 7n,
});

const COMMITMENTS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

function associated(outputs: readonly TxOut[], ...inputRules: (InputRules | undefined)[]): boolean[] {
  return summarizeTx(prefix(outputs, ...inputRules), COMMITMENTS).outputs.map(
    (output) => output.associatedToInputRules,
  );
}

describe("a summary", () => {
  test("shows outputs, pseudo-outputs and rules in the order of the prefix", () => {
    const ruled = rules({ maxTombstoneBlock: 3n });
    const [a, b] = [txOut(9), txOut(8)];
    const summary = summarizeTx(prefix([a, b], undefined, ruled), COMMITMENTS);
    const { maskedAmount, targetKey, publicKey } = a;
    expect(summary.outputs[0]).toEqual({ maskedAmount, targetKey, publicKey, associatedToInputRules: false });
    expect(summary.inputs).toEqual([
      { pseudoOutputCommitment: COMMITMENTS[0], inputRulesDigest: new Uint8Array(0) },
      { pseudoOutputCommitment: COMMITMENTS[1], inputRulesDigest: inputRulesDigest(ruled) },
    ]);
    expect(summary).toMatchObject({ fee: 5n, feeTokenId: 6n, tombstoneBlock: 7n });
  });

  test("marks outputs that any rule of any input names, by both keys alone", () => {
    const outputs = [txOut(1), txOut(2), txOut(3), txOut(4)];
    const other = { maskedAmount: undefined, eFogHint: new Uint8Array(84).fill(1), eMemo: undefined };
    expect(
      associated(
        outputs,
        rules({ requiredOutputs: [txOut(1, other)], partialFillOutputs: [revealed(txOut(2, other))] }),
        rules({ partialFillChange: revealed(txOut(3, other)) }),
      ),
    ).toEqual([true, true, true, false]);
    expect(associated(outputs, undefined)).toEqual([false, false, false, false]);
  });

  test("lets the last rule of one public key count, also after the output it marks", () => {
    const wrongTarget = txOut(1, { targetKey: new Uint8Array(32).fill(99) });
    const required = rules({ requiredOutputs: [txOut(1)] });
    expect(associated([txOut(1)], required)).toEqual([true]);
    expect(associated([txOut(1)], required, rules({ requiredOutputs: [wrongTarget] }))).toEqual([false]);
    expect(associated([txOut(1)], rules({ requiredOutputs: [wrongTarget] }), required)).toEqual([true]);
    // Within one input: required outputs, then partial fill outputs, then the change.
    expect(
      associated(
        [txOut(1)],
        rules({ requiredOutputs: [wrongTarget], partialFillOutputs: [revealed(txOut(1))] }),
      ),
    ).toEqual([true]);
    expect(
      associated(
        [txOut(1)],
        rules({ partialFillOutputs: [revealed(txOut(1))], partialFillChange: revealed(wrongTarget) }),
      ),
    ).toEqual([false]);
  });

  test("encodes for devices", () => {
    fc.assert(
      fc.property(arbitraryTxPrefix, (any) => {
        const commitments = any.inputs.map((_, i) => new Uint8Array(32).fill(i));
        const summary = summarizeTx(any, commitments);
        const bytes = txSummaryCodec.encode(summary);
        expect(txSummaryCodec.decode(bytes)).toEqual(summary);
        expect(bytesToHex(txSummaryCodec.encode(txSummaryCodec.decode(bytes)))).toBe(bytesToHex(bytes));
      }),
      { numRuns: 40 },
    );
  });
});
