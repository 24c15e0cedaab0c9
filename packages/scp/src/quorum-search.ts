import type { NodeId } from "@mobilecoin-ts/wire";
import type { Message } from "./message.ts";
import { nodeKey, type QuorumSet, type QuorumSetMember } from "./quorum-set.ts";

/**
 * A predicate with a state that narrows: given a message and the state so far, the state that remains, or undefined when
 * the message does not support any of it. A narrower state must never accept what a wider one refuses.
 */
export type Narrow<V, State> = (message: Message<V>, state: State) => State | undefined;

/** Latest message of each node, by `nodeKey`. */
export type Messages<V> = ReadonlyMap<string, Message<V>>;

export interface Found<State> {
  /** `nodeKey`s in the order found. */
  readonly nodes: ReadonlySet<string>;
  /** What every node of the set supports. */
  readonly state: State;
}

/**
 * The first quorum that contains the local node, searched greedily in the configured order and without going back on a
 * choice that held (04 section 2.2). The local node's own messages are never asked.
 */
export function findQuorum<V, State>(
  local: NodeId,
  quorumSet: QuorumSet,
  messages: Messages<V>,
  narrow: Narrow<V, State>,
  state: State,
): Found<State> | undefined {
  const search: QuorumSearch<V, State> = { messages, narrow, failures: 0 };
  return quorumOf(search, quorumSet, { nodes: new Set([nodeKey(local)]), state });
}

interface QuorumSearch<V, State> {
  readonly messages: Messages<V>;
  readonly narrow: Narrow<V, State>;
  /** Attempts that came to nothing. Without the pruning below they multiply with every level of the search. */
  failures: number;
}

function quorumOf<V, State>(
  search: QuorumSearch<V, State>,
  quorumSet: QuorumSet,
  start: Found<State>,
): Found<State> | undefined {
  let needed = quorumSet.threshold;
  let found = start;
  for (const [i, member] of quorumSet.members.entries()) {
    if (needed === 0) return found;
    if (needed > quorumSet.members.length - i) return undefined;
    const next = withMember(search, member, found);
    if (next !== undefined) {
      found = next;
      needed -= 1;
    }
  }
  return needed === 0 ? found : undefined;
}

function withMember<V, State>(
  search: QuorumSearch<V, State>,
  member: QuorumSetMember,
  found: Found<State>,
): Found<State> | undefined {
  if (member.kind === "absent") return undefined;
  if (member.kind === "innerSet") return quorumOf(search, member.set, found);
  const key = nodeKey(member.node);
  if (found.nodes.has(key)) return found;
  const message = search.messages.get(key);
  const narrowed = message === undefined ? undefined : search.narrow(message, found.state);
  if (message === undefined || narrowed === undefined) return undefined;
  const nodes = new Set(found.nodes).add(key);
  const start = { nodes, state: narrowed };
  if (search.failures > 0 && !mayHoldQuorum(search, message.quorumSet, start)) return undefined;
  const next = quorumOf(search, message.quorumSet, start);
  if (next === undefined) search.failures += 1;
  return next;
}

/**
 * Whether any set could satisfy `quorumSet`: the largest set of nodes that accept the state as it is and satisfy each
 * other, with the nodes found so far taken for granted. A search that succeeds finds a part of that set, so a "no" spares
 * a search that would fail and changes no result.
 */
function mayHoldQuorum<V, State>(
  search: QuorumSearch<V, State>,
  quorumSet: QuorumSet,
  { nodes, state }: Found<State>,
): boolean {
  const candidates = new Map<string, QuorumSet>();
  for (const [key, message] of search.messages) {
    if (!nodes.has(key) && search.narrow(message, state) !== undefined)
      candidates.set(key, message.quorumSet);
  }
  const holds = (key: string) => nodes.has(key) || candidates.has(key);
  for (let before = -1; before !== candidates.size; ) {
    before = candidates.size;
    for (const [key, set] of candidates) {
      if (!isSatisfied(set, holds)) candidates.delete(key);
    }
  }
  return isSatisfied(quorumSet, holds);
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

/**
 * The first set of nodes without which the quorum set cannot be satisfied, searched in the configured order
 * (04 section 2.2).
 */
export function findBlockingSet<V, State>(
  quorumSet: QuorumSet,
  messages: Messages<V>,
  narrow: Narrow<V, State>,
  state: State,
): Found<State> | undefined {
  return blockingOf(messages, narrow, quorumSet, { nodes: new Set(), state });
}

function blockingOf<V, State>(
  messages: Messages<V>,
  narrow: Narrow<V, State>,
  quorumSet: QuorumSet,
  start: Found<State>,
): Found<State> | undefined {
  let needed = quorumSet.members.length - quorumSet.threshold + 1;
  let found = start;
  for (const [i, member] of quorumSet.members.entries()) {
    if (needed === 0) return found;
    if (needed > quorumSet.members.length - i) return undefined;
    if (member.kind === "node") {
      const key = nodeKey(member.node);
      const message = messages.get(key);
      const narrowed = message === undefined ? undefined : narrow(message, found.state);
      if (narrowed !== undefined) {
        found = { nodes: new Set(found.nodes).add(key), state: narrowed };
        needed -= 1;
      }
    } else if (member.kind === "innerSet") {
      const next = blockingOf(messages, narrow, member.set, found);
      if (next !== undefined) {
        found = next;
        needed -= 1;
      }
    }
  }
  return needed === 0 ? found : undefined;
}
