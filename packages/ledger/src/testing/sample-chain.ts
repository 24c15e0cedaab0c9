import { AccountKey } from "@mobilecoin-ts/account";
import { Hc128Rng } from "@mobilecoin-ts/crypto";
import { type BlockVersion, blockVersion } from "@mobilecoin-ts/transaction";
import { type Block, makeBlock } from "../block.ts";
import type { BlockContents } from "../block-contents.ts";
import type { BlockData } from "../block-data.ts";
import { sampleBlocks } from "../sample-ledger.ts";

export interface SampleChainOptions {
  readonly blockCount: number;
  readonly version?: BlockVersion;
  readonly outputsPerBlock?: number;
  /** Different seeds give different chains. */
  readonly seed?: number;
}

/** A short chain for tests, origin block first. */
export function sampleChain({
  blockCount,
  version,
  outputsPerBlock = 2,
  seed = 7,
}: SampleChainOptions): BlockData[] {
  const random = new Hc128Rng(new Uint8Array(32).fill(seed));
  return [
    ...sampleBlocks({
      blockVersion: version ?? blockVersion(0),
      blockCount,
      recipients: [AccountKey.random((length) => random.bytes(length)).defaultSubaddress],
      tokenCount: 1,
      outputsPerRecipient: outputsPerBlock,
      amount: 1000n,
      random,
    }),
  ];
}

/** The same block with other header fields or contents, its hashes recomputed; signature and metadata are kept. */
export function rebuilt(
  data: BlockData,
  fields: Partial<Block>,
  contents: Partial<BlockContents> = {},
): BlockData {
  const changed = { ...data.contents, ...contents };
  const { id, contentsHash, ...rest } = { ...data.block, ...fields };
  const block = makeBlock(rest, changed);
  return {
    ...data,
    contents: changed,
    block: {
      ...block,
      ...(fields.id === undefined ? {} : { id }),
      ...(fields.contentsHash === undefined ? {} : { contentsHash }),
    },
  };
}
