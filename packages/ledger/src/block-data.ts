import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { type Block, blockCodec } from "./block.ts";
import { type BlockContents, blockContentsCodec } from "./block-contents.ts";
import { type BlockMetadata, blockMetadataCodec } from "./block-metadata.ts";
import { type BlockSignature, blockSignatureCodec } from "./block-signature.ts";

/** A block with everything known about it. */
export interface BlockData {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signature: BlockSignature | undefined;
  readonly metadata: BlockMetadata | undefined;
}

/** Used by database tools and the light client, in store form (03 section 2.2.1). */
export const blockDataCodec: Codec<BlockData> = message<BlockData>("BlockData", {
  block: f.message(1, blockCodec),
  contents: f.message(2, blockContentsCodec),
  signature: f.message(3, blockSignatureCodec, { optional: true }),
  metadata: f.message(4, blockMetadataCodec, { optional: true }),
});
