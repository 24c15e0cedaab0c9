import type { MintConfigTx, MintTx } from "@mobilecoin-ts/transaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConsensusValue, compareConsensusValues, consensusValueKey } from "./consensus-value.ts";
import { consensusValue } from "./testing/arbitrary-message.ts";

const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);

function mintTx(prefix: Partial<MintTx["prefix"]>, signature: Uint8Array[] = []): ConsensusValue {
  return {
    kind: "mintTx",
    tx: {
      prefix: {
        tokenId: 1n,
        amount: 1n,
        viewPublicKey: fill(32, 1),
        spendPublicKey: fill(32, 1),
        nonce: fill(64, 1),
        tombstoneBlock: 1n,
        eFogHint: undefined,
        ...prefix,
      },
      signature,
    },
  };
}

function mintConfigTx(prefix: Partial<MintConfigTx["prefix"]>, signature: Uint8Array[] = []): ConsensusValue {
  return {
    kind: "mintConfigTx",
    tx: {
      prefix: {
        tokenId: 1n,
        configs: [],
        nonce: fill(64, 1),
        tombstoneBlock: 1n,
        totalMintLimit: 1n,
        ...prefix,
      },
      signature,
    },
  };
}

const nobody = { individualSigners: [], multiSigners: [], threshold: 1 };
const config = { tokenId: 1n, signerSet: nobody, mintLimit: 1n };

/** Each greater than the one before by the field in which they differ; later fields go the other way. */
const ASCENDING: readonly ConsensusValue[] = [
  { kind: "txHash", hash: fill(32, 1) },
  { kind: "txHash", hash: fill(32, 0xff) },
  mintConfigTx({}),
  mintConfigTx({}, [fill(64, 1)]),
  mintConfigTx({}, [fill(64, 2)]),
  mintConfigTx({ totalMintLimit: 2n }),
  mintConfigTx({ tombstoneBlock: 2n, totalMintLimit: 0n }),
  mintConfigTx({ nonce: fill(64, 2), tombstoneBlock: 0n }),
  mintConfigTx({ configs: [config], nonce: fill(64, 0) }),
  mintConfigTx({ configs: [config, config] }),
  mintConfigTx({ configs: [{ ...config, mintLimit: 2n }] }),
  mintConfigTx({ configs: [{ ...config, signerSet: { ...nobody, threshold: 2 }, mintLimit: 0n }] }),
  mintConfigTx({ configs: [{ ...config, signerSet: { ...nobody, multiSigners: [nobody], threshold: 0 } }] }),
  mintConfigTx({ configs: [{ ...config, signerSet: { ...nobody, individualSigners: [fill(32, 0)] } }] }),
  mintConfigTx({ configs: [{ ...config, tokenId: 2n }] }),
  mintConfigTx({ tokenId: 1n << 60n, configs: [] }),
  mintTx({}),
  mintTx({}, [fill(64, 1)]),
  mintTx({ eFogHint: fill(84, 0) }),
  mintTx({ eFogHint: fill(84, 1) }),
  mintTx({ tombstoneBlock: 2n }),
  mintTx({ nonce: fill(64, 2), tombstoneBlock: 0n }),
  mintTx({ spendPublicKey: fill(32, 2), nonce: fill(64, 0) }),
  mintTx({ viewPublicKey: fill(32, 2), spendPublicKey: fill(32, 0) }),
  mintTx({ amount: 2n, viewPublicKey: fill(32, 0) }),
  mintTx({ tokenId: 2n, amount: 0n }),
];

describe("compareConsensusValues", () => {
  it("orders by kind, then by the fields in their order", () => {
    for (const [i, a] of ASCENDING.entries()) {
      for (const [j, b] of ASCENDING.entries()) {
        expect(Math.sign(compareConsensusValues(a, b)), `${i} and ${j}`).toBe(Math.sign(i - j));
      }
    }
  });

  it("is zero exactly where the keys are the same", () => {
    fc.assert(
      fc.property(consensusValue, consensusValue, (a, b) => {
        expect(compareConsensusValues(a, b) === 0).toBe(consensusValueKey(a) === consensusValueKey(b));
        expect(compareConsensusValues(a, structuredClone(a))).toBe(0);
        expect(consensusValueKey(structuredClone(a))).toBe(consensusValueKey(a));
        expect(Math.sign(compareConsensusValues(a, b))).toBe(-Math.sign(compareConsensusValues(b, a)));
      }),
    );
  });

  it("names a transaction by its hash", () => {
    expect(consensusValueKey({ kind: "txHash", hash: fill(32, 0xab) })).toBe(`txHash:${"ab".repeat(32)}`);
  });
});
