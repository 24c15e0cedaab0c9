import { type Digestible, d, digest32 } from "@mobilecoin-ts/crypto";
import {
  type MintTx,
  mintTxCodec,
  mintTxDigestible,
  type TxOut,
  txOutCodec,
  txOutDigestible,
  type ValidatedMintConfigTx,
  validatedMintConfigTxCodec,
  validatedMintConfigTxDigestible,
} from "@mobilecoin-ts/transaction";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";

/** What a block does. Order matters for its hash; nodes sort outputs by public key and key images by bytes. */
export interface BlockContents {
  /** Spent by this block, 32 bytes each. */
  readonly keyImages: readonly Uint8Array[];
  readonly outputs: readonly TxOut[];
  readonly validatedMintConfigTxs: readonly ValidatedMintConfigTx[];
  readonly mintTxs: readonly MintTx[];
}

const blockContentsDigestible: Digestible<BlockContents> = d.struct<BlockContents>("BlockContents", [
  ["key_images", d.list(d.ristretto)],
  ["outputs", d.list(txOutDigestible)],
  ["validated_mint_config_txs", d.list(validatedMintConfigTxDigestible)],
  ["mint_txs", d.list(mintTxDigestible)],
]);

export const keyImageCodec: Codec<Uint8Array> = fixedBytes("KeyImage", 32);

export const blockContentsCodec: Codec<BlockContents> = message<BlockContents>("BlockContents", {
  keyImages: f.repeated(1, keyImageCodec),
  outputs: f.repeated(2, txOutCodec),
  validatedMintConfigTxs: f.repeated(3, validatedMintConfigTxCodec),
  mintTxs: f.repeated(4, mintTxCodec),
});

/** The 32-byte hash by which a block's header commits to its contents (03 section 2.4). */
export function blockContentsHash(contents: BlockContents): Uint8Array {
  return digest32("block_contents", blockContentsDigestible, contents);
}
