import { GIFT_CODE_SUBADDRESS } from "@mobilecoin-ts/account";
import { describe, expect, test } from "vitest";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { type BlockVersion, blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { giftCodeShortHash, txOutGiftCodeCodec } from "../tx-out/gift-code.ts";
import { parseMemo } from "../tx-out/memo.ts";
import { decryptMemo } from "../tx-out/memo-encryption.ts";
import type { BuiltOutput } from "./built-output.ts";
import {
  giftCodeCredentials,
  giftCodeOf,
  prepareGiftCode,
  prepareGiftCodeCancellation,
  prepareGiftCodeRedemption,
} from "./gift-code-flows.ts";
import { inputCredentials } from "./input-credentials.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { rejections } from "./testing-rejection.ts";
import { TestWorld } from "./testing-world.ts";

const FEE = DEFAULT_MINIMUM_FEE;
const mob = (value: bigint) => ({ value, tokenId: 0n });
const memoOf = ({ txOut, sharedSecret }: BuiltOutput) => parseMemo(decryptMemo(txOut.eMemo, sharedSecret));

/** A gift of 5·10^9 units in the ledger, its memo with change. */
function funded(version: BlockVersion) {
  const world = new TestWorld(version, "gift");
  const [funder, redeemer] = [world.account(), world.account()];
  const prepared = prepareGiftCode({
    blockVersion: version,
    fee: mob(FEE),
    note: "for Dora",
    inputs: [world.credentials(world.fund(funder, mob(6_000_000_000n)))],
    giftValue: 5_000_000_000n,
    reserved: reservedSubaddresses(funder),
    random: world.random,
  });
  prepared.builder.setTombstoneBlock(150n);
  const tx = prepared.builder.build(new LocalRingSigner(funder));
  world.validate(tx);
  const giftIndex = world.ledger.append(prepared.gift.txOut);
  return { world, funder, redeemer, ...prepared, giftIndex };
}

describe("gift codes", () => {
  test.each([1, 2, 3, 4].map(blockVersion))("are funded and redeemed at block version %i", (version) => {
    const { world, funder, redeemer, gift, change, giftIndex } = funded(version);
    expect(memoOf(gift).kind).toBe("unused");
    expect(memoOf(change)).toEqual({
      kind: "giftCodeFunding",
      giftCodeHash: giftCodeShortHash(gift.txOut.publicKey),
      fee: FEE,
      note: "for Dora",
    });

    const code = txOutGiftCodeCodec.decode(
      txOutGiftCodeCodec.encode(giftCodeOf(gift, BigInt(giftIndex), funder)),
    );
    const found = world.ring(Number(code.globalIndex));
    const redemption = prepareGiftCodeRedemption({
      blockVersion: version,
      fee: FEE,
      credentials: giftCodeCredentials(code, found.ring, found.proofs, found.realIndex),
      reserved: reservedSubaddresses(redeemer),
      note: "thanks",
      random: world.random,
    });
    redemption.builder.setTombstoneBlock(150n);
    // The code holds the key: no account signs.
    world.validate(redemption.builder.build());
    expect(memoOf(redemption.change)).toEqual({ kind: "giftCodeSender", fee: FEE, note: "thanks" });
  });

  test("are taken back by the funder, who has the same key image to burn", () => {
    const { world, funder, gift, giftIndex } = funded(blockVersion(3));
    const code = giftCodeOf(gift, BigInt(giftIndex), funder);
    const cancel = (credentials: ReturnType<typeof inputCredentials>) => {
      const { builder, change } = prepareGiftCodeCancellation({
        blockVersion: world.blockVersion,
        fee: FEE,
        credentials,
        reserved: reservedSubaddresses(funder),
        globalIndex: BigInt(giftIndex),
        random: world.random,
      });
      builder.setTombstoneBlock(150n);
      const tx = builder.build(new LocalRingSigner(funder));
      world.validate(tx);
      expect(memoOf(change)).toEqual({
        kind: "giftCodeCancellation",
        globalIndex: BigInt(giftIndex),
        fee: FEE,
      });
      return tx.signature.ringSignatures[0]!.keyImage;
    };
    const byKeys = inputCredentials({
      ...world.ring(giftIndex),
      onetimeKeyDeriveData: { kind: "subaddressIndex", index: GIFT_CODE_SUBADDRESS },
      opening: { viewPrivateKey: funder.viewPrivateKey },
    });
    const { ring, proofs, realIndex } = world.ring(giftIndex);
    expect(cancel(byKeys)).toEqual(cancel(giftCodeCredentials(code, ring, proofs, realIndex)));
  });

  test("BadAmount: the output at the index is another one", () => {
    const { world, funder, gift, giftIndex } = funded(blockVersion(3));
    const { ring, proofs } = world.ring(giftIndex, 3);
    const code = giftCodeOf(gift, BigInt(giftIndex), funder);
    expect(rejections(() => giftCodeCredentials(code, ring, proofs, 4))[0]).toBe("builder: BadAmount");
  });

  test("InsufficientFunds, and BadInputs for notes that are too long", () => {
    const { world, funder, redeemer } = funded(blockVersion(3));
    const small = world.credentials(world.fund(funder, mob(FEE - 1n)));
    const fund = (giftValue: bigint, note: string) =>
      prepareGiftCode({
        blockVersion: world.blockVersion,
        fee: mob(FEE),
        note,
        inputs: [small],
        giftValue,
        reserved: reservedSubaddresses(funder),
      });
    const redeem = (fee: bigint, note: string) =>
      prepareGiftCodeRedemption({
        blockVersion: world.blockVersion,
        fee,
        note,
        credentials: small,
        reserved: reservedSubaddresses(redeemer),
      });
    expect(rejections(() => fund(0n, ""))).toEqual(["giftCode: InsufficientFunds"]);
    expect(rejections(() => redeem(FEE, ""))).toEqual(["giftCode: InsufficientFunds"]);
    expect(rejections(() => redeem(1n, "x".repeat(58)))[0]).toBe("memoBuilder: BadInputs");
    expect(redeem(FEE - 1n, "x".repeat(57)).builder.fee.value).toBe(FEE - 1n);
  });
});
