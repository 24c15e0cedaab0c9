import { compareBytes } from "@mobilecoin-ts/crypto";
import { MAX_BLOCK_VERSION } from "@mobilecoin-ts/transaction";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { type Block, blockCodec, isBlockIdValid } from "./block.ts";
import { type BlockContents, blockContentsCodec, blockContentsHash } from "./block-contents.ts";
import type { BlockData } from "./block-data.ts";
import { type BlockMetadata, blockMetadataCodec, requireBlockMetadata } from "./block-metadata.ts";
import { type BlockSignature, blockSignatureCodec, isBlockSignatureValid } from "./block-signature.ts";
import { LedgerError } from "./error.ts";

interface ArchiveBlockV1 {
  readonly block: Block | undefined;
  readonly blockContents: BlockContents | undefined;
  readonly signature: BlockSignature | undefined;
  readonly metadata: BlockMetadata | undefined;
}

interface ArchiveBlock {
  readonly v1: ArchiveBlockV1 | undefined;
}

const archiveBlockV1Codec: Codec<ArchiveBlockV1> = message<ArchiveBlockV1>("ArchiveBlockV1", {
  block: f.message(1, blockCodec, { optional: true }),
  blockContents: f.message(2, blockContentsCodec, { optional: true }),
  signature: f.message(3, blockSignatureCodec, { optional: true }),
  metadata: f.message(4, blockMetadataCodec, { optional: true }),
});

const archiveBlockCodec: Codec<ArchiveBlock> = message<ArchiveBlock>("ArchiveBlock", {
  v1: f.message(1, archiveBlockV1Codec, { optional: true }),
});

const archiveBlocksCodec = message<{ readonly blocks: readonly ArchiveBlock[] }>("ArchiveBlocks", {
  blocks: f.repeated(1, archiveBlockCodec),
});

function toArchiveBlock({ block, contents, signature, metadata }: BlockData): ArchiveBlock {
  return { v1: { block, blockContents: contents, signature, metadata } };
}

/** The bytes of an archive file of one block (03 section 2.8). */
export function encodeArchiveBlock(data: BlockData): Uint8Array {
  return archiveBlockCodec.encode(toArchiveBlock(data), "wire");
}

/** The bytes of a merged archive file. */
export function encodeArchiveBlocks(blocks: readonly BlockData[]): Uint8Array {
  return archiveBlocksCodec.encode({ blocks: blocks.map(toArchiveBlock) }, "wire");
}

/**
 * Reads an archive file of one block and checks it (03 section 2.8.3): id, contents hash, and the signatures where
 * there are any. Whether it is the block that was asked for is the caller's business.
 *
 * @throws WireError, or LedgerError area `conversion`: `ObjectMissing`, `UnsupportedBlockVersion`, `InvalidSignature`,
 * `ArrayCastError`, `MissingField`, `InvalidContents`.
 */
export function decodeArchiveBlock(bytes: Uint8Array): BlockData {
  return checked(archiveBlockCodec.decode(bytes, { form: "wire" }));
}

/**
 * Reads a merged archive file: each block as `decodeArchiveBlock`, and each the child of the one before. One bad block
 * refuses the whole file; an empty list is fine.
 *
 * @throws WireError or LedgerError as `decodeArchiveBlock`, also `InvalidContents` for blocks that are no chain.
 */
export function decodeArchiveBlocks(bytes: Uint8Array): BlockData[] {
  const blocks = archiveBlocksCodec.decode(bytes, { form: "wire" }).blocks.map(checked);
  for (const [i, { block }] of blocks.entries()) {
    const parent = blocks[i - 1];
    if (parent !== undefined && compareBytes(parent.block.id, block.parentId) !== 0) {
      throw invalidContents("a merged file holds blocks that are no chain", block.index);
    }
  }
  return blocks;
}

function invalidContents(text: string, index: bigint): LedgerError<"conversion"> {
  return new LedgerError("conversion", "InvalidContents", text, { data: { index } });
}

function checked({ v1 }: ArchiveBlock): BlockData {
  if (v1 === undefined) throw missing("v1");
  const { block, blockContents: contents, signature, metadata } = v1;
  if (block === undefined) throw missing("block");
  if (contents === undefined) throw missing("block_contents");
  if (block.version > MAX_BLOCK_VERSION) {
    throw new LedgerError(
      "conversion",
      "UnsupportedBlockVersion",
      `block version ${block.version} is not known`,
      {
        data: { version: block.version, newest: MAX_BLOCK_VERSION, index: block.index },
      },
    );
  }
  if (contents.outputs.some(({ maskedAmount }) => maskedAmount === undefined)) throw missing("masked_amount");
  if (signature !== undefined && !isBlockSignatureValid(block, signature)) {
    throw new LedgerError("conversion", "InvalidSignature", "the signature of the block does not hold", {
      data: { index: block.index },
    });
  }
  if (metadata !== undefined) requireBlockMetadata(metadata);
  if (compareBytes(block.contentsHash, blockContentsHash(contents)) !== 0) {
    throw invalidContents("the contents are not those of the block", block.index);
  }
  if (!isBlockIdValid(block)) throw invalidContents("the id is not that of the block", block.index);
  return { block, contents, signature, metadata };
}

function missing(field: string): LedgerError<"conversion"> {
  return new LedgerError("conversion", "ObjectMissing", `the archive block has no ${field}`, {
    data: { field },
  });
}
