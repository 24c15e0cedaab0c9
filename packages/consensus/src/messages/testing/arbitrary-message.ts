import type { SignerSet } from "@mobilecoin-ts/crypto";
import { ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import type { Ballot, Message, QuorumSet, QuorumSetMember, Topic } from "@mobilecoin-ts/scp";
import { valueSet } from "@mobilecoin-ts/scp";
import type { MintConfigTx, MintTx } from "@mobilecoin-ts/transaction";
import type { NodeId } from "@mobilecoin-ts/wire";
import fc from "fast-check";
import type { ConsensusMessage } from "../consensus-message.ts";
import { type ConsensusValue, compareConsensusValues } from "../consensus-value.ts";

const SEEDS = [1, 2, 3, 4, 5].map((fill) => new Uint8Array(32).fill(fill));
const ED25519_KEYS = SEEDS.map(ed25519PublicKey);
const RISTRETTO_KEYS = [2n, 3n, 5n].map((scalar) => Point.multiplyBase(Scalar.fromBigInt(scalar)).encode());

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const u32 = fc.nat(0xffff_ffff);
const signerKey = fc.constantFrom(...ED25519_KEYS);
const pointKey = fc.constantFrom(...RISTRETTO_KEYS);
const signatures = fc.array(bytes(64), { maxLength: 2 });

const signerSet: fc.Arbitrary<SignerSet> = fc.letrec<{ set: SignerSet }>((tie) => ({
  set: fc.record({
    individualSigners: fc.array(signerKey, { maxLength: 2 }),
    multiSigners: fc.oneof({ depthSize: "small" }, fc.constant([]), fc.array(tie("set"), { maxLength: 2 })),
    threshold: u32,
  }),
})).set;

export const mintTx: fc.Arbitrary<MintTx> = fc.record({
  prefix: fc.record({
    tokenId: u64,
    amount: u64,
    viewPublicKey: pointKey,
    spendPublicKey: pointKey,
    nonce: fc.uint8Array({ maxLength: 70 }),
    tombstoneBlock: u64,
    eFogHint: fc.option(bytes(84), { nil: undefined }),
  }),
  signature: signatures,
});

const mintConfigTx: fc.Arbitrary<MintConfigTx> = fc.record({
  prefix: fc.record({
    tokenId: u64,
    configs: fc.array(fc.record({ tokenId: u64, signerSet, mintLimit: u64 }), { maxLength: 2 }),
    nonce: fc.uint8Array({ maxLength: 70 }),
    tombstoneBlock: u64,
    totalMintLimit: u64,
  }),
  signature: signatures,
});

export const consensusValue: fc.Arbitrary<ConsensusValue> = fc.oneof(
  fc.record({ kind: fc.constant("txHash" as const), hash: bytes(32) }),
  fc.record({ kind: fc.constant("mintConfigTx" as const), tx: mintConfigTx }),
  fc.record({ kind: fc.constant("mintTx" as const), tx: mintTx }),
);

const values = fc.array(consensusValue, { maxLength: 3 });
const set = values.map((list) => valueSet(list, compareConsensusValues));
const ballot: fc.Arbitrary<Ballot<ConsensusValue>> = fc.record({ counter: u32, values });
const absentOr = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: undefined });
const prepare = { b: ballot, p: absentOr(ballot), pp: absentOr(ballot), cn: u32, hn: u32 };

const topic: fc.Arbitrary<Topic<ConsensusValue>> = fc.oneof(
  fc.record({ kind: fc.constant("nominate" as const), x: set, y: set }),
  fc.record({ kind: fc.constant("nominatePrepare" as const), x: set, y: set, ...prepare }),
  fc.record({ kind: fc.constant("prepare" as const), ...prepare }),
  fc.record({ kind: fc.constant("commit" as const), b: ballot, pn: u32, cn: u32, hn: u32 }),
  fc.record({ kind: fc.constant("externalize" as const), c: ballot, hn: u32 }),
);

export const nodeId: fc.Arbitrary<NodeId> = fc.record({
  responderId: fc.string({ unit: "grapheme", maxLength: 20 }),
  publicKey: signerKey,
});

const quorumSet: fc.Arbitrary<QuorumSet> = fc.letrec<{ set: QuorumSet; member: QuorumSetMember }>((tie) => ({
  member: fc.oneof(
    { depthSize: "small" },
    fc.record({ kind: fc.constant("node" as const), node: nodeId }),
    fc.constant({ kind: "absent" as const }),
    fc.record({ kind: fc.constant("innerSet" as const), set: tie("set") }),
  ),
  set: fc.record({ threshold: u32, members: fc.array(tie("member"), { maxLength: 3 }) }),
})).set;

const scpMessage: fc.Arbitrary<Message<ConsensusValue>> = fc.record({
  sender: nodeId,
  slotIndex: u64,
  quorumSet,
  topic,
});

/** With any bytes for a signature. */
export const consensusMessage: fc.Arbitrary<ConsensusMessage> = fc.record({
  message: scpMessage,
  previousBlockId: bytes(32),
  signature: bytes(64),
});

/** A message of one node about two transactions, to be bent by tests. */
export function sampleMessage(): { readonly seed: Uint8Array; readonly message: Message<ConsensusValue> } {
  return {
    seed: SEEDS[0]!,
    message: {
      sender: { responderId: "a.example:8443", publicKey: ED25519_KEYS[0]! },
      slotIndex: 7n,
      quorumSet: {
        threshold: 1,
        members: [{ kind: "node", node: { responderId: "b.example:8443", publicKey: ED25519_KEYS[1]! } }],
      },
      topic: {
        kind: "nominate",
        x: [1, 2].map((fill) => ({ kind: "txHash", hash: new Uint8Array(32).fill(fill) })),
        y: [],
      },
    },
  };
}
