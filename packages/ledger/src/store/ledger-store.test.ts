import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex, ed25519PublicKey, ed25519Sign } from "@mobilecoin-ts/crypto";
import {
  blockVersion,
  impliedMerkleRoot,
  isMembershipProofValid,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  mintConfigTxPrefixHash,
  mintTxPrefixHash,
  txOutHash,
  txOutMerkleLeaf,
} from "@mobilecoin-ts/transaction";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BlockContents } from "../block-contents.ts";
import type { BlockData } from "../block-data.ts";
import { MerkleTree } from "../merkle-tree.ts";
import { rebuilt, sampleChain } from "../testing/sample-chain.ts";
import { LedgerStore } from "./ledger-store.ts";
import { activeMintConfigsCodec, metadataVersionCodec } from "./stored-records.ts";
import { integerKey, LedgerTables } from "./tables.ts";

let folder: string;
let store: LedgerStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-store-"));
  store = LedgerStore.open(folder, { create: true });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const chain = sampleChain({ blockCount: 4 });
const otherChain = sampleChain({ blockCount: 4, seed: 8 });

function append(...blocks: readonly BlockData[]): void {
  for (const data of blocks) store.appendBlock(data);
}

function refusalOf(data: BlockData): string {
  const before = [store.blockCount(), store.txOutCount()];
  let code = "accepted";
  try {
    store.appendBlock(data);
  } catch (error) {
    code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
  if (code !== "accepted") expect([store.blockCount(), store.txOutCount()]).toEqual(before);
  return code;
}

describe("ledger store", () => {
  test("gives back what was appended, also after reopening", async () => {
    append(...chain);
    await store.close();
    store = LedgerStore.open(folder);
    expect(store.blockCount()).toBe(4n);
    expect(store.txOutCount()).toBe(8n);
    for (const [i, data] of chain.entries()) {
      const index = BigInt(i);
      expect(store.blockData(index)).toEqual(data);
      expect(store.firstTxOutIndexOfBlock(index)).toBe(2n * index);
      for (const keyImage of data.contents.keyImages) expect(store.keyImageBlockIndex(keyImage)).toBe(index);
    }
    expect(store.latestBlock()).toEqual(chain[3]!.block);
    const output = chain[2]!.contents.outputs[1]!;
    expect(store.txOut(5n)).toEqual(output);
    expect(store.txOutIndexByPublicKey(output.publicKey)).toBe(5n);
    expect(store.txOutIndexByHash(txOutHash(output))).toBe(5n);
    expect(store.blockIndexOfTxOut(5n)).toBe(2n);
  });

  test("proves membership of every output under one root", () => {
    append(...chain);
    const tree = new MerkleTree();
    for (const { contents } of chain)
      for (const output of contents.outputs) tree.push(txOutMerkleLeaf(output));
    const indices = Array.from({ length: 8 }, (_, i) => BigInt(i));
    const root = store.rootElement();
    expect(root).toEqual(tree.rootElement());
    expect(store.membershipProofs(indices)).toEqual(tree.proofs(indices));
    for (const [i, proof] of store.membershipProofs(indices).entries()) {
      expect(impliedMerkleRoot(proof)).toEqual(root);
      expect(isMembershipProofValid(store.txOut(BigInt(i)), proof, root.hash)).toBe(true);
    }
    expect(() => store.membershipProofs([0n, 8n])).toThrow(
      expect.objectContaining({ code: "TxOutIndexOutOfBounds" }),
    );
  });

  test("says what is not there", () => {
    for (const read of [
      () => store.block(0n),
      () => store.blockContents(0n),
      () => store.latestBlock(),
      () => store.txOut(0n),
      () => store.blockIndexOfTxOut(0n),
    ]) {
      expect(read).toThrow(expect.objectContaining({ code: "NotFound" }));
    }
    expect(() => store.rootElement()).toThrow(expect.objectContaining({ code: "NoOutputs" }));
    expect(() => LedgerStore.open(join(folder, "none"))).toThrow(
      expect.objectContaining({ code: "NotFound" }),
    );
    expect(() => LedgerStore.open(join(folder, "none"), { readOnly: true, create: true })).toThrow(
      expect.objectContaining({ code: "NotFound" }),
    );
  });

  test("refuses another format", async () => {
    append(chain[0]!);
    await store.close();
    const tables = new LedgerTables(folder, false);
    const older = { databaseFormatVersion: 20_220_222n, createdByCrateVersion: "1" };
    tables.write(() =>
      tables.put("metadata", new TextEncoder().encode("version"), metadataVersionCodec.encode(older)),
    );
    await tables.close();
    expect(() => LedgerStore.open(folder)).toThrow(expect.objectContaining({ code: "VersionIncompatible" }));
    store = LedgerStore.open(join(folder, "fresh"), { create: true });
  });

  describe("refuses a first block", () => {
    const origin = chain[0]!;
    test.each([
      ["of another version", rebuilt(origin, { version: 1 }), "InvalidBlockVersion"],
      ["with another index", rebuilt(origin, { index: 1n }), "InvalidBlockIndex"],
      ["with a parent", rebuilt(origin, { parentId: new Uint8Array(32).fill(1) }), "InvalidParentBlockID"],
      ["without outputs", rebuilt(origin, {}, { outputs: [] }), "NoOutputs"],
    ])("%s", (_, data, code) => {
      expect(refusalOf(data)).toBe(code);
    });
  });

  describe("refuses a next block", () => {
    const next = chain[1]!;
    const outputs = next.contents.outputs;
    test.each<[string, () => BlockData, string]>([
      ["of a version that is not known", () => rebuilt(next, { version: 5 }), "InvalidBlockVersion"],
      ["with a gap before it", () => rebuilt(next, { index: 2n }), "InvalidBlockIndex"],
      [
        "that is no child",
        () => rebuilt(next, { parentId: otherChain[0]!.block.id }),
        "InvalidParentBlockID",
      ],
      ["without outputs", () => rebuilt(next, {}, { outputs: [] }), "NoOutputs"],
      ["without key images", () => rebuilt(next, {}, { keyImages: [] }), "NoKeyImages"],
      ["with other contents", () => ({ ...next, contents: chain[2]!.contents }), "InvalidBlockContents"],
      [
        "with an output without amount",
        () => rebuilt(next, {}, { outputs: [{ ...outputs[0]!, maskedAmount: undefined }] }),
        "MissingMaskedAmount",
      ],
      [
        "with an output of an earlier block",
        () => rebuilt(next, {}, { outputs: [chain[0]!.contents.outputs[0]!] }),
        "DuplicateOutputPublicKey",
      ],
      ["with an output twice", () => rebuilt(next, {}, { outputs: [outputs[0]!, outputs[0]!] }), "KeyExist"],
      ["with a wrong id", () => rebuilt(next, { id: new Uint8Array(32) }), "InvalidBlockID"],
      [
        "of version 3 without metadata",
        () => ({ ...rebuilt(next, { version: 3 }), metadata: undefined }),
        "BlockMetadataRequired",
      ],
    ])("%s", (_, data, code) => {
      append(chain[0]!);
      expect(refusalOf(data())).toBe(code);
      expect(refusalOf(next)).toBe("accepted");
    });

    test("with more mints than outputs", () => {
      append(chain[0]!);
      const twoMints = [signedMint(1n, 1, 1), signedMint(1n, 2, 1)];
      expect(refusalOf(rebuilt(next, {}, { outputs: [outputs[0]!], mintTxs: twoMints }))).toBe(
        "TooFewOutputs",
      );
    });

    test("that spends again", () => {
      append(chain[0]!, next);
      const again = rebuilt(chain[2]!, {}, { keyImages: next.contents.keyImages });
      expect(refusalOf(again)).toBe("KeyImageAlreadySpent");
    });

    test("of a lower version", () => {
      const later = rebuilt(next, { version: 1 });
      append(chain[0]!, later);
      const lower = rebuilt(chain[2]!, { parentId: later.block.id, version: 0 });
      expect(refusalOf(lower)).toBe("InvalidBlockVersion");
    });
  });

  test("does not detect a key image twice within one block, as the reference", () => {
    append(chain[0]!);
    const keyImages = [chain[1]!.contents.keyImages[0]!, chain[1]!.contents.keyImages[0]!];
    expect(refusalOf(rebuilt(chain[1]!, {}, { keyImages }))).toBe("accepted");
  });
});

const seedOf = (signer: number) => new Uint8Array(32).fill(signer);

function signedMint(amount: bigint, nonce: number, signer: number, tokenId = 1n): MintTx {
  const identity = new Uint8Array(32);
  const prefix = {
    tokenId,
    amount,
    viewPublicKey: identity,
    spendPublicKey: identity,
    nonce: new Uint8Array(64).fill(nonce),
    tombstoneBlock: 100n,
    eFogHint: undefined,
  };
  return { prefix, signature: [ed25519Sign(seedOf(signer), mintTxPrefixHash(prefix))] };
}

function mintConfig(signer: number, mintLimit: bigint, tokenId = 1n): MintConfig {
  const signerSet = { individualSigners: [ed25519PublicKey(seedOf(signer))], multiSigners: [], threshold: 1 };
  return { tokenId, signerSet, mintLimit };
}

function mintConfigTx(configs: readonly MintConfig[], totalMintLimit: bigint, nonce: number): MintConfigTx {
  const prefix = {
    tokenId: 1n,
    configs,
    nonce: new Uint8Array(64).fill(nonce),
    tombstoneBlock: 100n,
    totalMintLimit,
  };
  return { prefix, signature: [ed25519Sign(seedOf(50), mintConfigTxPrefixHash(prefix))] };
}

describe("minting in the ledger store", () => {
  const governors = { individualSigners: [ed25519PublicKey(seedOf(50))], multiSigners: [], threshold: 1 };

  /** The next block with these mints, on top of whatever the store holds. */
  function next(contents: Partial<BlockContents>, outputSeed: number): BlockData {
    const { outputs } = sampleChain({ blockCount: 1, seed: outputSeed, outputsPerBlock: 3 })[0]!.contents;
    const latest = store.latestBlock();
    const base = chain[1]!;
    return rebuilt(
      base,
      { index: latest.index + 1n, parentId: latest.id, version: latest.version },
      { keyImages: [], outputs, ...contents },
    );
  }

  const configure = (configs: readonly MintConfig[], total: bigint, nonce: number) => ({
    validatedMintConfigTxs: [{ mintConfigTx: mintConfigTx(configs, total, nonce), signerSet: governors }],
  });
  const minted = () => store.activeMintConfigs(1n)?.configs.map(({ totalMinted }) => totalMinted);

  beforeEach(() => {
    append(chain[0]!);
  });

  test("charges the first configuration that a mint satisfies and that has room", () => {
    append(next(configure([mintConfig(1, 10n), mintConfig(2, 100n), mintConfig(1, 50n)], 70n, 1), 20));
    expect(minted()).toEqual([0n, 0n, 0n]);
    append(next({ mintTxs: [signedMint(8n, 1, 1), signedMint(8n, 2, 1), signedMint(40n, 3, 2)] }, 21));
    expect(minted()).toEqual([8n, 40n, 8n]);
    expect(store.mintNonceBlock(new Uint8Array(64).fill(2), 1n)).toBe(2n);
    expect(store.mintConfigNonceBlock(new Uint8Array(64).fill(1), 1n)).toBe(1n);
    expect(store.blockContents(2n).mintTxs).toHaveLength(3);
    expect(store.blockContents(1n).validatedMintConfigTxs).toHaveLength(1);
    expect(
      bytesToHex(
        store.activeMintConfigForMintTx(signedMint(2n, 9, 1)).mintConfig.signerSet.individualSigners[0]!,
      ),
    ).toBe(bytesToHex(ed25519PublicKey(seedOf(1))));
    expect([...store.allActiveMintConfigs().keys()]).toEqual([1n]);
  });

  test("replaces configurations, forgetting what was minted", () => {
    append(next(configure([mintConfig(1, 10n)], 70n, 1), 20));
    append(next({ mintTxs: [signedMint(8n, 1, 1)] }, 21));
    append(next(configure([mintConfig(2, 10n)], 70n, 2), 22));
    expect(minted()).toEqual([0n]);
    append(next(configure([], 0n, 3), 23));
    expect(minted()).toEqual([]);
  });

  test("charges the first of equal configurations even where the second is chosen, as the reference", () => {
    const twice = [mintConfig(1, 10n), mintConfig(1, 10n)];
    append(next(configure(twice, 100n, 1), 20));
    append(next({ mintTxs: [signedMint(8n, 1, 1)] }, 21));
    append(next({ mintTxs: [signedMint(9n, 2, 1)] }, 22));
    expect(minted()).toEqual([9n, 0n]);
    expect(refusalOf(next({ mintTxs: [signedMint(5n, 3, 1)] }, 23))).toBe("TotalMintedAmountCannotDecrease");
    expect(minted()).toEqual([9n, 0n]);
  });

  test("refuses a mint where the table does not agree with the transaction that made it", async () => {
    append(next(configure([mintConfig(1, 10n)], 70n, 1), 20));
    const damaged = {
      configs: [{ mintConfig: mintConfig(1, 1000n), totalMinted: 0n }],
      mintConfigTx: store.activeMintConfigs(1n)!.mintConfigTx,
    };
    const mint = next({ mintTxs: [signedMint(8n, 1, 1)] }, 21);
    await store.close();
    const tables = new LedgerTables(folder, false);
    tables.write(() =>
      tables.put("activeMintConfigs", integerKey(1n), activeMintConfigsCodec.encode(damaged)),
    );
    await tables.close();
    store = LedgerStore.open(folder);
    expect(refusalOf(mint)).toBe("InvalidMintConfig");
  });

  test("takes amounts up to the whole of a u64, and no more", () => {
    const most = 2n ** 64n - 1n;
    append(next(configure([mintConfig(1, most)], most, 1), 20));
    append(next({ mintTxs: [signedMint(most - 1n, 1, 1)] }, 21));
    expect(refusalOf(next({ mintTxs: [signedMint(2n, 2, 1)] }, 22))).toBe("MintLimitExceeded");
    append(next({ mintTxs: [signedMint(1n, 3, 1)] }, 23));
    expect(minted()).toEqual([most]);
  });

  test("tells the block and the limit in a refusal", () => {
    append(next(configure([mintConfig(1, 10n)], 70n, 1), 20));
    expect(() => store.appendBlock(next({ mintTxs: [signedMint(11n, 1, 1)] }, 21))).toThrow(
      expect.objectContaining({
        code: "MintLimitExceeded",
        message: expect.stringMatching(/^block 2 is refused: /),
        data: { tokenId: 1n, amount: 11n, minted: 0n, limit: 10n, blockIndex: 2n },
      }),
    );
  });

  test.each<[string, Partial<BlockContents>, string]>([
    ["without a configuration", { mintTxs: [signedMint(1n, 1, 1, 7n)] }, "NotFound"],
    ["that nobody configured signed", { mintTxs: [signedMint(1n, 1, 3)] }, "NotFound"],
    ["above the limit of its configuration", { mintTxs: [signedMint(11n, 1, 1)] }, "MintLimitExceeded"],
    ["above the limit of all", { mintTxs: [signedMint(60n, 1, 2)] }, "MintLimitExceeded"],
    [
      "above the limit together with another",
      { mintTxs: [signedMint(6n, 1, 1), signedMint(5n, 2, 1)] },
      "MintLimitExceeded",
    ],
    ["twice in one block", { mintTxs: [signedMint(1n, 1, 1), signedMint(1n, 1, 1)] }, "KeyExist"],
    ["twice over blocks", { mintTxs: [signedMint(1n, 99, 1)] }, "DuplicateMintTx"],
    [
      "allowed by a configuration of its own block only",
      {
        mintTxs: [signedMint(1n, 1, 3)],
        ...configure([mintConfig(3, 10n)], 70n, 2),
      },
      "NotFound",
    ],
    ["and a configuration with a used nonce", configure([], 0n, 1), "DuplicateMintConfigTx"],
    [
      "and a configuration for another token",
      configure([mintConfig(1, 10n, 2n)], 70n, 2),
      "InvalidMintConfig",
    ],
  ])("refuses a mint %s, and stores nothing", (_, contents, code) => {
    append(next(configure([mintConfig(1, 10n), mintConfig(2, 100n)], 50n, 1), 20));
    append(next({ mintTxs: [signedMint(1n, 99, 1)] }, 21));
    const before = minted();
    expect(refusalOf(next(contents, 22))).toBe(code);
    expect(minted()).toEqual(before);
  });
});

describe("ledger tables", () => {
  test("roll a failed change back", async () => {
    const path = join(folder, "tables");
    const tables = new LedgerTables(path, false);
    expect(() =>
      tables.write(() => {
        tables.put("blocks", integerKey(1n), Uint8Array.of(1));
        expect(tables.get("blocks", integerKey(1n))).toEqual(Uint8Array.of(1));
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(tables.get("blocks", integerKey(1n))).toBeUndefined();
    await tables.close();
  });

  test("keep integer keys in order", async () => {
    const tables = new LedgerTables(join(folder, "tables"), false);
    tables.write(() => {
      for (const key of [256n, 2n, 1n]) tables.put("blocks", integerKey(key), Uint8Array.of(0));
    });
    expect([...tables.entries("blocks")].map(({ key }) => bytesToHex(key))).toEqual(
      [1n, 2n, 256n].map((key) => bytesToHex(integerKey(key))),
    );
    await tables.close();
  });
});

test("a second reader follows the appends, and needs something to read", async () => {
  expect(() => LedgerStore.open(join(folder, "nothing"), { readOnly: true })).toThrow(
    expect.objectContaining({ code: "NotFound" }),
  );
  append(chain[0]!, chain[1]!);
  await store.flush();
  await using reader = LedgerStore.open(folder, { readOnly: true });
  expect(reader.blockData(1n)).toEqual(chain[1]);
  expect(() => reader.appendBlock(chain[2]!)).toThrow();
  const root = reader.rootElement();
  append(chain[2]!);
  // Still the state of before, whole.
  expect(reader.blockCount()).toBe(2n);
  expect(reader.membershipProofs([0n, 3n]).map(impliedMerkleRoot)).toEqual([root, root]);
  await vi.waitFor(() => expect(reader.blockCount()).toBe(3n));
});

test("blocks of version 3 need metadata and keep it", () => {
  const [origin, next] = sampleChain({ blockCount: 2, version: blockVersion(3) });
  append(origin!, next!);
  expect(store.blockMetadata(1n)).toEqual(next!.metadata);
});
