import type { ViewAccountKey } from "@mobilecoin-ts/account";
import { onetimeHashToScalar } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "./amount.ts";
import { amountMasks, type MaskedAmount, recoverAmount, unmaskTokenId } from "./masked-amount.ts";
import type { SubaddressTable } from "./subaddress-table.ts";
import type { TxOut } from "./tx-out.ts";

/** What scanning reads of an output. */
export type ScannableTxOut = Pick<TxOut, "publicKey" | "targetKey" | "maskedAmount">;

interface Found {
  /** Place of the output in the list scanned. */
  readonly position: number;
  readonly amount: UnmaskedAmount;
  /** The output's shared secret, 32 bytes: opens its memo, gives its one-time private key. */
  readonly sharedSecret: Uint8Array;
}

/** An output of ours, and the subaddress that can spend it. */
export interface OwnedTxOut extends Found {
  readonly kind: "owned";
  readonly subaddressIndex: bigint;
}

/** An output made for our view key, but for a subaddress that is not in the table. */
export interface OrphanedTxOut extends Found {
  readonly kind: "orphaned";
  /** 32 bytes; look it up again as the table grows. Absent where the target key does not decode: unspendable. */
  readonly subaddressSpendPublicKey: Uint8Array | undefined;
}

export type ScanHit = OwnedTxOut | OrphanedTxOut;

/** Outputs whose points are worked on together. */
const BATCH_SIZE = 256;

export interface ScanOptions {
  /**
   * Whether outputs for subaddresses that are not in the table are wanted too, as `orphaned`; costs a fifth more.
   * Outputs of tokens with an id of 2^32 or more are not looked for among them: others' outputs open to random token
   * ids, so nearly all of them are dismissed by that without recomputing their commitments.
   */
  readonly orphans?: boolean | undefined;
}

/**
 * Finds the outputs, among many, that are for a subaddress in the table, in order. The target key selects them and
 * the commitment confirms them, as in `matchViewKey`. Malformed outputs are nobody's and are passed over.
 */
export function scanTxOuts(
  { viewPrivateKey }: Pick<ViewAccountKey, "viewPrivateKey">,
  txOuts: readonly ScannableTxOut[],
  subaddresses: SubaddressTable,
  { orphans = false }: ScanOptions = {},
): ScanHit[] {
  const hits: ScanHit[] = [];
  for (let start = 0; start < txOuts.length; start += BATCH_SIZE) {
    const candidates = decodeCandidates(txOuts.slice(start, start + BATCH_SIZE), start);
    const sharedSecrets = Point.multiplyBatchEncoded(
      viewPrivateKey,
      candidates.map(({ publicKey }) => publicKey),
    );
    const spendKeys = recoverSpendKeys(candidates, sharedSecrets);
    candidates.forEach((candidate, i) => {
      const hit = judge(candidate, sharedSecrets[i]!, spendKeys[i], subaddresses, orphans);
      if (hit !== undefined) hits.push(hit);
    });
  }
  return hits;
}

interface Candidate {
  readonly txOut: ScannableTxOut;
  readonly publicKey: Point;
  readonly masked: MaskedAmount;
  readonly position: number;
}

function decodeCandidates(txOuts: readonly ScannableTxOut[], start: number): Candidate[] {
  const publicKeys = Point.tryDecodeBatch(txOuts.map((txOut) => txOut.publicKey));
  return txOuts.flatMap((txOut, i) => {
    const publicKey = publicKeys[i];
    const masked = txOut.maskedAmount;
    return publicKey === undefined || masked === undefined
      ? []
      : [{ txOut, publicKey, masked, position: start + i }];
  });
}

/** The spend public key that each output was made for; undefined where the target key does not decode. */
function recoverSpendKeys(
  candidates: readonly Candidate[],
  sharedSecrets: readonly Uint8Array[],
): (Uint8Array | undefined)[] {
  const spendKeys = new Array<Uint8Array | undefined>(candidates.length);
  const decoded: number[] = [];
  const points: Point[] = [];
  const targetKeys = Point.tryDecodeBatch(candidates.map(({ txOut }) => txOut.targetKey));
  targetKeys.forEach((targetKey, i) => {
    if (targetKey === undefined) return;
    decoded.push(i);
    points.push(targetKey.subtract(Point.multiplyBase(onetimeHashToScalar(sharedSecrets[i]!))));
  });
  Point.encodeBatch(points).forEach((spendKey, k) => {
    spendKeys[decoded[k]!] = spendKey;
  });
  return spendKeys;
}

function judge(
  { masked, position }: Candidate,
  sharedSecret: Uint8Array,
  spendKey: Uint8Array | undefined,
  subaddresses: SubaddressTable,
  orphans: boolean,
): ScanHit | undefined {
  const subaddressIndex = spendKey === undefined ? undefined : subaddresses.find(spendKey);
  if (subaddressIndex === undefined && !(orphans && hasPlausibleToken(masked, sharedSecret)))
    return undefined;
  const amount = tryRecoverAmount(masked, sharedSecret);
  if (amount === undefined) return undefined;
  return subaddressIndex === undefined
    ? { kind: "orphaned", position, amount, sharedSecret, subaddressSpendPublicKey: spendKey }
    : { kind: "owned", position, amount, sharedSecret, subaddressIndex };
}

const PLAUSIBLE_TOKEN_IDS = 1n << 32n;

function hasPlausibleToken(masked: MaskedAmount, sharedSecret: Uint8Array): boolean {
  const { version, maskedTokenId } = masked;
  if (maskedTokenId.length !== 8) return maskedTokenId.length === 0 && version === 1;
  return unmaskTokenId(masked, amountMasks(version, sharedSecret)) < PLAUSIBLE_TOKEN_IDS;
}

function tryRecoverAmount(masked: MaskedAmount, sharedSecret: Uint8Array): UnmaskedAmount | undefined {
  try {
    return recoverAmount(masked, sharedSecret);
  } catch (error) {
    if (error instanceof TransactionError) return undefined;
    throw error;
  }
}
