import { Point, Scalar } from "@mobilecoin-ts/curve";
import { beforeAll, describe, expect, test } from "vitest";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import type { InputRules } from "./input-rules.ts";
import { verifyRingCt, verifyRingCtBatch } from "./ring-ct-verify.ts";
import { chainOf, rejectionsOf } from "./testing/rejections-of.ts";
import { TestPayment } from "./testing/test-payment.ts";
import type { SignatureRctBulletproofs, Tx } from "./tx.ts";

const VERSIONS = [0, 1, 2, 3, 4].map(blockVersion);
const NO_POINT = new Uint8Array(32).fill(0xff);
const NO_BYTES = new Uint8Array(0);
const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

const payments = new Map<BlockVersion, TestPayment>();
const txs = new Map<BlockVersion, Tx>();
let mixed: Tx;

beforeAll(() => {
  for (const version of VERSIONS) {
    const payment = TestPayment.make(version);
    payments.set(version, payment);
    txs.set(version, payment.sign());
  }
  mixed = TestPayment.make(blockVersion(3), {
    inputs: [
      { value: 10n, tokenId: 7n },
      { value: 400_000_005n, tokenId: 0n },
    ],
    outputs: [
      { value: 10n, tokenId: 7n },
      { value: 5n, tokenId: 0n },
    ],
  }).sign();
});

const at = (version: number): Tx => txs.get(blockVersion(version))!;

function verdict(version: number, tx: Tx, changes: Partial<SignatureRctBulletproofs> = {}): string[] {
  const statement = {
    blockVersion: blockVersion(version),
    prefix: tx.prefix,
    signature: { ...tx.signature, ...changes },
  };
  return rejectionsOf(() => verifyRingCt(statement));
}

const withPrefix = (tx: Tx, changes: Partial<Tx["prefix"]>): Tx => ({
  ...tx,
  prefix: { ...tx.prefix, ...changes },
});

function withRules(tx: Tx, ...indices: number[]): Tx {
  return withPrefix(tx, {
    inputs: tx.prefix.inputs.map((input, i) =>
      indices.includes(i) ? { ...input, inputRules: NO_RULES } : input,
    ),
  });
}

function withCommitment(tx: Tx, output: number, commitment: Uint8Array): Tx {
  return withPrefix(tx, {
    outputs: tx.prefix.outputs.map((out, i) =>
      i === output ? { ...out, maskedAmount: { ...out.maskedAmount!, commitment } } : out,
    ),
  });
}

const replace = <T>(list: readonly T[], index: number, value: T): T[] =>
  list.map((old, i) => (i === index ? value : old));

describe("what was signed verifies", () => {
  test.each(VERSIONS)("at block version %i, and at no other of another form", (version) => {
    expect(verdict(version, at(version))).toEqual([]);
    // 0 and 1 sign the same; so do 3 and 4.
    for (const other of VERSIONS) {
      const same = other === version || (other <= 1 && version <= 1) || (other >= 3 && version >= 3);
      expect(verdict(other, at(version)).length === 0).toBe(same);
    }
  });

  test("with several tokens", () => {
    expect(mixed.signature.rangeProofs.length).toBe(2);
    expect(verdict(3, mixed)).toEqual([]);
  });
});

describe("a signature is refused", () => {
  test("TokenIdNotAllowed, for a fee of another token before block version 2", () => {
    const bent = withPrefix(at(1), { feeTokenId: 1n });
    expect(verdict(1, bent)).toEqual(["ringCt: TokenIdNotAllowed"]);
    expect(verdict(0, withRules(bent, 0, 1))).toEqual(["ringCt: TokenIdNotAllowed"]);
    expect(verdict(2, withPrefix(at(2), { feeTokenId: 1n }))).not.toContain("ringCt: TokenIdNotAllowed");
  });

  test("AllRingsPresigned, also where there is no ring", () => {
    expect(verdict(3, withRules(at(3), 0, 1), { ringSignatures: [] })).toEqual(["ringCt: AllRingsPresigned"]);
    expect(verdict(3, withPrefix(at(3), { inputs: [] }))).toEqual(["ringCt: AllRingsPresigned"]);
    expect(verdict(3, withRules(at(3), 0))).toEqual([
      "ringCt: RingSignature",
      "ring-signature: InvalidSignature",
    ]);
  });

  test("LengthMismatch, of ring signatures, then of pseudo-outputs", () => {
    const { ringSignatures, pseudoOutputCommitments } = at(3).signature;
    expect(verdict(3, at(3), { ringSignatures: ringSignatures.slice(1), pseudoOutputTokenIds: [] })).toEqual([
      "ringCt: LengthMismatch",
    ]);
    expect(
      verdict(3, at(3), {
        pseudoOutputCommitments: [...pseudoOutputCommitments, NO_POINT],
        pseudoOutputTokenIds: [],
      }),
    ).toEqual(["ringCt: LengthMismatch"]);
  });

  test("for token ids that are not one an input and output, or are there before block version 3", () => {
    expect(verdict(3, at(3), { pseudoOutputTokenIds: [0n], outputTokenIds: [] })).toEqual([
      "ringCt: MissingPseudoOutputTokenIds",
    ]);
    expect(verdict(3, at(3), { pseudoOutputTokenIds: [0n, 0n, 0n] })).toEqual([
      "ringCt: MissingPseudoOutputTokenIds",
    ]);
    expect(verdict(4, at(4), { outputTokenIds: [0n, 0n, 0n] })).toEqual(["ringCt: MissingOutputTokenIds"]);
    for (const version of [0, 1, 2]) {
      expect(verdict(version, at(version), { pseudoOutputTokenIds: [0n], outputTokenIds: [0n] })).toEqual([
        "ringCt: PseudoOutputTokenIdsNotAllowed",
      ]);
      expect(verdict(version, at(version), { outputTokenIds: [0n] })).toEqual([
        "ringCt: OutputTokenIdsNotAllowed",
      ]);
    }
  });

  test("DuplicateKeyImage, before any point is looked at", () => {
    const [first] = at(3).signature.ringSignatures;
    const bent = withCommitment(at(3), 0, NO_POINT);
    expect(verdict(3, bent, { ringSignatures: [first!, first!] })).toEqual(["ringCt: DuplicateKeyImage"]);
    // The lists of token ids come before it.
    expect(verdict(3, bent, { ringSignatures: [first!, first!], outputTokenIds: [] })).toEqual([
      "ringCt: MissingOutputTokenIds",
    ]);
  });

  test("InvalidCurvePoint, for commitments of outputs and pseudo-outputs, before range proofs are looked at", () => {
    const invalid = ["ringCt: RingSignature", "ring-signature: InvalidCurvePoint"];
    expect(verdict(3, withCommitment(at(3), 1, NO_POINT), { rangeProofs: [] })).toEqual(invalid);
    const { pseudoOutputCommitments } = at(3).signature;
    expect(
      verdict(3, at(3), {
        pseudoOutputCommitments: replace(pseudoOutputCommitments, 1, NO_POINT),
        rangeProofs: [],
      }),
    ).toEqual(invalid);
  });

  test("for range proofs in the place of another block version", () => {
    const { rangeProofBytes } = at(2).signature;
    expect(verdict(2, at(2), { rangeProofs: [rangeProofBytes], rangeProofBytes: NO_BYTES })).toEqual([
      "ringCt: TooManyRangeProofs",
    ]);
    expect(verdict(3, at(3), { rangeProofBytes, rangeProofs: [] })).toEqual(["ringCt: UnexpectedRangeProof"]);
  });

  test("RangeProofDeserialization, for what is no range proof", () => {
    const bent = ["ringCt: RangeProofDeserialization", "range-proof: FormatError"];
    expect(verdict(2, at(2), { rangeProofBytes: NO_BYTES })).toEqual(bent);
    expect(verdict(3, at(3), { rangeProofs: [new Uint8Array(31)] })).toEqual(bent);
  });

  test("RangeProof, for one that does not hold", () => {
    const bent = ["ringCt: RangeProof", "range-proof: VerificationError"];
    expect(verdict(2, at(2), { rangeProofBytes: at(1).signature.rangeProofBytes })).toEqual(bent);
    expect(verdict(3, at(3), { rangeProofs: at(4).signature.rangeProofs })).toEqual(bent);
    // An output claimed to be of another token: the proof under that token's generator fails.
    expect(verdict(3, at(3), { outputTokenIds: [0n, 1n], rangeProofs: [NO_BYTES, NO_BYTES] })).toEqual([
      "ringCt: RangeProofDeserialization",
      "range-proof: FormatError",
    ]);
  });

  test("MissingRangeProofs, naming both numbers", () => {
    const { rangeProofs } = mixed.signature;
    expect(() =>
      verifyRingCt({
        blockVersion: blockVersion(3),
        prefix: mixed.prefix,
        signature: { ...mixed.signature, rangeProofs: rangeProofs.slice(1) },
      }),
    ).toThrow(expect.objectContaining({ code: "MissingRangeProofs", data: { expected: 2, found: 1 } }));
    expect(verdict(3, mixed, { rangeProofs: [...rangeProofs, NO_BYTES] })).toEqual([
      "ringCt: MissingRangeProofs",
    ]);
  });

  test("NoCommitmentsForTokenId, where nothing is of the fee's token", () => {
    const [proof] = at(3).signature.rangeProofs;
    const bent = withPrefix(at(3), { feeTokenId: 5n });
    expect(verdict(3, bent)).toEqual(["ringCt: MissingRangeProofs"]);
    expect(verdict(3, bent, { rangeProofs: [proof!, NO_BYTES] })).toEqual([
      "ringCt: NoCommitmentsForTokenId",
    ]);
    // Tokens are checked in ascending order: what is wrong with one before comes first, with one after does not.
    const before = [NO_BYTES, proof!];
    expect(verdict(3, bent, { rangeProofs: before })).toContain("ringCt: RangeProofDeserialization");
    const lowest = { pseudoOutputTokenIds: [9n, 9n], outputTokenIds: [9n, 9n], rangeProofs: before };
    expect(verdict(3, bent, lowest)).toEqual(["ringCt: NoCommitmentsForTokenId"]);
  });

  test("by the first token in numeric order whose proof fails", () => {
    const [zero, seven] = mixed.signature.rangeProofs;
    expect(verdict(3, mixed, { rangeProofs: [seven!, NO_BYTES] })).toContain("ringCt: RangeProof");
    expect(verdict(3, mixed, { rangeProofs: [zero!, NO_BYTES] })).toContain(
      "ringCt: RangeProofDeserialization",
    );
  });

  test("ValueNotConserved, for a fee that does not balance", () => {
    for (const version of VERSIONS) {
      const tx = at(version);
      expect(verdict(version, withPrefix(tx, { fee: tx.prefix.fee + 1n }))).toEqual([
        "ringCt: ValueNotConserved",
      ]);
    }
  });

  test("RingSignature, for each way in which a ring's can fail", () => {
    const tx = at(3);
    const [first, second] = tx.signature.ringSignatures;
    const ringFails = (code: string): string[] => ["ringCt: RingSignature", `ring-signature: ${code}`];
    const bentRing = (index: number, bend: Partial<NonNullable<typeof first>>): string[] =>
      verdict(3, tx, {
        ringSignatures: tx.signature.ringSignatures.map((s, i) => (i === index ? { ...s, ...bend } : s)),
      });
    expect(bentRing(0, { responses: first!.responses.slice(2) })).toEqual(ringFails("LengthMismatch"));
    expect(bentRing(1, { keyImage: NO_POINT })).toEqual(ringFails("InvalidKeyImage"));
    expect(bentRing(1, { cZero: Scalar.ONE.toBytes() })).toEqual(ringFails("InvalidSignature"));
    expect(verdict(3, tx, { ringSignatures: [second!, first!] })).toEqual(ringFails("InvalidSignature"));
    expect(verdict(3, withPrefix(tx, { tombstoneBlock: 1n }))).toEqual(ringFails("InvalidSignature"));
    const [input, other] = tx.prefix.inputs;
    const noTarget = {
      ...input!,
      ring: replace(input!.ring, 4, { ...input!.ring[4]!, targetKey: NO_POINT }),
    };
    expect(verdict(3, withPrefix(tx, { inputs: [noTarget, other!] }))).toEqual(
      ringFails("InvalidCurvePoint"),
    );
    const empty = { ...input!, ring: [] };
    expect(verdict(3, withPrefix(tx, { inputs: [empty, other!] }))).toEqual(ringFails("EmptyRing"));
  });

  test("UnknownMaskedAmountVersion, for a ring member or output without amount", () => {
    const none = { ...at(3).prefix.outputs[0]!, maskedAmount: undefined };
    expect(verdict(3, withPrefix(at(3), { outputs: [none, at(3).prefix.outputs[1]!] }))).toEqual([
      "txOut: UnknownMaskedAmountVersion",
    ]);
  });
});

describe("leniencies", () => {
  test("public keys of outputs and ring members need not be points", () => {
    const payment = payments.get(blockVersion(3))!;
    const bent = payment.withOutput(0, (output) => ({ ...output, publicKey: NO_POINT, targetKey: NO_POINT }));
    expect(verdict(3, bent.sign())).toEqual([]);
  });

  test("rings of any size verify", () => {
    const payment = payments.get(blockVersion(3))!;
    const index = payment.signable(0).realInputIndex;
    const cut = (size: number): TestPayment =>
      [0, 1].reduce<TestPayment>((bent, i) => {
        const signable = bent.signable(i);
        return bent
          .withInput(i, (input) => ({ ...input, ring: input.ring.slice(0, size) }))
          .withRings(
            bent.rings.map((ring, k) =>
              k === i
                ? { kind: "signable", ring: { ...signable, members: signable.members.slice(0, size) } }
                : ring,
            ),
          );
      }, payment);
    const size = Math.max(index, payment.signable(1).realInputIndex) + 1;
    expect(verdict(3, cut(size).sign())).toEqual([]);
  });

  test("before block version 2, range_proofs is not signed but must be empty", () => {
    expect(verdict(1, at(1), { rangeProofs: [NO_BYTES] })).toEqual(["ringCt: TooManyRangeProofs"]);
  });
});

test("verifying together reports what verifying one by one does", () => {
  const tx = at(3);
  const statements = [
    tx,
    mixed,
    withPrefix(tx, { fee: 1n }),
    { ...tx, signature: { ...tx.signature, rangeProofs: at(4).signature.rangeProofs } },
    { ...tx, signature: { ...tx.signature, rangeProofs: [NO_BYTES] } },
    { ...mixed, signature: { ...mixed.signature, rangeProofs: [...mixed.signature.rangeProofs].reverse() } },
    withPrefix(tx, { feeTokenId: 5n }),
    tx,
  ].map(({ prefix, signature }) => ({ blockVersion: blockVersion(3), prefix, signature }));
  const together = verifyRingCtBatch(statements).map(chainOf);
  const alone = statements.map((statement) => rejectionsOf(() => verifyRingCt(statement)));
  expect(together).toEqual(alone);
  expect(together.map((list) => list.length)).toEqual([0, 0, 1, 2, 2, 2, 1, 0]);
  expect(verifyRingCtBatch([])).toEqual([]);
});

test("the identity is a commitment like any other", () => {
  const identity = Point.IDENTITY.encode();
  expect(verdict(3, withCommitment(at(3), 0, identity))).toEqual([
    "ringCt: RangeProof",
    "range-proof: VerificationError",
  ]);
});
