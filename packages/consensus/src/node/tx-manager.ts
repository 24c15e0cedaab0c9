import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { MAX_TOMBSTONE_BLOCKS, type TxOutMembershipProof } from "@mobilecoin-ts/transaction";
import type { ProvenEncryptedTx, Refusal, TxContext, WellFormedTxContext } from "../enclave-api/index.ts";
import type { ProposeTxResult } from "../propose-tx-result.ts";
import { AdaptiveBatcher } from "./adaptive-batcher.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { NodeError } from "./error.ts";

/** Transactions whose well-formedness one enclave call checks together. */
const MAX_WELL_FORMED_BATCH = 64;

/** Transactions that wait for a block and are held at most; beyond it new ones are refused. */
const MAX_WAITING_TXS = 20_000;

/** Transactions of past blocks that are kept for peers that still ask for them. */
const MAX_EXTERNALIZED_TXS = 5_000;

interface CachedTx {
  readonly wellFormedEncryptedTx: Uint8Array;
  readonly context: WellFormedTxContext;
}

/** Proofs of one state of the ledger, by the index of the output they are for. */
type KnownProofs = Map<bigint, TxOutMembershipProof>;

/** The transactions a node knows: well-formed ones, encrypted by its enclave, by hash (04 section 2.12). */
export class TxManager {
  readonly #enclave: Pick<ConsensusEnclave, "txsAreWellFormed" | "txsForPeer">;
  readonly #store: LedgerStore;
  readonly #cache = new Map<string, CachedTx>();
  readonly #inserting = new Map<string, Promise<void>>();
  /** Keys of cached transactions that a block has taken, oldest first. */
  readonly #externalized: string[] = [];
  readonly #batcher: AdaptiveBatcher<TxContext, CachedTx | NodeError>;

  constructor(enclave: Pick<ConsensusEnclave, "txsAreWellFormed" | "txsForPeer">, store: LedgerStore) {
    this.#enclave = enclave;
    this.#store = store;
    this.#batcher = new AdaptiveBatcher((contexts) => this.#checkWellFormed(contexts), MAX_WELL_FORMED_BATCH);
  }

  get size(): number {
    return this.#cache.size;
  }

  has(txHash: Uint8Array): boolean {
    return this.#cache.has(bytesToHex(txHash));
  }

  /** Resolves when a transaction that is being checked has been, whatever the result; at once for any other. */
  async settled(txHash: Uint8Array): Promise<void> {
    await this.#inserting.get(bytesToHex(txHash))?.catch(() => undefined);
  }

  /**
   * Checks that a transaction is well-formed and keeps it. One that is known is not checked again.
   *
   * @throws NodeError `TransactionRefused` with the `result`, `Ledger`; whatever else the enclave throws passes.
   */
  async insert(context: TxContext): Promise<void> {
    const key = bytesToHex(context.txHash);
    if (this.#cache.has(key)) return;
    const running = this.#inserting.get(key);
    if (running !== undefined) return running;
    const inserting = this.#insertNew(key, context);
    this.#inserting.set(key, inserting);
    try {
      await inserting;
    } finally {
      this.#inserting.delete(key);
    }
  }

  async #insertNew(key: string, context: TxContext): Promise<void> {
    const waiting = this.#cache.size - this.#externalized.length + this.#inserting.size;
    if (waiting >= MAX_WAITING_TXS) {
      throw new NodeError("OverCapacity", `the node holds ${MAX_WAITING_TXS} transactions; try again later`);
    }
    const result = await this.#batcher.run(context);
    if (result instanceof NodeError) throw result;
    this.#cache.set(key, result);
  }

  async #checkWellFormed(contexts: readonly TxContext[]): Promise<(CachedTx | NodeError)[]> {
    const results = new Array<CachedTx | NodeError>(contexts.length);
    const provable: { index: number; locallyEncryptedTx: Uint8Array; proofs: TxOutMembershipProof[] }[] = [];
    const blockIndex = this.#store.blockCount() - 1n;
    const known: KnownProofs = new Map();
    for (const [index, { locallyEncryptedTx, highestIndices }] of contexts.entries()) {
      const proofs = this.#rootProofs(highestIndices, known);
      if (proofs instanceof NodeError) results[index] = proofs;
      else provable.push({ index, locallyEncryptedTx, proofs });
    }
    if (provable.length > 0) {
      const checked = await this.#enclave.txsAreWellFormed({ blockIndex, txs: provable });
      for (const [i, { index }] of provable.entries()) {
        const outcome = checked[i];
        if (outcome === undefined) throw new NodeError("Peer", "the enclave left a transaction unanswered");
        results[index] = outcome.kind === "wellFormed" ? outcome : refused(outcome.refusal);
      }
    }
    return results;
  }

  /**
   * The ledger's present proof for each of the indices, one object for equal indices.
   *
   * @param known proofs of the same state of the ledger, for other transactions; those that are new are added.
   */
  #rootProofs(highestIndices: readonly bigint[], known: KnownProofs): TxOutMembershipProof[] | NodeError {
    const count = this.#store.txOutCount();
    if (highestIndices.some((index) => index >= count)) {
      return new NodeError(
        "TransactionRefused",
        "a membership proof is for an output this ledger does not have",
        {
          result: "LedgerTxOutIndexOutOfBounds",
        },
      );
    }
    const unknown = [...new Set(highestIndices)].filter((index) => !known.has(index));
    try {
      const proofs = unknown.length === 0 ? [] : this.#store.membershipProofs(unknown);
      for (const [i, index] of unknown.entries()) known.set(index, proofs[i] as TxOutMembershipProof);
      return highestIndices.map((index) => known.get(index) as TxOutMembershipProof);
    } catch (cause) {
      return new NodeError("Ledger", "the ledger gave no proofs", { cause, result: "Ledger" });
    }
  }

  /**
   * Why a transaction may not be appended now; undefined where it may.
   *
   * @throws NodeError `NotInCache`
   */
  refusalOf(txHash: Uint8Array): ProposeTxResult | undefined {
    const { tombstoneBlock, keyImages, outputPublicKeys } = this.contextOf(txHash);
    const blockIndex = this.#store.blockCount();
    if (tombstoneBlock <= blockIndex) return "TombstoneBlockExceeded";
    if (tombstoneBlock > blockIndex + MAX_TOMBSTONE_BLOCKS) return "TombstoneBlockTooFar";
    if (keyImages.some((keyImage) => this.#store.keyImageBlockIndex(keyImage) !== undefined)) {
      return "ContainsSpentKeyImage";
    }
    if (outputPublicKeys.some((publicKey) => this.#store.containsTxOutPublicKey(publicKey))) {
      return "ContainsExistingOutputPublicKey";
    }
    return undefined;
  }

  /** @throws NodeError `NotInCache` */
  contextOf(txHash: Uint8Array): WellFormedTxContext {
    return this.#cached([txHash])[0]!.context;
  }

  /** Those of the hashes that are not in the cache. */
  missing(txHashes: readonly Uint8Array[]): Uint8Array[] {
    return txHashes.filter((txHash) => !this.has(txHash));
  }

  /** @throws NodeError `NotInCache` naming all that are missing. */
  #cached(txHashes: readonly Uint8Array[]): CachedTx[] {
    const missing = this.missing(txHashes);
    if (missing.length > 0) {
      throw new NodeError("NotInCache", `${missing.length} transactions are not known to this node`, {
        txHashes: missing,
      });
    }
    return txHashes.map((txHash) => this.#cache.get(bytesToHex(txHash)) as CachedTx);
  }

  /** Transactions as the enclave forms a block of them, in the order given. @throws NodeError `NotInCache`, `Ledger` */
  provenTxs(txHashes: readonly Uint8Array[]): ProvenEncryptedTx[] {
    const known: KnownProofs = new Map();
    return this.#cached(txHashes).map(({ wellFormedEncryptedTx, context }) => {
      const proofs = this.#rootProofs(context.highestIndices, known);
      if (proofs instanceof NodeError) throw proofs;
      return { wellFormedEncryptedTx, proofs };
    });
  }

  /** Encrypts transactions for a peer's session. @throws NodeError `NotInCache` */
  async encryptForPeer(txHashes: readonly Uint8Array[], aad: Uint8Array, channelId: Uint8Array) {
    const encryptedTxs = this.#cached(txHashes).map(({ wellFormedEncryptedTx }) => wellFormedEncryptedTx);
    return this.#enclave.txsForPeer({ encryptedTxs, aad, channelId });
  }

  /** Forgets what can no longer be appended after a block: all whose tombstone is at or below `blockIndex`. */
  removeExpired(blockIndex: bigint): void {
    for (const [key, { context }] of this.#cache) {
      if (context.tombstoneBlock <= blockIndex) this.#cache.delete(key);
    }
  }

  /** Tells that a block has taken transactions. They stay for a while, for peers that are a little behind. */
  markExternalized(txHashes: readonly Uint8Array[]): void {
    this.#externalized.push(...txHashes.map(bytesToHex));
    const excess = this.#externalized.length - MAX_EXTERNALIZED_TXS;
    if (excess > 0) for (const key of this.#externalized.splice(0, excess)) this.#cache.delete(key);
  }
}

/** A refusal of the enclave, as the error that tells of it here. */
function refused({ code, message, result }: Refusal): NodeError {
  if (result !== undefined) return new NodeError("TransactionRefused", message, { result });
  return new NodeError("Enclave", `${code}: ${message}`);
}
