import { AccountKey, shortAddressHash } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import { DEFAULT_FEE_MAP, feeMapDigest } from "../tx/fee-map.ts";
import { LocalRingSigner } from "../tx/ring-signer.ts";
import { blockVersion } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE } from "../tx-out/constants.ts";
import { parseMemo } from "../tx-out/memo.ts";
import { RthMemoBuilder } from "../tx-out/memo-builders/rth-memo-builder.ts";
import { decryptMemo } from "../tx-out/memo-encryption.ts";
import { validateSenderMemo } from "../tx-out/sender-memo.ts";
import { matchViewKey } from "../tx-out/view-key-match.ts";
import type { FogResolver } from "./fog-resolver.ts";
import { reservedSubaddresses } from "./reserved-subaddresses.ts";
import { TestWorld } from "./testing-world.ts";
import { TransactionBuilder } from "./transaction-builder.ts";

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
