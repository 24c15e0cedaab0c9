import type { ViewAccountKey } from "@mobilecoin-ts/account";
import { onetimeHashToScalar } from "@mobilecoin-ts/crypto";
import { Point, type Scalar } from "@mobilecoin-ts/curve";
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

/**
 * Finds an account's outputs among many, in order. Malformed outputs are nobody's and are passed over.
 *
 * The commitment decides, as in `matchViewKey`, but is only recomputed where it can matter: another's output opens
 * to a random token id, so one of 2^32 or more is taken as another's, unless the output is for a subaddress in the
 * table. (An output of ours is therefore missed only if it is both orphaned and of such a token.)
 */
export function scanTxOuts(
  { viewPrivateKey }: Pick<ViewAccountKey, "viewPrivateKey">,
  txOuts: readonly ScannableTxOut[],
  subaddresses: SubaddressTable,
): ScanHit[] {
  const hits: ScanHit[] = [];
  for (let start = 0; start < txOuts.length; start += BATCH_SIZE) {
    scanBatch(viewPrivateKey, txOuts.slice(start, start + BATCH_SIZE), start, subaddresses, hits);
  }
  return hits;
}

interface Candidate {
  readonly txOut: ScannableTxOut;
  readonly masked: MaskedAmount;
  readonly position: number;
}

function scanBatch(
  viewPrivateKey: Scalar,
  txOuts: readonly ScannableTxOut[],
  start: number,
  subaddresses: SubaddressTable,
  hits: ScanHit[],
): void {
  const candidates: Candidate[] = [];
  const products: Point[] = [];
  txOuts.forEach((txOut, i) => {
    const publicKey = Point.tryDecode(txOut.publicKey);
    const masked = txOut.maskedAmount;
    if (publicKey === undefined || masked === undefined) return;
    candidates.push({ txOut, masked, position: start + i });
    products.push(publicKey.multiply(viewPrivateKey));
  });
  const sharedSecrets = Point.encodeBatch(products);
  const spendKeys = recoverSpendKeys(candidates, sharedSecrets);
  candidates.forEach(({ masked, position }, i) => {
    const sharedSecret = sharedSecrets[i]!;
    const spendKey = spendKeys[i];
    const subaddressIndex = spendKey === undefined ? undefined : subaddresses.find(spendKey);
    if (subaddressIndex === undefined && !isPlausible(masked, sharedSecret)) return;
    const amount = tryRecoverAmount(masked, sharedSecret);
    if (amount === undefined) return;
    hits.push(
      subaddressIndex === undefined
        ? { kind: "orphaned", position, amount, sharedSecret, subaddressSpendPublicKey: spendKey }
        : { kind: "owned", position, amount, sharedSecret, subaddressIndex },
    );
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
  candidates.forEach(({ txOut }, i) => {
    const targetKey = Point.tryDecode(txOut.targetKey);
    if (targetKey === undefined) return;
    decoded.push(i);
    points.push(targetKey.subtract(Point.multiplyBase(onetimeHashToScalar(sharedSecrets[i]!))));
  });
  Point.encodeBatch(points).forEach((spendKey, k) => {
    spendKeys[decoded[k]!] = spendKey;
  });
  return spendKeys;
}

const PLAUSIBLE_TOKEN_IDS = 1n << 32n;

function isPlausible(masked: MaskedAmount, sharedSecret: Uint8Array): boolean {
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
