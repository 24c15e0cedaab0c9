import type { NodeId } from "@mobilecoin-ts/wire";
import type { Message } from "./message.ts";
import type { Narrow } from "./narrowing.ts";
import { nodeKey, type QuorumSet } from "./quorum-set.ts";
import { type Found, TrustGraph } from "./trust-graph.ts";

/** Latest message of each node, by `nodeKey`. */
export type Messages<V> = ReadonlyMap<string, Message<V>>;

/**
 * The quorum that the greedy search of 04 section 2.2 finds among the messages, or undefined. It contains the local node,
 * whose own message is never asked.
 */
export function findQuorum<V, State, Part>(
  local: NodeId,
  quorumSet: QuorumSet,
  messages: Messages<V>,
  narrow: Narrow<V, State, Part>,
  state: State,
): Found<State> | undefined {
  return graphOf(nodeKey(local), quorumSet, messages).quorum(narrow, state);
}

/**
 * The first set of nodes without which the quorum set cannot be satisfied, searched in the configured order
 * (04 section 2.2), or undefined.
 */
export function findBlockingSet<V, State, Part>(
  quorumSet: QuorumSet,
  messages: Messages<V>,
  narrow: Narrow<V, State, Part>,
  state: State,
): Found<State> | undefined {
  return graphOf("", quorumSet, messages).blocking(narrow, state);
}

function graphOf<V>(localKey: string, quorumSet: QuorumSet, messages: Messages<V>): TrustGraph<V> {
  const graph = new TrustGraph<V>(localKey, quorumSet);
  for (const message of messages.values()) graph.hear(message);
  return graph;
}

/** Whether enough members of the set, at every depth, are among the nodes that `holds` names. */
export function isSatisfied(quorumSet: QuorumSet, holds: (key: string) => boolean): boolean {
  let needed = quorumSet.threshold;
  for (const member of quorumSet.members) {
    if (needed === 0) return true;
    if (member.kind === "node" && holds(nodeKey(member.node))) needed -= 1;
    else if (member.kind === "innerSet" && isSatisfied(member.set, holds)) needed -= 1;
  }
  return needed === 0;
}
