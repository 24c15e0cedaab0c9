import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import {
  MAX_MINT_CONFIG_TXS_PER_BLOCK,
  MAX_MINT_TXS_PER_BLOCK,
  MAX_TRANSACTIONS_PER_BLOCK,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  mintConfigCodec,
} from "@mobilecoin-ts/transaction";
import { type ConsensusValue, compareMintConfigTxs, compareMintTxs } from "./consensus-value.ts";

/** What decides on a transaction's place in a block. */
export interface CombinableTx {
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  /** Of its fee; higher comes first (`feePriority`). */
  readonly priority: bigint;
  readonly keyImages: readonly Uint8Array[];
  readonly outputPublicKeys: readonly Uint8Array[];
}

/** What a node knows about values. */
export interface CombineLookups {
  /** Undefined where the transaction is not at hand. */
  txOf(hash: Uint8Array): CombinableTx | undefined;
  /** The active mint configuration that a mint transaction is charged to now; undefined where there is none. */
  mintConfigOf(tx: MintTx): MintConfig | undefined;
}

/**
 * The values of a block, from all those that were nominated (04 section 2.6): transactions in the order of their
 * priority, then mint configurations, then mints. The result depends on the set of values and the lookups alone.
 *
 * @returns undefined where a transaction is missing: the caller waits.
 */
export function combineValues(
  values: readonly ConsensusValue[],
  lookups: CombineLookups,
): readonly ConsensusValue[] | undefined {
  const hashes: Uint8Array[] = [];
  const mintConfigTxs: MintConfigTx[] = [];
  const mintTxs: MintTx[] = [];
  for (const value of values) {
    if (value.kind === "txHash") hashes.push(value.hash);
    else if (value.kind === "mintConfigTx") mintConfigTxs.push(value.tx);
    else mintTxs.push(value.tx);
  }
  const transactions = combineTransactions(hashes, lookups);
  if (transactions === undefined) return undefined;
  return [
    ...transactions.map((hash): ConsensusValue => ({ kind: "txHash", hash })),
    ...combineMintConfigTxs(mintConfigTxs).map((tx): ConsensusValue => ({ kind: "mintConfigTx", tx })),
    ...combineMintTxs(mintTxs, lookups).map((tx): ConsensusValue => ({ kind: "mintTx", tx })),
  ];
}

/** Block order: priority, highest first, then hash (04 section 2.12). */
function compareInBlock(a: CombinableTx, b: CombinableTx): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1;
  return compareBytes(a.txHash, b.txHash);
}

/** The first transactions in block order of which no two share a key image or an output public key. */
function combineTransactions(
  hashes: readonly Uint8Array[],
  { txOf }: CombineLookups,
): Uint8Array[] | undefined {
  const candidates = new Map<string, CombinableTx>();
  for (const hash of hashes) {
    const tx = txOf(hash);
    if (tx === undefined) return undefined;
    candidates.set(bytesToHex(hash), tx);
  }
  const keyImages = new Set<string>();
  const outputKeys = new Set<string>();
  const kept: Uint8Array[] = [];
  for (const tx of [...candidates.values()].sort(compareInBlock)) {
    if (kept.length >= MAX_TRANSACTIONS_PER_BLOCK) break;
    const images = tx.keyImages.map(bytesToHex);
    const outputs = tx.outputPublicKeys.map(bytesToHex);
    if (images.some((image) => keyImages.has(image)) || outputs.some((key) => outputKeys.has(key))) continue;
    for (const image of images) keyImages.add(image);
    for (const key of outputs) outputKeys.add(key);
    kept.push(tx.txHash);
  }
  return kept;
}

function nonceKey({ prefix }: MintTx | MintConfigTx): string {
  return `${prefix.tokenId}:${bytesToHex(prefix.nonce)}`;
}

function combineMintConfigTxs(txs: readonly MintConfigTx[]): MintConfigTx[] {
  const nonces = new Set<string>();
  const kept: MintConfigTx[] = [];
  for (const tx of txs.toSorted(compareMintConfigTxs)) {
    if (kept.length >= MAX_MINT_CONFIG_TXS_PER_BLOCK) break;
    if (nonces.has(nonceKey(tx))) continue;
    nonces.add(nonceKey(tx));
    kept.push(tx);
  }
  return kept;
}

/** A configuration's limit is checked against the ledger, so one block charges it once at most. */
function combineMintTxs(txs: readonly MintTx[], { mintConfigOf }: CombineLookups): MintTx[] {
  const nonces = new Set<string>();
  const configs = new Set<string>();
  const kept: MintTx[] = [];
  for (const tx of txs.toSorted(compareMintTxs)) {
    if (kept.length >= MAX_MINT_TXS_PER_BLOCK) break;
    if (nonces.has(nonceKey(tx))) continue;
    const config = mintConfigOf(tx);
    if (config === undefined) continue;
    const configKey = bytesToHex(mintConfigCodec.encode(config));
    if (configs.has(configKey)) continue;
    nonces.add(nonceKey(tx));
    configs.add(configKey);
    kept.push(tx);
  }
  return kept;
}
