import type {
  MintConfig,
  MintConfigTx,
  MintConfigTxPrefix,
  MintTx,
  MintTxPrefix,
} from "@mobilecoin-ts/transaction";
import {
  byteArray,
  byteArrayOrString,
  list,
  mapped,
  optional,
  type Shape,
  struct,
  u64,
} from "../document/shape.ts";
import { ristrettoPublicShape, signerSetShape } from "./key-shapes.ts";

interface MultiSig {
  readonly signatures: readonly Uint8Array[];
}

const multiSigShape: Shape<readonly Uint8Array[]> = mapped(
  struct<MultiSig>({ signatures: ["signatures", list(byteArrayOrString(64))] }),
  ({ signatures }) => signatures,
  (signatures) => ({ signatures }),
);

const mintConfigShape: Shape<MintConfig> = struct<MintConfig>({
  tokenId: ["token_id", u64],
  signerSet: ["signer_set", signerSetShape],
  mintLimit: ["mint_limit", u64],
});

/** A mint configuration transaction in messages (CBOR) and in files (JSON). */
export const mintConfigTxShape: Shape<MintConfigTx> = struct<MintConfigTx>({
  prefix: [
    "prefix",
    struct<MintConfigTxPrefix>({
      tokenId: ["token_id", u64],
      configs: ["configs", list(mintConfigShape)],
      nonce: ["nonce", byteArray()],
      tombstoneBlock: ["tombstone_block", u64],
      totalMintLimit: ["total_mint_limit", u64],
    }),
  ],
  signature: ["signature", multiSigShape],
});

interface FogHint {
  readonly bytes: Uint8Array;
}

const fogHintShape: Shape<Uint8Array> = mapped(
  struct<FogHint>({ bytes: ["bytes", byteArray(84)] }),
  ({ bytes }) => bytes,
  (bytes) => ({ bytes }),
);

/** A mint transaction, likewise. */
export const mintTxShape: Shape<MintTx> = struct<MintTx>({
  prefix: [
    "prefix",
    struct<MintTxPrefix>({
      tokenId: ["token_id", u64],
      amount: ["amount", u64],
      viewPublicKey: ["view_public_key", ristrettoPublicShape],
      spendPublicKey: ["spend_public_key", ristrettoPublicShape],
      nonce: ["nonce", byteArray()],
      tombstoneBlock: ["tombstone_block", u64],
      eFogHint: ["e_fog_hint", optional(fogHintShape)],
    }),
  ],
  signature: ["signature", multiSigShape],
});
