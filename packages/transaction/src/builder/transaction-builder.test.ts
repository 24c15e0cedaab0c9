import { AccountKey, shortAddressHash } from "@mobilecoin-ts/account";
import { compareBytes, concat, cryptoBoxDecrypt } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commit } from "../proofs/pedersen.ts";
import { DEFAULT_FEE_MAP, feeMapDigest } from "../tx/fee-map.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { parseMemo } from "../tx-out/memo.ts";
import { GiftCodeSenderMemoBuilder } from "../tx-out/memo-builders/gift-code-sender-memo-builder.ts";
import { RthMemoBuilder } from "../tx-out/memo-builders/rth-memo-builder.ts";
import { decryptMemo } from "../tx-out/memo-encryption.ts";
import { validateSenderMemo } from "../tx-out/sender-memo.ts";
import { rejection } from "../tx-out/testing.ts";
import { matchViewKey } from "../tx-out/view-key-match.ts";
import type { FogResolver } from "./fog-resolver.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { SignedContingentInputBuilder } from "./sci-builder.ts";
import { withMembershipProofs } from "./signed-contingent-input.ts";
import { rejections, thrown } from "./testing-rejection.ts";
import { seededRandom, TestWorld } from "./testing-world.ts";
import { TransactionBuilder, type TransactionBuilderOptions } from "./transaction-builder.ts";

const FEE = { value: DEFAULT_MINIMUM_FEE, tokenId: 0n };
const mob = (value: bigint) => ({ value, tokenId: 0n });
const VERSIONS = [0, 1, 2, 3, 4].map(blockVersion);

describe("a payment with change", () => {
  test.each(VERSIONS)("validates at block version %i", (version) => {
    const world = new TestWorld(version, "payment");
    const alice = world.account();
    const ingress = Scalar.random(world.random);
    const fogResolver: FogResolver = {
      resolve: () => ({ ingressPublicKey: Point.multiplyBase(ingress), expiry: 150n }),
    };
    const bob = AccountKey.random(world.random, {
      reportUrl: "fog://fog.example",
      reportId: "",
      authoritySpki: new Uint8Array([1, 2, 3]),
    });
    const builder = new TransactionBuilder({
      blockVersion: version,
      fee: FEE,
      feeMap: DEFAULT_FEE_MAP,
      fogResolver,
      random: world.random,
      memoBuilder: new RthMemoBuilder({
        senderCredential: {
          addressHash: shortAddressHash(alice.defaultSubaddress),
          subaddressSpendPrivateKey: alice.subaddressSpendPrivateKey(0n),
        },
        destinationMemo: true,
      }),
    });
    for (const value of [3_000_000_000n, 2_000_000_000n]) {
      builder.addInput(world.credentials(world.fund(alice, mob(value))));
    }
    expect(builder.setTombstoneBlock(200n)).toBe(200n);
    const paid = builder.addOutput(mob(1_500_000_000n), bob.defaultSubaddress);
    expect(builder.tombstoneBlock).toBe(150n);
    expect(builder.setTombstoneBlock(200n)).toBe(150n);
    expect(builder.setTombstoneBlock(140n)).toBe(140n);
    const change = builder.addChangeOutput(mob(3_500_000_000n - FEE.value), reservedSubaddresses(alice));
    const tx = builder.build(new LocalRingSigner(alice));

    world.validate(tx);
    expect(tx.feeMapDigest).toEqual(feeMapDigest(DEFAULT_FEE_MAP));
    const keys = tx.prefix.outputs.map(({ publicKey }) => publicKey);
    expect(keys).toEqual(keys.toSorted(compareBytes));
    expect(matchViewKey(paid.txOut, bob.viewPrivateKey)).toMatchObject({
      matches: true,
      amount: { value: 1_500_000_000n, tokenId: 0n },
    });
    expect(matchViewKey(change.txOut, alice.viewPrivateKey)).toMatchObject({
      matches: true,
      amount: { value: 3_100_000_000n },
    });
    expect(paid.txOut.maskedAmount).toMatchObject({ version: version >= 3 ? 2 : 1 });
    expect(paid.txOut.maskedAmount?.maskedTokenId.length).toBe(version >= 2 ? 8 : 0);
    if (version === 0) {
      expect(paid.txOut.eMemo).toBeUndefined();
    } else {
      const memo = decryptMemo(paid.txOut.eMemo, paid.sharedSecret);
      expect(parseMemo(memo).kind).toBe("authenticatedSender");
      const view = bob.subaddressViewPrivateKey(0n);
      expect(validateSenderMemo(memo, alice.defaultSubaddress, view, paid.txOut.publicKey)).toBe(true);
      expect(parseMemo(decryptMemo(change.txOut.eMemo, change.sharedSecret))).toMatchObject({
        kind: "destination",
        recipientHash: shortAddressHash(bob.defaultSubaddress),
        recipientCount: 1,
        fee: FEE.value,
        totalOutlay: 1_900_000_000n,
      });
    }
  });
});

const V1 = blockVersion(1);
const V2 = blockVersion(2);
const V3 = blockVersion(3);

/** A world, its spender, and a builder of a transaction of one input. */
function setUp(
  version: BlockVersion,
  options: Partial<TransactionBuilderOptions> = {},
  value = 1_000_000_000n,
) {
  const world = new TestWorld(version, "builder", 60);
  const alice = world.account();
  const bob = world.account().defaultSubaddress;
  const tokenId = options.fee?.tokenId ?? 0n;
  const credentials = world.credentials(world.fund(alice, { value, tokenId: version < 2 ? 0n : tokenId }));
  const builder = new TransactionBuilder({
    blockVersion: version,
    fee: FEE,
    random: world.random,
    ...options,
  });
  return { world, alice, bob, credentials, builder, signer: new LocalRingSigner(alice) };
}

describe("what the builder does", () => {
  test("mixes tokens from block version 3 on, the fee in another token than the payment", () => {
    const { world, alice, bob, credentials, builder, signer } = setUp(V3);
    builder.addInput(credentials);
    builder.addInput(world.credentials(world.fund(alice, { value: 55n, tokenId: 8192n })));
    builder.addOutput({ value: 50n, tokenId: 8192n }, bob);
    builder.addOutput({ value: 5n, tokenId: 8192n }, alice.defaultSubaddress);
    builder.addChangeOutput(mob(600_000_000n), reservedSubaddresses(alice));
    builder.setTombstoneBlock(150n);
    const tx = builder.build(signer);
    world.validate(tx);
    expect(tx.signature.rangeProofs.length).toBe(2);
    expect(new Set(tx.signature.outputTokenIds)).toEqual(new Set([0n, 8192n]));
  });

  test("pays the fee in another token than MOB from block version 2 on", () => {
    const fee = { value: 1_024n, tokenId: 1n };
    const { world, bob, credentials, builder, signer } = setUp(V2, { fee }, 5_024n);
    builder.addInput(credentials);
    builder.addOutput({ value: 4_000n, tokenId: 1n }, bob);
    builder.setTombstoneBlock(150n);
    const tx = builder.build(signer);
    expect(tx.prefix).toMatchObject({ fee: 1_024n, feeTokenId: 1n });
    world.validate(tx, V2, 1_024n);
  });

  test("gives the memo builder the fee first, and takes its value from setFee", () => {
    const { alice, bob, builder } = setUp(V3, { memoBuilder: new RthMemoBuilder({ destinationMemo: true }) });
    builder.setFee(500_000_000n);
    expect(builder.fee).toEqual({ value: 500_000_000n, tokenId: 0n });
    builder.addOutput(mob(3n), bob);
    const { txOut, sharedSecret } = builder.addChangeOutput(mob(4n), reservedSubaddresses(alice));
    expect(parseMemo(decryptMemo(txOut.eMemo, sharedSecret))).toMatchObject({
      kind: "destination",
      fee: 500_000_000n,
      totalOutlay: 500_000_003n,
    });
    expect(rejections(() => builder.setFee(1n))).toEqual(["builder: Memo", "memoBuilder: FeeAfterChange"]);
    expect(builder.fee.value).toBe(500_000_000n);
  });

  test("uses the transaction private key it is given", () => {
    const { alice, bob, builder } = setUp(V3);
    const txPrivateKey = Scalar.fromBigInt(77n);
    const spendKey = Point.decode(bob.spendPublicKey);
    const paid = builder.addOutput(mob(1n), bob, { txPrivateKey });
    expect(paid.txOut.publicKey).toEqual(spendKey.multiply(txPrivateKey).encode());
    const gift = builder.addGiftCodeOutput(mob(1n), reservedSubaddresses(alice));
    expect(matchViewKey(gift.txOut, alice.viewPrivateKey)).toMatchObject({ matches: true });
  });

  test("encrypts hints of change and gift codes to the primary address", () => {
    const { world, builder } = setUp(V3);
    const ingress = Scalar.fromBigInt(9n);
    const carol = AccountKey.random(world.random, {
      reportUrl: "fog://fog.example",
      reportId: "",
      authoritySpki: new Uint8Array([1]),
    });
    const asked: Uint8Array[] = [];
    const withFog = new TransactionBuilder({
      blockVersion: V3,
      fee: FEE,
      fogResolver: {
        resolve(address) {
          asked.push(address.viewPublicKey);
          return { ingressPublicKey: Point.multiplyBase(ingress), expiry: 300n };
        },
      },
    });
    const reserved = reservedSubaddresses(carol);
    const hints = [
      withFog.addChangeOutput(mob(1n), reserved),
      withFog.addGiftCodeOutput(mob(1n), reserved),
    ].map(({ txOut }) => cryptoBoxDecrypt(ingress, txOut.eFogHint));
    for (const hint of hints) {
      expect(hint).toEqual({
        authentic: true,
        plaintext: concat(carol.defaultSubaddress.viewPublicKey, Uint8Array.of(0x2a, 0x2a)),
      });
    }
    expect(asked).toEqual([carol.defaultSubaddress.viewPublicKey, carol.defaultSubaddress.viewPublicKey]);
    expect(rejection(() => builder.addChangeOutput(mob(1n), reserved))).toBe("builder: FogPublicKey");
  });

  test("reserved subaddresses can be others than the usual ones", () => {
    const { alice } = setUp(V3);
    const reserved = reservedSubaddresses(alice, { changeIndex: 5n, giftCodeIndex: 6n });
    expect(reserved.changeSubaddress).toEqual(alice.subaddress(5n));
    expect(reserved.giftCodeSubaddress).toEqual(alice.subaddress(6n));
    expect(reserved.primaryAddress).toEqual(alice.defaultSubaddress);
  });

  test("sorts inputs by their first ring member at every block version", () => {
    for (const version of VERSIONS) {
      const { world, alice, builder, credentials } = setUp(version);
      builder.addInput(credentials);
      builder.addInput(world.credentials(world.fund(alice, mob(2n))));
      builder.addInput(world.credentials(world.fund(alice, mob(3n))));
      for (let i = 0; i < 4; i++) builder.addOutput(mob(BigInt(i)), alice.defaultSubaddress);
      const { txPrefix, rings, txOutUnblindingData } = builder.buildUnsigned();
      const firsts = txPrefix.inputs.map(({ ring }) => ring[0]!.publicKey);
      expect(firsts).toEqual(firsts.toSorted(compareBytes));
      const outputs = txPrefix.outputs.map(({ publicKey }) => publicKey);
      expect(outputs).toEqual(outputs.toSorted(compareBytes));
      for (const [index, ring] of rings.entries()) {
        expect(ring.kind === "signable" && ring.ring.members[0]?.publicKey).toEqual(firsts[index]);
      }
      for (const [index, { unmaskedAmount }] of txOutUnblindingData.entries()) {
        const { value, blinding, tokenId } = unmaskedAmount;
        const commitment = txPrefix.outputs[index]?.maskedAmount?.commitment;
        expect(commit(value, blinding, tokenId).encode()).toEqual(commitment);
      }
    }
  });
});

describe("what the builder refuses", () => {
  test("FogPublicKey: no report, with the resolver's reason", () => {
    const cause = new Error("no report");
    const { builder, bob } = setUp(V3, {
      fogResolver: {
        resolve() {
          throw cause;
        },
      },
    });
    const error = thrown(() => builder.addOutput(mob(1n), { ...bob, fogReportUrl: "fog://fog.example" }));
    expect(error).toMatchObject({ area: "builder", code: "FogPublicKey", cause });
  });

  test("MixedTransactionsNotAllowed: an output or input of another token before block version 3", () => {
    const { world, alice, builder, bob } = setUp(V2);
    expect(rejection(() => builder.addOutput({ value: 1n, tokenId: 1n }, bob))).toBe(
      "builder: MixedTransactionsNotAllowed",
    );
    builder.addInput(world.credentials(world.fund(alice, { value: 1n, tokenId: 1n })));
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: MixedTransactionsNotAllowed");
  });

  test("the hint comes before the token, the token before the output", () => {
    const { builder, bob } = setUp(V2);
    const withFog = { ...bob, fogReportUrl: "fog://fog.example" };
    const badKey = { ...bob, viewPublicKey: new Uint8Array(32).fill(255) };
    expect(rejection(() => builder.addOutput({ value: 1n, tokenId: 1n }, withFog))).toBe(
      "builder: FogPublicKey",
    );
    expect(rejection(() => builder.addOutput({ value: 1n, tokenId: 1n }, badKey))).toBe(
      "builder: MixedTransactionsNotAllowed",
    );
    expect(rejection(() => builder.addOutput(mob(1n), badKey))).toBe("builder: KeyError");
  });

  test("NewTx: a memo that is refused, a token before block version 2", () => {
    const memos = setUp(V3, { memoBuilder: new GiftCodeSenderMemoBuilder("") });
    expect(rejections(() => memos.builder.addOutput(mob(1n), memos.bob))).toEqual([
      "builder: NewTx",
      "txOut: Memo",
      "memoBuilder: DestinationMemoNotAllowed",
    ]);
    const tokens = setUp(V1, { fee: { value: 1n, tokenId: 3n } });
    expect(rejections(() => tokens.builder.addOutput({ value: 1n, tokenId: 3n }, tokens.bob))).toEqual([
      "builder: NewTx",
      "txOut: Amount",
      "amount: TokenIdNotSupportedAtBlockVersion",
    ]);
  });

  test("Memo: a fee the memo builder has no room for", () => {
    const options = { fee: mob(1n << 56n), memoBuilder: new GiftCodeSenderMemoBuilder("") };
    expect(rejections(() => setUp(V3, options))).toEqual(["builder: Memo", "memoBuilder: MaxFeeExceeded"]);
  });

  test("BlockVersionTooNew, before anything else", () => {
    const { builder } = setUp(V3, { blockVersion: 5 as BlockVersion });
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: BlockVersionTooNew");
  });

  test("FeatureNotSupportedAtBlockVersion: a fee token before block version 2, before NoInputs", () => {
    const { builder } = setUp(V1, { fee: { value: 1n, tokenId: 3n } });
    expect(thrown(() => builder.buildUnsigned())).toMatchObject({
      code: "FeatureNotSupportedAtBlockVersion",
      data: { version: 1, feature: "nonzero token id" },
    });
  });

  test("NoInputs", () => {
    const { builder } = setUp(V3);
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: NoInputs");
  });

  test("InvalidRingSize: rings of two sizes, or without members", () => {
    const { builder, credentials } = setUp(V3);
    builder.addInput(credentials);
    builder.addInput({ ...credentials, ring: credentials.ring.slice(1) });
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: InvalidRingSize");
    const empty = setUp(V3).builder;
    empty.addInput({ ...credentials, ring: [], proofs: [] });
    expect(rejection(() => empty.buildUnsigned())).toBe("builder: InvalidRingSize");
  });

  test("MissingMembershipProofs", () => {
    const { builder, credentials } = setUp(V3);
    builder.addInput({ ...credentials, proofs: credentials.proofs.slice(1) });
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: MissingMembershipProofs");
  });

  test("TxOutConversion: a ring member without an amount", () => {
    const { builder, credentials } = setUp(V3);
    const [first, ...others] = credentials.ring;
    builder.addInput({ ...credentials, ring: [{ ...first!, maskedAmount: undefined }, ...others] });
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: TxOutConversion");
  });

  test("SignedInputRulesNotAllowed: an offer before block version 3", () => {
    const { world, credentials, signer } = setUp(V3);
    const offer = new SignedContingentInputBuilder({ blockVersion: V3, credentials, random: world.random });
    const sci = withMembershipProofs(offer.build(signer), credentials.proofs);
    const { builder } = setUp(V2);
    builder.addPresignedInputRaw(sci);
    expect(rejection(() => builder.buildUnsigned())).toBe("builder: SignedInputRulesNotAllowed");
  });

  test("RingSignatureFailed: a signer without the keys, or with others", () => {
    const { world, builder, credentials, bob } = setUp(V3);
    builder.addInput(credentials);
    builder.addOutput(mob(600_000_000n), bob);
    expect(rejections(() => builder.build())).toEqual([
      "builder: RingSignatureFailed",
      "ringCt: Signer",
      "ringSigner: NoPathToSpendKey",
    ]);
    expect(rejections(() => builder.build(new LocalRingSigner(world.account())))).toEqual([
      "builder: RingSignatureFailed",
      "ringCt: Signer",
      "ringSigner: TrueInputNotOwned",
    ]);
  });
});

describe("amounts", () => {
  const versions = fc.constantFrom(...VERSIONS);
  const values = fc.array(fc.bigInt({ min: 0n, max: 1n << 60n }), { minLength: 1, maxLength: 3 });

  test("that balance make a valid transaction, whatever they are", () => {
    fc.assert(
      fc.property(versions, values, values, fc.nat(1000), (version, inputs, outputs, seed) => {
        const paid = outputs.reduce((sum, value) => sum + value, FEE.value);
        const brought = inputs.reduce((sum, value) => sum + value, 0n);
        const { world, alice, bob, builder, signer } = setUp(version, { random: seededRandom(seed) });
        for (const value of inputs) builder.addInput(world.credentials(world.fund(alice, mob(value))));
        for (const value of outputs) builder.addOutput(mob(value), bob);
        if (brought < paid) builder.addInput(world.credentials(world.fund(alice, mob(paid - brought))));
        else builder.addChangeOutput(mob(brought - paid), reservedSubaddresses(alice));
        builder.setTombstoneBlock(150n);
        world.validate(builder.build(signer));
      }),
      { numRuns: 8 },
    );
  });

  test("of several tokens that balance each make a valid transaction", () => {
    const tokens = fc.constantFrom(0n, 1n, 8192n, (1n << 64n) - 1n);
    const payments = fc.array(fc.record({ value: fc.bigInt({ min: 0n, max: 1n << 61n }), tokenId: tokens }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.constantFrom(V3, blockVersion(4)), payments, fc.nat(1000), (version, paid, seed) => {
        const { world, alice, bob, builder, signer } = setUp(version, { random: seededRandom(seed) });
        const totals = new Map([[FEE.tokenId, FEE.value]]);
        for (const { value, tokenId } of paid) totals.set(tokenId, (totals.get(tokenId) ?? 0n) + value);
        for (const [tokenId, value] of totals) {
          builder.addInput(world.credentials(world.fund(alice, { value, tokenId })));
        }
        for (const amount of paid) builder.addOutput(amount, bob);
        builder.setTombstoneBlock(150n);
        const tx = builder.build(signer);
        expect(tx.signature.rangeProofs.length).toBe(totals.size);
        world.validate(tx);
      }),
      { numRuns: 6 },
    );
  });

  test("that do not balance are refused when signing", () => {
    fc.assert(
      fc.property(versions, fc.bigInt({ min: -600_000_000n, max: 1n << 40n }), (version, error) => {
        fc.pre(error !== 0n);
        const { builder, bob, credentials, signer } = setUp(version);
        builder.addInput(credentials);
        builder.addOutput(mob(600_000_000n + error), bob);
        expect(rejections(() => builder.build(signer))).toEqual([
          "builder: RingSignatureFailed",
          "ringCt: ValueNotConserved",
        ]);
      }),
      { numRuns: 10 },
    );
  });

  test("that balance over all tokens but not in each are refused", () => {
    const { world, alice, bob, builder, credentials, signer } = setUp(V3);
    builder.addInput(credentials);
    builder.addInput(world.credentials(world.fund(alice, { value: 10n, tokenId: 1n })));
    builder.addOutput(mob(600_000_010n), bob);
    expect(rejections(() => builder.build(signer))).toEqual([
      "builder: RingSignatureFailed",
      "ringCt: ValueNotConserved",
    ]);
  });
});
