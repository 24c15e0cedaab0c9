import { AccountKey } from "@mobilecoin-ts/account";
import { bytesToHex, Hc128Rng } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { blockVersion, createTxOut, fakeFogHint, matchViewKey } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { makeOriginBlock } from "./block.ts";
import { sampleBlocks, sampleLedger, testQuorumNode } from "./sample-ledger.ts";
import { verifyChain } from "./verify-chain.ts";

const rng = (byte: number) => new Hc128Rng(new Uint8Array(32).fill(byte));
const drawing = (random: Hc128Rng) => (length: number) => random.bytes(length);

function accounts(count: number): AccountKey[] {
  const draw = drawing(rng(12));
  return Array.from({ length: count }, () => AccountKey.random(draw));
}

// 03 section 5.3: the hashes fixed in the reference's digest tests.
const ORIGIN_ID = "efd4fe0e638e780aa22bf011ae696ca958597d39fb3b0522c6bafcf3cda88416";
const ORIGIN_CONTENTS = "046d2361f30a260fafb24308c5555566ee3333e2642875cb486f271d508a7df8";
const LATER_CONTENTS = {
  0: [
    "cbf507db01d246d25d6d87fbbc0a789b6cf01200599c128f8808a9611996b22e",
    "36c01f61b885fc4d3ab3e4fbab7e9e4b20545272730fa26ffca6b307b577b1bb",
    "ec3c802dc773d0c72052e6c1127f8bdd70a5bf7408df5806f74deef2b91c3b69",
  ],
  1: [
    "7e5201283b04c68aafa4f5253d57e4a7b3a40d97a5dbb1bc1e4274f22ed894b5",
    "afcb3b452f6a6e5cff8220e8c099ca2e71bab5f8541fe985a2ed530a171ada20",
    "a6b49488a6f8e8f3b353e423adc17e8b1a50ae51735828347c62b8fb47fd9874",
  ],
} as const;

function referenceOrigin() {
  const random = rng(11);
  const draw = drawing(random);
  const outputs = accounts(5).map((account) => {
    const value = BigInt(random.nextU32());
    const txPrivateKey = Scalar.random(draw);
    return createTxOut({
      blockVersion: blockVersion(0),
      amount: { value, tokenId: 0n },
      recipient: account.defaultSubaddress,
      eFogHint: fakeFogHint(draw),
      txPrivateKey,
    }).txOut;
  });
  return makeOriginBlock(outputs);
}

describe("sample ledgers", () => {
  test("give the reference's origin block", () => {
    const { block } = referenceOrigin();
    expect(bytesToHex(block.contentsHash)).toBe(ORIGIN_CONTENTS);
    expect(bytesToHex(block.id)).toBe(ORIGIN_ID);
  });

  test.each([0, 1] as const)("give the reference's later blocks at version %i", (version) => {
    const blocks = [
      ...sampleBlocks({
        blockVersion: blockVersion(version),
        blockCount: 3,
        recipients: accounts(5).map((account) => account.defaultSubaddress),
        tokenCount: 1,
        outputsPerRecipient: 5,
        amount: 50n,
        random: rng(10),
        previous: referenceOrigin().block,
      }),
    ];
    expect(blocks.map(({ block }) => bytesToHex(block.contentsHash))).toEqual([...LATER_CONTENTS[version]]);
  });

  test("are the same for the same seed, valid, and belong to the recipients", async () => {
    const [alice, bob] = accounts(2) as [AccountKey, AccountKey];
    const recipients = [alice.defaultSubaddress, bob.defaultSubaddress];
    const options = { recipients, outputsPerRecipient: 2, blockCount: 2, maxTokenId: 1 };
    const blocks = [...sampleLedger(options)];
    expect([...sampleLedger(options)]).toEqual(blocks);
    expect([...sampleLedger({ ...options, seed: new Uint8Array(32) })]).not.toEqual(blocks);

    const summary = await verifyChain(blocks);
    expect([summary.blocks, summary.txOuts, summary.keyImages, summary.signatures]).toEqual([2, 16, 1, 2]);
    expect(blocks.map(({ block }) => block.version)).toEqual([0, 3]);
    const matches = blocks[1]!.contents.outputs.map((output) => matchViewKey(output, alice.viewPrivateKey));
    expect(matches.map(({ matches: own }) => own)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    const amounts = matches.flatMap((match) =>
      match.matches ? [[match.amount.value, match.amount.tokenId]] : [],
    );
    const share = (250_000_000n / 16n) * 10n ** 12n;
    expect(amounts).toEqual([0n, 1n, 0n, 1n].map((tokenId) => [share, tokenId]));
  });

  test("need sixteen outputs", () => {
    const recipients = [accounts(1)[0]!.defaultSubaddress];
    expect(() => sampleLedger({ recipients, outputsPerRecipient: 15 })).toThrow(RangeError);
  });

  test("name the reference's test nodes", () => {
    expect(testQuorumNode(2)).toEqual({
      responderId: "node2.test.com:8443",
      publicKey: expect.toSatisfy(
        (key: Uint8Array) =>
          bytesToHex(key) === "f42e79277504bd2bbf2f82201fa2cf4398315035256c404ce4c97d14eed055ab",
      ),
    });
  });
});
