import { type Codec, f, message } from "@mobilecoin-ts/wire";

/** What the host learns of a transaction that was proposed (04 section 2.14.2). */
export interface TxContext {
  /** The transaction under a key of this run of the enclave. */
  readonly locallyEncryptedTx: Uint8Array;
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  /** The highest index of every membership proof, inputs in order, proofs in order, repeated ones kept. */
  readonly highestIndices: readonly bigint[];
  /** 32 bytes each, in input order. */
  readonly keyImages: readonly Uint8Array[];
  /** 32 bytes each, in output order. */
  readonly outputPublicKeys: readonly Uint8Array[];
}

/** What the host learns of a transaction that is well-formed. */
export interface WellFormedTxContext extends Omit<TxContext, "locallyEncryptedTx"> {
  /** Fee in 1/128 of its token's minimum, rounded down: what transactions are ordered by in a block. */
  readonly priority: bigint;
  /** Index of the first block that the transaction can no longer be in. */
  readonly tombstoneBlock: bigint;
}

export const txContextCodec: Codec<TxContext> = message<TxContext>("TxContext", {
  locallyEncryptedTx: f.bytes(1),
  txHash: f.bytes(2),
  highestIndices: f.packedUint64(3),
  keyImages: f.repeatedBytes(4),
  outputPublicKeys: f.repeatedBytes(5),
});

export const wellFormedTxContextCodec: Codec<WellFormedTxContext> = message<WellFormedTxContext>(
  "WellFormedTxContext",
  {
    txHash: f.bytes(1),
    priority: f.uint64(2),
    tombstoneBlock: f.uint64(3),
    highestIndices: f.packedUint64(4),
    keyImages: f.repeatedBytes(5),
    outputPublicKeys: f.repeatedBytes(6),
  },
);

/** The transactions a peer sent, with the data it sent in clear. */
export interface ProposedByPeer {
  readonly aad: Uint8Array;
  readonly contexts: readonly TxContext[];
}

export const proposedByPeerCodec: Codec<ProposedByPeer> = message<ProposedByPeer>("ProposedByPeer", {
  aad: f.bytes(1),
  contexts: f.repeated(2, txContextCodec),
});

/** Transactions to be encrypted for a peer's session. */
export interface TxsForPeer {
  readonly encryptedTxs: readonly Uint8Array[];
  /** Goes to the peer in clear, authenticated. */
  readonly aad: Uint8Array;
  readonly channelId: Uint8Array;
}

export const txsForPeerCodec: Codec<TxsForPeer> = message<TxsForPeer>("TxsForPeer", {
  encryptedTxs: f.repeatedBytes(1),
  aad: f.bytes(2),
  channelId: f.bytes(3),
});
