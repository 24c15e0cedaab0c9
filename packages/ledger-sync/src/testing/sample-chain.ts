import { AccountKey } from "@mobilecoin-ts/account";
import { Hc128Rng } from "@mobilecoin-ts/crypto";
import { type BlockContents, type BlockData, makeChildBlock, sampleBlocks } from "@mobilecoin-ts/ledger";
import { type BlockVersion, blockVersion } from "@mobilecoin-ts/transaction";

/** A short chain, origin block first; different seeds give different ones. */
export function sampleChain(
  blockCount: number,
  options: { readonly seed?: number; readonly version?: BlockVersion } = {},
): BlockData[] {
  const random = new Hc128Rng(new Uint8Array(32).fill(options.seed ?? 7));
  return [
    ...sampleBlocks({
      blockVersion: options.version ?? blockVersion(0),
      blockCount,
      recipients: [AccountKey.random((length) => random.bytes(length)).defaultSubaddress],
      tokenCount: 1,
      outputsPerRecipient: 1,
      amount: 1000n,
      random,
    }),
  ];
}

/** A valid block after `parent`, without signature and metadata. */
export function childOf(parent: BlockData, contents: BlockContents): BlockData {
  const block = makeChildBlock(parent.block, parent.block.version, contents);
  return { block, contents, signature: undefined, metadata: undefined };
}
