import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountKey, CHANGE_SUBADDRESS, shortAddressHash } from "@mobilecoin-ts/account";
import { Point, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import {
  type Block,
  type BlockData,
  MerkleTree,
  makeChildBlock,
  makeOriginBlock,
} from "@mobilecoin-ts/ledger";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import {
  blockVersion,
  createTxOut,
  DEFAULT_MINIMUM_FEE,
  fakeFogHint,
  type InputCredentials,
  inputCredentials,
  LocalRingSigner,
  proveRange,
  RING_SIZE,
  type RingMember,
  RthMemoBuilder,
  reservedSubaddresses,
  SubaddressTable,
  scanTxOuts,
  signRing,
  TransactionBuilder,
  type Tx,
  type TxOut,
  txOutMerkleLeaf,
  validateTransaction,
  verifyRange,
  verifyRangeBatch,
  verifyRing,
} from "@mobilecoin-ts/transaction";
import type { BenchCase } from "./harness.ts";

const VERSION = blockVersion(4);
const LEAVES = 1_000_000;
const BLOCK_INDEX = 1000n;

const alice = AccountKey.random();
const bob = AccountKey.random();

function outputFor(account: AccountKey, value: bigint): TxOut {
  return createTxOut({
    blockVersion: VERSION,
    amount: { value, tokenId: 0n },
    recipient: account.defaultSubaddress,
    eFogHint: fakeFogHint(),
  }).txOut;
}

export function ringCases(): BenchCase[] {
  const onetimePrivateKey = Scalar.random();
  const blinding = Scalar.random();
  const output = outputFor(alice, 1n);
  const randomPoint = () => Point.multiplyBase(Scalar.random()).encode();
  const value = 1_000_000n;
  const proven = proveRange([value], [blinding], 0n);
  const ring: RingMember[] = Array.from({ length: RING_SIZE }, (_, i) =>
    i === 3
      ? { targetKey: Point.multiplyBase(onetimePrivateKey).encode(), commitment: proven.commitments[0]! }
      : { targetKey: randomPoint(), commitment: randomPoint() },
  );
  const outputBlinding = Scalar.random();
  const outputCommitment = proveRange([value], [outputBlinding], 0n).commitments[0]!;
  const message = txOutMerkleLeaf(output);
  const sign = () =>
    signRing({
      message,
      ring,
      realIndex: 3,
      onetimePrivateKey,
      value,
      tokenId: 0n,
      inputBlinding: blinding,
      outputBlinding,
    });
  const signature = sign();
  return [
    { name: `ring.sign.${RING_SIZE}`, ours: sign },
    {
      name: `ring.verify.${RING_SIZE}`,
      ours: () => verifyRing({ message, ring, outputCommitment, signature }),
    },
  ];
}

const RANGE_SIZES = [1, 2, 4, 16];
const BATCH = 32;

export function rangeProofCases(): BenchCase[] {
  const randomValue = () => new DataView(systemRandom(8).buffer).getBigUint64(0);
  const statement = (size: number) => {
    const values = Array.from({ length: size }, randomValue);
    const blindings = values.map(() => Scalar.random());
    return { values, blindings, ...proveRange(values, blindings, 0n), tokenId: 0n };
  };
  const bySize = RANGE_SIZES.map((size) => ({ size, ...statement(size) }));
  const batch = Array.from({ length: BATCH }, () => statement(4));
  return [
    ...bySize.map(({ size, values, blindings }) => ({
      name: `rangeproof.prove.${size}`,
      ours: () => proveRange(values, blindings, 0n),
    })),
    ...bySize.map(({ size, proof, commitments }) => ({
      name: `rangeproof.verify.${size}`,
      ours: () => verifyRange(proof, commitments, 0n),
    })),
    {
      name: `rangeproof.verify.batch${BATCH}`,
      operations: BATCH,
      ours: () => {
        if (verifyRangeBatch(batch).length > 0) throw new Error("a range proof of the bench does not hold");
      },
    },
  ];
}

/** A payment of two inputs to two outputs over a ledger of a million outputs, and proofs from that ledger. */
export function transactionCases(): BenchCase[] {
  const rings = [0, 1].map((input) =>
    Array.from({ length: RING_SIZE }, (_, i) =>
      i === 3 ? outputFor(alice, 10n ** 12n) : outputFor(bob, BigInt(input)),
    ),
  );
  const members = rings.flat();
  const filler = txOutMerkleLeaf(members[0]!);
  const leaves = function* () {
    for (let i = members.length; i < LEAVES; i++) yield filler;
    for (const member of members) yield txOutMerkleLeaf(member);
  };
  const tree = MerkleTree.of(leaves());
  const firstMember = BigInt(LEAVES - members.length);
  const inputs: InputCredentials[] = rings.map((ring, input) =>
    inputCredentials({
      ring,
      proofs: tree.proofs(ring.map((_, i) => firstMember + BigInt(input * RING_SIZE + i))),
      realIndex: 3,
      onetimeKeyDeriveData: { kind: "subaddressIndex", index: 0n },
      opening: { viewPrivateKey: alice.viewPrivateKey },
    }),
  );
  const signer = new LocalRingSigner(alice);
  const reserved = reservedSubaddresses(alice);
  const credential = {
    addressHash: shortAddressHash(alice.defaultSubaddress),
    subaddressSpendPrivateKey: alice.subaddressSpendPrivateKey(0n),
  };
  const build = (): Tx => {
    const builder = new TransactionBuilder({
      blockVersion: VERSION,
      fee: { value: DEFAULT_MINIMUM_FEE, tokenId: 0n },
      memoBuilder: new RthMemoBuilder({ senderCredential: credential, destinationMemo: true }),
    });
    for (const input of inputs) builder.addInput(input);
    const paid = 15n * 10n ** 11n;
    builder.addOutput({ value: paid, tokenId: 0n }, bob.defaultSubaddress);
    builder.addChangeOutput({ value: 2n * 10n ** 12n - paid - DEFAULT_MINIMUM_FEE, tokenId: 0n }, reserved);
    builder.setTombstoneBlock(BLOCK_INDEX + 50n);
    return builder.build(signer);
  };
  const tx = build();
  const rootProof = tree.proof(BigInt(LEAVES - 1));
  const context = {
    blockIndex: BLOCK_INDEX,
    blockVersion: VERSION,
    minimumFee: DEFAULT_MINIMUM_FEE,
    rootProofs: members.map(() => rootProof),
  };
  let next = 0;
  return [
    { name: "tx.build.2x2", ours: build },
    { name: "tx.validate.2x2", ours: () => validateTransaction(tx, context) },
    {
      name: "merkle.proof.1m",
      ours: () => {
        next = (next + 7919) % LEAVES;
        return tree.proof(BigInt(next));
      },
    },
  ];
}

const SCANNED = 256;

export function scanCases(): BenchCase[] {
  const outputs = Array.from({ length: SCANNED }, (_, i) => outputFor(i % 64 === 0 ? alice : bob, BigInt(i)));
  const view = alice.viewAccountKey();
  const subaddresses = SubaddressTable.ofAccount(view, [0n, CHANGE_SUBADDRESS]);
  return [
    {
      name: "txout.scan",
      operations: SCANNED,
      ours: () => {
        const found = scanTxOuts(view, outputs, subaddresses).length;
        if (found !== SCANNED / 64) throw new Error(`scanning found ${found} outputs`);
      },
    },
  ];
}

const OUTPUTS_PER_BLOCK = 10;

/** Every append needs a new block, so making it (random keys, two hashes) is part of what is measured. */
export function ledgerCases(): { readonly cases: BenchCase[]; readonly close: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "bench-ledger-"));
  const store = LedgerStore.open(folder, { create: true });
  const origin = makeOriginBlock(Array.from({ length: OUTPUTS_PER_BLOCK }, () => outputFor(bob, 1n)));
  const none = { signature: undefined, metadata: undefined };
  store.appendBlock({ ...origin, ...none });
  let latest: Block = origin.block;
  const template = outputFor(bob, 1n);
  const nextBlock = (): BlockData => {
    const outputs = Array.from({ length: OUTPUTS_PER_BLOCK }, () => ({
      ...template,
      publicKey: systemRandom(32),
    }));
    const keyImages = [systemRandom(32)];
    const contents = { keyImages, outputs, validatedMintConfigTxs: [], mintTxs: [] };
    return { block: makeChildBlock(latest, 0, contents), contents, ...none };
  };
  return {
    cases: [
      {
        name: "ledger.append",
        ours: () => {
          const data = nextBlock();
          store.appendBlock(data);
          latest = data.block;
        },
      },
    ],
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
