import type { AccountKey } from "@mobilecoin-ts/account";
import {
  type BlockchainRules,
  ConsensusError,
  formBlock,
  type ProposeTxResult,
  type ProvenTx,
  proposeTxResultOf,
} from "@mobilecoin-ts/consensus";
import { bytesToHex, compareBytes, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { signBlock, signBlockMetadata } from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import type { ProposeOutcome } from "@mobilecoin-ts/sdk";
import {
  DEFAULT_FEE_MAP,
  feeMapDigest,
  keyImagesOf,
  MAX_TRANSACTIONS_PER_BLOCK,
  type Tx,
  type TxOutMembershipProof,
  txHash,
  validateTransaction,
} from "@mobilecoin-ts/transaction";
import type { NodeKeys } from "./node-keys.ts";
import { DEVNET_BLOCK_VERSION, StoreAccess } from "./store-access.ts";

/** What takes the place of evidence about an enclave in the metadata of a local network's blocks. */
const NO_ENCLAVE = "local node without an enclave";

const RESPONDER_ID = "localhost:3223";

export interface LocalNodeOptions {
  readonly store: LedgerStore;
  readonly keys: NodeKeys;
  /** Account whose default subaddress fees are paid to. */
  readonly feeAccount: AccountKey;
  /** Milliseconds between the first transaction of a block and the block. */
  readonly blockInterval?: number;
  /** Unix seconds. */
  readonly now?: () => bigint;
}

function refused(result: ProposeTxResult, message: string): ProposeOutcome {
  return { accepted: false, result, message };
}

/**
 * A network of one node, in this process: validates what is proposed exactly as a validator does and appends blocks. It
 * agrees with nobody and has no enclave, and the metadata of its blocks says so.
 */
export class LocalNode extends StoreAccess {
  readonly #keys: NodeKeys;
  readonly #rules: BlockchainRules;
  readonly #blockInterval: number;
  readonly #now: () => bigint;
  readonly #pending = new Map<string, Tx>();
  readonly #pendingKeyImages = new Set<string>();
  readonly #pendingPublicKeys = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LocalNodeOptions) {
    super(options.store, DEFAULT_FEE_MAP);
    this.#keys = options.keys;
    this.#rules = {
      blockVersion: DEVNET_BLOCK_VERSION,
      fees: DEFAULT_FEE_MAP,
      governors: new Map(),
      feeRecipient: options.feeAccount.defaultSubaddress,
    };
    this.#blockInterval = options.blockInterval ?? 100;
    this.#now = options.now ?? (() => BigInt(Math.floor(Date.now() / 1000)));
  }

  /** Number of transactions that wait for the next block. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Validates a transaction and, where it is valid, lets it into the next block. */
  async propose(tx: Tx): Promise<ProposeOutcome> {
    if (this.#closed) throw new ConsensusError("FormBlock", "the node is stopping");
    const hash = bytesToHex(txHash(tx));
    const blockCount = this.store.blockCount();
    if (this.#pending.has(hash)) return { accepted: true, blockCount };
    if (this.#pending.size >= MAX_TRANSACTIONS_PER_BLOCK) this.#appendBlock();
    const refusal = this.#refusalOf(tx);
    if (refusal !== undefined) return refusal;
    this.#pending.set(hash, tx);
    for (const keyImage of keyImagesOf(tx.signature)) this.#pendingKeyImages.add(bytesToHex(keyImage));
    for (const { publicKey } of tx.prefix.outputs) this.#pendingPublicKeys.add(bytesToHex(publicKey));
    this.#timer ??= setTimeout(() => this.#appendBlock(), this.#blockInterval);
    return { accepted: true, blockCount };
  }

  #refusalOf(tx: Tx): ProposeOutcome | undefined {
    if (tx.feeMapDigest.length > 0 && compareBytes(tx.feeMapDigest, feeMapDigest(this.#rules.fees)) !== 0) {
      return refused("FeeMapDigestMismatch", "the sender knows other fees than this network's");
    }
    const tokens = [tx.prefix.feeTokenId, ...tx.signature.outputTokenIds];
    const minimumFee = this.#rules.fees.get(tx.prefix.feeTokenId);
    if (minimumFee === undefined || tokens.some((tokenId) => !this.#rules.fees.has(tokenId))) {
      return refused(
        "TokenNotYetConfigured",
        "the transaction is of a token that this network has not configured",
      );
    }
    const rootProofs = this.#rootProofs(tx);
    if (rootProofs === undefined) {
      return refused(
        "LedgerTxOutIndexOutOfBounds",
        "a membership proof is for an output that the ledger does not have",
      );
    }
    try {
      const blockIndex = this.store.blockCount();
      validateTransaction(tx, { blockIndex, blockVersion: this.#rules.blockVersion, rootProofs, minimumFee });
    } catch (error) {
      const result = proposeTxResultOf(error);
      if (result === undefined || !(error instanceof Error)) throw error;
      return refused(result, error.message);
    }
    return this.#ledgerRefusalOf(tx);
  }

  #ledgerRefusalOf(tx: Tx): ProposeOutcome | undefined {
    const spent = keyImagesOf(tx.signature).some(
      (keyImage) =>
        this.store.keyImageBlockIndex(keyImage) !== undefined ||
        this.#pendingKeyImages.has(bytesToHex(keyImage)),
    );
    if (spent) return refused("ContainsSpentKeyImage", "an input was spent before");
    const exists = tx.prefix.outputs.some(
      ({ publicKey }) =>
        this.store.containsTxOutPublicKey(publicKey) || this.#pendingPublicKeys.has(bytesToHex(publicKey)),
    );
    if (exists)
      return refused("ContainsExistingOutputPublicKey", "an output's public key exists in the ledger");
    return undefined;
  }

  /** The ledger's present proofs for the highest index of each of the transaction's proofs. */
  #rootProofs(tx: Tx): readonly TxOutMembershipProof[] | undefined {
    const heights = tx.prefix.inputs.flatMap(({ proofs }) => proofs.map(({ highestIndex }) => highestIndex));
    const count = this.store.txOutCount();
    if (heights.some((index) => index >= count)) return undefined;
    const distinct = [...new Set(heights)];
    const proofs = this.store.membershipProofs(distinct);
    const byHeight = new Map(distinct.map((index, i) => [index, proofs[i]!]));
    return heights.map((index) => byHeight.get(index)!);
  }

  /** Forms a block of all that is pending and appends it. What has become invalid meanwhile is dropped. */
  #appendBlock(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const candidates = [...this.#pending.values()].sort((a, b) => compareBytes(txHash(a), txHash(b)));
    this.#pending.clear();
    this.#pendingKeyImages.clear();
    this.#pendingPublicKeys.clear();
    const transactions = candidates.flatMap((tx): ProvenTx[] => {
      if (this.#refusalOf(tx) !== undefined) return [];
      return [{ tx, rootProofs: this.#rootProofs(tx)! }];
    });
    if (transactions.length === 0) return;
    const inputs = { transactions, mintConfigTxs: [], mintTxs: [] };
    const { block, contents } = formBlock(
      this.store.latestBlock(),
      inputs,
      this.store.rootElement(),
      this.#rules,
    );
    const signature = signBlock(block, this.#keys.blockSigningSeed, this.#now());
    const node = { responderId: RESPONDER_ID, publicKey: ed25519PublicKey(this.#keys.messageSigningSeed) };
    const metadata = signBlockMetadata(
      {
        blockId: block.id,
        quorumSet: { threshold: 1, members: [{ kind: "node", node }] },
        attestationEvidence: {
          case: "verificationReport",
          value: { signature: new Uint8Array(0), chain: [], httpBody: NO_ENCLAVE },
        },
        responderId: RESPONDER_ID,
      },
      this.#keys.messageSigningSeed,
    );
    this.store.appendBlock({ block, contents, signature, metadata });
  }

  /** Appends what is pending and accepts no more. The store is its owner's to close. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#pending.size > 0) this.#appendBlock();
    clearTimeout(this.#timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
