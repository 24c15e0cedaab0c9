import { AccountKey, encodePrintable } from "@mobilecoin-ts/account";
import { bytesToHex, Hc128Rng } from "@mobilecoin-ts/crypto";
import { MerkleTree } from "@mobilecoin-ts/ledger";
import {
  blockVersion,
  createTxOut,
  DEFAULT_FEE_MAP,
  DEFAULT_MINIMUM_FEE,
  fakeFogHint,
  inputCredentials,
  LocalRingSigner,
  RING_SIZE,
  RthMemoBuilder,
  reservedSubaddresses,
  SubaddressTable,
  scanTxOuts,
  TransactionBuilder,
  TransactionError,
  txHash,
  txOutMerkleLeaf,
  validateTransaction,
} from "@mobilecoin-ts/transaction";

/** What a payment shows, as text, so that runs on different platforms can be compared. */
export interface PaymentFigures {
  /** Address code of the payer. */
  readonly address: string;
  /** Hash of the transaction, hexadecimal. */
  readonly txHash: string;
  /** Values the recipient and the payer find among the transaction's outputs. */
  readonly received: readonly string[];
  readonly change: readonly string[];
  /** Rule that stops the same transaction with another fee. */
  readonly rejection: string;
}

const ALICE_PHRASE =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon " +
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";
const PAID = 1_250_000_000_000n;
const COIN = 1_000_000_000_000n;

/** One payment of two inputs in rings of 11, from a phrase to the recipient's scan, with the randomness given. */
export function makePayment(seed: Uint8Array): PaymentFigures {
  const rng = new Hc128Rng(seed);
  const random = (length: number) => rng.bytes(length);
  const version = blockVersion(3);
  const alice = AccountKey.fromMnemonic(ALICE_PHRASE);
  const bob = AccountKey.fromRootEntropy(random(32));

  const tree = new MerkleTree();
  const txOuts = Array.from({ length: 2 * RING_SIZE }, (_, index) => {
    const owner = index % RING_SIZE === 4 ? alice : AccountKey.fromRootEntropy(random(32));
    const { txOut } = createTxOut({
      blockVersion: version,
      amount: { value: COIN, tokenId: 0n },
      recipient: owner.defaultSubaddress,
      eFogHint: fakeFogHint(random),
      random,
    });
    tree.push(txOutMerkleLeaf(txOut));
    return txOut;
  });

  const builder = new TransactionBuilder({
    blockVersion: version,
    fee: { value: DEFAULT_MINIMUM_FEE, tokenId: 0n },
    feeMap: DEFAULT_FEE_MAP,
    memoBuilder: new RthMemoBuilder({ destinationMemo: true }),
    random,
  });
  for (const start of [0, RING_SIZE]) {
    const ring = txOuts.slice(start, start + RING_SIZE);
    builder.addInput(
      inputCredentials({
        ring,
        proofs: ring.map((_, index) => tree.proof(BigInt(start + index))),
        realIndex: 4,
        onetimeKeyDeriveData: { kind: "subaddressIndex", index: 0n },
        opening: { viewPrivateKey: alice.viewPrivateKey },
      }),
    );
  }
  builder.addOutput({ value: PAID, tokenId: 0n }, bob.defaultSubaddress);
  const change = 2n * COIN - PAID - DEFAULT_MINIMUM_FEE;
  builder.addChangeOutput({ value: change, tokenId: 0n }, reservedSubaddresses(alice));
  builder.setTombstoneBlock(120n);
  const tx = builder.build(new LocalRingSigner(alice));

  const context = {
    blockIndex: 100n,
    blockVersion: version,
    minimumFee: DEFAULT_MINIMUM_FEE,
    rootProofs: tx.prefix.inputs.flatMap(({ proofs }) =>
      proofs.map(({ highestIndex }) => tree.proof(highestIndex)),
    ),
  };
  validateTransaction(tx, context);
  const altered = { ...tx, prefix: { ...tx.prefix, fee: tx.prefix.fee + 1n } };

  return {
    address: encodePrintable({ kind: "publicAddress", address: alice.defaultSubaddress }),
    txHash: bytesToHex(txHash(tx)),
    received: found(bob),
    change: found(alice),
    rejection: rejectionOf(() => validateTransaction(altered, context)),
  };

  function found(account: AccountKey): string[] {
    const view = account.viewAccountKey();
    return scanTxOuts(view, tx.prefix.outputs, SubaddressTable.ofAccount(view)).map(
      (hit) => `${hit.amount.value} at subaddress ${hit.kind === "owned" ? hit.subaddressIndex : "unknown"}`,
    );
  }
}

function rejectionOf(validate: () => void): string {
  try {
    validate();
    return "none";
  } catch (error) {
    return error instanceof TransactionError ? error.code : String(error);
  }
}
