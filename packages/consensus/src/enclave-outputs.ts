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
import type { FeeAmount } from "./fee-amounts.ts";

/** The two keys of an output's recipient, 32 bytes each, as they are: no subaddress is derived from them. */
export type RecipientKeys = Pick<PublicAddress, "viewPublicKey" | "spendPublicKey">;

const amountDigestible: Digestible<Amount> = d.struct<Amount>("Amount", [
  ["value", d.u64],
  ["token_id", d.newtype("TokenId", d.u64)],
]);

interface BlockOutputs<Transaction> {
  readonly blockVersion: BlockVersion;
  /** 32 bytes. */
  readonly parentBlockId: Uint8Array;
  /** All transactions of the block, in the order they are processed in. */
  readonly transactions: readonly Transaction[];
}

export interface FeeOutputsOptions extends BlockOutputs<Tx> {
  readonly recipient: RecipientKeys;
  readonly amounts: readonly FeeAmount[];
}

/** The outputs that pay a block's fees, one for each amount (04 section 2.14.4). Every node derives the same. */
export function feeOutputs(options: FeeOutputsOptions): TxOut[] {
  const { amounts, recipient, blockVersion } = options;
  if (amounts.length === 0) return [];
  const privateKeyOf = outputKeys("mc_fees_output_private_key", options, txDigestible);
  return amounts.map(({ amount, counter }) =>
    derivedOutput(blockVersion, privateKeyOf(amount, counter), recipient, amount, undefined),
  );
}

/** The outputs that mint transactions make, one for each. Every node derives the same. */
export function mintOutputs(options: BlockOutputs<MintTx>): TxOut[] {
  const { transactions, blockVersion } = options;
  if (transactions.length === 0) return [];
  const privateKeyOf = outputKeys("mc_minted_output_private_key", options, mintTxDigestible);
  return transactions.map(({ prefix }, i) => {
    const amount = { value: prefix.amount, tokenId: prefix.tokenId };
    return derivedOutput(blockVersion, privateKeyOf(amount, BigInt(i)), prefix, amount, prefix.eFogHint);
  });
}

/**
 * Derives the private keys of outputs from the block before and all transactions, then amount and counter. The
 * transactions, which are most of it, are hashed once.
 */
function outputKeys<Transaction>(
  label: string,
  { parentBlockId, transactions }: BlockOutputs<Transaction>,
  transaction: Digestible<Transaction>,
): (amount: Amount, counter: bigint) => Scalar {
  const shared = new Transcript(label);
  appendDigestible(shared, "parent_block_id", d.bytes, parentBlockId);
  appendDigestible(shared, "transactions", d.list(transaction), transactions);
  return (amount, counter) => {
    const transcript = shared.clone();
    appendDigestible(transcript, "amount", amountDigestible, amount);
    appendDigestible(transcript, "counter", d.u64, counter);
    return Scalar.fromBytesModOrder(transcript.challenge("digest32", 32));
  };
}

function derivedOutput(
  blockVersion: BlockVersion,
  txPrivateKey: Scalar,
  { viewPublicKey, spendPublicKey }: RecipientKeys,
  amount: Amount,
  eFogHint: Uint8Array | undefined,
): TxOut {
  return createTxOut({
    blockVersion,
    amount,
    recipient: { viewPublicKey, spendPublicKey },
    // Nobody's hint, also for a Fog recipient: making one takes randomness, which the nodes would have to agree on.
    eFogHint: eFogHint ?? new Uint8Array(ENCRYPTED_FOG_HINT_LENGTH),
    txPrivateKey,
  }).txOut;
}
