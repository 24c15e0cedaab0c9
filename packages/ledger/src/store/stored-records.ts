import {
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  mintConfigCodec,
  mintConfigTxCodec,
  mintTxCodec,
  type ValidatedMintConfigTx,
  validatedMintConfigTxCodec,
} from "@mobilecoin-ts/transaction";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { keyImageCodec } from "../block-contents.ts";

/** Version of the table formats, and of the program that wrote them. */
export interface MetadataVersion {
  readonly databaseFormatVersion: bigint;
  readonly createdByCrateVersion: string;
}

export const metadataVersionCodec: Codec<MetadataVersion> = message<MetadataVersion>("MetadataVersion", {
  databaseFormatVersion: f.uint64(1),
  createdByCrateVersion: f.string(2),
});

export const keyImageListCodec = message<{ readonly keyImages: readonly Uint8Array[] }>("KeyImageList", {
  keyImages: f.repeated(1, keyImageCodec),
});

/** Where the outputs of a block stand. */
export interface TxOutsByBlock {
  readonly firstTxOutIndex: bigint;
  readonly txOutCount: bigint;
}

export const txOutsByBlockCodec: Codec<TxOutsByBlock> = message<TxOutsByBlock>("TxOutsByBlockValue", {
  firstTxOutIndex: f.uint64(1),
  txOutCount: f.uint64(2),
});

export const mintConfigTxListCodec = message<{ readonly txs: readonly ValidatedMintConfigTx[] }>(
  "ValidatedMintConfigTxList",
  { txs: f.repeated(1, validatedMintConfigTxCodec) },
);

export const mintTxListCodec = message<{ readonly txs: readonly MintTx[] }>("MintTxList", {
  txs: f.repeated(1, mintTxCodec),
});

/** A mint configuration in force, and what was minted under it. */
export interface ActiveMintConfig {
  readonly mintConfig: MintConfig;
  /** In smallest units of the token. */
  readonly totalMinted: bigint;
}

/** All configurations in force for a token, and the transaction that put them in force. */
export interface ActiveMintConfigs {
  readonly configs: readonly ActiveMintConfig[];
  readonly mintConfigTx: MintConfigTx;
}

const activeMintConfigCodec: Codec<ActiveMintConfig> = message<ActiveMintConfig>("ActiveMintConfig", {
  mintConfig: f.message(1, mintConfigCodec),
  totalMinted: f.uint64(2),
});

export const activeMintConfigsCodec: Codec<ActiveMintConfigs> = message<ActiveMintConfigs>(
  "ActiveMintConfigs",
  {
    configs: f.repeated(1, activeMintConfigCodec),
    mintConfigTx: f.message(2, mintConfigTxCodec),
  },
);
