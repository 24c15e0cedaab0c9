import { bytesToHex, compareBytes, type SignerSet } from "@mobilecoin-ts/crypto";
import { type Compare, compareSequences } from "@mobilecoin-ts/scp";
import {
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  mintConfigTxCodec,
  mintTxCodec,
} from "@mobilecoin-ts/transaction";

/** What nodes agree on, one of many in a block (04 section 2.3). */
export type ConsensusValue =
  /** A transaction, by its hash of 32 bytes; its content travels apart, encrypted. */
  | { readonly kind: "txHash"; readonly hash: Uint8Array }
  | { readonly kind: "mintConfigTx"; readonly tx: MintConfigTx }
  | { readonly kind: "mintTx"; readonly tx: MintTx };

const KIND_ORDER = { txHash: 0, mintConfigTx: 1, mintTx: 2 } as const;

/** The total order of values: by kind, then by content (04 section 2.3). */
export function compareConsensusValues(a: ConsensusValue, b: ConsensusValue): number {
  if (a === b) return 0;
  if (a.kind === "txHash" && b.kind === "txHash") return compareBytes(a.hash, b.hash);
  if (a.kind === "mintConfigTx" && b.kind === "mintConfigTx") return compareMintConfigTxs(a.tx, b.tx);
  if (a.kind === "mintTx" && b.kind === "mintTx") return compareMintTxs(a.tx, b.tx);
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

/** By prefix (token, configurations, nonce, tombstone block, total limit), then by signatures. */
export function compareMintConfigTxs(a: MintConfigTx, b: MintConfigTx): number {
  return (
    compareU64(a.prefix.tokenId, b.prefix.tokenId) ||
    compareSequences(a.prefix.configs, b.prefix.configs, compareMintConfigs) ||
    compareBytes(a.prefix.nonce, b.prefix.nonce) ||
    compareU64(a.prefix.tombstoneBlock, b.prefix.tombstoneBlock) ||
    compareU64(a.prefix.totalMintLimit, b.prefix.totalMintLimit) ||
    compareSequences(a.signature, b.signature, compareBytes)
  );
}

/** By prefix (token, amount, keys, nonce, tombstone block, hint with none first), then by signatures. */
export function compareMintTxs(a: MintTx, b: MintTx): number {
  return (
    compareU64(a.prefix.tokenId, b.prefix.tokenId) ||
    compareU64(a.prefix.amount, b.prefix.amount) ||
    compareBytes(a.prefix.viewPublicKey, b.prefix.viewPublicKey) ||
    compareBytes(a.prefix.spendPublicKey, b.prefix.spendPublicKey) ||
    compareBytes(a.prefix.nonce, b.prefix.nonce) ||
    compareU64(a.prefix.tombstoneBlock, b.prefix.tombstoneBlock) ||
    compareOptionalBytes(a.prefix.eFogHint, b.prefix.eFogHint) ||
    compareSequences(a.signature, b.signature, compareBytes)
  );
}

const keys = new WeakMap<ConsensusValue, string>();

/** A text that two values share exactly when they are equal; a key for maps. Begins with the kind and a colon. */
export function consensusValueKey(value: ConsensusValue): string {
  let key = keys.get(value);
  if (key === undefined) {
    key = `${value.kind}:${bytesToHex(contentOf(value))}`;
    keys.set(value, key);
  }
  return key;
}

function contentOf(value: ConsensusValue): Uint8Array {
  switch (value.kind) {
    case "txHash":
      return value.hash;
    case "mintConfigTx":
      return mintConfigTxCodec.encode(value.tx);
    case "mintTx":
      return mintTxCodec.encode(value.tx);
  }
}

const compareU64: Compare<bigint> = (a, b) => (a < b ? -1 : Number(a > b));

function compareOptionalBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareBytes(a, b);
}

function compareMintConfigs(a: MintConfig, b: MintConfig): number {
  return (
    compareU64(a.tokenId, b.tokenId) ||
    compareSignerSets(a.signerSet, b.signerSet) ||
    compareU64(a.mintLimit, b.mintLimit)
  );
}

function compareSignerSets(a: SignerSet, b: SignerSet): number {
  return (
    compareSequences(a.individualSigners, b.individualSigners, compareBytes) ||
    compareSequences(a.multiSigners, b.multiSigners, compareSignerSets) ||
    a.threshold - b.threshold
  );
}
