import { Point, Scalar } from "@mobilecoin-ts/curve";
import { beforeAll, describe, expect, test } from "vitest";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import type { InputRing, SignableInputRing } from "./input-ring.ts";
import type { InputRules } from "./input-rules.ts";
import { makeSigningData, signRingCt } from "./ring-ct-sign.ts";
import { LocalRingSigner, type RingSigner } from "./ring-signer.ts";
import { ringSigningMessage } from "./signing-digest.ts";
import { rejectionsOf } from "./testing/rejections-of.ts";
import { TestPayment } from "./testing/test-payment.ts";

const V = [0, 1, 2, 3, 4].map(blockVersion);
const [V0, V1, V2, V3] = V as [BlockVersion, BlockVersion, BlockVersion, BlockVersion];
const NO_RULES: InputRules = {
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [],
  partialFillChange: undefined,
  minPartialFillValue: 0n,
};

let payment: TestPayment;
beforeAll(() => {
  payment = TestPayment.make(V3);
});

function withRing(of: TestPayment, index: number, bend: Partial<SignableInputRing>): TestPayment {
  const bent: InputRing = { kind: "signable", ring: { ...of.signable(index), ...bend } };
  return of.withRings(of.rings.map((ring, i) => (i === index ? bent : ring)));
}

const refusal = (of: TestPayment): string[] => rejectionsOf(() => of.sign());
const presign = (of: TestPayment, ...indices: number[]): TestPayment =>
  indices.reduce((bent, index) => bent.withRules(index, NO_RULES), of);

/** A payment whose rings and outputs are worth the same in another token. */
function inToken(of: TestPayment, ring: number, tokenId: bigint): TestPayment {
  const { inputSecret } = of.signable(ring);
  return withRing(of, ring, { inputSecret: { ...inputSecret, amount: { ...inputSecret.amount, tokenId } } });
}

describe("signing is refused, in this order", () => {
  test("TokenIdNotAllowed", () => {
    expect(refusal(TestPayment.make(V1).with({ feeTokenId: 1n }).withRings([]))).toEqual([
      "ringCt: TokenIdNotAllowed",
    ]);
  });

  test("MixedTransactionsNotAllowed, before block version 3", () => {
    for (const version of [V0, V1, V2]) {
      const old = TestPayment.make(version);
      expect(refusal(inToken(old, 0, 1n))).toEqual(["ringCt: MixedTransactionsNotAllowed"]);
    }
    expect(refusal(TestPayment.make(V2).with({ feeTokenId: 1n }))).toEqual([
      "ringCt: MixedTransactionsNotAllowed",
    ]);
    const [first, ...others] = TestPayment.make(V2).outputs;
    const amount = { ...first!.secret.amount, tokenId: 1n };
    const outputs = [{ ...first!, secret: { ...first!.secret, amount } }, ...others];
    expect(refusal(TestPayment.make(V2).withOutputs(outputs))).toEqual([
      "ringCt: MixedTransactionsNotAllowed",
    ]);
    const both = presign(inToken(TestPayment.make(V2), 1, 1n), 0);
    expect(refusal(both)).toEqual(["ringCt: MixedTransactionsNotAllowed"]);
  });

  test("SignedInputRulesNotAllowed, before block version 3", () => {
    for (const version of [V0, V1, V2]) {
      expect(refusal(presign(TestPayment.make(version), 0))).toEqual(["ringCt: SignedInputRulesNotAllowed"]);
    }
    expect(refusal(presign(TestPayment.make(V2), 0, 1))).toEqual(["ringCt: SignedInputRulesNotAllowed"]);
  });

  test("NoInputs", () => {
    expect(refusal(payment.withRings([]))).toEqual(["ringCt: NoInputs"]);
  });

  test("AllRingsPresigned", () => {
    expect(refusal(presign(payment, 0, 1))).toEqual(["ringCt: AllRingsPresigned"]);
    expect(refusal(presign(payment, 0))).toEqual([]);
  });

  test("InvalidRingSize, for an empty first ring and rings of several sizes", () => {
    expect(refusal(withRing(payment, 0, { members: [] }))).toEqual(["ringCt: InvalidRingSize"]);
    const allEmpty = withRing(withRing(payment, 0, { members: [] }), 1, { members: [] });
    expect(refusal(allEmpty)).toEqual(["ringCt: InvalidRingSize"]);
    const { members } = payment.signable(1);
    expect(refusal(withRing(payment, 1, { members: members.slice(1), realInputIndex: 99 }))).toEqual([
      "ringCt: InvalidRingSize",
    ]);
    // Rings signed beforehand may be of any size.
    const ruled = presign(payment, 0);
    const shorter = withRing(ruled, 1, { members: members.slice(0, 5) });
    expect(refusal(shorter)).not.toContain("ringCt: InvalidRingSize");
  });

  test("IndexOutOfBounds", () => {
    expect(refusal(withRing(payment, 1, { realInputIndex: 11 }))).toEqual(["ringCt: IndexOutOfBounds"]);
  });

  test("ZipExact, where rings and inputs are not as many", () => {
    const { inputs } = payment.prefix;
    expect(refusal(payment.with({ inputs: inputs.slice(1) }))).toEqual(["ringCt: ZipExact"]);
    expect(refusal(payment.with({ inputs: [...inputs, inputs[0]!] }))).toEqual(["ringCt: ZipExact"]);
  });

  test("NoCommitmentsForTokenId, where nothing is of the fee's token", () => {
    expect(refusal(payment.with({ feeTokenId: 9n }))).toEqual(["ringCt: NoCommitmentsForTokenId"]);
  });

  test("ValueNotConserved, at every block version", () => {
    for (const version of V) {
      const old = TestPayment.make(version);
      expect(refusal(old.with({ fee: old.prefix.fee - 1n }))).toEqual(["ringCt: ValueNotConserved"]);
    }
  });

  test("RangeProof, where a value is no u64", () => {
    const { inputSecret } = payment.signable(0);
    const huge = { ...inputSecret, amount: { value: 1n << 64n, tokenId: 0n } };
    expect(refusal(withRing(payment, 0, { inputSecret: huge }))[0]).toBe("ringCt: RangeProof");
  });

  test("Signer, with the signer's reason", () => {
    const options = {
      blockVersion: V3,
      prefix: payment.prefix,
      rings: payment.rings,
      outputSecrets: payment.outputSecrets,
    };
    expect(rejectionsOf(() => signRingCt({ ...options, signer: new LocalRingSigner() }))).toEqual([
      "ringCt: Signer",
      "ringSigner: NoPathToSpendKey",
    ]);
    expect(
      rejectionsOf(() => signRingCt({ ...options, signer: new LocalRingSigner(payment.world.account()) })),
    ).toEqual(["ringCt: Signer", "ringSigner: TrueInputNotOwned"]);
  });
});

describe("not looked at when signing", () => {
  test("whether the output secrets are those of the outputs", () => {
    const bent = payment.withOutput(0, (output) => ({ ...output, maskedAmount: undefined }));
    expect(refusal(bent)).toEqual([]);
    expect(refusal(payment.with({ outputs: [] }))).toEqual([]);
  });

  test("whether the rings are those of the inputs", () => {
    const [first, second] = payment.prefix.inputs;
    expect(refusal(payment.with({ inputs: [second!, first!] }))).toEqual([]);
  });
});

describe("a signature", () => {
  test.each(V)("has the form of block version %i", (version) => {
    const { signature } = TestPayment.make(version).sign();
    const mixed = version >= 3;
    expect(signature.rangeProofBytes.length).toBe(mixed ? 0 : 800);
    expect(signature.rangeProofs.map(({ length }) => length)).toEqual(mixed ? [800] : []);
    expect(signature.pseudoOutputTokenIds).toEqual(mixed ? [0n, 0n] : []);
    expect(signature.outputTokenIds).toEqual(mixed ? [0n, 0n] : []);
  });

  test("draws a blinding for every signable ring but the last, in their order", () => {
    const drawn: Uint8Array[] = [];
    const data = makeSigningData({
      blockVersion: V3,
      prefix: payment.prefix,
      rings: payment.rings,
      outputSecrets: payment.outputSecrets,
      random(length) {
        const bytes = payment.world.random(length);
        drawn.push(bytes.slice());
        return bytes;
      },
    });
    expect(data.pseudoOutputBlindings).toHaveLength(2);
    expect(data.pseudoOutputBlindings[0]!.equals(Scalar.fromBytesWide(drawn[0]!))).toBe(true);
  });

  test("takes the blinding of a ring signed beforehand as it is, and balances with the last signable", () => {
    const ruled = presign(payment, 1);
    const data = makeSigningData({
      blockVersion: V3,
      prefix: ruled.prefix,
      rings: ruled.rings,
      outputSecrets: ruled.outputSecrets,
    });
    const presigned = ruled.rings[1]!;
    if (presigned.kind !== "presigned") throw new Error("expected a presigned ring");
    expect(data.pseudoOutputBlindings[1]!.equals(presigned.ring.pseudoOutputSecret.blinding)).toBe(true);
    const sum = (scalars: readonly Scalar[]): Scalar => scalars.reduce((a, b) => a.add(b), Scalar.ZERO);
    expect(
      sum(data.pseudoOutputBlindings).equals(sum(ruled.outputSecrets.map(({ blinding }) => blinding))),
    ).toBe(true);
    expect(ruled.sign().signature.ringSignatures[1]).toBe(presigned.ring.mlsag);
  });

  test("may come from a signer elsewhere, which is given each signable ring and its message", () => {
    const seen: Uint8Array[] = [];
    const local = new LocalRingSigner(payment.account);
    const device: RingSigner = {
      sign(message, ring, pseudoOutputBlinding, random) {
        seen.push(message);
        return local.sign(message, ring, pseudoOutputBlinding, random);
      },
    };
    const ruled = presign(payment, 0);
    const signature = signRingCt({
      blockVersion: V3,
      prefix: ruled.prefix,
      rings: ruled.rings,
      outputSecrets: ruled.outputSecrets,
      signer: device,
    });
    expect(seen).toEqual([ringSigningMessage(V3, ruled.prefix, signature)]);
  });
});

describe("the local signer", () => {
  const message = new Uint8Array(32);
  const sign = (bend: Partial<SignableInputRing>, signer = new LocalRingSigner(payment.account)): string[] =>
    rejectionsOf(() => signer.sign(message, { ...payment.signable(0), ...bend }, Scalar.ONE));

  test("signs by subaddress and by one-time key", () => {
    const target = Scalar.random(payment.world.random);
    const { members, realInputIndex, inputSecret } = payment.signable(0);
    const owned = members.map((member, i) =>
      i === realInputIndex ? { ...member, targetKey: Point.multiplyBase(target).encode() } : member,
    );
    expect(sign({})).toEqual([]);
    const onetimeKeyDeriveData = { kind: "onetimeKey", privateKey: target } as const;
    const bent = { members: owned, inputSecret: { ...inputSecret, onetimeKeyDeriveData } };
    expect(sign(bent, new LocalRingSigner())).toEqual([]);
    expect(sign({ ...bent, members })).toEqual(["ringSigner: TrueInputNotOwned"]);
  });

  test("refuses a real index outside the ring before it looks for the key", () => {
    expect(sign({ realInputIndex: 11 }, new LocalRingSigner())).toEqual([
      "ringSigner: RealInputIndexOutOfBounds",
    ]);
  });

  test("refuses another account's output, and subaddresses without keys", () => {
    expect(sign({}, new LocalRingSigner(payment.world.account()))).toEqual(["ringSigner: TrueInputNotOwned"]);
    expect(sign({}, new LocalRingSigner())).toEqual(["ringSigner: NoPathToSpendKey"]);
  });

  test("refuses an amount that is not the real output's", () => {
    const { inputSecret } = payment.signable(0);
    expect(sign({ inputSecret: { ...inputSecret, blinding: Scalar.ONE } })).toEqual([
      "ringSigner: RingSignature",
      "ring-signature: ValueNotConserved",
    ]);
    const { members } = payment.signable(0);
    const noPoint = members.map((member, i) =>
      i === 0 ? { ...member, commitment: new Uint8Array(32).fill(255) } : member,
    );
    expect(sign({ members: noPoint })).toEqual([
      "ringSigner: RingSignature",
      "ring-signature: InvalidCurvePoint",
    ]);
  });
});
