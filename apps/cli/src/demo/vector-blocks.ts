import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import type { Block, BlockContents, BlockSignature } from "@mobilecoin-ts/ledger";
import type { TxOut } from "@mobilecoin-ts/transaction";

/** A real block with every signature that the network's nodes published for it. */
export interface PublishedBlock {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signatures: readonly BlockSignature[];
}

interface OutputRow {
  readonly masked_amount_version: 1 | 2;
  readonly commitment: string;
  readonly masked_value: string;
  readonly masked_token_id: string;
  readonly target_key: string;
  readonly public_key: string;
  readonly e_fog_hint: string;
  readonly e_memo: string;
}

interface BlockRow {
  readonly network: string;
  readonly id: string;
  readonly version: number;
  readonly parent_id: string;
  readonly index: string;
  readonly cumulative_txo_count: string;
  readonly root_from: string;
  readonly root_to: string;
  readonly root_hash: string;
  readonly contents_hash: string;
  readonly key_images: readonly string[];
  readonly outputs: readonly OutputRow[];
  readonly signatures: readonly {
    readonly signer: string;
    readonly signature: string;
    readonly signed_at?: string | null;
  }[];
}

/** Folder of the test vectors: `MOBILECOIN_VECTORS`, or `../shared/vectors` beside the checkout. */
export function defaultVectorsFolder(): string {
  return (
    process.env.MOBILECOIN_VECTORS ?? fileURLToPath(new URL("../../../../../shared/vectors", import.meta.url))
  );
}

/** The main network's blocks in a folder of vectors; undefined where it has none. */
export function loadMainNetworkBlocks(folder: string): readonly PublishedBlock[] | undefined {
  const path = join(folder, "blocks", "blocks.jsonl");
  if (!existsSync(path)) return undefined;
  const rows = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): BlockRow => JSON.parse(line));
  const blocks = rows.filter(({ network }) => network === "mainnet").map(publishedBlockOf);
  return blocks.length === 0 ? undefined : blocks;
}

function publishedBlockOf(row: BlockRow): PublishedBlock {
  return {
    block: {
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
    },
    contents: {
      keyImages: row.key_images.map(hexToBytes),
      outputs: row.outputs.map(txOutOf),
      validatedMintConfigTxs: [],
      mintTxs: [],
    },
    signatures: row.signatures.map(({ signer, signature, signed_at }) => ({
      signer: hexToBytes(signer),
      signature: hexToBytes(signature),
      signedAt: BigInt(signed_at ?? 0),
    })),
  };
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
