import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  archiveBlockPath,
  type Block,
  type BlockContents,
  blockContentsHash,
  blockIdOf,
  blockSigningDigest,
  decodeArchiveBlock,
  encodeArchiveBlock,
  isBlockIdValid,
  isBlockSignatureValid,
} from "@mobilecoin-ts/ledger";
import { type TxOut, txOutHash, txOutMerkleLeaf } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface OutputRow {
  readonly masked_amount_version: 1 | 2;
  readonly commitment: string;
  readonly masked_value: string;
  readonly masked_token_id: string;
  readonly target_key: string;
  readonly public_key: string;
  readonly e_fog_hint: string;
  readonly e_memo: string;
  readonly tx_out_hash: string;
  readonly merkle_leaf: string;
}

interface HeaderRow {
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly parent_id: string;
  readonly index: string;
  readonly cumulative_txo_count: string;
  readonly root_from: string;
  readonly root_to: string;
  readonly root_hash: string;
  readonly contents_hash: string;
}

interface BlockRow extends HeaderRow {
  readonly key_images: readonly string[];
  readonly outputs: readonly OutputRow[];
}

function txOutOf(row: OutputRow): TxOut {
  return {
    maskedAmount: {
      version: row.masked_amount_version,
      commitment: hexToBytes(row.commitment),
      maskedValue: BigInt(row.masked_value),
      maskedTokenId: hexToBytes(row.masked_token_id),
    },
    targetKey: hexToBytes(row.target_key),
    publicKey: hexToBytes(row.public_key),
    eFogHint: hexToBytes(row.e_fog_hint),
    eMemo: row.e_memo === "" ? undefined : hexToBytes(row.e_memo),
  };
}

function blockOf(row: HeaderRow): Block {
  return {
    id: hexToBytes(row.id),
    version: row.version,
    parentId: hexToBytes(row.parent_id),
    index: BigInt(row.index),
    cumulativeTxOutCount: BigInt(row.cumulative_txo_count),
    rootElement: {
      range: { from: BigInt(row.root_from), to: BigInt(row.root_to) },
      hash: hexToBytes(row.root_hash),
    },
    contentsHash: hexToBytes(row.contents_hash),
  };
}

function contentsOf(row: BlockRow): BlockContents {
  return {
    keyImages: row.key_images.map(hexToBytes),
    outputs: row.outputs.map(txOutOf),
    validatedMintConfigTxs: [],
    mintTxs: [],
  };
}

function expectOutputs(row: BlockRow, contents: BlockContents): void {
  expect(contents.outputs.map((output) => bytesToHex(txOutHash(output)))).toEqual(
    row.outputs.map(({ tx_out_hash }) => tx_out_hash),
  );
  expect(contents.outputs.map((output) => bytesToHex(txOutMerkleLeaf(output)))).toEqual(
    row.outputs.map(({ merkle_leaf }) => merkle_leaf),
  );
}

interface RealBlockRow extends BlockRow {
  readonly network: string;
  readonly signature_digest: string;
  readonly signatures: readonly {
    readonly signer: string;
    readonly signature: string;
    readonly signed_at?: string | null;
  }[];
}

describeVectors("blocks: real blocks", () => {
  test.each(loadVectors<RealBlockRow>("blocks/blocks.jsonl"))("$name", (row) => {
    const block = blockOf(row);
    const contents = contentsOf(row);
    expectOutputs(row, contents);
    expect(bytesToHex(blockContentsHash(contents))).toBe(row.contents_hash);
    expect(bytesToHex(blockIdOf(block))).toBe(row.id);
    expect(bytesToHex(blockSigningDigest(block))).toBe(row.signature_digest);
    for (const { signer, signature, signed_at } of row.signatures) {
      const blockSignature = {
        signer: hexToBytes(signer),
        signature: hexToBytes(signature),
        signedAt: BigInt(signed_at ?? 0),
      };
      expect(isBlockSignatureValid(block, blockSignature)).toBe(true);
      const data = { block, contents, signature: blockSignature, metadata: undefined };
      expect(decodeArchiveBlock(encodeArchiveBlock(data))).toEqual(data);
    }
  });
});

interface SeededBlockRow extends Omit<BlockRow, keyof HeaderRow>, Partial<HeaderRow> {
  readonly name: string;
  readonly contents_hash: string;
}

describeVectors("blocks: seeded blocks", () => {
  test.each(loadVectors<SeededBlockRow>("blocks/seeded_blocks.jsonl"))("$name", (row) => {
    const contents = contentsOf(row as BlockRow);
    expectOutputs(row as BlockRow, contents);
    expect(bytesToHex(blockContentsHash(contents))).toBe(row.contents_hash);
    if (typeof row.id === "string") expect(bytesToHex(blockIdOf(blockOf(row as BlockRow)))).toBe(row.id);
  });
});

describeVectors("blocks: block ids", () => {
  test.each(loadVectors<HeaderRow & { readonly signature_digest: string }>("blocks/block_ids.jsonl"))(
    "$name",
    (row) => {
      const block = blockOf(row);
      expect(isBlockIdValid(block)).toBe(true);
      expect(isBlockIdValid({ ...block, index: block.index ^ 1n })).toBe(false);
      expect(bytesToHex(blockSigningDigest(block))).toBe(row.signature_digest);
    },
  );
});

describeVectors("blocks: archive paths", () => {
  test.each(
    loadVectors<{ readonly name: string; readonly block_index: string; readonly path: string }>(
      "blocks/archive_paths.jsonl",
    ),
  )("$name", (row) => {
    expect(archiveBlockPath(BigInt(row.block_index))).toBe(row.path);
  });
});
