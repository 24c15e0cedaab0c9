import { fromBinary } from "@bufbuild/protobuf";
import type { SignerSet } from "@mobilecoin-ts/crypto";
import { type Block, blockCodec } from "@mobilecoin-ts/ledger";
import type { ActiveMintConfigs } from "@mobilecoin-ts/ledger/store";
import { mintConfigCodec, mintConfigTxCodec, signerSetCodec } from "@mobilecoin-ts/transaction";
import { BlockSchema } from "@mobilecoin-ts/wire/gen/blockchain_pb";
import {
  Ed25519SignerSetSchema,
  MintConfigSchema,
  MintConfigTxSchema,
} from "@mobilecoin-ts/wire/gen/external_pb";

// Both forms have the same fields, so the bytes of one are bytes of the other.

export function blockToApi(block: Block) {
  return fromBinary(BlockSchema, blockCodec.encode(block));
}

export function signerSetToApi(signerSet: SignerSet) {
  return fromBinary(Ed25519SignerSetSchema, signerSetCodec.encode(signerSet));
}

export function activeMintConfigsToApi({ configs, mintConfigTx }: ActiveMintConfigs) {
  return {
    configs: configs.map(({ mintConfig, totalMinted }) => ({
      mintConfig: fromBinary(MintConfigSchema, mintConfigCodec.encode(mintConfig)),
      totalMinted,
    })),
    mintConfigTx: fromBinary(MintConfigTxSchema, mintConfigTxCodec.encode(mintConfigTx)),
  };
}
