import type { AccountKey, ViewAccountKey } from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import {
  decryptMemo,
  isTrustedByLocation,
  keyImageOf,
  type Memo,
  memoAuthentication,
  parseMemo,
  recoverOnetimePrivateKey,
  SubaddressTable,
  scanTxOuts,
  TransactionError,
  type TxOut,
  type UnmaskedAmount,
} from "@mobilecoin-ts/transaction";
import type { ScannedBlock } from "./ledger-access.ts";

/** An output that belongs to the wallet's account. */
export interface WalletTxOut {
  readonly txOut: TxOut;
  /** Place in the ledger, counted over all blocks. */
  readonly globalIndex: bigint;
  readonly blockIndex: bigint;
  readonly receivedAt: bigint | undefined;
  readonly subaddressIndex: bigint;
  readonly amount: UnmaskedAmount;
  /** 32 bytes. Appears in the block that spends this output. */
  readonly keyImage: Uint8Array;
  /** The memo in clear; undefined where it is of a kind or form we do not know. */
  readonly memo: Memo | undefined;
  /** The memo's 66 bytes, for checking a sender's MAC. */
  readonly memoPayload: Uint8Array;
  /** Index of the block that spent it. */
  readonly spentIn: bigint | undefined;
}

/**
 * What an account owns, as of a number of blocks: found by its view key in each block, spent when its key image
 * appears. Blocks are applied in order, each once.
 */
export class WalletState {
  readonly #account: AccountKey;
  readonly #view: ViewAccountKey;
  readonly #subaddresses: SubaddressTable;
  readonly #outputs: WalletTxOut[] = [];
  readonly #positionOfKeyImage = new Map<string, number>();
  #blockCount = 0n;

  /** @param subaddresses indices to find outputs of, beside default, change and gift code. */
  constructor(account: AccountKey, subaddresses: Iterable<bigint> = []) {
    this.#account = account;
    this.#view = account.viewAccountKey();
    this.#subaddresses = SubaddressTable.ofAccount(this.#view);
    for (const index of subaddresses) {
      this.#subaddresses.add(this.#view.subaddressSpendPublicKey(index).encode(), index);
    }
  }

  /** Number of blocks applied: what is told here was true at block `blockCount - 1`. */
  get blockCount(): bigint {
    return this.#blockCount;
  }

  /** All outputs ever received, oldest first. */
  get outputs(): readonly WalletTxOut[] {
    return this.#outputs;
  }

  /** Outputs not spent yet, oldest first; of one token where one is named. */
  unspent(tokenId?: bigint): WalletTxOut[] {
    return this.#outputs.filter(
      (output) =>
        output.spentIn === undefined && (tokenId === undefined || output.amount.tokenId === tokenId),
    );
  }

  /** Sum of unspent outputs by token id, in smallest units. */
  balances(): ReadonlyMap<bigint, bigint> {
    const balances = new Map<bigint, bigint>();
    for (const { amount } of this.unspent()) {
      balances.set(amount.tokenId, (balances.get(amount.tokenId) ?? 0n) + amount.value);
    }
    return balances;
  }

  /** Applies the next block. @throws RangeError when `block` is not the next one. */
  apply(block: ScannedBlock): void {
    if (block.index !== this.#blockCount) {
      throw new RangeError(`block ${block.index} does not follow the ${this.#blockCount} blocks applied`);
    }
    for (const hit of scanTxOuts(this.#view, block.outputs, this.#subaddresses)) {
      if (hit.kind !== "owned") continue;
      const txOut = block.outputs[hit.position]!;
      const onetimePrivateKey = recoverOnetimePrivateKey(
        hit.sharedSecret,
        this.#account.subaddressSpendPrivateKey(hit.subaddressIndex),
      );
      const keyImage = keyImageOf(onetimePrivateKey);
      const memoPayload = decryptMemo(txOut.eMemo, hit.sharedSecret);
      this.#positionOfKeyImage.set(bytesToHex(keyImage), this.#outputs.length);
      this.#outputs.push({
        txOut,
        globalIndex: block.firstTxOutIndex + BigInt(hit.position),
        blockIndex: block.index,
        receivedAt: block.signedAt,
        subaddressIndex: hit.subaddressIndex,
        amount: hit.amount,
        keyImage,
        memo: readMemo(memoPayload, hit.subaddressIndex),
        memoPayload,
        spentIn: undefined,
      });
    }
    for (const keyImage of block.keyImages) {
      const position = this.#positionOfKeyImage.get(bytesToHex(keyImage));
      if (position !== undefined) {
        this.#outputs[position] = { ...this.#outputs[position]!, spentIn: block.index };
      }
    }
    this.#blockCount += 1n;
  }
}

/** A memo that anyone could have forged onto this subaddress is not told at all. */
function readMemo(payload: Uint8Array, subaddressIndex: bigint): Memo | undefined {
  try {
    const memo = parseMemo(payload);
    const byLocation = memoAuthentication(memo.kind) === "changeSubaddress";
    return byLocation && !isTrustedByLocation(memo.kind, subaddressIndex) ? undefined : memo;
  } catch (error) {
    if (error instanceof TransactionError) return undefined;
    throw error;
  }
}
