import type { PublicAddress } from "@mobilecoin-ts/account";
import { appendDigestible, type Digestible, d, Transcript } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import {
  type Amount,
  type BlockVersion,
  createTxOut,
  ENCRYPTED_FOG_HINT_LENGTH,
  type MintTx,
  mintTxDigestible,
  type Tx,
  type TxOut,
  txDigestible,
} from "@mobilecoin-ts/transaction";

/** The two keys of an output's recipient, 32 bytes each, as they are: no subaddress is derived from them. */
export type RecipientKeys = Pick<PublicAddress, "viewPublicKey" | "spendPublicKey">;

const amountDigestible: Digestible<Amount> = d.struct<Amount>("Amount", [
  ["value", d.u64],
  ["token_id", d.newtype("TokenId", d.u64)],
]);

/** What an output that a block adds by itself is derived from (04 section 2.14.4). */
interface DerivedOutput {
  readonly blockVersion: BlockVersion;
  /** 32 bytes. */
  readonly parentBlockId: Uint8Array;
  readonly recipient: RecipientKeys;
  readonly amount: Amount;
  readonly counter: bigint;
}

export interface FeeOutputOptions extends DerivedOutput {
  /** All transactions of the block, in the order they are processed in. */
  readonly transactions: readonly Tx[];
}

export interface MintOutputOptions extends DerivedOutput {
  /** All mint transactions of the block, in order. */
  readonly transactions: readonly MintTx[];
  /** 84 bytes. */
  readonly eFogHint: Uint8Array | undefined;
}

/** The output that pays a block's fees. Every node derives the same. */
export function feeOutput(options: FeeOutputOptions): TxOut {
  return derivedOutput(privateKey("mc_fees_output_private_key", options, txDigestible), options, undefined);
}

/** The output that a mint transaction makes. Every node derives the same. */
export function mintOutput(options: MintOutputOptions): TxOut {
  const txPrivateKey = privateKey("mc_minted_output_private_key", options, mintTxDigestible);
  return derivedOutput(txPrivateKey, options, options.eFogHint);
}

function privateKey<T>(
  label: string,
  options: DerivedOutput & { readonly transactions: readonly T[] },
  transaction: Digestible<T>,
): Scalar {
  const transcript = new Transcript(label);
  appendDigestible(transcript, "parent_block_id", d.bytes, options.parentBlockId);
  appendDigestible(transcript, "transactions", d.list(transaction), options.transactions);
  appendDigestible(transcript, "amount", amountDigestible, options.amount);
  appendDigestible(transcript, "counter", d.u64, options.counter);
  return Scalar.fromBytesModOrder(transcript.challenge("digest32", 32));
}

function derivedOutput(
  txPrivateKey: Scalar,
  options: DerivedOutput,
  eFogHint: Uint8Array | undefined,
): TxOut {
  return createTxOut({
    blockVersion: options.blockVersion,
    amount: options.amount,
    recipient: options.recipient,
    // Nobody's hint, also for a Fog recipient: making one takes randomness, which the nodes would have to agree on.
    eFogHint: eFogHint ?? new Uint8Array(ENCRYPTED_FOG_HINT_LENGTH),
    txPrivateKey,
  }).txOut;
}
