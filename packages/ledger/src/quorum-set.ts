import { type Digestible, d, ed25519PublicDigestible } from "@mobilecoin-ts/crypto";
import { type Codec, f, mapped, message } from "@mobilecoin-ts/wire";
import { ed25519PublicKeyCodec } from "./block-signature.ts";

/** A node as quorum sets name it. Nodes are the same when their keys are. */
export interface QuorumNode {
  /** `host:port` */
  readonly responderId: string;
  /** Ed25519 message-signing key, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type QuorumSetMember =
  | { readonly kind: "node"; readonly node: QuorumNode }
  | { readonly kind: "innerSet"; readonly innerSet: QuorumSet };

/** Whom a node agrees with: at least `threshold` of its members (04). */
export interface QuorumSet {
  /** u32 */
  readonly threshold: number;
  /** In stored order; undefined stands for a member without a value. */
  readonly members: readonly (QuorumSetMember | undefined)[];
}

/** How a responder id is hashed wherever it stands. */
export const responderIdDigestible: Digestible<string> = d.newtype("ResponderId", d.str, { neverOmit: true });

const quorumNodeDigestible: Digestible<QuorumNode> = d.struct<QuorumNode>("NodeID", [
  ["responder_id", responderIdDigestible],
  ["public_key", ed25519PublicDigestible],
]);

interface MemberWrapper {
  readonly member: QuorumSetMember | undefined;
}

const memberDigestible: Digestible<QuorumSetMember> = d.variant<QuorumSetMember>(
  "QuorumSetMember",
  ({ kind }) => (kind === "node" ? 0 : 1),
  [
    ["Node", d.from((member) => (member as QuorumSetMember & { kind: "node" }).node, quorumNodeDigestible)],
    [
      "InnerSet",
      d.from(
        (member) => (member as QuorumSetMember & { kind: "innerSet" }).innerSet,
        d.transparent<QuorumSet>(() => quorumSetDigestible),
      ),
    ],
  ],
);

const wrapperDigestible: Digestible<MemberWrapper> = d.struct<MemberWrapper>("QuorumSetMemberWrapper", [
  ["member", d.option(memberDigestible)],
]);

const membersDigestible: Digestible<QuorumSet["members"]> = d.from(
  (members) => members.map((member) => ({ member })),
  d.list(wrapperDigestible),
);

/** Hashed in stored order, although equality of quorum sets ignores it (03 section 2.6). */
export const quorumSetDigestible: Digestible<QuorumSet> = d.struct<QuorumSet>("QuorumSet", [
  ["threshold", d.u32],
  ["members", membersDigestible],
]);

const quorumNodeCodec: Codec<QuorumNode> = message<QuorumNode>("Node", {
  responderId: f.nestedString(1),
  publicKey: f.message(2, ed25519PublicKeyCodec),
});

interface MemberMessage {
  readonly member:
    | { readonly case: "node"; readonly value: QuorumNode }
    | { readonly case: "innerSet"; readonly value: QuorumSet }
    | undefined;
}

const memberCodec: Codec<QuorumSetMember | undefined> = mapped(
  message<MemberMessage>("QuorumSetMember", {
    member: f.union<{ readonly node: QuorumNode; readonly innerSet: QuorumSet }>({
      node: f.message(1, quorumNodeCodec, { optional: true }),
      innerSet: f.message(2, () => quorumSetCodec, { optional: true }),
    }),
  }),
  fromMessage,
  toMessage,
);

/** Decoding bounds the nesting by the limit on depth. */
export const quorumSetCodec: Codec<QuorumSet> = message<QuorumSet>("QuorumSet", {
  threshold: f.uint32(1, { required: true }),
  members: f.repeated(2, memberCodec),
});

function toMessage(member: QuorumSetMember | undefined): MemberMessage {
  if (member === undefined) return { member: undefined };
  return member.kind === "node"
    ? { member: { case: "node", value: member.node } }
    : { member: { case: "innerSet", value: member.innerSet } };
}

function fromMessage({ member }: MemberMessage): QuorumSetMember | undefined {
  if (member === undefined) return undefined;
  return member.case === "node"
    ? { kind: "node", node: member.value }
    : { kind: "innerSet", innerSet: member.value };
}

/** Whether no threshold within exceeds its number of members; an empty set of threshold 0 is valid. */
export function isQuorumSetValid({ threshold, members }: QuorumSet): boolean {
  return (
    threshold <= members.length &&
    members.every(
      (member) => member !== undefined && (member.kind === "node" || isQuorumSetValid(member.innerSet)),
    )
  );
}
