import { AccountKey } from "@mobilecoin-ts/account";
import { Hc128Rng } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { blockVersion, createTxOut, keyImageOf } from "@mobilecoin-ts/transaction";
import { type Block, makeChildBlock, makeOriginBlock } from "../block.ts";
import type { BlockData } from "../block-data.ts";

const recipient = AccountKey.fromRootEntropy(new Uint8Array(32)).defaultSubaddress;

/** A cheap valid block after `previous` (the origin block without one) that depends on nothing but its index. */
export function numberedBlock(previous: Block | undefined): BlockData {
  const index = previous === undefined ? 0 : Number(previous.index) + 1;
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, index);
  const random = new Hc128Rng(seed);
  const { txOut } = createTxOut({
    blockVersion: blockVersion(0),
    amount: { value: BigInt(index), tokenId: 0n },
    recipient,
    eFogHint: new Uint8Array(84),
    random: (length) => random.bytes(length),
  });
  const nothing = { signature: undefined, metadata: undefined };
  if (previous === undefined) return { ...makeOriginBlock([txOut]), ...nothing };
  const keyImages = [keyImageOf(Scalar.fromBigInt(BigInt(index)))];
  const contents = { keyImages, outputs: [txOut], validatedMintConfigTxs: [], mintTxs: [] };
  return { block: makeChildBlock(previous, 0, contents), contents, ...nothing };
}
