import { AccountKey } from "@mobilecoin-ts/account";
import { Hc128Rng } from "@mobilecoin-ts/crypto";
import type { RandomBytes } from "@mobilecoin-ts/curve";
import { type Block, MerkleTree, makeOriginBlock } from "@mobilecoin-ts/ledger";
import {
  blockVersion,
  createTxOut,
  DEFAULT_MINIMUM_FEE,
  fakeFogHint,
  inputCredentials,
  LocalRingSigner,
  RING_SIZE,
  reservedSubaddresses,
  TransactionBuilder,
  type TxOut,
  type TxOutMembershipElement,
  txOutMerkleLeaf,
} from "@mobilecoin-ts/transaction";
import type { ProvenTx } from "../form-block.ts";

const VERSION = blockVersion(4);
const OUTPUT_VALUE = 10n ** 12n;

/** A ledger of one origin block in memory, whose outputs one account owns; for tests. */
export class TestLedger {
  readonly account: AccountKey;
  readonly parent: Block;
  readonly #outputs: readonly TxOut[];
  readonly #tree: MerkleTree;
  readonly #random: RandomBytes;

  constructor(payments: number) {
    const rng = new Hc128Rng(new Uint8Array(32).fill(payments));
    this.#random = (length) => rng.bytes(length);
    this.account = AccountKey.random(this.#random);
    this.#outputs = Array.from({ length: payments * RING_SIZE }, () => this.#output());
    this.#tree = MerkleTree.of(this.#outputs.map(txOutMerkleLeaf));
    this.parent = makeOriginBlock(this.#outputs).block;
  }

  get rootElement(): TxOutMembershipElement {
    return this.#tree.rootElement();
  }

  /** Payment number `i`, spending an output of its own from a ring of its own. */
  payment(i: number, fee = DEFAULT_MINIMUM_FEE): ProvenTx {
    const indices = Array.from({ length: RING_SIZE }, (_, k) => BigInt(i * RING_SIZE + k));
    const builder = new TransactionBuilder({
      blockVersion: VERSION,
      fee: { value: fee, tokenId: 0n },
      random: this.#random,
    });
    builder.addInput(
      inputCredentials({
        ring: indices.map((index) => this.#outputs[Number(index)]!),
        proofs: this.#tree.proofs(indices),
        realIndex: 0,
        onetimeKeyDeriveData: { kind: "subaddressIndex", index: 0n },
        opening: { viewPrivateKey: this.account.viewPrivateKey },
      }),
    );
    const change = { value: OUTPUT_VALUE - fee, tokenId: 0n };
    builder.addChangeOutput(change, reservedSubaddresses(this.account));
    builder.setTombstoneBlock(10n);
    const tx = builder.build(new LocalRingSigner(this.account));
    const rootProof = this.#tree.proof(BigInt(this.#outputs.length - 1));
    return { tx, rootProofs: indices.map(() => rootProof) };
  }

  /** The same payment with root proofs of the ledger after it has grown by an output. */
  provenLater({ tx, rootProofs }: ProvenTx): ProvenTx {
    const grown = MerkleTree.of([...this.#outputs, this.#output()].map(txOutMerkleLeaf));
    const later = grown.proof(BigInt(this.#outputs.length - 1));
    return { tx, rootProofs: rootProofs.map(() => later) };
  }

  #output(): TxOut {
    return createTxOut({
      blockVersion: VERSION,
      amount: { value: OUTPUT_VALUE, tokenId: 0n },
      recipient: this.account.defaultSubaddress,
      eFogHint: fakeFogHint(this.#random),
      random: this.#random,
    }).txOut;
  }
}
