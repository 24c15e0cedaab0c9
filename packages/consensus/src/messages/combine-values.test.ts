import { bytesToHex, u64le } from "@mobilecoin-ts/crypto";
import type { MintConfig, MintConfigTx, MintTx } from "@mobilecoin-ts/transaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CombinableTx, type CombineLookups, combineValues } from "./combine-values.ts";
import type { ConsensusValue } from "./consensus-value.ts";

const tagged = (tag: number, number: number) => {
  const bytes = new Uint8Array(32).fill(tag);
  bytes.set(u64le(BigInt(number)).reverse());
  return bytes;
};

const hash = (number: number) => tagged(1, number);
const txValue = (txHash: Uint8Array): ConsensusValue => ({ kind: "txHash", hash: txHash });

function tx(number: number, priority: number, keyImages = [number], outputs = [number]): CombinableTx {
  return {
    txHash: hash(number),
    priority: BigInt(priority),
    keyImages: keyImages.map((image) => tagged(2, image)),
    outputPublicKeys: outputs.map((output) => tagged(3, output)),
  };
}

function lookups(
  txs: readonly CombinableTx[],
  configs: (tx: MintTx) => MintConfig | undefined,
): CombineLookups {
  const byHash = new Map(txs.map((any) => [bytesToHex(any.txHash), any]));
  return { txOf: (wanted) => byHash.get(bytesToHex(wanted)), mintConfigOf: configs };
}

const noMints = () => undefined;

function combineTxs(txs: readonly CombinableTx[]): number[] | undefined {
  const combined = combineValues(
    txs.map(({ txHash }) => txValue(txHash)),
    lookups(txs, noMints),
  );
  return combined?.map((value) =>
    txs.findIndex(({ txHash }) => value.kind === "txHash" && value.hash === txHash),
  );
}

function mintTx(nonce: number, amount = 1, tokenId = 1): MintTx {
  return {
    prefix: {
      tokenId: BigInt(tokenId),
      amount: BigInt(amount),
      viewPublicKey: tagged(4, 0),
      spendPublicKey: tagged(5, 0),
      nonce: new Uint8Array(64).fill(nonce),
      tombstoneBlock: 10n,
      eFogHint: undefined,
    },
    signature: [],
  };
}

function mintConfigTx(nonce: number, totalMintLimit = 1, tokenId = 1): MintConfigTx {
  const prefix = {
    tokenId: BigInt(tokenId),
    configs: [],
    nonce: new Uint8Array(64).fill(nonce),
    tombstoneBlock: 10n,
  };
  return { prefix: { ...prefix, totalMintLimit: BigInt(totalMintLimit) }, signature: [] };
}

const configOf = (limit: number): MintConfig => ({
  tokenId: 1n,
  signerSet: { individualSigners: [], multiSigners: [], threshold: 1 },
  mintLimit: BigInt(limit),
});

/** A configuration of its own for every mint, so that none stands in another's way. */
const ownConfig = ({ prefix }: MintTx) => configOf(1000 * Number(prefix.tokenId) + prefix.nonce[0]!);

const mints = (txs: readonly MintTx[]) => txs.map((any): ConsensusValue => ({ kind: "mintTx", tx: any }));
const mintConfigs = (txs: readonly MintConfigTx[]) =>
  txs.map((any): ConsensusValue => ({ kind: "mintConfigTx", tx: any }));

describe("combineValues", () => {
  it("orders transactions by priority, highest first, then by hash", () => {
    expect(combineTxs([tx(3, 5), tx(1, 5), tx(2, 9), tx(4, 1)])).toEqual([2, 1, 0, 3]);
  });

  it("takes a transaction that is named twice once", () => {
    const one = tx(1, 5);
    const values = [txValue(one.txHash), txValue(one.txHash.slice())];
    expect(combineValues(values, lookups([one], noMints))).toHaveLength(1);
  });

  it("skips a transaction that shares a key image or an output key with one before it, and only those", () => {
    // The second shares an image with the first, and the third an output with the second, which is not kept.
    expect(
      combineTxs([tx(1, 9, [1, 2]), tx(2, 8, [2], [7]), tx(3, 7, [3], [7]), tx(4, 6, [4], [7])]),
    ).toEqual([0, 2]);
  });

  it("keeps 5000 transactions at most", () => {
    const txs = Array.from({ length: 5001 }, (_, i) => tx(i, i));
    const combined = combineTxs(txs);
    expect(combined).toHaveLength(5000);
    expect(combined).not.toContain(0);
  });

  it("waits for a transaction that is missing", () => {
    expect(combineValues([txValue(hash(1))], lookups([], noMints))).toBeUndefined();
  });

  it("keeps ten mint configurations at most, one a nonce and token", () => {
    const twins = [mintConfigTx(1, 5), mintConfigTx(1, 4), mintConfigTx(1, 6, 2)];
    const kept = combineValues(mintConfigs(twins), lookups([], noMints));
    expect(kept).toEqual(mintConfigs([twins[1]!, twins[2]!]));
    const many = Array.from({ length: 12 }, (_, i) => mintConfigTx(20 - i));
    expect(combineValues(mintConfigs(many), lookups([], noMints))).toEqual(
      mintConfigs(many.toReversed().slice(0, 10)),
    );
  });

  it("keeps ten mints at most, one a nonce and token", () => {
    const twins = [mintTx(1, 5), mintTx(1, 4), mintTx(1, 6, 2)];
    expect(combineValues(mints(twins), lookups([], ownConfig))).toEqual(mints([twins[1]!, twins[2]!]));
    const many = Array.from({ length: 12 }, (_, i) => mintTx(20 - i));
    expect(combineValues(mints(many), lookups([], ownConfig))).toEqual(mints(many.toReversed().slice(0, 10)));
  });

  it("skips mints without a configuration, which then do not take their nonce", () => {
    const [orphan, twin] = [mintTx(1, 1), mintTx(1, 2)];
    const found = combineValues(
      mints([twin, orphan]),
      lookups([], (any) => (any.prefix.amount === 1n ? undefined : configOf(1))),
    );
    expect(found).toEqual(mints([twin]));
  });

  it("charges a configuration once a block", () => {
    const [first, second, third] = [mintTx(1, 1), mintTx(2, 2), mintTx(3, 3)];
    const found = combineValues(
      mints([third, second, first]),
      lookups([], (any) => configOf(any.prefix.amount === 3n ? 2 : 1)),
    );
    expect(found).toEqual(mints([first, third]));
  });

  it("puts transactions first, then mint configurations, then mints", () => {
    const one = tx(1, 1);
    const values = [...mints([mintTx(1)]), ...mintConfigs([mintConfigTx(1)]), txValue(one.txHash)];
    expect(combineValues(values, lookups([one], ownConfig))).toEqual(values.toReversed());
  });

  it("depends on the set of values alone", () => {
    const txs = Array.from({ length: 8 }, (_, i) => tx(i, i % 3, [i % 5], [i % 7]));
    const all = [
      ...txs.map(({ txHash }) => txValue(txHash)),
      ...mintConfigs([mintConfigTx(1), mintConfigTx(1, 3), mintConfigTx(2)]),
      ...mints([mintTx(1), mintTx(1, 3), mintTx(2)]),
    ];
    const expected = combineValues(all, lookups(txs, ownConfig));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(combineValues(shuffled, lookups(txs, ownConfig))).toEqual(expected);
      }),
    );
  });
});
