import {
  appendDigestible,
  compareBytes,
  type Digestible,
  d,
  digest32,
  Transcript,
} from "@mobilecoin-ts/crypto";
import {
  membershipElementCodec,
  membershipElementDigestible,
  type TxOut,
  type TxOutMembershipElement,
} from "@mobilecoin-ts/transaction";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { type BlockContents, blockContentsHash } from "./block-contents.ts";

/** Length of a block id and of a contents hash in bytes. */
export const BLOCK_ID_LENGTH = 32;

/** A block's header (03 section 2.2). */
export interface Block {
  /** Hash of all other fields, 32 bytes. */
  readonly id: Uint8Array;
  /** Block version, 0 to 4. */
  readonly version: number;
  /** Id of the block before, 32 bytes; zeros for the origin block. */
  readonly parentId: Uint8Array;
  /** Block index; the origin block has 0. */
  readonly index: bigint;
  /** TxOuts in the chain up to this block and with it. */
  readonly cumulativeTxOutCount: bigint;
  /** Root of the TxOut tree before this block: what its transactions were validated against. */
  readonly rootElement: TxOutMembershipElement;
  /** Hash of the contents, 32 bytes. */
  readonly contentsHash: Uint8Array;
}

/** A header without its id. */
export type BlockFields = Omit<Block, "id">;

/** A root element that says nothing: the origin block's, and that of generated sample ledgers. */
export const DEFAULT_ROOT_ELEMENT: TxOutMembershipElement = {
  range: { from: 0n, to: 0n },
  hash: new Uint8Array(32),
};

export const NO_PARENT_ID: Uint8Array = new Uint8Array(BLOCK_ID_LENGTH);

const blockDigestible: Digestible<Block> = d.struct<Block>("Block", [
  ["id", d.bytes],
  ["version", d.u32],
  ["parent_id", d.bytes],
  ["index", d.u64],
  ["cumulative_txo_count", d.u64, { key: "cumulativeTxOutCount" }],
  ["root_element", membershipElementDigestible],
  ["contents_hash", d.bytes],
]);

const blockIdCodec = fixedBytes("BlockID", BLOCK_ID_LENGTH);
const contentsHashCodec = fixedBytes("BlockContentsHash", BLOCK_ID_LENGTH);

export const blockCodec: Codec<Block> = message<Block>("Block", {
  id: f.message(1, blockIdCodec),
  version: f.uint32(2),
  parentId: f.message(3, blockIdCodec),
  index: f.uint64(4),
  cumulativeTxOutCount: f.uint64(5),
  rootElement: f.message(6, membershipElementCodec),
  contentsHash: f.message(7, contentsHashCodec),
});

/** The id of a block with these fields (03 section 2.3): a transcript of its own, without an aggregate around it. */
export function blockIdOf(fields: BlockFields): Uint8Array {
  const transcript = new Transcript("mobilecoin-block-id");
  appendDigestible(transcript, "version", d.u32, fields.version);
  appendDigestible(transcript, "parent_id", d.bytes, fields.parentId);
  appendDigestible(transcript, "index", d.u64, fields.index);
  appendDigestible(transcript, "cumulative_txo_count", d.u64, fields.cumulativeTxOutCount);
  appendDigestible(transcript, "root_element", membershipElementDigestible, fields.rootElement);
  appendDigestible(transcript, "contents_hash", d.bytes, fields.contentsHash);
  return transcript.challenge("digest32", 32);
}

/** Whether a block's id is the hash of its other fields. */
export function isBlockIdValid(block: Block): boolean {
  return compareBytes(block.id, blockIdOf(block)) === 0;
}

/** What a node signs of a block, 32 bytes (03 section 2.5). */
export function blockSigningDigest(block: Block): Uint8Array {
  return digest32("block-sig", blockDigestible, block);
}

/** Whether two headers agree in every field. */
export function blocksEqual(a: Block, b: Block): boolean {
  return compareBytes(blockCodec.encode(a), blockCodec.encode(b)) === 0;
}

/** A block with its id and contents hash filled in. */
export function makeBlock(fields: Omit<BlockFields, "contentsHash">, contents: BlockContents): Block {
  const complete = { ...fields, contentsHash: blockContentsHash(contents) };
  return { ...complete, id: blockIdOf(complete) };
}

/** The block after `parent`, holding `contents` (03 section 2.10). */
export function makeChildBlock(
  parent: Block,
  version: number,
  contents: BlockContents,
  rootElement: TxOutMembershipElement = DEFAULT_ROOT_ELEMENT,
): Block {
  return makeBlock(
    {
      version,
      parentId: parent.id,
      index: parent.index + 1n,
      cumulativeTxOutCount: parent.cumulativeTxOutCount + BigInt(contents.outputs.length),
      rootElement,
    },
    contents,
  );
}

/** The first block of a chain: version 0, outputs only, in the order given (03 section 2.10). */
export function makeOriginBlock(outputs: readonly TxOut[]): {
  readonly block: Block;
  readonly contents: BlockContents;
} {
  const contents: BlockContents = { keyImages: [], outputs, validatedMintConfigTxs: [], mintTxs: [] };
  const block = makeBlock(
    {
      version: 0,
      parentId: NO_PARENT_ID,
      index: 0n,
      cumulativeTxOutCount: BigInt(outputs.length),
      rootElement: DEFAULT_ROOT_ELEMENT,
    },
    contents,
  );
  return { block, contents };
}
