import {
  type ConsensusValue,
  consensusMessageDigest,
  decodeConsensusMessage,
  encodeConsensusMessage,
  signConsensusMessage,
  verifyConsensusMessage,
} from "@mobilecoin-ts/consensus";
import { bytesToHex, ed25519PublicKey, hexToBytes, sha3256 } from "@mobilecoin-ts/crypto";
import type { Ballot, Message, QuorumSet, QuorumSetMember, Topic } from "@mobilecoin-ts/scp";
import { mintTxCodec } from "@mobilecoin-ts/transaction";
import type { NodeId } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface NodeRow {
  readonly responder_id: string;
  readonly public_key: string;
}

interface QuorumSetRow {
  readonly threshold: number;
  readonly members: readonly (NodeRow | QuorumSetRow)[];
}

interface ValueRow {
  readonly tx_hash: string;
}

interface BallotRow {
  readonly counter: number;
  readonly values: readonly ValueRow[];
}

interface NominateRow {
  readonly x: readonly ValueRow[];
  readonly y: readonly ValueRow[];
}

interface PrepareRow {
  readonly b: BallotRow;
  readonly p: BallotRow | null;
  readonly pp: BallotRow | null;
  readonly cn: number;
  readonly hn: number;
}

type TopicRow =
  | ({ readonly kind: "nominate" } & NominateRow)
  | ({ readonly kind: "nominate_prepare" } & NominateRow & PrepareRow)
  | ({ readonly kind: "prepare" } & PrepareRow)
  | {
      readonly kind: "commit";
      readonly b: BallotRow;
      readonly pn: number;
      readonly cn: number;
      readonly hn: number;
    }
  | { readonly kind: "externalize"; readonly c: BallotRow; readonly hn: number };

interface MessageRow {
  readonly name: string;
  readonly sender_responder_id: string;
  readonly sender_signing_seed: string;
  readonly sender_public_key: string;
  readonly slot_index: string;
  readonly quorum_set: QuorumSetRow;
  readonly topic: TopicRow;
  readonly prev_block_id: string;
  readonly contents_hash: string;
  readonly signature: string;
  readonly cbor: string;
}

const nodeOf = (row: NodeRow): NodeId => ({
  responderId: row.responder_id,
  publicKey: hexToBytes(row.public_key),
});

function quorumSetOf({ threshold, members }: QuorumSetRow): QuorumSet {
  return {
    threshold,
    members: members.map(
      (member): QuorumSetMember =>
        "threshold" in member
          ? { kind: "innerSet", set: quorumSetOf(member) }
          : { kind: "node", node: nodeOf(member) },
    ),
  };
}

const valuesOf = (rows: readonly ValueRow[]): ConsensusValue[] =>
  rows.map(({ tx_hash }) => ({ kind: "txHash", hash: hexToBytes(tx_hash) }));

const ballotOf = ({ counter, values }: BallotRow): Ballot<ConsensusValue> => ({
  counter,
  values: valuesOf(values),
});

const nominateOf = ({ x, y }: NominateRow) => ({ x: valuesOf(x), y: valuesOf(y) });

const prepareOf = ({ b, p, pp, cn, hn }: PrepareRow) => ({
  b: ballotOf(b),
  p: p === null ? undefined : ballotOf(p),
  pp: pp === null ? undefined : ballotOf(pp),
  cn,
  hn,
});

function topicOf(row: TopicRow): Topic<ConsensusValue> {
  switch (row.kind) {
    case "nominate":
      return { kind: "nominate", ...nominateOf(row) };
    case "nominate_prepare":
      return { kind: "nominatePrepare", ...nominateOf(row), ...prepareOf(row) };
    case "prepare":
      return { kind: "prepare", ...prepareOf(row) };
    case "commit":
      return { ...row, b: ballotOf(row.b) };
    case "externalize":
      return { ...row, c: ballotOf(row.c) };
  }
}

describeVectors("scp: consensus messages", () => {
  test.each(loadVectors<MessageRow>("scp/consensus_messages.jsonl"))("$name", (row) => {
    const seed = hexToBytes(row.sender_signing_seed);
    expect(bytesToHex(ed25519PublicKey(seed))).toBe(row.sender_public_key);
    const message: Message<ConsensusValue> = {
      sender: { responderId: row.sender_responder_id, publicKey: hexToBytes(row.sender_public_key) },
      slotIndex: BigInt(row.slot_index),
      quorumSet: quorumSetOf(row.quorum_set),
      topic: topicOf(row.topic),
    };
    const previousBlockId = hexToBytes(row.prev_block_id);
    expect(bytesToHex(consensusMessageDigest(message, previousBlockId))).toBe(row.contents_hash);
    const signed = signConsensusMessage(message, previousBlockId, seed);
    expect(bytesToHex(signed.signature)).toBe(row.signature);
    expect(bytesToHex(encodeConsensusMessage(signed))).toBe(row.cbor);
    const decoded = decodeConsensusMessage(hexToBytes(row.cbor));
    expect(decoded).toEqual(signed);
    expect(verifyConsensusMessage(decoded)).toBe(true);
  });

  // 04 section 5: the third message there, about a mint of the main network, stands in no file.
  test("a message about a mint transaction", () => {
    const nodes = loadVectors<{ name: string; signing_seed: string } & NodeRow>("consensus/test_nodes.jsonl");
    const [one, two] = ["node_1", "node_2"].map((name) => nodes.find((node) => node.name === name));
    if (one === undefined || two === undefined) throw new Error("the test nodes are missing");
    const mint = loadVectors<{ name: string; mint_tx: string; valid: boolean }>("minting/mint_tx.jsonl")[0]!;
    const signed = signConsensusMessage(
      {
        sender: nodeOf(one),
        slotIndex: 10n,
        quorumSet: { threshold: 1, members: [{ kind: "node", node: nodeOf(two) }] },
        topic: {
          kind: "nominate",
          x: [{ kind: "mintTx", tx: mintTxCodec.decode(hexToBytes(mint.mint_tx)) }],
          y: [],
        },
      },
      new Uint8Array(32).fill(7),
      hexToBytes(one.signing_seed),
    );
    expect(bytesToHex(consensusMessageDigest(signed.message, signed.previousBlockId))).toBe(
      "d7d076cfcad925559d328cab354640a1d65ebc8da4abed172e3707cf67dc818f",
    );
    expect(bytesToHex(signed.signature)).toBe(
      "a8dd3d30a04efe3b55a3e54098e82e6471507bfca60d80bd8b6da1e237615cdc281b5743a7251a15d47cc07db0a48d019a8ae7e2f54aef61a6aded0dc3a35c0a",
    );
    const cbor = encodeConsensusMessage(signed);
    expect(cbor.length).toBe(1245);
    expect(bytesToHex(sha3256(cbor))).toBe(
      "db951fdaa5488718077ff1ab9fe5b8273b1d43045d3842921eb95e241c35053a",
    );
    expect(decodeConsensusMessage(cbor)).toEqual(signed);
  });
});
