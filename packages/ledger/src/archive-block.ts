import { compareBytes } from "@mobilecoin-ts/crypto";
import { MAX_BLOCK_VERSION } from "@mobilecoin-ts/transaction";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import type * as Api from "@mobilecoin-ts/wire/gen/blockchain_pb";
import { archiveBlockMessage, archiveBlocksMessage } from "./archive-messages.ts";
import { type Block, blockCodec, isBlockIdValid } from "./block.ts";
import { type BlockContents, blockContentsCodec, blockContentsHash } from "./block-contents.ts";
import type { BlockData } from "./block-data.ts";
import { type BlockMetadata, blockMetadataCodec } from "./block-metadata.ts";
import { type BlockSignature, blockSignatureCodec, isBlockSignatureValid } from "./block-signature.ts";
import { LedgerError, type LedgerErrorCodes } from "./error.ts";
import {
  blockContentsFromApi,
  blockFromApi,
  blockMetadataFromApi,
  blockSignatureFromApi,
} from "./from-api.ts";

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
 * Reads an archive file of one block and checks it (03 section 2.8.3): every length and key, id, contents hash, and the
 * signatures where there are any. Whether it is the block that was asked for is the caller's business.
 *
 * @throws WireError, or LedgerError area `conversion`: `ObjectMissing`, `ArrayCastError`, `KeyCastError`, `Other`,
 * `UnsupportedBlockVersion`, `InvalidSignature`, `MissingField`, `InvalidContents`.
 */
export function decodeArchiveBlock(bytes: Uint8Array): BlockData {
  return checked(archiveBlockMessage.decode(bytes, { form: "wire" }));
}

/**
 * Reads a merged archive file: each block as `decodeArchiveBlock`, and each the child of the one before. One bad block
 * refuses the whole file; an empty list is fine.
 *
 * @throws WireError or LedgerError as `decodeArchiveBlock`, also `InvalidContents` for blocks that are no chain.
 */
export function decodeArchiveBlocks(bytes: Uint8Array): BlockData[] {
  const blocks = archiveBlocksMessage.decode(bytes, { form: "wire" }).blocks.map(checked);
  for (const [i, { block }] of blocks.entries()) {
    const parent = blocks[i - 1];
    if (parent !== undefined && compareBytes(parent.block.id, block.parentId) !== 0) {
      throw refuse("InvalidContents", "a merged file holds blocks that are no chain", block.index);
    }
  }
  return blocks;
}

function refuse(
  code: LedgerErrorCodes["conversion"],
  reason: string,
  index: bigint,
  data: Readonly<Record<string, number | string>> = {},
): LedgerError<"conversion"> {
  return new LedgerError("conversion", code, reason, { data: { ...data, index } });
}

function checked({ block: versioned }: Api.ArchiveBlock): BlockData {
  if (versioned.case === undefined) {
    throw new LedgerError("conversion", "ObjectMissing", "the archive block has no v1", {
      data: { field: "v1" },
    });
  }
  const message = versioned.value;
  const block = blockFromApi(message.block);
  const { index, version } = block;
  try {
    if (version > MAX_BLOCK_VERSION) {
      throw refuse("UnsupportedBlockVersion", `block version ${version} is not known`, index, {
        version,
        newest: MAX_BLOCK_VERSION,
      });
    }
    const contents = blockContentsFromApi(message.blockContents);
    const signature = message.signature && blockSignatureFromApi(message.signature);
    if (signature !== undefined && !isBlockSignatureValid(block, signature)) {
      throw refuse("InvalidSignature", "the signature of the block does not hold", index);
    }
    const metadata = message.metadata && blockMetadataFromApi(message.metadata);
    if (compareBytes(block.contentsHash, blockContentsHash(contents)) !== 0) {
      throw refuse("InvalidContents", "the contents are not those of the block", index);
    }
    if (!isBlockIdValid(block)) throw refuse("InvalidContents", "the id is not that of the block", index);
    return { block, contents, signature, metadata };
  } catch (cause) {
    if (!(cause instanceof LedgerError) || "index" in cause.data) throw cause;
    throw new LedgerError(cause.area, cause.code, cause.message, { cause, data: { ...cause.data, index } });
  }
}
