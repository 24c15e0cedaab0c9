import { AccountKey, shortAddressHash } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { keyImageOf } from "../proofs/key-image.ts";
import { commit } from "../proofs/pedersen.ts";
import { type InputRules, type RevealedTxOut, revealAmount } from "../tx/input-rules.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { type Tx, txInSignedDigest } from "../tx/tx.ts";
import type { Amount } from "../tx-out/amount.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { maskAmount, recoverAmountWithAmountSharedSecret } from "../tx-out/masked-amount.ts";
import { parseMemo } from "../tx-out/memo.ts";
import { GiftCodeSenderMemoBuilder } from "../tx-out/memo-builders/gift-code-sender-memo-builder.ts";
import { RthMemoBuilder } from "../tx-out/memo-builders/rth-memo-builder.ts";
import { decryptMemo } from "../tx-out/memo-encryption.ts";
import { recoverOnetimePrivateKey } from "../tx-out/onetime-keys.ts";
import { txOutEquals } from "../tx-out/tx-out.ts";
import { matchViewKey } from "../tx-out/view-key-match.ts";
import { MAX_TOMBSTONE_BLOCK } from "./fog-resolver.ts";
import { signableRing } from "./input-credentials.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { sciBalance } from "./sci-balance.ts";
import { SignedContingentInputBuilder } from "./sci-builder.ts";
import { signedContingentInputCodec } from "./sci-codec.ts";
import {
  type SignedContingentInput,
  sciKeyImage,
  validateSignedContingentInput,
  withMembershipProofs,
} from "./signed-contingent-input.ts";
import { rejections, thrown } from "./testing-rejection.ts";
import { type OwnedOutput, TestWorld } from "./testing-world.ts";
import { TransactionBuilder } from "./transaction-builder.ts";

const V3 = blockVersion(3);
const MOB = 0n;
const USD = 1n;
const FEE = { value: DEFAULT_MINIMUM_FEE, tokenId: MOB };
const mob = (value: bigint): Amount => ({ value, tokenId: MOB });
const usd = (value: bigint): Amount => ({ value, tokenId: USD });

/** Alice offers US dollars for MOB, Bob takes the offer. */
class Market {
  readonly world: TestWorld;
  readonly alice: AccountKey;
  readonly bob: AccountKey;
  readonly dollars: OwnedOutput;

  constructor(version: BlockVersion = V3) {
    this.world = new TestWorld(version, "market");
    this.alice = this.world.account();
    this.bob = this.world.account();
    this.dollars = this.world.fund(this.alice, usd(1_000n));
  }

  offer(version = this.world.blockVersion): SignedContingentInputBuilder {
    return new SignedContingentInputBuilder({
      blockVersion: version,
      credentials: this.world.credentials(this.dollars),
      random: this.world.random,
    });
  }

  sign(builder: SignedContingentInputBuilder): SignedContingentInput {
    return builder.build(new LocalRingSigner(this.alice));
  }

  /** The whole 1000 dollars for 5000 units of MOB. */
  wholeOffer(): SignedContingentInput {
    const builder = this.offer();
    builder.addRequiredOutput(mob(5_000n), this.alice.defaultSubaddress);
    return this.sign(builder);
  }

  /** Up to 1000 dollars for `price` units of MOB, at least `least` dollars at a time. */
  partialOffer(least = 0n, price = 5_000n): SignedContingentInput {
    const builder = this.offer();
    builder.addPartialFillOutput(mob(price), this.alice.defaultSubaddress);
    builder.addPartialFillChange(usd(1_000n), reservedSubaddresses(this.alice));
    builder.setMinPartialFillValue(least);
    return this.sign(builder);
  }

  withProofs(sci: SignedContingentInput): SignedContingentInput {
    return withMembershipProofs(sci, this.world.proofsOf(sci.txOutGlobalIndices));
  }

  /** Bob's transaction: his MOB input and `take`, which fills an offer. */
  fill(
    mobSpent: bigint,
    take: (builder: TransactionBuilder) => void,
  ): { tx: Tx; builder: TransactionBuilder } {
    const { blockVersion, random } = this.world;
    const builder = new TransactionBuilder({ blockVersion, fee: FEE, random });
    const input = this.world.fund(this.bob, mob(1_000_000_000n));
    builder.addInput(this.world.credentials(input));
    take(builder);
    builder.addChangeOutput(mob(1_000_000_000n - FEE.value - mobSpent), reservedSubaddresses(this.bob));
    if (builder.tombstoneBlock === MAX_TOMBSTONE_BLOCK) builder.setTombstoneBlock(150n);
    return { tx: builder.build(new LocalRingSigner(this.bob)), builder };
  }
}

let market: Market;
beforeEach(() => {
  market = new Market();
});

function withRules(sci: SignedContingentInput, change: Partial<InputRules>): SignedContingentInput {
  return { ...sci, txIn: { ...sci.txIn, inputRules: { ...sci.txIn.inputRules!, ...change } } };
}

const code = (name: string) => [`sci: ${name}`];

const OFFER_VERSIONS = [V3, blockVersion(4)];

describe("an offer that fills as a whole", () => {
  test.each(OFFER_VERSIONS)("makes a valid transaction at block version %i", (version) => {
    market = new Market(version);
    const received = signedContingentInputCodec.decode(
      signedContingentInputCodec.encode(market.wholeOffer()),
    );
    validateSignedContingentInput(received);
    expect(received.txIn.proofs).toEqual([]);
    expect(sciBalance(received)).toEqual([
      { tokenId: MOB, value: 5_000n },
      { tokenId: USD, value: -1_000n },
    ]);
    const { tx } = market.fill(5_000n, (builder) => {
      builder.addPresignedInput(market.withProofs(received));
      builder.addOutput(usd(1_000n), market.bob.defaultSubaddress);
    });
    market.world.validate(tx);
    const toAlice = tx.prefix.outputs.map((txOut) => matchViewKey(txOut, market.alice.viewPrivateKey));
    expect(toAlice.filter(({ matches }) => matches)).toMatchObject([{ amount: mob(5_000n) }]);
    const spendKey = market.alice.subaddressSpendPrivateKey(0n);
    const onetimeKey = recoverOnetimePrivateKey(market.dollars.sharedSecret, spendKey);
    expect(sciKeyImage(received)).toEqual(keyImageOf(onetimeKey));
  });

  test("writes its block version even where it is 0", () => {
    const bytes = signedContingentInputCodec.encode({ ...market.wholeOffer(), blockVersion: 0 });
    expect(bytes.slice(0, 2)).toEqual(Uint8Array.of(1 << 3, 0));
    expect(signedContingentInputCodec.decode(bytes).blockVersion).toBe(0);
  });

  test("sorts its outputs and lists amounts and global indices in ring order", () => {
    const builder = market.offer();
    for (let i = 1n; i <= 5n; i++) builder.addRequiredOutput(mob(i), market.alice.defaultSubaddress);
    const sci = market.sign(builder);
    const keys = sci.txIn.inputRules!.requiredOutputs.map(({ publicKey }) => publicKey);
    expect(keys).toEqual(keys.toSorted(compareBytes));
    validateSignedContingentInput(sci);
    for (const [index, globalIndex] of sci.txOutGlobalIndices.entries()) {
      expect(market.world.ledger.txOuts[Number(globalIndex)]).toEqual(sci.txIn.ring[index]);
    }
  });

  test("lowers the tombstone of whoever fills it, and has no limit unless told", () => {
    expect(market.wholeOffer().txIn.inputRules!.maxTombstoneBlock).toBe(0n);
    const builder = market.offer();
    expect(builder.tombstoneBlock).toBe(MAX_TOMBSTONE_BLOCK);
    expect(builder.setTombstoneBlock(120n)).toBe(120n);
    const sci = market.sign(builder);
    expect(sci.txIn.inputRules!.maxTombstoneBlock).toBe(120n);
    const { tx, builder: filled } = market.fill(0n, (filler) => {
      filler.setTombstoneBlock(200n);
      filler.addPresignedInput(market.withProofs(sci));
      filler.addOutput(usd(1_000n), market.bob.defaultSubaddress);
    });
    expect(filled.setTombstoneBlock(200n)).toBe(120n);
    market.world.validate(tx);
  });

  test("is bounded by the expiry of a Fog key, and writes memos without a fee", () => {
    const carol = AccountKey.random(market.world.random, {
      reportUrl: "fog://fog.example",
      reportId: "",
      authoritySpki: new Uint8Array([1]),
    });
    const builder = new SignedContingentInputBuilder({
      blockVersion: V3,
      credentials: market.world.credentials(market.dollars),
      memoBuilder: new RthMemoBuilder({ destinationMemo: true }),
      fogResolver: { resolve: () => ({ ingressPublicKey: Point.BASE, expiry: 140n }) },
    });
    builder.addRequiredOutput(mob(6n), carol.defaultSubaddress);
    const change = builder.addRequiredChangeOutput(mob(7n), reservedSubaddresses(market.alice));
    expect(parseMemo(decryptMemo(change.txOut.eMemo, change.sharedSecret))).toMatchObject({
      kind: "destination",
      fee: 0n,
      totalOutlay: 6n,
      recipientHash: shortAddressHash(carol.defaultSubaddress),
    });
    const sci = market.sign(builder);
    expect(sci.txIn.inputRules!.maxTombstoneBlock).toBe(140n);
    validateSignedContingentInput(sci);
  });

  test("two offers that demand the same output share it", () => {
    const first = market.wholeOffer();
    const euros = market.world.fund(market.alice, { value: 70n, tokenId: 2n });
    const second = market.sign(
      new SignedContingentInputBuilder({
        blockVersion: V3,
        credentials: market.world.credentials(euros),
        random: market.world.random,
      }),
    );
    const same = withRules(second, { requiredOutputs: first.txIn.inputRules!.requiredOutputs });
    const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE, random: market.world.random });
    builder.addPresignedInput(market.withProofs(first));
    builder.addPresignedInput(
      market.withProofs({ ...same, requiredOutputAmounts: first.requiredOutputAmounts }),
    );
    expect(builder.buildUnsigned().txPrefix.outputs.length).toBe(1);
  });

  test("added raw, brings no outputs and is checked by nobody but the network", () => {
    const { tx } = market.fill(0n, (builder) => {
      builder.addPresignedInputRaw(market.withProofs(market.wholeOffer()));
      builder.addOutput(usd(1_000n), market.bob.defaultSubaddress);
    });
    expect(rejections(() => market.world.validate(tx))).toEqual([
      "validation: InputRule",
      "inputRule: MissingRequiredOutput",
    ]);
  });

  test("alone makes no transaction: one input must sign it", () => {
    const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE });
    builder.addPresignedInput(market.withProofs(market.wholeOffer()));
    expect(rejections(() => builder.build())).toEqual([
      "builder: RingSignatureFailed",
      "ringCt: AllRingsPresigned",
    ]);
  });
});

describe("an offer that fills in part", () => {
  test.each(
    OFFER_VERSIONS.flatMap((version) => [
      [version, "all of it", 0n, 1_000n, 5_000n] as const,
      [version, "a third", 667n, 333n, 1_665n] as const,
      [version, "nothing", 1_000n, 0n, 0n] as const,
    ]),
  )("makes a valid transaction at block version %i with %s", (version, _name, returned, taken, price) => {
    market = new Market(version);
    const received = signedContingentInputCodec.decode(
      signedContingentInputCodec.encode(market.partialOffer()),
    );
    validateSignedContingentInput(received);
    expect(sciBalance(received, taken)).toEqual([
      { tokenId: MOB, value: price },
      { tokenId: USD, value: -taken },
    ]);
    const { tx } = market.fill(price, (builder) => {
      const paid = builder.addPresignedPartialFillInput(market.withProofs(received), usd(returned));
      expect(paid).toEqual([mob(price)]);
      builder.addOutput(usd(taken), market.bob.defaultSubaddress);
    });
    market.world.validate(tx);
    const toAlice = tx.prefix.outputs.flatMap((txOut) => {
      const match = matchViewKey(txOut, market.alice.viewPrivateKey);
      return match.matches ? [{ value: match.amount.value, tokenId: match.amount.tokenId }] : [];
    });
    expect(toAlice.toSorted((a, b) => Number(a.tokenId - b.tokenId))).toEqual([mob(price), usd(returned)]);
  });

  test("re-masks fractional outputs with the same amount shared secret and blinding", () => {
    const sci = market.partialOffer();
    const rules = sci.txIn.inputRules!;
    const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE, random: market.world.random });
    builder.addPresignedPartialFillInput(market.withProofs(sci), usd(700n));
    const { txPrefix, txOutUnblindingData } = builder.buildUnsigned();
    for (const original of [...rules.partialFillOutputs, rules.partialFillChange!]) {
      const index = txPrefix.outputs.findIndex(
        ({ publicKey }) => compareBytes(publicKey, original.txOut.publicKey) === 0,
      );
      const { maskedAmount, ...rest } = txPrefix.outputs[index]!;
      const { maskedAmount: _whole, ...originalRest } = original.txOut;
      expect(rest).toEqual(originalRest);
      expect(maskedAmount).toMatchObject({ version: 2 });
      const amount = recoverAmountWithAmountSharedSecret(maskedAmount!, original.amountSharedSecret);
      expect(amount.blinding.equals(revealAmount(original).blinding)).toBe(true);
      expect(txOutUnblindingData[index]).toEqual({
        unmaskedAmount: amount,
        address: undefined,
        txPrivateKey: undefined,
      });
    }
  });

  test("respects the least fill at both ends", () => {
    const sci = market.withProofs(market.partialOffer(300n));
    const { tx } = market.fill(1_500n, (builder) => {
      builder.addPresignedPartialFillInput(sci, usd(700n));
      builder.addOutput(usd(300n), market.bob.defaultSubaddress);
    });
    market.world.validate(tx);
    const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE });
    expect(rejections(() => builder.addPresignedPartialFillInput(sci, usd(701n)))).toEqual(
      code("ChangeLimitExceeded"),
    );
  });

  test("never costs the signer more than their price, whatever part is taken", () => {
    const price = 4_999n;
    const sci = market.partialOffer(0n, price);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1_000n }), (taken) => {
        const [inMob, inUsd] = sciBalance(sci, taken);
        expect(inUsd).toEqual({ tokenId: USD, value: -taken });
        const cost = inMob!.value * 1_000n - price * taken;
        expect(cost >= 0n && cost < 1_000n).toBe(true);
        const builder = new TransactionBuilder({ blockVersion: V3, fee: FEE, random: market.world.random });
        const paid = builder.addPresignedPartialFillInput(market.withProofs(sci), usd(1_000n - taken));
        expect(paid).toEqual([mob(inMob!.value)]);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what the SCI builder refuses", () => {
  test("MissingProofs at creation", () => {
    const credentials = market.world.credentials(market.dollars);
    const wrong = { ...credentials, proofs: credentials.proofs.slice(1) };
    expect(
      thrown(() => new SignedContingentInputBuilder({ blockVersion: V3, credentials: wrong })),
    ).toMatchObject({ area: "sci", code: "MissingProofs", data: { ringSize: 11, proofs: 10 } });
  });

  test("Memo: a memo builder that has written its fee", () => {
    const memoBuilder = new GiftCodeSenderMemoBuilder("");
    memoBuilder.memoForChange(mob(1n));
    const credentials = market.world.credentials(market.dollars);
    expect(
      rejections(() => new SignedContingentInputBuilder({ blockVersion: V3, credentials, memoBuilder })),
    ).toEqual(["sci: Memo", "memoBuilder: FeeAfterChange"]);
  });

  test("destination memos of another token than MOB", () => {
    const builder = new SignedContingentInputBuilder({
      blockVersion: V3,
      credentials: market.world.credentials(market.dollars),
      memoBuilder: new RthMemoBuilder({ destinationMemo: true }),
    });
    const change = () => builder.addRequiredChangeOutput(usd(7n), reservedSubaddresses(market.alice));
    expect(rejections(change)).toEqual(["builder: NewTx", "txOut: Memo", "memoBuilder: MixedTokenIds"]);
  });

  test("BlockVersionTooOld and BlockVersionTooNew when built", () => {
    for (const [version, expected] of [
      [2, "BlockVersionTooOld"],
      [5, "BlockVersionTooNew"],
    ] as const) {
      const builder = market.offer(version as BlockVersion);
      expect(rejections(() => market.sign(builder))).toEqual(code(expected));
    }
  });

  test("FeatureNotSupportedAtBlockVersion: partial fills before block version 3", () => {
    const builder = market.offer(blockVersion(2));
    const address = market.alice.defaultSubaddress;
    for (const add of [
      () => builder.addPartialFillOutput(mob(1n), address),
      () => builder.addPartialFillChange(mob(1n), reservedSubaddresses(market.alice)),
    ]) {
      expect(thrown(add)).toMatchObject({
        area: "sci",
        code: "FeatureNotSupportedAtBlockVersion",
        data: { version: 2, feature: "partial fills" },
      });
    }
  });

  test("AlreadyHavePartialFillChange", () => {
    const builder = market.offer();
    const add = () => builder.addPartialFillChange(mob(1n), reservedSubaddresses(market.alice));
    add();
    expect(rejections(add)).toEqual(code("AlreadyHavePartialFillChange"));
  });

  test("Signer: a signer without the keys", () => {
    expect(rejections(() => market.offer().build(new LocalRingSigner()))).toEqual([
      "builder: Signer",
      "ringSigner: NoPathToSpendKey",
    ]);
  });
});

describe("what validation of an offer refuses", () => {
  const refuses = (sci: SignedContingentInput, ...expected: string[]) =>
    expect(rejections(() => validateSignedContingentInput(sci))).toEqual(expected);

  test("WrongNumberOfGlobalIndices, before everything", () => {
    const sci = market.wholeOffer();
    const unruled = { ...sci, txIn: { ...sci.txIn, inputRules: undefined } };
    refuses({ ...unruled, txOutGlobalIndices: [] }, "sci: WrongNumberOfGlobalIndices");
    refuses(unruled, "sci: MissingRules");
  });

  test("TxOutConversion: a ring member without an amount, before the signature", () => {
    const sci = market.wholeOffer();
    const [first, ...others] = sci.txIn.ring;
    const ring = [{ ...first!, maskedAmount: undefined }, ...others];
    refuses(
      { ...sci, txIn: { ...sci.txIn, ring } },
      "sci: TxOutConversion",
      "txOut: UnknownMaskedAmountVersion",
    );
  });

  test("RingSignature: anything signed that was altered, an empty ring", () => {
    const sci = market.partialOffer();
    const invalid = ["sci: RingSignature", "ring-signature: InvalidSignature"];
    refuses(withRules(sci, { maxTombstoneBlock: 1n }), ...invalid);
    refuses(withRules(sci, { minPartialFillValue: 1n }), ...invalid);
    refuses(withRules(sci, { partialFillOutputs: [] }), ...invalid);
    refuses({ ...sci, pseudoOutputAmount: { ...sci.pseudoOutputAmount, value: 1_001n } }, ...invalid);
    refuses(
      { ...sci, txIn: { ...sci.txIn, ring: [] }, txOutGlobalIndices: [] },
      "sci: RingSignature",
      "ring-signature: EmptyRing",
    );
  });

  test("WrongNumberOfRequiredOutputAmounts and RequiredOutputMismatch", () => {
    const sci = market.wholeOffer();
    const [amount] = sci.requiredOutputAmounts;
    refuses({ ...sci, requiredOutputAmounts: [] }, "sci: WrongNumberOfRequiredOutputAmounts");
    for (const wrong of [
      { ...amount!, value: 1n },
      { ...amount!, tokenId: 7n },
      { ...amount!, blinding: Scalar.ONE },
    ]) {
      refuses({ ...sci, requiredOutputAmounts: [wrong] }, "sci: RequiredOutputMismatch");
    }
  });

  /** An offer with rules that no builder makes, signed all the same. */
  function signedWith(rules: Partial<InputRules>): SignedContingentInput {
    const sci = withRules(market.wholeOffer(), { requiredOutputs: [], ...rules });
    const credentials = { ...market.world.credentials(market.dollars), ring: sci.txIn.ring };
    const realIndex = sci.txIn.ring.findIndex((txOut) => txOutEquals(txOut, market.dollars.txOut));
    const mlsag = new LocalRingSigner(market.alice).sign(
      txInSignedDigest(sci.txIn)!,
      signableRing({ ...credentials, realIndex }),
      sci.pseudoOutputAmount.blinding,
    );
    return { ...sci, mlsag, requiredOutputAmounts: [] };
  }

  test("TxOutConversion: a required output without an amount", () => {
    const [output] = market.wholeOffer().txIn.inputRules!.requiredOutputs;
    const sci = signedWith({ requiredOutputs: [{ ...output!, maskedAmount: undefined }] });
    const amounts = market.wholeOffer().requiredOutputAmounts;
    refuses({ ...sci, requiredOutputAmounts: amounts }, "sci: TxOutConversion");
  });

  test("partial fill rules that make no sense", () => {
    const { partialFillChange, partialFillOutputs } = market.partialOffer().txIn.inputRules!;
    const [output] = partialFillOutputs;
    refuses(signedWith({ partialFillOutputs }), "sci: MissingPartialFillChange");
    refuses(signedWith({ minPartialFillValue: 1n }), "sci: MissingPartialFillChange");
    refuses(
      signedWith({ partialFillChange, minPartialFillValue: 1_001n }),
      "sci: MinPartialFillValueExceedsPartialChange",
    );
    refuses(
      signedWith({ partialFillChange: remasked(partialFillChange!, 0n) }),
      "sci: ZeroPartialFillChange",
    );
    refuses(
      signedWith({ partialFillChange, partialFillOutputs: [remasked(output!, 0n)] }),
      "sci: ZeroPartialFillOutput",
    );
    const short = { ...partialFillChange!, amountSharedSecret: new Uint8Array(31) };
    refuses(
      signedWith({ partialFillChange: short }),
      "sci: RevealedTxOut",
      "revealedTxOut: InvalidAmountSharedSecret",
    );
    const wrong = { ...output!, amountSharedSecret: new Uint8Array(32) };
    refuses(
      signedWith({ partialFillChange, partialFillOutputs: [wrong] }),
      "sci: RevealedTxOut",
      "revealedTxOut: Amount",
      "amount: InconsistentCommitment",
    );
    validateSignedContingentInput(signedWith({ partialFillChange, minPartialFillValue: 1_000n }));
  });

  test("an offer withdrawn by spending its output has the key image of that spend", () => {
    const sci = market.wholeOffer();
    const { world, alice } = market;
    const builder = new TransactionBuilder({
      blockVersion: V3,
      fee: { value: 100n, tokenId: USD },
      random: world.random,
    });
    builder.addInput(world.credentials(market.dollars));
    builder.addChangeOutput(usd(900n), reservedSubaddresses(alice));
    const tx = builder.build(new LocalRingSigner(alice));
    expect(tx.signature.ringSignatures[0]!.keyImage).toEqual(sciKeyImage(sci));
  });
});

describe("what filling an offer refuses", () => {
  const builder = (version: BlockVersion = V3) => new TransactionBuilder({ blockVersion: version, fee: FEE });
  const fillWhole = (sci: SignedContingentInput, version?: BlockVersion) =>
    rejections(() => builder(version).addPresignedInput(sci));
  const fillPart = (sci: SignedContingentInput, change = usd(1n), version?: BlockVersion) =>
    rejections(() => builder(version).addPresignedPartialFillInput(sci, change));

  test("PartialFillInputNotAllowedHere: any partial fill rule", () => {
    const { partialFillChange, partialFillOutputs } = market.partialOffer().txIn.inputRules!;
    for (const rules of [{ partialFillChange }, { partialFillOutputs }, { minPartialFillValue: 1n }]) {
      const sci = withRules({ ...market.wholeOffer(), blockVersion: 9 }, rules);
      expect(fillWhole(sci)).toEqual(code("PartialFillInputNotAllowedHere"));
    }
  });

  test("BlockVersionMismatch, then MissingProofs, MissingRules, WrongNumberOfRequiredOutputAmounts", () => {
    const bare = market.wholeOffer();
    const unruled = { ...bare, txIn: { ...bare.txIn, inputRules: undefined } };
    expect(fillWhole(unruled, blockVersion(4))).toEqual(code("BlockVersionMismatch"));
    expect(fillWhole(unruled)).toEqual(code("MissingProofs"));
    expect(fillWhole(market.withProofs(unruled))).toEqual(code("MissingRules"));
    expect(fillWhole({ ...market.withProofs(bare), requiredOutputAmounts: [] })).toEqual(
      code("WrongNumberOfRequiredOutputAmounts"),
    );
  });

  test("partial fills, in order", () => {
    const bare = market.partialOffer(10n);
    const sci = market.withProofs(bare);
    const unruled = { ...sci, txIn: { ...sci.txIn, inputRules: undefined } };
    const change = sci.txIn.inputRules!.partialFillChange!;
    const zero = remasked(change, 0n);
    expect(fillPart(bare, usd(1n), blockVersion(2))).toEqual(code("FeatureNotSupportedAtBlockVersion"));
    expect(fillPart({ ...unruled, txIn: { ...unruled.txIn, proofs: [] } })).toEqual(code("MissingProofs"));
    expect(fillPart(unruled)).toEqual(code("MissingRules"));
    expect(fillPart(market.withProofs(market.wholeOffer()))).toEqual(code("MissingPartialFillChange"));
    const hidden = { ...change, amountSharedSecret: new Uint8Array(32) };
    expect(fillPart(withRules(sci, { partialFillChange: hidden }))).toEqual([
      "sci: RevealedTxOut",
      "revealedTxOut: Amount",
      "amount: InconsistentCommitment",
    ]);
    expect(fillPart(withRules(sci, { partialFillChange: zero }))).toEqual(code("ZeroPartialFillChange"));
    expect(fillPart(withRules(sci, { minPartialFillValue: 1_001n }), mob(1n))).toEqual(
      code("MinPartialFillValueExceedsPartialChange"),
    );
    expect(fillPart(sci, mob(1_001n))).toEqual(code("TokenIdMismatch"));
    expect(fillPart(sci, usd(991n))).toEqual(code("ChangeLimitExceeded"));
    const [output] = sci.txIn.inputRules!.partialFillOutputs;
    const secret = { ...output!, amountSharedSecret: new Uint8Array(3) };
    expect(fillPart(withRules(sci, { partialFillOutputs: [secret] }), usd(990n), blockVersion(4))).toEqual([
      "sci: RevealedTxOut",
      "revealedTxOut: InvalidAmountSharedSecret",
    ]);
    expect(fillPart(sci, usd(990n), blockVersion(4))).toEqual(code("BlockVersionMismatch"));
    builder().addPresignedPartialFillInput(sci, usd(990n));
  });

  test("a failed fill leaves the builder as it was", () => {
    const filler = builder(blockVersion(4));
    const sci = market.withProofs(market.partialOffer());
    expect(rejections(() => filler.addPresignedPartialFillInput(sci, usd(1n)))).toEqual(
      code("BlockVersionMismatch"),
    );
    expect(rejections(() => filler.buildUnsigned())).toEqual(["builder: NoInputs"]);
  });

  test("a version 1 amount cannot be revealed", () => {
    const sci = market.withProofs(market.partialOffer());
    const change = sci.txIn.inputRules!.partialFillChange!;
    const { maskedAmount } = maskAmount(1, usd(5n), new Uint8Array(32));
    const old = { ...change, txOut: { ...change.txOut, maskedAmount } };
    expect(fillPart(withRules(sci, { partialFillChange: old }))).toEqual([
      "sci: RevealedTxOut",
      "revealedTxOut: Amount",
      "amount: AmountVersionTooOldForAmountSharedSecret",
    ]);
  });
});

describe("what the balance view refuses", () => {
  test("PartialFillValueTooLarge, ZeroPartialFillChange, MissingRules", () => {
    const partial = market.partialOffer();
    const change = partial.txIn.inputRules!.partialFillChange!;
    expect(rejections(() => sciBalance(partial, 1_001n))).toEqual(code("PartialFillValueTooLarge"));
    expect(rejections(() => sciBalance(market.wholeOffer(), 1n))).toEqual(code("PartialFillValueTooLarge"));
    const zero = withRules(partial, { partialFillChange: remasked(change, 0n) });
    expect(rejections(() => sciBalance(zero, 1n))).toEqual(code("ZeroPartialFillChange"));
    const unruled = { ...partial, txIn: { ...partial.txIn, inputRules: undefined } };
    expect(rejections(() => sciBalance(unruled))).toEqual(code("MissingRules"));
  });
});

/** The revealed output with another value under the same secrets. */
function remasked(output: RevealedTxOut, value: bigint): RevealedTxOut {
  const whole = revealAmount(output);
  const { maskedAmount } = output.txOut;
  return {
    ...output,
    txOut: {
      ...output.txOut,
      maskedAmount: {
        ...maskedAmount!,
        commitment: commit(value, whole.blinding, whole.tokenId).encode(),
        maskedValue: maskedAmount!.maskedValue ^ whole.value ^ value,
      },
    },
  };
}
