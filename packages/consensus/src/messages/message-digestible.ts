import { type Digestible, d, ed25519PublicDigestible } from "@mobilecoin-ts/crypto";
import type {
  Ballot,
  CommitPayload,
  ExternalizePayload,
  Message,
  NominatePayload,
  PreparePayload,
  QuorumSet,
  QuorumSetMember,
  Topic,
} from "@mobilecoin-ts/scp";
import { mintConfigTxDigestible, mintTxDigestible } from "@mobilecoin-ts/transaction";
import type { NodeId } from "@mobilecoin-ts/wire";
import type { ConsensusValue } from "./consensus-value.ts";

// The shapes of the table in 04 section 2.7.

type KindOf<T extends { readonly kind: string }, Kind extends T["kind"]> = Extract<
  T,
  { readonly kind: Kind }
>;

/** The payload of a union's case that `d.variant` has already chosen. */
function when<T extends { readonly kind: string }, Kind extends T["kind"], Payload>(
  kind: Kind,
  pick: (value: KindOf<T, Kind>) => Payload,
  payload: Digestible<Payload>,
): Digestible<T> {
  const isChosen = (value: T): value is T & KindOf<T, Kind> => value.kind === kind;
  return d.from((value) => {
    if (!isChosen(value)) throw new TypeError(`a ${value.kind} is hashed as a ${kind}`);
    return pick(value);
  }, payload);
}

const nodeIdDigestible: Digestible<NodeId> = d.struct<NodeId>("NodeID", [
  ["responder_id", d.newtype("ResponderId", d.str, { neverOmit: true })],
  ["public_key", ed25519PublicDigestible],
]);

type PresentMember = Exclude<QuorumSetMember, { readonly kind: "absent" }>;

const presentMemberDigestible: Digestible<PresentMember> = d.variant<PresentMember>(
  "QuorumSetMember",
  ({ kind }) => (kind === "node" ? 0 : 1),
  [
    ["Node", when<PresentMember, "node", NodeId>("node", ({ node }) => node, nodeIdDigestible)],
    [
      "InnerSet",
      when<PresentMember, "innerSet", QuorumSet>(
        "innerSet",
        ({ set }) => set,
        d.transparent<QuorumSet>(() => quorumSetDigestible),
      ),
    ],
  ],
);

interface MemberWrapper {
  readonly member: PresentMember | undefined;
}

const memberDigestible: Digestible<QuorumSetMember> = d.from(
  (member) => ({ member: member.kind === "absent" ? undefined : member }),
  d.struct<MemberWrapper>("QuorumSetMemberWrapper", [["member", d.option(presentMemberDigestible)]]),
);

const quorumSetDigestible: Digestible<QuorumSet> = d.struct<QuorumSet>("QuorumSet", [
  ["threshold", d.u32],
  ["members", d.list(memberDigestible)],
]);

const valueDigestible: Digestible<ConsensusValue> = d.variant<ConsensusValue>(
  "ConsensusValue",
  ({ kind }) => ({ txHash: 0, mintConfigTx: 1, mintTx: 2 })[kind],
  [
    [
      "TxHash",
      when<ConsensusValue, "txHash", Uint8Array>("txHash", ({ hash }) => hash, d.newtype("TxHash", d.bytes)),
    ],
    ["MintConfigTx", when("mintConfigTx", ({ tx }) => tx, mintConfigTxDigestible)],
    ["MintTx", when("mintTx", ({ tx }) => tx, mintTxDigestible)],
  ],
);

type ValueBallot = Ballot<ConsensusValue>;

const ballotDigestible: Digestible<ValueBallot> = d.struct<ValueBallot>("Ballot", [
  ["N", d.u32, { key: "counter" }],
  ["X", d.list(valueDigestible), { key: "values" }],
]);

const nominateDigestible: Digestible<NominatePayload<ConsensusValue>> = d.struct<
  NominatePayload<ConsensusValue>
>("NominatePayload", [
  ["X", d.list(valueDigestible), { key: "x" }],
  ["Y", d.list(valueDigestible), { key: "y" }],
]);

const prepareDigestible: Digestible<PreparePayload<ConsensusValue>> = d.struct<
  PreparePayload<ConsensusValue>
>("PreparePayload", [
  ["B", ballotDigestible, { key: "b" }],
  ["P", d.option(ballotDigestible), { key: "p" }],
  ["PP", d.option(ballotDigestible), { key: "pp" }],
  ["CN", d.u32, { key: "cn" }],
  ["HN", d.u32, { key: "hn" }],
]);

const commitDigestible: Digestible<CommitPayload<ConsensusValue>> = d.struct<CommitPayload<ConsensusValue>>(
  "CommitPayload",
  [
    ["B", ballotDigestible, { key: "b" }],
    ["PN", d.u32, { key: "pn" }],
    ["CN", d.u32, { key: "cn" }],
    ["HN", d.u32, { key: "hn" }],
  ],
);

const externalizeDigestible: Digestible<ExternalizePayload<ConsensusValue>> = d.struct<
  ExternalizePayload<ConsensusValue>
>("ExternalizePayload", [
  ["C", ballotDigestible, { key: "c" }],
  ["HN", d.u32, { key: "hn" }],
]);

type ValueTopic = Topic<ConsensusValue>;

const topicDigestible: Digestible<ValueTopic> = d.variant<ValueTopic>(
  "Topic",
  ({ kind }) => ({ nominate: 0, nominatePrepare: 1, prepare: 2, commit: 3, externalize: 4 })[kind],
  [
    ["Nominate", when("nominate", (topic) => topic, nominateDigestible)],
    [
      "NominatePrepare",
      when(
        "nominatePrepare",
        (topic) => [topic, topic] as const,
        d.tupleStruct<readonly [NominatePayload<ConsensusValue>, PreparePayload<ConsensusValue>]>("", [
          nominateDigestible,
          prepareDigestible,
        ]),
      ),
    ],
    ["Prepare", when("prepare", (topic) => topic, prepareDigestible)],
    ["Commit", when("commit", (topic) => topic, commitDigestible)],
    ["Externalize", when("externalize", (topic) => topic, externalizeDigestible)],
  ],
);

/** One statement of a node, as its signature covers it. */
export const messageDigestible: Digestible<Message<ConsensusValue>> = d.struct<Message<ConsensusValue>>(
  "Msg",
  [
    ["sender_id", nodeIdDigestible, { key: "sender" }],
    ["slot_index", d.u64],
    ["quorum_set", quorumSetDigestible],
    ["topic", topicDigestible],
  ],
);
