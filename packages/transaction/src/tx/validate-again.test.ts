import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { blockVersion } from "../tx-out/block-version.ts";
import { MAX_TOMBSTONE_BLOCKS } from "../tx-out/constants.ts";
import type { TxOutMembershipProof } from "./membership-proof.ts";
import { rejectionsOf } from "./testing/rejections-of.ts";
import { TestPayment } from "./testing/test-payment.ts";
import type { Tx } from "./tx.ts";
import { memberRoots, type ValidationContext, validateAgain, validateTransaction } from "./validate.ts";

let payment: TestPayment;
let tx: Tx;
let context: ValidationContext;
let provenRoots: Uint8Array[];
beforeAll(() => {
  payment = TestPayment.make(blockVersion(4), { seed: "again" });
  tx = payment.sign();
  context = payment.context();
  validateTransaction(tx, context, payment.world.random);
  provenRoots = memberRoots(context.rootProofs);
});

type Change = (of: ValidationContext) => Partial<ValidationContext>;

const withProofs =
  (bend: (proof: TxOutMembershipProof, position: number) => TxOutMembershipProof): Change =>
  ({ rootProofs }) => ({ rootProofs: rootProofs.map(bend) });

const withElement = (
  proof: TxOutMembershipProof,
  position: number,
  element: Partial<TxOutMembershipProof["elements"][number]>,
): TxOutMembershipProof => ({
  ...proof,
  elements: proof.elements.map((old, i) => (i === position ? { ...old, ...element } : old)),
});

const CHANGES: readonly (readonly [name: string, change: Change, expected: readonly string[]])[] = [
  ["nothing", () => ({}), []],
  ["copies of the proofs", withProofs((proof) => ({ ...proof })), []],
  [
    "the tombstone block",
    () => ({ blockIndex: tx.prefix.tombstoneBlock }),
    ["validation: TombstoneBlockExceeded"],
  ],
  ["the block before the tombstone", () => ({ blockIndex: tx.prefix.tombstoneBlock - 1n }), []],
  [
    "a block long before",
    () => ({ blockIndex: tx.prefix.tombstoneBlock - MAX_TOMBSTONE_BLOCKS - 1n }),
    ["validation: TombstoneBlockTooFar"],
  ],
  ["a higher minimum fee", () => ({ minimumFee: tx.prefix.fee + 1n }), ["validation: TxFeeError"]],
  [
    "one proof less",
    ({ rootProofs }) => ({ rootProofs: rootProofs.slice(1) }),
    ["validation: InvalidLedgerContext"],
  ],
  [
    "proofs of another ledger",
    withProofs((proof) => withElement(proof, 1, { hash: new Uint8Array(32).fill(7) })),
    ["validation: InvalidTxOutMembershipProof"],
  ],
  [
    "one proof of another ledger, the last",
    withProofs((proof, i) => (i < 21 ? proof : withElement(proof, 1, { hash: new Uint8Array(32).fill(7) }))),
    ["validation: InvalidTxOutMembershipProof"],
  ],
  [
    "a range that ends before it starts",
    withProofs((proof, i) => (i === 3 ? withElement(proof, 0, { range: { from: 2n, to: 1n } }) : proof)),
    ["validation: MembershipProofValidationError", "membership: RangeError"],
  ],
  [
    "a proof without its leaf",
    withProofs((proof, i) => (i === 3 ? { ...proof, elements: proof.elements.slice(1) } : proof)),
    ["validation: InvalidLedgerContext", "membership: MissingLeafHash"],
  ],
];

describe("a valid transaction, validated again with", () => {
  test.each(CHANGES)("%s, fares as if validated in full", (_, change, expected) => {
    const changed = { ...context, ...change(context) };
    expect(rejectionsOf(() => validateTransaction(tx, changed, payment.world.random))).toEqual(expected);
    expect(rejectionsOf(() => validateAgain(tx, changed))).toEqual(expected);
    expect(rejectionsOf(() => validateAgain(tx, changed, provenRoots))).toEqual(expected);
  });

  test("any mixture of changes, fares so too", () => {
    const chosen = fc.subarray(
      CHANGES.map(([, change]) => change),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(chosen, (changes) => {
        let changed = context;
        for (const change of changes) changed = { ...changed, ...change(changed) };
        const expected = rejectionsOf(() => validateTransaction(tx, changed, payment.world.random));
        expect(rejectionsOf(() => validateAgain(tx, changed))).toEqual(expected);
        expect(rejectionsOf(() => validateAgain(tx, changed, provenRoots))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("roots that were never proven, is proven then", () => {
    const strange = provenRoots.map(() => new Uint8Array(32));
    expect(rejectionsOf(() => validateAgain(tx, context, strange))).toEqual([]);
    const bent = payment.withInput(0, (input) => ({
      ...input,
      proofs: input.proofs.map((proof) => withElement(proof, 1, { hash: new Uint8Array(32) })),
    }));
    expect(rejectionsOf(() => validateAgain({ ...tx, prefix: bent.prefix }, context, strange))).toEqual([
      "validation: InvalidTxOutMembershipProof",
    ]);
  });
});
