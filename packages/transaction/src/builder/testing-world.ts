import { AccountKey, DEFAULT_SUBADDRESS } from "@mobilecoin-ts/account";
import { blake2b512, concat, Hc128Rng, u64le, utf8 } from "@mobilecoin-ts/crypto";
import { Point, type RandomBytes } from "@mobilecoin-ts/curve";
import {
  MEMBERSHIP_NIL_HASH,
  membershipNodeHash,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "../tx/membership-proof.ts";
import type { Tx } from "../tx/tx.ts";
import { validateTransaction } from "../tx/validate.ts";
import type { Amount } from "../tx-out/amount.ts";
import { type BlockVersion, supports } from "../tx-out/block-version.ts";
import { DEFAULT_MINIMUM_FEE, RING_SIZE } from "../tx-out/constants.ts";
import { createTxOut } from "../tx-out/create-tx-out.ts";
import { fakeFogHint } from "../tx-out/fog-hint.ts";
import { ENCRYPTED_FOG_HINT_LENGTH, type TxOut, txOutMerkleLeaf } from "../tx-out/tx-out.ts";
import { type InputCredentials, inputCredentials } from "./input-credentials.ts";

/** A source of bytes that is the same for every run; for tests. */
export function seededRandom(seed: string | number): RandomBytes {
  const rng = new Hc128Rng(blake2b512("mobilecoin-ts test", utf8(String(seed))).slice(0, 32));
  return (length) => rng.bytes(length);
}

/** A Merkle tree of outputs in memory, enough to make the membership proofs of small ledgers; for tests. */
class TestLedger {
  /** Leaves of outputs of any ledger: hashing them is most of the work of a proof. */
  static readonly #leaves = new WeakMap<TxOut, Uint8Array>();
  readonly txOuts: TxOut[] = [];

  /** Index of the output in the ledger. */
  append(txOut: TxOut): number {
    return this.txOuts.push(txOut) - 1;
  }

  static #leaf(txOut: TxOut): Uint8Array {
    const leaf = TestLedger.#leaves.get(txOut) ?? txOutMerkleLeaf(txOut);
    TestLedger.#leaves.set(txOut, leaf);
    return leaf;
  }

  /** A proof for the output at `index` in the ledger as it is now. */
  proof(index: number): TxOutMembershipProof {
    const count = this.txOuts.length;
    let level = this.txOuts.map(TestLedger.#leaf);
    let position = index;
    let width = 1;
    const element = (at: number, hash: Uint8Array): TxOutMembershipElement => ({
      range: { from: BigInt(at * width), to: BigInt((at + 1) * width - 1) },
      hash,
    });
    const elements = [element(index, level[index]!)];
    while (width < count) {
      const sibling = position ^ 1;
      elements.push(element(sibling, level[sibling] ?? MEMBERSHIP_NIL_HASH));
      const parents: Uint8Array[] = [];
      for (let i = 0; i < level.length; i += 2) {
        parents.push(membershipNodeHash(level[i]!, level[i + 1] ?? MEMBERSHIP_NIL_HASH));
      }
      level = parents;
      position >>= 1;
      width *= 2;
    }
    return { index: BigInt(index), highestIndex: BigInt(count - 1), elements };
  }
}

/** An output in the ledger that an account can spend. */
export interface OwnedOutput {
  readonly account: AccountKey;
  readonly subaddress: bigint;
  readonly txOut: TxOut;
  readonly amount: Amount;
  readonly index: number;
  readonly sharedSecret: Uint8Array;
}

/** A ledger of one block version with outputs to hide among; for tests. */
export class TestWorld {
  readonly blockVersion: BlockVersion;
  readonly random: RandomBytes;
  readonly ledger = new TestLedger();
  readonly blockIndex = 100n;
  readonly #decoys: number[] = [];
  #nextDecoy = 0;

  constructor(blockVersion: BlockVersion, seed: string | number = "world", decoys = 40) {
    this.blockVersion = blockVersion;
    this.random = seededRandom(`${seed} ${blockVersion}`);
    for (let i = 0; i < decoys; i++) this.#decoys.push(this.ledger.append(this.#decoy()));
  }

  account(): AccountKey {
    return AccountKey.random(this.random);
  }

  /** Puts an output of this amount into the ledger. */
  fund(account: AccountKey, amount: Amount, subaddress = DEFAULT_SUBADDRESS): OwnedOutput {
    const { txOut, sharedSecret } = createTxOut({
      blockVersion: this.blockVersion,
      amount,
      recipient: account.subaddress(subaddress),
      eFogHint: fakeFogHint(this.random),
      random: this.random,
    });
    return { account, subaddress, txOut, amount, sharedSecret, index: this.ledger.append(txOut) };
  }

  /** The output and 10 decoys that no earlier ring of this world used, with proofs; the real one at `realIndex`. */
  ring(
    realLedgerIndex: number,
    realIndex = 3,
  ): {
    readonly ring: readonly TxOut[];
    readonly proofs: readonly TxOutMembershipProof[];
    readonly realIndex: number;
  } {
    const indices: number[] = [];
    for (let i = 0; i < RING_SIZE - 1; i++) {
      indices.push(this.#decoys[this.#nextDecoy % this.#decoys.length]!);
      this.#nextDecoy += 1;
    }
    indices.splice(realIndex, 0, realLedgerIndex);
    return {
      ring: indices.map((index) => this.ledger.txOuts[index]!),
      proofs: indices.map((index) => this.ledger.proof(index)),
      realIndex,
    };
  }

  /** Credentials by which the account's signer derives the key from the subaddress. */
  credentials(owned: OwnedOutput): InputCredentials {
    return inputCredentials({
      ...this.ring(owned.index),
      onetimeKeyDeriveData: { kind: "subaddressIndex", index: owned.subaddress },
      opening: { viewPrivateKey: owned.account.viewPrivateKey },
    });
  }

  /** Fresh proofs for outputs of the ledger, in their order. */
  proofsOf(globalIndices: readonly bigint[]): readonly TxOutMembershipProof[] {
    return globalIndices.map((index) => this.ledger.proof(Number(index)));
  }

  /** Validates a transaction as a node with this ledger would. */
  validate(tx: Tx, blockVersion = this.blockVersion, minimumFee = DEFAULT_MINIMUM_FEE): void {
    validateTransaction(tx, {
      blockIndex: this.blockIndex,
      blockVersion,
      minimumFee,
      rootProofs: tx.prefix.inputs.flatMap(({ proofs }) =>
        proofs.map(({ highestIndex }) => this.ledger.proof(Number(highestIndex))),
      ),
    });
  }

  /** An output of nobody, of random points. */
  #decoy(): TxOut {
    const point = (): Uint8Array => Point.fromUniformBytes(this.random(64)).encode();
    const memos = supports(this.blockVersion, "encryptedMemos");
    return {
      maskedAmount: {
        version: supports(this.blockVersion, "maskedAmountV2") ? 2 : 1,
        commitment: point(),
        maskedValue: 7n,
        maskedTokenId: supports(this.blockVersion, "maskedTokenId") ? u64le(5n) : new Uint8Array(0),
      },
      targetKey: point(),
      publicKey: point(),
      eFogHint: concat(this.random(ENCRYPTED_FOG_HINT_LENGTH)),
      eMemo: memos ? this.random(66) : undefined,
    };
  }
}
