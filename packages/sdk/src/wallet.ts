import {
  type AccountKey,
  DEFAULT_SUBADDRESS,
  type PublicAddress,
  shortAddressHash,
} from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import {
  blockVersion,
  inputCredentials,
  LocalRingSigner,
  MAX_INPUTS,
  RthMemoBuilder,
  reservedSubaddresses,
  selectInputs,
  TransactionBuilder,
  type Tx,
  txHash,
} from "@mobilecoin-ts/transaction";
import { type ActivityEntry, activityOf } from "./activity.ts";
import { SdkError } from "./error.ts";
import type { LedgerAccess, NetworkState, ProvenTxOut } from "./ledger-access.ts";
import { chooseMixins } from "./mixins.ts";
import { TaskQueue } from "./task-queue.ts";
import { WalletState, type WalletTxOut } from "./wallet-state.ts";

/** How many blocks a payment may take before it expires, unless told. */
const TOMBSTONE_DISTANCE = 50n;

/** How long a payment that was accepted is waited for before it is proposed again, milliseconds. */
const RESUBMIT_INTERVAL_MS = 5_000;

export interface WalletOptions {
  readonly account: AccountKey;
  readonly ledger: LedgerAccess;
  readonly random?: RandomBytes;
  /** Blocks that a payment may take before it expires. */
  readonly tombstoneDistance?: bigint;
}

export interface PaymentOptions {
  readonly to: PublicAddress;
  /** In smallest units of the token. */
  readonly amount: bigint;
  readonly tokenId?: bigint;
  /** Of the payment request being answered; told to the recipient. */
  readonly paymentRequestId?: bigint;
  /** At least the network's minimum, which it is unless given; in smallest units of the same token. */
  readonly fee?: bigint;
}

/** A payment that is built and signed, but not yet proposed. */
export interface PreparedPayment {
  readonly tx: Tx;
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  readonly fee: bigint;
  readonly tombstoneBlock: bigint;
  /** 32 bytes: finds the recipient's output in the ledger. */
  readonly outputPublicKey: Uint8Array;
  /** 32 bytes: proves to the recipient who paid. */
  readonly confirmationNumber: Uint8Array;
}

/** A payment that a node accepted. */
export interface SubmittedPayment extends PreparedPayment {
  /** Waits until the ledger holds it; gives the index of its block. Throws SdkError `TombstonePassed` if it expired. */
  readonly confirmed: (options?: WaitOptions) => Promise<bigint>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between looks at the ledger. */
  readonly pollInterval?: number;
  /** Milliseconds after which a payment that is not in the ledger is proposed again: its node may have crashed. */
  readonly resubmitInterval?: number;
}

export interface SyncOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly blocks: bigint; readonly of: bigint }) => void;
}

/**
 * A wallet over a ledger: finds what an account owns by its view key, tells its balance and history, and pays. Its keys
 * never leave it: the ledger sees transactions only.
 */
export class Wallet {
  readonly #account: AccountKey;
  readonly #ledger: LedgerAccess;
  readonly #random: RandomBytes;
  readonly #tombstoneDistance: bigint;
  readonly #state: WalletState;
  /** Block index at which an output that a payment under way spends may be spent again, by key image. */
  readonly #pending = new Map<string, bigint>();
  readonly #syncs = new TaskQueue();
  /** One payment chooses its inputs when the one before has laid hold of its own. */
  readonly #sends = new TaskQueue();

  constructor({ account, ledger, random, tombstoneDistance = TOMBSTONE_DISTANCE }: WalletOptions) {
    this.#account = account;
    this.#ledger = ledger;
    this.#random = random ?? systemRandom;
    this.#tombstoneDistance = tombstoneDistance;
    this.#state = new WalletState(account);
  }

  /** The address to be paid at. */
  get address(): PublicAddress {
    return this.#account.defaultSubaddress;
  }

  /** Number of blocks that balance and history speak of. */
  get blockCount(): bigint {
    return this.#state.blockCount;
  }

  /** All outputs ever received, oldest first. */
  get outputs(): readonly WalletTxOut[] {
    return this.#state.outputs;
  }

  /** Reads the blocks that are new. */
  sync(options: SyncOptions = {}): Promise<void> {
    return this.#syncs.run(() => this.#applyNewBlocks(options));
  }

  async #applyNewBlocks(options: SyncOptions): Promise<void> {
    const { blockCount } = await this.#ledger.networkState();
    for await (const block of this.#ledger.blocks(this.#state.blockCount, blockCount)) {
      options.signal?.throwIfAborted();
      this.#state.apply(block);
      options.onProgress?.({ blocks: this.#state.blockCount, of: blockCount });
    }
  }

  /** What is unspent at block `blockCount - 1`, by token id, in smallest units. */
  balances(): ReadonlyMap<bigint, bigint> {
    return this.#state.balances();
  }

  /** What was received and paid, oldest first; senders are named where `contacts` know their address. */
  activity(contacts: ReadonlyMap<string, PublicAddress> = new Map()): readonly ActivityEntry[] {
    return activityOf(this.#account, this.#state.outputs, contacts);
  }

  /**
   * Builds and signs a payment: chooses inputs, oldest first, and rings from the whole ledger; what is left over comes
   * back to the change subaddress.
   *
   * @throws SdkError `UnknownToken`, `InsufficientFunds`, `WouldNeedDefragmentation`, `NotEnoughMixins`.
   */
  async prepare(payment: PaymentOptions): Promise<PreparedPayment> {
    await this.sync();
    const network = await this.#ledger.networkState();
    const tokenId = payment.tokenId ?? 0n;
    const minimumFee = network.minimumFees.get(tokenId);
    if (minimumFee === undefined) {
      throw new SdkError(
        "UnknownToken",
        `the network has no fee for token ${tokenId}, so it cannot be paid with`,
        {
          data: { tokenId },
        },
      );
    }
    const fee = payment.fee ?? minimumFee;
    const inputs = this.#select(tokenId, payment.amount + fee, network.blockCount);
    const rings = await this.#rings(inputs, network);

    const builder = new TransactionBuilder({
      blockVersion: blockVersion(network.blockVersion),
      fee: { value: fee, tokenId },
      memoBuilder: new RthMemoBuilder({
        senderCredential: {
          addressHash: shortAddressHash(this.address),
          subaddressSpendPrivateKey: this.#account.subaddressSpendPrivateKey(DEFAULT_SUBADDRESS),
        },
        paymentRequestId: payment.paymentRequestId,
        destinationMemo: true,
      }),
      feeMap: network.minimumFees,
      random: this.#random,
    });
    for (const [i, input] of inputs.entries()) {
      const ring = rings[i]!;
      builder.addInput(
        inputCredentials({
          ring: ring.map(({ txOut }) => txOut),
          proofs: ring.map(({ proof }) => proof),
          realIndex: 0,
          onetimeKeyDeriveData: { kind: "subaddressIndex", index: input.subaddressIndex },
          opening: { viewPrivateKey: this.#account.viewPrivateKey },
        }),
      );
    }
    const paid = builder.addOutput({ value: payment.amount, tokenId }, payment.to);
    const change = inputs.reduce((sum, { amount }) => sum + amount.value, 0n) - payment.amount - fee;
    builder.addChangeOutput({ value: change, tokenId }, reservedSubaddresses(this.#account));
    const tombstoneBlock = builder.setTombstoneBlock(network.blockCount + this.#tombstoneDistance);
    const tx = builder.build(new LocalRingSigner(this.#account));
    return {
      tx,
      txHash: txHash(tx),
      fee,
      tombstoneBlock,
      outputPublicKey: paid.txOut.publicKey,
      confirmationNumber: paid.confirmationNumber,
    };
  }

  /**
   * Proposes a prepared payment. Its inputs are not used again by this wallet until it is confirmed or has expired.
   *
   * @throws SdkError `Rejected` with the node's `result` in `data`.
   */
  async submit(payment: PreparedPayment): Promise<SubmittedPayment> {
    const outcome = await this.#ledger.propose(payment.tx);
    if (!outcome.accepted) {
      throw new SdkError("Rejected", `the node rejected the payment: ${outcome.message}`, {
        data: { result: outcome.result },
      });
    }
    for (const { keyImage } of payment.tx.signature.ringSignatures) {
      this.#pending.set(bytesToHex(keyImage), payment.tombstoneBlock);
    }
    return { ...payment, confirmed: (options) => this.#confirmed(payment, options) };
  }

  /** Prepares and submits a payment; of several at a time, one after another. Throws as both. */
  send(payment: PaymentOptions): Promise<SubmittedPayment> {
    return this.#sends.run(async () => this.submit(await this.prepare(payment)));
  }

  async #confirmed(
    payment: PreparedPayment,
    { signal, pollInterval = 50, resubmitInterval = RESUBMIT_INTERVAL_MS }: WaitOptions = {},
  ): Promise<bigint> {
    let proposedAt = performance.now();
    const spent = new Set(payment.tx.signature.ringSignatures.map(({ keyImage }) => bytesToHex(keyImage)));
    for (;;) {
      signal?.throwIfAborted();
      await this.sync();
      const block = this.#state.outputs.find(({ keyImage }) => spent.has(bytesToHex(keyImage)))?.spentIn;
      if (block !== undefined) return block;
      if (this.#state.blockCount >= payment.tombstoneBlock) {
        throw new SdkError(
          "TombstonePassed",
          "the payment expired without entering the ledger; it can be made again",
          {
            retryable: true,
            data: { tombstoneBlock: payment.tombstoneBlock },
          },
        );
      }
      if (performance.now() - proposedAt >= resubmitInterval) {
        proposedAt = performance.now();
        // A node that knows it accepts it once more; whatever else it answers, the ledger has the last word.
        await this.#ledger.propose(payment.tx).catch(() => undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, pollInterval));
    }
  }

  #select(tokenId: bigint, target: bigint, blockCount: bigint): readonly WalletTxOut[] {
    const spendable = this.#state.unspent(tokenId).filter(({ keyImage }) => {
      const until = this.#pending.get(bytesToHex(keyImage));
      return until === undefined || until <= blockCount;
    });
    const selection = selectInputs(
      spendable.map(({ amount }) => amount.value),
      target,
      MAX_INPUTS,
    );
    switch (selection.result) {
      case "selected":
        return selection.positions.map((position) => spendable[position]!);
      case "insufficientFunds":
        throw new SdkError("InsufficientFunds", "the account does not hold the amount and the fee", {
          data: { tokenId, outputs: spendable.length },
        });
      case "wouldNeedDefragmentation":
        throw new SdkError(
          "WouldNeedDefragmentation",
          `the amount is spread over more than ${MAX_INPUTS} outputs; pay a part of it to yourself first, which merges them`,
          { data: { tokenId, outputs: spendable.length } },
        );
    }
  }

  /** A ring for each input, the real output first; all proofs are of one state of the ledger. */
  async #rings(
    inputs: readonly WalletTxOut[],
    { txOutCount }: NetworkState,
  ): Promise<readonly (readonly ProvenTxOut[])[]> {
    const real = inputs.map(({ globalIndex }) => globalIndex);
    const mixins = chooseMixins(real, txOutCount, this.#random);
    const rings = real.map((index, i) => [index, ...mixins[i]!]);
    const proven = await this.#ledger.provenTxOuts(rings.flat());
    let next = 0;
    return rings.map((ring) => ring.map(() => proven[next++]!));
  }
}
