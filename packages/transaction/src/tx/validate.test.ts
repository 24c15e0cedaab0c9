import { compareBytes } from "@mobilecoin-ts/crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { BlockVersion } from "../tx-out/block-version.ts";
import { blockVersion } from "../tx-out/block-version.ts";
import { MAX_TOMBSTONE_BLOCKS } from "../tx-out/constants.ts";
import { maskAmount } from "../tx-out/masked-amount.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import type { InputRules } from "./input-rules.ts";
import type { TxOutMembershipProof } from "./membership-proof.ts";
import { LocalRingSigner } from "./ring-signer.ts";
import { chainOf } from "./testing/rejections-of.ts";
import { TestPayment } from "./testing/test-payment.ts";
import { type Tx, txCodec, txInSignedDigest } from "./tx.ts";
import { type ValidationContext, validateTransactions } from "./validate.ts";

const V = [0, 1, 2, 3, 4].map(blockVersion);
const V3 = blockVersion(3);
const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};
const mob = (value: bigint) => ({ value, tokenId: 0n });

const payments = new Map<BlockVersion, TestPayment>();
const txs = new Map<BlockVersion, Tx>();
beforeAll(() => {
  for (const version of V) {
    const made = TestPayment.make(version);
    payments.set(version, made);
    txs.set(version, made.sign());
  }
});

const at = (version: number): TestPayment => payments.get(blockVersion(version))!;
const signed = (version: number): Tx => txs.get(blockVersion(version))!;
const code = (name: string): string[] => [`validation: ${name}`];

/** The verdict on a prefix bent without signing again: what comes before the signature is checked. */
function unsigned(bent: TestPayment, changes: Partial<ValidationContext> = {}): string[] {
  const { signature } = signed(bent.blockVersion);
  return bent.rejections(changes, { prefix: bent.prefix, signature, feeMapDigest: new Uint8Array(0) });
}

function withRing(
  of: TestPayment,
  index: number,
  bend: (ring: readonly TxOut[]) => readonly TxOut[],
): TestPayment {
  return of.withInput(index, (input) => ({ ...input, ring: bend(input.ring) }));
}

function withProof(
  of: TestPayment,
  bend: (proof: TxOutMembershipProof) => TxOutMembershipProof,
  position = 4,
): TestPayment {
  return of.withInput(0, (input) => ({
    ...input,
    proofs: input.proofs.map((proof, i) => (i === position ? bend(proof) : proof)),
  }));
}

const swapFirstTwo = <T>([first, second, ...rest]: readonly T[]): T[] => [second!, first!, ...rest];

describe("a payment is valid", () => {
  test.each(V)("at block version %i, also after a round over the wire", (version) => {
    expect(at(version).rejections({}, signed(version))).toEqual([]);
    expect(at(version).rejections({}, txCodec.decode(txCodec.encode(signed(version))))).toEqual([]);
    expect(at(version).rejections({}, txCodec.decode(txCodec.encode(signed(version), "wire")))).toEqual([]);
  });

  test("with 16 inputs and 16 outputs", () => {
    const many = TestPayment.make(V3, {
      inputs: Array.from({ length: 16 }, () => mob(100_000_000n)),
      outputs: Array.from({ length: 16 }, () => mob(75_000_000n)),
      decoys: 160,
    });
    expect(many.rejections()).toEqual([]);
  });

  test("with several tokens, from block version 3", () => {
    const tokens = {
      inputs: [mob(900_000_000n), { value: 5n, tokenId: 7n }],
      outputs: [mob(500_000_000n), { value: 5n, tokenId: 7n }],
    };
    expect(TestPayment.make(V3, tokens).rejections()).toEqual([]);
    expect(() => TestPayment.make(blockVersion(2), tokens).sign()).toThrow();
  });

  test("with a fee of another token, from block version 2", () => {
    const fee = { value: 100n, tokenId: 7n };
    const options = { inputs: [{ value: 500n, tokenId: 7n }], outputs: [{ value: 400n, tokenId: 7n }], fee };
    for (const version of [2, 3, 4]) {
      const payment = TestPayment.make(blockVersion(version), options);
      expect(payment.rejections({ minimumFee: 100n })).toEqual([]);
    }
  });
});

describe("before the signature is looked at, a transaction is refused", () => {
  test("at a block version that is not known", () => {
    const unknown = 5 as BlockVersion;
    expect(at(4).rejections({ blockVersion: unknown }, signed(4))).toEqual(code("Ledger"));
  });

  test("for no or too many inputs, then outputs", () => {
    const { inputs, outputs } = at(3).prefix;
    const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
    expect(unsigned(at(3).with({ inputs: [], outputs: [] }))).toEqual(code("NoInputs"));
    expect(unsigned(at(3).with({ inputs: times(17, inputs[0]!), outputs: [] }))).toEqual(
      code("TooManyInputs"),
    );
    expect(unsigned(at(3).with({ inputs: times(16, inputs[0]!), outputs: [] }))).toEqual(code("NoOutputs"));
    expect(unsigned(at(3).with({ inputs: times(16, inputs[0]!), outputs: times(17, outputs[0]!) }))).toEqual(
      code("TooManyOutputs"),
    );
  });

  test("for rings of another size than 11", () => {
    const larger = withRing(at(3), 1, (ring) => [...ring, ring[0]!]);
    expect(unsigned(larger)).toEqual(code("ExcessiveRingSize"));
    expect(unsigned(withRing(at(3), 1, (ring) => ring.slice(1)))).toEqual(code("InsufficientRingSize"));
    expect(unsigned(withRing(at(3), 1, () => []))).toEqual(code("InsufficientRingSize"));
  });

  test("for a ring member that stands twice, in one input or in two", () => {
    const [first, second] = at(3).prefix.inputs;
    expect(unsigned(withRing(at(3), 0, ([a, , ...rest]) => [a!, a!, ...rest]))).toEqual(
      code("DuplicateRingElements"),
    );
    const shared = withRing(at(3), 1, (ring) => [...ring.slice(0, 10), first!.ring[5]!]);
    expect(unsigned(shared)).toEqual(code("DuplicateRingElements"));
    // Equal means in every byte: with one byte of the hint changed it is another output, only out of order.
    const near = (output: TxOut): TxOut => ({ ...output, eFogHint: new Uint8Array(84) });
    expect(unsigned(withRing(at(3), 0, ([a, , ...rest]) => [a!, near(a!), ...rest]))).toEqual(
      code("UnsortedRingElements"),
    );
    // With rules, an input answers for its own ring alone, at every block version.
    for (const version of V) {
      const payment = at(version);
      const { ring } = payment.prefix.inputs[0]!;
      const both = payment
        .withInput(0, (input) => ({ ...input, inputRules: NO_RULES }))
        .withInput(1, (input) => ({ ...input, ring }));
      expect(unsigned(both)).toEqual(code("UnsortedInputs"));
      const twice = withRing(both, 0, ([a, , ...rest]) => [a!, a!, ...rest]);
      expect(unsigned(twice)).toEqual(code("DuplicateRingElements"));
    }
    expect(second).toBeDefined();
  });

  test("for rings, then inputs, out of order", () => {
    const inputs = swapFirstTwo(at(3).prefix.inputs);
    expect(unsigned(at(3).with({ inputs }))).toEqual(code("UnsortedInputs"));
    const both = withRing(at(3).with({ inputs }), 1, swapFirstTwo);
    expect(unsigned(both)).toEqual(code("UnsortedRingElements"));
  });

  test("for another number of proofs than ring members", () => {
    const bent = at(3).withInput(1, (input) => ({ ...input, proofs: input.proofs.slice(1) }));
    expect(unsigned(bent)).toEqual(code("MissingTxOutMembershipProof"));
    expect(unsigned(bent, { rootProofs: [] })).toEqual(code("MissingTxOutMembershipProof"));
    const more = at(3).withInput(1, (input) => ({ ...input, proofs: [...input.proofs, input.proofs[0]!] }));
    expect(unsigned(more)).toEqual(code("MissingTxOutMembershipProof"));
  });

  test("for another number of root proofs than ring members", () => {
    const { rootProofs } = at(3).context();
    expect(unsigned(at(3), { rootProofs: rootProofs.slice(1) })).toEqual(code("InvalidLedgerContext"));
    expect(unsigned(at(3), { rootProofs: [...rootProofs, rootProofs[0]!] })).toEqual(
      code("InvalidLedgerContext"),
    );
  });

  test("for root proofs that are not well-formed: ranges of all of them first", () => {
    const rootProofs = [...at(3).context().rootProofs];
    const [leaf, ...siblings] = rootProofs[21]!.elements;
    const unordered = { ...rootProofs[21]!, elements: [leaf!, { ...leaf!, range: { from: 1n, to: 0n } }] };
    const noLeaf = { ...rootProofs[0]!, elements: siblings };
    const tooHigh = { ...rootProofs[0]!, index: 1n << 63n };
    expect(unsigned(at(3), { rootProofs: [noLeaf, ...rootProofs.slice(1, 21), unordered] })).toEqual([
      ...code("MembershipProofValidationError"),
      "membership: RangeError",
    ]);
    expect(unsigned(at(3), { rootProofs: [noLeaf, ...rootProofs.slice(1)] })).toEqual([
      ...code("InvalidLedgerContext"),
      "membership: MissingLeafHash",
    ]);
    expect(unsigned(at(3), { rootProofs: [tooHigh, ...rootProofs.slice(1)] })).toEqual([
      ...code("InvalidLedgerContext"),
      "membership: NumericLimitsExceeded",
    ]);
    // Element by element: a wrong proof of the first ring member comes before a wrong root proof of the second.
    const wrongFirst = withProof(at(3), (proof) => ({ ...proof, elements: [] }), 0);
    expect(unsigned(wrongFirst, { rootProofs: [rootProofs[0]!, noLeaf, ...rootProofs.slice(2)] })).toEqual([
      ...code("MembershipProofValidationError"),
      "membership: MissingLeafHash",
    ]);
  });

  test("for membership proofs that are not well-formed, or lead to another root", () => {
    for (const [bend, reason] of [
      [(proof: TxOutMembershipProof) => ({ ...proof, highestIndex: 0n }), "HighestIndexMismatch"],
      [(proof: TxOutMembershipProof) => ({ ...proof, elements: [] }), "MissingLeafHash"],
      [
        (proof: TxOutMembershipProof) => ({
          ...proof,
          elements: proof.elements.map((element) => ({ ...element, hash: new Uint8Array(32) })),
        }),
        "IncorrectLeafHash",
      ],
      [
        (proof: TxOutMembershipProof) => ({ ...proof, elements: proof.elements.toSpliced(1, 1) }),
        "UnexpectedMembershipElement",
      ],
      [
        (proof: TxOutMembershipProof) => ({ ...proof, elements: proof.elements.slice(0, 1) }),
        "RootNotCoveringZero",
      ],
    ] as const) {
      const rootProofs = at(3).context().rootProofs;
      expect(unsigned(withProof(at(3), bend), { rootProofs })).toEqual([
        ...code("MembershipProofValidationError"),
        `membership: ${reason}`,
      ]);
    }
    const otherSibling = withProof(at(3), (proof) => ({
      ...proof,
      elements: proof.elements.map((element, i) =>
        i === 1 ? { ...element, hash: new Uint8Array(32) } : element,
      ),
    }));
    expect(unsigned(otherSibling)).toEqual(code("InvalidTxOutMembershipProof"));
    // An output that is not in the ledger at all.
    const stranger = withRing(at(3), 0, (ring) =>
      ring.map((out, i) => (i === 4 ? { ...out, eMemo: new Uint8Array(66) } : out)),
    );
    expect(unsigned(stranger)).toEqual([
      ...code("MembershipProofValidationError"),
      "membership: IncorrectLeafHash",
    ]);
  });

  test("for an output whose amount is of no version we know", () => {
    const bent = at(3).withOutput(1, (output) => ({ ...output, maskedAmount: undefined }));
    expect(unsigned(bent)).toEqual(code("UnknownMaskedAmountVersion"));
  });

  test("for a ring member whose amount is of no version we know, though the ledger has it", () => {
    const payment = TestPayment.make(V3);
    const { txOuts } = payment.world.ledger;
    const at = Number(payment.prefix.inputs[1]!.proofs[2]!.index);
    txOuts[at] = { ...txOuts[at]!, maskedAmount: undefined };
    expect(unsigned(payment.withFreshProofs())).toEqual(code("UnknownMaskedAmountVersion"));
  });
});

describe("a transaction is refused", () => {
  test("for its signature, with the reason", () => {
    expect(unsigned(at(3).with({ tombstoneBlock: 120n }), { minimumFee: 1n << 40n })).toEqual([
      ...code("InvalidTransactionSignature"),
      "ringCt: RingSignature",
      "ring-signature: InvalidSignature",
    ]);
    const bent = unsigned(at(3).with({ fee: 1n }), { minimumFee: 1n << 40n });
    expect(bent).toEqual([...code("InvalidTransactionSignature"), "ringCt: ValueNotConserved"]);
  });

  test("for two equal key images, which the signature's own check reports", () => {
    const { ringSignatures } = signed(3).signature;
    const signature = { ...signed(3).signature, ringSignatures: [ringSignatures[0]!, ringSignatures[0]!] };
    expect(at(3).rejections({}, { ...signed(3), signature })).toEqual([
      ...code("InvalidTransactionSignature"),
      "ringCt: DuplicateKeyImage",
    ]);
  });

  test("where all inputs were signed beforehand", () => {
    const bent = at(3)
      .withInput(0, (input) => ({ ...input, inputRules: NO_RULES }))
      .withInput(1, (input) => ({ ...input, inputRules: NO_RULES }));
    expect(unsigned(bent)).toEqual([...code("InvalidTransactionSignature"), "ringCt: AllRingsPresigned"]);
  });

  test("for a fee below the minimum", () => {
    const { fee } = at(3).prefix;
    expect(at(3).rejections({ minimumFee: fee }, signed(3))).toEqual([]);
    expect(at(3).rejections({ minimumFee: fee + 1n }, signed(3))).toEqual(code("TxFeeError"));
  });

  test("for two outputs with one public key, before their order is looked at", () => {
    const { publicKey } = at(3).prefix.outputs[0]!;
    const bent = at(3).withOutput(1, (output) => ({ ...output, publicKey }));
    expect(bent.rejections({ blockIndex: 1n << 40n })).toEqual(code("DuplicateOutputPublicKey"));
    for (const version of [0, 2]) {
      const old = at(version);
      const key = old.prefix.outputs[0]!.publicKey;
      expect(old.withOutput(1, (output) => ({ ...output, publicKey: key })).rejections()).toEqual(
        code("DuplicateOutputPublicKey"),
      );
    }
  });

  test("for a tombstone block that has come or is too far ahead", () => {
    const { tombstoneBlock } = at(3).prefix;
    const verdict = (blockIndex: bigint): string[] => at(3).rejections({ blockIndex }, signed(3));
    expect(verdict(tombstoneBlock - 1n)).toEqual([]);
    expect(verdict(tombstoneBlock)).toEqual(code("TombstoneBlockExceeded"));
    const far = at(3).with({ tombstoneBlock: tombstoneBlock + MAX_TOMBSTONE_BLOCKS });
    const farTx = far.sign();
    expect(far.rejections({ blockIndex: tombstoneBlock }, farTx)).toEqual([]);
    expect(far.rejections({ blockIndex: tombstoneBlock - 1n }, farTx)).toEqual(code("TombstoneBlockTooFar"));
    const never = at(3).with({ tombstoneBlock: (1n << 64n) - 1n });
    expect(never.rejections()).toEqual(code("TombstoneBlockTooFar"));
  });

  test("for memos missing from block version 1, or there before", () => {
    for (const version of [1, 2, 3, 4]) {
      const bent = at(version).withOutput(1, (output) => ({ ...output, eMemo: undefined }));
      expect(bent.rejections()).toEqual(code("MissingMemo"));
    }
    const memo = at(0).withOutput(0, (output) => ({ ...output, eMemo: new Uint8Array(66) }));
    expect(memo.rejections()).toEqual(code("MemosNotAllowed"));
  });

  test("for masked token ids missing from block version 2, or there before", () => {
    const withTokenId = (of: TestPayment, length: number, index = 0): TestPayment =>
      of.withOutput(index, (output) => ({
        ...output,
        maskedAmount: { ...output.maskedAmount!, maskedTokenId: new Uint8Array(length) },
      }));
    for (const version of [2, 3, 4]) {
      expect(withTokenId(at(version), 0).rejections()).toEqual(code("MissingMaskedTokenId"));
      expect(withTokenId(at(version), 7).rejections()).toEqual(code("MissingMaskedTokenId"));
    }
    for (const version of [0, 1]) {
      expect(withTokenId(at(version), 8).rejections()).toEqual(code("MaskedTokenIdNotAllowed"));
    }
    // Output by output: what is wrong with the first comes before what is wrong with the second.
    const both = withTokenId(at(3), 0).withOutput(1, (output) => ({ ...output, eMemo: undefined }));
    expect(both.rejections()).toEqual(code("MissingMaskedTokenId"));
    const same = withTokenId(at(3), 0, 1).withOutput(1, (output) => ({ ...output, eMemo: undefined }));
    expect(same.rejections()).toEqual(code("MissingMemo"));
  });

  test("for outputs out of order, from block version 3", () => {
    for (const version of V) {
      const bent = at(version).withOutputs(swapFirstTwo(at(version).outputs));
      expect(bent.rejections()).toEqual(version >= 3 ? code("UnsortedOutputs") : []);
    }
  });

  test("for input rules before block version 3, and rules that do not hold after", () => {
    const ruled = at(3).withRules(0, NO_RULES);
    expect(ruled.rejections()).toEqual([]);
    const bent = at(3).withRules(1, { ...NO_RULES, maxTombstoneBlock: 1n });
    expect(bent.rejections()).toEqual([...code("InputRule"), "inputRule: MaxTombstoneBlockExceeded"]);
    const both = at(3).withOutput(1, (output) => ({ ...output, eMemo: undefined }));
    expect(both.withRules(1, { ...NO_RULES, maxTombstoneBlock: 1n }).rejections()).toEqual(
      code("MissingMemo"),
    );
    for (const version of [0, 1, 2]) {
      // No builder signs such a transaction, but its signature would hold.
      const early = at(version).withInput(1, (input) => ({ ...input, inputRules: NO_RULES }));
      const local = new LocalRingSigner(early.account);
      const tx = early.sign({
        sign(message, ring, ...rest) {
          const digest = txInSignedDigest(early.prefix.inputs[1]!)!;
          return local.sign(ring === early.signable(1) ? digest : message, ring, ...rest);
        },
      });
      expect(early.rejections({}, tx)).toEqual(code("InputRulesNotAllowed"));
    }
  });
});

describe("as lenient as the network", () => {
  test("the amount's version is not looked at", () => {
    const remask = (of: TestPayment, version: 1 | 2, maskedTokenId?: Uint8Array): TestPayment =>
      of.withOutput(0, (output) => {
        const { sharedSecret, secret } = of.outputs[0]!;
        const { maskedAmount } = maskAmount(version, secret.amount, sharedSecret);
        return {
          ...output,
          maskedAmount: {
            ...maskedAmount,
            // Opening it is the recipient's problem; the commitment is the one that was proven.
            commitment: output.maskedAmount!.commitment,
            maskedTokenId: maskedTokenId ?? maskedAmount.maskedTokenId,
          },
        };
      });
    expect(remask(at(3), 1).rejections()).toEqual([]);
    expect(remask(at(2), 2).rejections()).toEqual([]);
    for (const version of [0, 1]) expect(remask(at(version), 2, new Uint8Array(0)).rejections()).toEqual([]);
  });

  test("memos, hints, output keys and the fee map digest are not looked at", () => {
    const nonsense = at(3).withOutput(1, (output) => ({
      ...output,
      eMemo: new Uint8Array(66),
      eFogHint: new Uint8Array(84),
      targetKey: new Uint8Array(32).fill(255),
      publicKey: new Uint8Array(32).fill(255),
    }));
    expect(nonsense.rejections()).toEqual([]);
    expect(at(3).rejections({}, { ...signed(3), feeMapDigest: Uint8Array.of(1, 2, 3) })).toEqual([]);
  });

  test("key images need not be in order, and values may be zero", () => {
    const zero = TestPayment.make(V3, {
      inputs: [mob(400_000_000n), mob(0n), mob(0n)],
      outputs: [mob(0n)],
    });
    const tx = zero.sign();
    expect(zero.rejections({}, tx)).toEqual([]);
    const keyImages = tx.signature.ringSignatures.map(({ keyImage }) => keyImage);
    const other = TestPayment.make(V3, {
      inputs: [mob(400_000_000n), mob(0n)],
      outputs: [mob(0n)],
      seed: "z",
    }).sign();
    const more = other.signature.ringSignatures.map(({ keyImage }) => keyImage);
    const ascending = (keys: Uint8Array[]): boolean =>
      keys.every((key, i) => i === 0 || compareBytes(keys[i - 1]!, key) < 0);
    expect(ascending(keyImages) && ascending(more)).toBe(false);
  });

  test("the highest tombstone block of a rule is not held against the chain", () => {
    const ruled = at(3).withRules(0, { ...NO_RULES, maxTombstoneBlock: (1n << 64n) - 1n });
    expect(ruled.rejections()).toEqual([]);
  });

  test("proofs are not part of what rules sign: fresh ones do", () => {
    const ruled = at(3).withRules(0, NO_RULES);
    ruled.world.fund(ruled.account, mob(1n));
    expect(ruled.withFreshProofs().rejections()).toEqual([]);
  });
});

test("validating together reports what validating one by one does", () => {
  const [payment, tx] = [at(3), signed(3)];
  const bentRange = { ...tx, signature: { ...tx.signature, rangeProofs: signed(4).signature.rangeProofs } };
  const cases: { tx: Tx; context: ValidationContext }[] = [
    { tx, context: payment.context() },
    { tx: bentRange, context: payment.context() },
    { tx, context: payment.context({ minimumFee: 1n << 40n }) },
    { tx: signed(2), context: at(2).context() },
    { tx: { ...tx, prefix: { ...tx.prefix, inputs: [] } }, context: payment.context() },
    { tx: { ...tx, prefix: { ...tx.prefix, fee: 1n } }, context: payment.context() },
    { tx: signed(0), context: at(0).context() },
    { tx: signed(0), context: at(0).context({ blockVersion: blockVersion(2) }) },
    { tx, context: payment.context({ rootProofs: [] }) },
  ];
  const together = validateTransactions(cases).map(chainOf);
  const alone = cases.map(({ tx: one, context }) => payment.rejections(context, one));
  expect(together).toEqual(alone);
  expect(together.map(([first]) => first)).toEqual([
    undefined,
    "validation: InvalidTransactionSignature",
    "validation: TxFeeError",
    undefined,
    "validation: NoInputs",
    "validation: InvalidTransactionSignature",
    undefined,
    "validation: InvalidTransactionSignature",
    "validation: InvalidLedgerContext",
  ]);
});
