import {
  checkEd25519PublicKey,
  type Digestible,
  d,
  digest32,
  multiSigDigestible,
  type SignerSet,
  signerSetDigestible,
} from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { type Codec, type Field, f, fixedBytes, message, wrapper } from "@mobilecoin-ts/wire";
import { encryptedFogHintCodec } from "../tx-out/tx-out.ts";

/** Mints an amount of a token to an address, under an active mint configuration (02 section 2.21; MCIP 37, 53). */
export interface MintTxPrefix {
  readonly tokenId: bigint;
  /** In smallest units of the token. */
  readonly amount: bigint;
  /** 32 bytes compressed; a valid point. */
  readonly viewPublicKey: Uint8Array;
  /** 32 bytes compressed; a valid point. */
  readonly spendPublicKey: Uint8Array;
  /** 64 bytes, used once a token. */
  readonly nonce: Uint8Array;
  /** Block index from which on the transaction is invalid. */
  readonly tombstoneBlock: bigint;
  /** 84 bytes; from block version 3 on. */
  readonly eFogHint: Uint8Array | undefined;
}

export interface MintTx {
  readonly prefix: MintTxPrefix;
  /** Ed25519 signatures of 64 bytes over the prefix digest. */
  readonly signature: readonly Uint8Array[];
}

/** Who may mint, and how much. */
export interface MintConfig {
  readonly tokenId: bigint;
  readonly signerSet: SignerSet;
  /** In smallest units of the token, over the life of the configuration. */
  readonly mintLimit: bigint;
}

/** Replaces the mint configurations of a token; with no configuration, minting stops (02 section 2.21). */
export interface MintConfigTxPrefix {
  readonly tokenId: bigint;
  readonly configs: readonly MintConfig[];
  /** 64 bytes, used once a token; apart from the nonces of mint transactions. */
  readonly nonce: Uint8Array;
  readonly tombstoneBlock: bigint;
  /** Over all configurations together. */
  readonly totalMintLimit: bigint;
}

export interface MintConfigTx {
  readonly prefix: MintConfigTxPrefix;
  /** Ed25519 signatures of 64 bytes over the prefix digest, by the token's governors. */
  readonly signature: readonly Uint8Array[];
}

/** A mint configuration transaction in a block, with the governors it was checked against. */
export interface ValidatedMintConfigTx {
  readonly mintConfigTx: MintConfigTx;
  readonly signerSet: SignerSet;
}

const mintTxPrefixDigestible: Digestible<MintTxPrefix> = d.struct<MintTxPrefix>("MintTxPrefix", [
  ["token_id", d.u64],
  ["amount", d.u64],
  ["view_public_key", d.ristretto],
  ["spend_public_key", d.ristretto],
  ["nonce", d.bytes],
  ["tombstone_block", d.u64],
  ["e_fog_hint", d.option(d.bytes)],
]);

export const mintTxDigestible: Digestible<MintTx> = d.struct<MintTx>("MintTx", [
  ["prefix", mintTxPrefixDigestible],
  ["signature", multiSigDigestible],
]);

const mintConfigDigestible: Digestible<MintConfig> = d.struct<MintConfig>("MintConfig", [
  ["token_id", d.u64],
  ["signer_set", signerSetDigestible],
  ["mint_limit", d.u64],
]);

const mintConfigTxPrefixDigestible: Digestible<MintConfigTxPrefix> = d.struct<MintConfigTxPrefix>(
  "MintConfigTxPrefix",
  [
    ["token_id", d.u64],
    ["configs", d.list(mintConfigDigestible)],
    ["nonce", d.bytes],
    ["tombstone_block", d.u64],
    ["total_mint_limit", d.u64],
  ],
);

export const mintConfigTxDigestible: Digestible<MintConfigTx> = d.struct<MintConfigTx>("MintConfigTx", [
  ["prefix", mintConfigTxPrefixDigestible],
  ["signature", multiSigDigestible],
]);

export const validatedMintConfigTxDigestible: Digestible<ValidatedMintConfigTx> =
  d.struct<ValidatedMintConfigTx>("ValidatedMintConfigTx", [
    ["mint_config_tx", mintConfigTxDigestible],
    ["signer_set", signerSetDigestible],
  ]);

/** What the minters sign, 32 bytes. */
export function mintTxPrefixHash(prefix: MintTxPrefix): Uint8Array {
  return digest32("mc_mint_tx_prefix", mintTxPrefixDigestible, prefix);
}

/** What the governors sign, 32 bytes. */
export function mintConfigTxPrefixHash(prefix: MintConfigTxPrefix): Uint8Array {
  return digest32("mc_mint_config_tx_prefix", mintConfigTxPrefixDigestible, prefix);
}

/** Decoding checks that the key decompresses; a key of small order passes here and fails when it verifies. */
const ed25519PublicCodec: Codec<Uint8Array> = wrapper<Uint8Array>("Ed25519Public", {
  length: 32,
  initial: () => new Uint8Array(32),
  toBytes: (value) => value,
  fromBytes: (bytes) => {
    checkEd25519PublicKey(bytes);
    return bytes;
  },
});

/** Unlike the keys of outputs, these must be points when they are decoded. */
const ristrettoPublicCodec: Codec<Uint8Array> = wrapper<Uint8Array>("RistrettoPublic", {
  length: 32,
  initial: () => new Uint8Array(32),
  toBytes: (value) => value,
  fromBytes: (bytes) => {
    Point.decode(bytes);
    return bytes;
  },
});

/** Decoding bounds the nesting of signer sets by the limit on depth. */
export const signerSetCodec: Codec<SignerSet> = message<SignerSet>("Ed25519SignerSet", {
  individualSigners: f.repeated(1, ed25519PublicCodec),
  multiSigners: f.repeated(3, () => signerSetCodec),
  threshold: f.uint32(2),
});

const multiSigCodec = message<{ readonly signatures: readonly Uint8Array[] }>("Ed25519MultiSig", {
  signatures: f.repeated(1, fixedBytes("Ed25519Signature", 64)),
});

/** A multi-signature is a message around a list; records hold the list alone. */
function multiSigField(tag: number): Field<readonly Uint8Array[]> {
  const inner = f.message(tag, multiSigCodec);
  return {
    tags: inner.tags,
    isOneof: false,
    initial: () => inner.initial().signatures,
    write: (writer, signatures, order) => inner.write(writer, { signatures }, order),
    read: (reader, readTag, wireType, signatures, state) =>
      inner.read(reader, readTag, wireType, { signatures }, state).signatures,
  };
}

const mintTxPrefixCodec: Codec<MintTxPrefix> = message<MintTxPrefix>("MintTxPrefix", {
  tokenId: f.uint64(1),
  amount: f.uint64(2),
  viewPublicKey: f.message(3, ristrettoPublicCodec),
  spendPublicKey: f.message(4, ristrettoPublicCodec),
  nonce: f.bytes(5),
  tombstoneBlock: f.uint64(6),
  eFogHint: f.message(7, encryptedFogHintCodec, { optional: true }),
});

export const mintTxCodec: Codec<MintTx> = message<MintTx>("MintTx", {
  prefix: f.message(1, mintTxPrefixCodec),
  signature: multiSigField(2),
});

export const mintConfigCodec: Codec<MintConfig> = message<MintConfig>("MintConfig", {
  tokenId: f.uint64(1),
  signerSet: f.message(2, signerSetCodec),
  mintLimit: f.uint64(3),
});

const mintConfigTxPrefixCodec: Codec<MintConfigTxPrefix> = message<MintConfigTxPrefix>("MintConfigTxPrefix", {
  tokenId: f.uint64(1),
  configs: f.repeated(2, mintConfigCodec),
  nonce: f.bytes(3),
  tombstoneBlock: f.uint64(4),
  totalMintLimit: f.uint64(5),
});

export const mintConfigTxCodec: Codec<MintConfigTx> = message<MintConfigTx>("MintConfigTx", {
  prefix: f.message(1, mintConfigTxPrefixCodec),
  signature: multiSigField(2),
});

export const validatedMintConfigTxCodec: Codec<ValidatedMintConfigTx> = message<ValidatedMintConfigTx>(
  "ValidatedMintConfigTx",
  {
    mintConfigTx: f.message(1, mintConfigTxCodec),
    signerSet: f.message(2, signerSetCodec),
  },
);
