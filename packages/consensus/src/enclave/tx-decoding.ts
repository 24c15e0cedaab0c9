import { type Tx, txCodec } from "@mobilecoin-ts/transaction";
import { type Codec, f, mapped, message, WireError } from "@mobilecoin-ts/wire";
import { ConsensusError } from "../error.ts";

/** Most bytes of one transaction; the largest there can be, of 16 inputs and outputs, has some 400 KiB. */
export const MAX_TX_BYTES = 1024 * 1024;

/** Elements of one list in a transaction that are read; what is more than the protocol's limits is refused later. */
const MAX_ELEMENTS = 16_384;

/** Messages in a transaction that are read; the largest there can be has some 40 000, at 7 an output and 3 a hash. */
const MAX_MESSAGES = 60_000;

/** Transactions that a peer's message may hold. */
const MAX_TXS_PER_MESSAGE = 5_000;

/** Upper bounds of what the parts of a transaction take when encoded. */
const BOUND = { tx: 1024, txOut: 400, proof: 40, element: 80, ring: 200, scalar: 40 } as const;

/** A transaction as it is kept. */
export interface ReceivedTx {
  readonly tx: Tx;
  readonly bytes: Uint8Array;
}

/**
 * Reads a transaction that somebody sent. Its bytes are kept as they came unless they are longer than the transaction in
 * them explains: whatever else they hold would be stored and sent on.
 *
 * @throws ConsensusError `Serialization`
 */
export function receiveTx(bytes: Uint8Array): ReceivedTx {
  const limits = { maxBytes: MAX_TX_BYTES, maxElements: MAX_ELEMENTS, maxMessages: MAX_MESSAGES };
  const tx = decoded(() => txCodec.decode(bytes, limits));
  return { tx, bytes: bytes.length <= sizeBound(tx) ? bytes : txCodec.encode(tx) };
}

function sizeBound({ prefix, signature }: Tx): number {
  // Rules are rare and hold outputs of their own; such a transaction is encoded anew.
  if (prefix.inputs.some(({ inputRules }) => inputRules !== undefined)) return 0;
  let bound = BOUND.tx + signature.rangeProofBytes.length + prefix.outputs.length * BOUND.txOut;
  for (const { ring, proofs } of prefix.inputs) {
    bound += ring.length * BOUND.txOut;
    for (const { elements } of proofs) bound += BOUND.proof + elements.length * BOUND.element;
  }
  for (const { responses } of signature.ringSignatures) bound += BOUND.ring + responses.length * BOUND.scalar;
  for (const proof of signature.rangeProofs) bound += proof.length + BOUND.proof;
  const { pseudoOutputCommitments, pseudoOutputTokenIds, outputTokenIds } = signature;
  const scalars = pseudoOutputCommitments.length + pseudoOutputTokenIds.length + outputTokenIds.length;
  return bound + scalars * BOUND.scalar;
}

/** What the parts of a decoded transaction take in memory, about, in bytes. */
const FOOTPRINT = { txOut: 1000, element: 250 } as const;

/** About how many bytes of memory a decoded transaction takes. */
export function footprintOf({ prefix }: Tx): number {
  let footprint = prefix.outputs.length * FOOTPRINT.txOut;
  for (const { ring, proofs } of prefix.inputs) {
    footprint += ring.length * FOOTPRINT.txOut;
    for (const { elements } of proofs) footprint += (1 + elements.length) * FOOTPRINT.element;
  }
  return footprint;
}

/** What peers send one another: transactions, each as it was encoded before. */
const txListCodec: Codec<readonly Uint8Array[]> = mapped(
  message<{ readonly txs: readonly Uint8Array[] }>("TxList", { txs: f.repeatedBytes(1) }),
  ({ txs }) => txs,
  (txs) => ({ txs }),
);

export function encodeTxList(txs: readonly Uint8Array[]): Uint8Array {
  return txListCodec.encode(txs);
}

/** @throws ConsensusError `Serialization` */
export function receiveTxList(bytes: Uint8Array): ReceivedTx[] {
  return decoded(() => txListCodec.decode(bytes, { maxElements: MAX_TXS_PER_MESSAGE })).map(receiveTx);
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new ConsensusError("Serialization", `what was sent is no transaction: ${cause.message}`, cause);
  }
}
