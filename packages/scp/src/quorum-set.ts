import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { NodeId } from "@mobilecoin-ts/wire";

/** One member of a quorum set. "absent" is an empty oneof on the wire; it makes the set invalid. */
export type QuorumSetMember =
  | { readonly kind: "node"; readonly node: NodeId }
  | { readonly kind: "innerSet"; readonly set: QuorumSet }
  | { readonly kind: "absent" };

/**
 * Whom a node relies on: `threshold` (32 bits, unsigned) of `members` must agree, the node itself not counted. The order
 * of members is kept as configured: searches, digests and the wire form depend on it (04 section 2.2).
 */
export interface QuorumSet {
  readonly threshold: number;
  readonly members: readonly QuorumSetMember[];
}

const keys = new WeakMap<NodeId, string>();

/** What identifies a node: its public key, in hex. Orders as the keys do (04 section 2.1). */
export function nodeKey(node: NodeId): string {
  let key = keys.get(node);
  if (key === undefined) {
    key = bytesToHex(node.publicKey);
    keys.set(node, key);
  }
  return key;
}

/** Thresholds within the number of members and no member absent, at any depth. `(0, [])` is valid. */
export function isValidQuorumSet(set: QuorumSet): boolean {
  return (
    set.threshold <= set.members.length &&
    set.members.every(
      (member) => member.kind === "node" || (member.kind === "innerSet" && isValidQuorumSet(member.set)),
    )
  );
}

/** All nodes at any depth, by `nodeKey`, in the order met first. */
export function nodesOf(set: QuorumSet, into = new Map<string, NodeId>()): ReadonlyMap<string, NodeId> {
  for (const member of set.members) {
    if (member.kind === "node") {
      if (!into.has(nodeKey(member.node))) into.set(nodeKey(member.node), member.node);
    } else if (member.kind === "innerSet") {
      nodesOf(member.set, into);
    }
  }
  return into;
}

/** The fraction of the quorum set's slices that hold a node; the first match wins and nothing is reduced. */
export interface Weight {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Weight of a node in leader election (04 section 2.2). */
export function weightOf(key: string, set: QuorumSet): Weight {
  const threshold = BigInt(set.threshold);
  const size = BigInt(set.members.length);
  for (const member of set.members) {
    if (member.kind === "node") {
      if (nodeKey(member.node) === key) return { numerator: threshold, denominator: size };
    } else if (member.kind === "innerSet") {
      const inner = weightOf(key, member.set);
      if (inner.numerator !== 0n) {
        return { numerator: threshold * inner.numerator, denominator: size * inner.denominator };
      }
    }
  }
  return { numerator: 0n, denominator: 1n };
}

const KIND_ORDER = { absent: 0, node: 1, innerSet: 2 } as const;

function compareMembers(a: QuorumSetMember, b: QuorumSetMember): number {
  if (a.kind === "node" && b.kind === "node") {
    const [left, right] = [nodeKey(a.node), nodeKey(b.node)];
    return left < right ? -1 : Number(left > right);
  }
  if (a.kind === "innerSet" && b.kind === "innerSet") return compareSortedSets(a.set, b.set);
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

function compareSortedSets(a: QuorumSet, b: QuorumSet): number {
  if (a.threshold !== b.threshold) return a.threshold - b.threshold;
  for (let i = 0; i < Math.min(a.members.length, b.members.length); i++) {
    const order = compareMembers(a.members[i] as QuorumSetMember, b.members[i] as QuorumSetMember);
    if (order !== 0) return order;
  }
  return a.members.length - b.members.length;
}

function sorted(set: QuorumSet): QuorumSet {
  const members = set.members.map(
    (member): QuorumSetMember =>
      member.kind === "innerSet" ? { kind: "innerSet", set: sorted(member.set) } : member,
  );
  return { threshold: set.threshold, members: members.sort(compareMembers) };
}

/** Equal up to the order of members at every depth. */
export function quorumSetsEqual(a: QuorumSet, b: QuorumSet): boolean {
  return compareSortedSets(sorted(a), sorted(b)) === 0;
}
