import {
  type Ballot,
  type CommitPayload,
  type ExternalizePayload,
  type Message,
  type NominatePayload,
  type PreparePayload,
  type QuorumSet,
  type QuorumSetMember,
  type Topic,
  type ValueSet,
  valueSet,
} from "@mobilecoin-ts/scp";
import { decodeCbor, encodeCbor } from "../document/cbor.ts";
import { at, type Document, refuseValue } from "../document/document.ts";
import {
  byteArray,
  byteArrayOrString,
  externallyTagged,
  list,
  mapOf,
  mapped,
  optional,
  type Shape,
  struct,
  u32,
  u64,
  type Variant,
} from "../document/shape.ts";
import type { ConsensusMessage } from "./consensus-message.ts";
import { type ConsensusValue, compareConsensusValues } from "./consensus-value.ts";
import { nodeIdShape, withKeyLimit } from "./key-shapes.ts";
import { mintConfigTxShape, mintTxShape } from "./mint-shapes.ts";

// The table of 04 section 2.7, "wire encoding".

const memberShape: Shape<QuorumSetMember> = {
  read(value) {
    if (value === null) return { kind: "absent" };
    const map = mapOf(value);
    const args = map.get("args");
    switch (map.get("type")) {
      case "Node":
        return { kind: "node", node: at("args", () => nodeIdShape.read(args)) };
      case "InnerSet":
        return { kind: "innerSet", set: at("args", () => quorumSetShape.read(args)) };
      default:
        throw refuseValue("is neither a Node nor an InnerSet");
    }
  },
  write(member) {
    switch (member.kind) {
      case "absent":
        return null;
      case "node":
        return tagged("Node", nodeIdShape.write(member.node));
      case "innerSet":
        return tagged("InnerSet", quorumSetShape.write(member.set));
    }
  },
};

function tagged(type: string, args: Document): Document {
  return new Map([
    ["type", type],
    ["args", args],
  ]);
}

const quorumSetShape: Shape<QuorumSet> = struct<QuorumSet>({
  threshold: ["threshold", u32],
  members: ["members", list(memberShape)],
});

const TX_HASH = byteArray(32);

const valueShape: Shape<ConsensusValue> = externallyTagged<ConsensusValue>([
  {
    name: "TxHash",
    read: (payload) => ({ kind: "txHash", hash: TX_HASH.read(payload) }),
    write: (value) => (value.kind === "txHash" ? TX_HASH.write(value.hash) : undefined),
  },
  {
    name: "MintConfigTx",
    read: (payload) => ({ kind: "mintConfigTx", tx: mintConfigTxShape.read(payload) }),
    write: (value) => (value.kind === "mintConfigTx" ? mintConfigTxShape.write(value.tx) : undefined),
  },
  {
    name: "MintTx",
    read: (payload) => ({ kind: "mintTx", tx: mintTxShape.read(payload) }),
    write: (value) => (value.kind === "mintTx" ? mintTxShape.write(value.tx) : undefined),
  },
]);

const valuesShape: Shape<readonly ConsensusValue[]> = list(valueShape);

/** Sets may come unsorted and with repeats; what is signed is the set. */
const valueSetShape: Shape<ValueSet<ConsensusValue>> = mapped(
  valuesShape,
  (values) => valueSet(values, compareConsensusValues),
  (values) => values,
);

const ballotShape: Shape<Ballot<ConsensusValue>> = struct<Ballot<ConsensusValue>>({
  counter: ["N", u32],
  values: ["X", valuesShape],
});

const nominateShape: Shape<NominatePayload<ConsensusValue>> = struct<NominatePayload<ConsensusValue>>({
  x: ["X", valueSetShape],
  y: ["Y", valueSetShape],
});

const prepareShape: Shape<PreparePayload<ConsensusValue>> = struct<PreparePayload<ConsensusValue>>({
  b: ["B", ballotShape],
  p: ["P", optional(ballotShape)],
  pp: ["PP", optional(ballotShape)],
  cn: ["CN", u32],
  hn: ["HN", u32],
});

const commitShape: Shape<CommitPayload<ConsensusValue>> = struct<CommitPayload<ConsensusValue>>({
  b: ["B", ballotShape],
  pn: ["PN", u32],
  cn: ["CN", u32],
  hn: ["HN", u32],
});

const externalizeShape: Shape<ExternalizePayload<ConsensusValue>> = struct<
  ExternalizePayload<ConsensusValue>
>({
  c: ["C", ballotShape],
  hn: ["HN", u32],
});

type ValueTopic = Topic<ConsensusValue>;

const nominatePrepareVariant: Variant<ValueTopic> = {
  name: "NominatePrepare",
  read(payload) {
    if (!Array.isArray(payload) || payload.length !== 2) throw refuseValue("is not an array of two payloads");
    const nominate = at("[0]", () => nominateShape.read(payload[0]));
    const prepare = at("[1]", () => prepareShape.read(payload[1]));
    return { kind: "nominatePrepare", ...nominate, ...prepare };
  },
  write: (topic) =>
    topic.kind === "nominatePrepare" ? [nominateShape.write(topic), prepareShape.write(topic)] : undefined,
};

const topicShape: Shape<ValueTopic> = externallyTagged<ValueTopic>([
  {
    name: "Nominate",
    read: (payload) => ({ kind: "nominate", ...nominateShape.read(payload) }),
    write: (topic) => (topic.kind === "nominate" ? nominateShape.write(topic) : undefined),
  },
  nominatePrepareVariant,
  {
    name: "Prepare",
    read: (payload) => ({ kind: "prepare", ...prepareShape.read(payload) }),
    write: (topic) => (topic.kind === "prepare" ? prepareShape.write(topic) : undefined),
  },
  {
    name: "Commit",
    read: (payload) => ({ kind: "commit", ...commitShape.read(payload) }),
    write: (topic) => (topic.kind === "commit" ? commitShape.write(topic) : undefined),
  },
  {
    name: "Externalize",
    read: (payload) => ({ kind: "externalize", ...externalizeShape.read(payload) }),
    write: (topic) => (topic.kind === "externalize" ? externalizeShape.write(topic) : undefined),
  },
]);

const consensusMessageShape: Shape<ConsensusMessage> = struct<ConsensusMessage>({
  message: [
    "scp_msg",
    struct<Message<ConsensusValue>>({
      sender: ["sender_id", nodeIdShape],
      slotIndex: ["slot_index", u64],
      quorumSet: ["quorum_set", quorumSetShape],
      topic: ["topic", topicShape],
    }),
  ],
  previousBlockId: ["prev_block_id", byteArray(32)],
  signature: ["signature", byteArrayOrString(64)],
});

/** The payload of `consensus_peer.ConsensusMsg`: CBOR (04 section 2.7). */
export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  return encodeCbor(consensusMessageShape.write(message));
}

/**
 * Reads a message of a peer; its signature is not looked at. Structural rules of statements are the protocol's business
 * (`isValidMessage` of scp).
 *
 * @throws ConsensusError `Malformed`, `InvalidField` (a key that is no point counts as that), `LimitExceeded`
 */
export function decodeConsensusMessage(bytes: Uint8Array): ConsensusMessage {
  const document = decodeCbor(bytes);
  return withKeyLimit(() => consensusMessageShape.read(document));
}
