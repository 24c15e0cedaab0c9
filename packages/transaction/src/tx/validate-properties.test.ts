import { bytesToHex, concat, u64le } from "@mobilecoin-ts/crypto";
import { ORDER, Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { txOutCodec } from "../tx-out/tx-out.ts";
import type { InputRules } from "./input-rules.ts";
import { chainOf } from "./testing/rejections-of.ts";
import { TestPayment } from "./testing/test-payment.ts";
import { type Tx, type TxIn, txCodec, txHash, txInCodec } from "./tx.ts";
import { type ValidationCandidate, type ValidationContext, validateTransactions } from "./validate.ts";

const V = [0, 1, 2, 3, 4].map(blockVersion);
const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

interface Made {
  readonly payment: TestPayment;
  readonly tx: Tx;
  readonly context: ValidationContext;
}

const made = new Map<BlockVersion, Made>();
beforeAll(() => {
  for (const version of V) {
    const payment = TestPayment.make(version, { seed: "properties" });
    made.set(version, { payment, tx: payment.sign(), context: payment.context() });
  }
});

const at = (version: number): Made => made.get(blockVersion(version))!;

/** The verdict on each candidate, validated together. */
function verdicts(candidates: readonly ValidationCandidate[]): string[][] {
  return validateTransactions(candidates, at(3).payment.world.random).map(chainOf);
}

const verdict = (tx: Tx, context: ValidationContext): string[] => verdicts([{ tx, context }])[0]!;

/** A way to break one rule of 02 section 2.15. */
interface Bend {
  readonly code: string;
  readonly payment?: (of: TestPayment) => TestPayment;
  readonly context?: (of: ValidationContext) => ValidationContext;
  /** The rule comes no later than the signature's, so that the signature may be that of the unbent payment. */
  readonly early?: true;
}

const bendInput =
  (index: number, bend: (input: TxIn) => TxIn) =>
  (of: TestPayment): TestPayment =>
    of.withInput(index, bend);

/** One bend a rule, in the order of the table; each may break later rules too, and breaks no earlier one. */
const BENDS: readonly Bend[] = [
  { code: "Ledger", early: true, context: (of) => ({ ...of, blockVersion: 5 as BlockVersion }) },
  {
    code: "TooManyInputs",
    early: true,
    payment: (of) => of.with({ inputs: [...of.prefix.inputs, ...Array(15).fill(of.prefix.inputs[1]!)] }),
  },
  { code: "NoOutputs", early: true, payment: (of) => of.with({ outputs: [] }) },
  {
    code: "InsufficientRingSize",
    early: true,
    payment: bendInput(1, (input) => ({ ...input, ring: input.ring.slice(0, 10) })),
  },
  {
    code: "DuplicateRingElements",
    early: true,
    payment: bendInput(0, (input) => ({ ...input, ring: input.ring.toSpliced(10, 1, input.ring[9]!) })),
  },
  {
    code: "UnsortedRingElements",
    early: true,
    payment: bendInput(0, (input) => ({
      ...input,
      ring: input.ring.toSpliced(5, 2, input.ring[6]!, input.ring[5]!),
    })),
  },
  {
    code: "UnsortedInputs",
    early: true,
    payment: (of) => of.with({ inputs: of.prefix.inputs.toReversed() }),
  },
  {
    code: "MissingTxOutMembershipProof",
    early: true,
    payment: bendInput(1, (input) => ({ ...input, proofs: input.proofs.slice(1) })),
  },
  {
    code: "InvalidLedgerContext",
    early: true,
    context: (of) => ({ ...of, rootProofs: of.rootProofs.slice(1) }),
  },
  {
    code: "MembershipProofValidationError",
    early: true,
    context: (of) => ({
      ...of,
      rootProofs: of.rootProofs.map((proof, i) =>
        i < 21 ? proof : { ...proof, elements: [{ range: { from: 1n, to: 0n }, hash: new Uint8Array(32) }] },
      ),
    }),
  },
  {
    code: "InvalidTxOutMembershipProof",
    early: true,
    payment: bendInput(0, (input) => {
      const [proof] = input.proofs;
      const elements = proof!.elements.map((element, i) =>
        i === 1 ? { ...element, hash: new Uint8Array(32) } : element,
      );
      return { ...input, proofs: input.proofs.toSpliced(0, 1, { ...proof!, elements }) };
    }),
  },
  {
    code: "UnknownMaskedAmountVersion",
    early: true,
    payment: (of) => of.withOutput(1, (output) => ({ ...output, maskedAmount: undefined })),
  },
  {
    code: "InvalidTransactionSignature",
    early: true,
    payment: (of) => of.with({ fee: of.prefix.fee + 1n }),
  },
  { code: "TxFeeError", context: (of) => ({ ...of, minimumFee: 1n << 60n }) },
  {
    code: "DuplicateOutputPublicKey",
    payment: (of) =>
      of.withOutput(1, (output) => ({ ...output, publicKey: of.prefix.outputs[0]!.publicKey })),
  },
  { code: "TombstoneBlockExceeded", context: (of) => ({ ...of, blockIndex: 1n << 60n }) },
  {
    code: "MissingMemo",
    payment: (of) => of.withOutput(0, (output) => ({ ...output, eMemo: undefined })),
  },
  {
    code: "MissingMaskedTokenId",
    payment: (of) =>
      of.withOutput(0, (output) => ({
        ...output,
        maskedAmount: { ...output.maskedAmount!, maskedTokenId: new Uint8Array(0) },
      })),
  },
  { code: "UnsortedOutputs", payment: (of) => of.withOutputs(of.outputs.toReversed()) },
  { code: "InputRule", payment: (of) => of.withRules(1, { ...NO_RULES, maxTombstoneBlock: 1n }) },
];

describe("of two rules that are broken at once, the earlier is reported:", () => {
  /** The verdict on a payment of block version 3 with all of these bends; the last is made first. */
  function bent(bends: readonly Bend[]): string[] {
    const { payment, tx, context } = at(3);
    const result = bends.reduceRight((of, bend) => bend.payment?.(of) ?? of, payment);
    const early = bends.some((bend) => bend.early);
    const bentTx = early ? { ...tx, prefix: result.prefix } : result.sign();
    return verdict(
      bentTx,
      bends.reduceRight((of, bend) => bend.context?.(of) ?? of, context),
    );
  }

  test.each(BENDS.map((bend, i) => [bend.code, bend, BENDS.slice(i + 1)] as const))(
    "%s",
    (_, bend, later) => {
      const expected = `validation: ${bend.code}`;
      expect(bent([bend])[0]).toBe(expected);
      for (const other of later) expect([other.code, bent([bend, other])[0]]).toEqual([other.code, expected]);
    },
  );
});

describe("tampering", () => {
  test("with any byte of a transaction changes nothing, does not decode, or is refused", () => {
    const place = fc.record({
      version: fc.constantFrom(...V),
      // The signature is at the end; most of the rest is rings and proofs, whose check comes first.
      fromEnd: fc.oneof(fc.nat(), fc.nat({ max: 2400 })),
      mask: fc.integer({ min: 1, max: 255 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(place, ({ version, fromEnd, mask }) => {
        const { tx, context } = at(version);
        const bytes = txCodec.encode(tx);
        const position = bytes.length - 1 - (fromEnd % bytes.length);
        bytes[position] = bytes[position]! ^ mask;
        let tampered: Tx;
        try {
          tampered = txCodec.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          return;
        }
        // A tag that nobody knows in the place of one whose content was the default.
        if (bytesToHex(txHash(tampered)) === bytesToHex(txHash(tx))) return;
        expect(verdict(tampered, context)).not.toEqual([]);
        refused += 1;
      }),
      { numRuns: 80 },
    );
    expect(refused).toBeGreaterThan(40);
  });

  test("with a part that no hash of an input covers is refused by the signatures of the others", () => {
    const { payment, context } = at(3);
    const ruled = payment.withRules(0, NO_RULES);
    const tx = ruled.sign();
    expect(verdict(tx, context)).toEqual([]);
    const later = { ...tx, prefix: { ...tx.prefix, tombstoneBlock: tx.prefix.tombstoneBlock + 1n } };
    expect(verdict(later, context)).toContain("ring-signature: InvalidSignature");
  });
});

describe("received bytes", () => {
  test("with scalars that are not reduced are the same transaction, and valid", () => {
    for (const version of V) {
      const { tx, context } = at(version);
      const unreduced = (scalar: Uint8Array): Uint8Array => {
        let rest = Scalar.fromBytes(scalar).toBigInt() + ORDER;
        return Uint8Array.from({ length: 32 }, () => {
          const byte = Number(rest & 0xffn);
          rest >>= 8n;
          return byte;
        });
      };
      const ringSignatures = tx.signature.ringSignatures.map(({ cZero, responses, keyImage }) => ({
        cZero: unreduced(cZero),
        responses: responses.map(unreduced),
        keyImage,
      }));
      const bytes = txCodec.encode({ ...tx, signature: { ...tx.signature, ringSignatures } });
      expect(bytesToHex(bytes)).not.toBe(bytesToHex(txCodec.encode(tx)));
      const received = txCodec.decode(bytes);
      expect(received).toEqual(tx);
      expect(bytesToHex(txHash(received))).toBe(bytesToHex(txHash(tx)));
      expect(verdict(received, context)).toEqual([]);
    }
  });

  test("with an empty memo message have a memo", () => {
    const { payment, context } = at(3);
    const withEmptyMemo = payment.withOutput(0, (output) =>
      txOutCodec.decode(concat(txOutCodec.encode({ ...output, eMemo: undefined }), Uint8Array.of(0x2a, 0))),
    );
    expect(verdict(withEmptyMemo.sign(), context)).toEqual([]);
  });

  test("with an empty rules message have rules", () => {
    for (const version of V) {
      const { tx, context } = at(version);
      const inputs = tx.prefix.inputs.map((input) =>
        txInCodec.decode(concat(txInCodec.encode(input), Uint8Array.of(0x1a, 0))),
      );
      expect(inputs.map(({ inputRules }) => inputRules)).toEqual([NO_RULES, NO_RULES]);
      expect(verdict({ ...tx, prefix: { ...tx.prefix, inputs } }, context)).toEqual([
        "validation: InvalidTransactionSignature",
        "ringCt: AllRingsPresigned",
      ]);
    }
  });

  test("with a version 1 amount where 2 is usual have an amount", () => {
    const { payment, context } = at(3);
    const older = payment.withOutput(0, (output) => {
      const maskedAmount = { ...output.maskedAmount!, version: 1 as const, maskedTokenId: u64le(99n) };
      return txOutCodec.decode(txOutCodec.encode({ ...output, maskedAmount }));
    });
    expect(older.prefix.outputs[0]?.maskedAmount?.version).toBe(1);
    expect(verdict(older.sign(), context)).toEqual([]);
  });
});

test("a batch of good and bad transactions, in any order and with repeats, gets the verdicts of each alone", () => {
  const { payment, tx, context } = at(3);
  const withSignature = (changes: Partial<Tx["signature"]>): Tx => ({
    ...tx,
    signature: { ...tx.signature, ...changes },
  });
  const candidates: ValidationCandidate[] = [
    ...V.map((version) => at(version)),
    { tx: at(2).tx, context },
    { tx: withSignature({ rangeProofs: at(4).tx.signature.rangeProofs }), context },
    { tx: withSignature({ rangeProofs: [new Uint8Array(31)] }), context },
    { tx: withSignature({ ringSignatures: tx.signature.ringSignatures.toReversed() }), context },
    { tx: { ...tx, prefix: { ...tx.prefix, fee: 1n } }, context },
    { tx: { ...tx, prefix: { ...tx.prefix, outputs: [] } }, context },
    { tx, context: { ...context, minimumFee: 1n << 60n } },
    { tx: payment.withOutputs(payment.outputs.toReversed()).sign(), context },
  ];
  const alone = candidates.map((candidate) => verdict(candidate.tx, candidate.context));
  expect(alone.filter((chain) => chain.length === 0)).toHaveLength(V.length);
  expect(new Set(alone.map((chain) => chain.join())).size).toBe(9);
  const batch = fc.array(fc.nat({ max: candidates.length - 1 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(batch, (indices) => {
      expect(verdicts(indices.map((index) => candidates[index]!))).toEqual(
        indices.map((index) => alone[index]!),
      );
    }),
    { numRuns: 12 },
  );
});
