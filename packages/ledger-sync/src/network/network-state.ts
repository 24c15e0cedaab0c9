import { utf8 } from "@mobilecoin-ts/crypto";
import {
  findBlockingSet,
  findQuorum,
  type Message,
  nodeKey,
  nodesOf,
  type QuorumSet,
  type QuorumSetMember,
  when,
} from "@mobilecoin-ts/scp";
import type { NodeId } from "@mobilecoin-ts/wire";

export interface NetworkStateOptions {
  readonly localNode: NodeId;
  /** Whom the local node relies on; an empty one is never behind. */
  readonly quorumSet: QuorumSet;
}

const anything = when<never>(() => true);
const NO_QUORUM_SET: QuorumSet = { threshold: 0, members: [] };

/**
 * How far the network is, as far as a node must believe it (03 section 2.11, 04 section 2.10): the highest slot that each
 * peer is known to have externalised, and whether enough peers agree.
 *
 * Only members of the quorum set are remembered, since no other can make a difference: a stranger costs no memory.
 */
export class NetworkStateTracker {
  readonly #local: NodeId;
  readonly #quorumSet: QuorumSet;
  /** Public keys (hex) of the members by responder id; "" where the configuration knows none. */
  readonly #members = new Map<string, Set<string>>();
  readonly #highest = new Map<string, bigint>();

  constructor({ localNode, quorumSet }: NetworkStateOptions) {
    this.#local = byResponderId(localNode.responderId);
    this.#quorumSet = projected(quorumSet);
    for (const node of nodesOf(quorumSet).values()) this.#remember(node);
    // `nodesOf` tells nodes apart by key; two without one are still two names.
    for (const { responderId } of nodesOf(this.#quorumSet).values()) {
      if (!this.#members.has(responderId)) this.#members.set(responderId, new Set([""]));
    }
  }

  /**
   * Takes note of a message whose signature holds.
   *
   * @param sender with an empty key where only its name is known, as when nodes are polled.
   * @param isExternalize whether it says that the slot is decided; any other message says that of the slot before.
   */
  observe(sender: NodeId, slotIndex: bigint, isExternalize: boolean): void {
    const keys = this.#members.get(sender.responderId);
    if (keys === undefined) return;
    const key = nodeKey(sender);
    if (key !== "" && !keys.has("") && !keys.has(key)) return;
    const externalized = isExternalize ? slotIndex : slotIndex - 1n;
    if (externalized < 0n) return;
    const before = this.#highest.get(sender.responderId);
    if (before === undefined || externalized > before) this.#highest.set(sender.responderId, externalized);
  }

  /** Whether these peers both block the local node and make a quorum with it. */
  isBlockingAndQuorum(responderIds: Iterable<string>): boolean {
    const messages = new Map<string, Message<never>>();
    for (const responderId of responderIds) {
      const sender = byResponderId(responderId);
      messages.set(nodeKey(sender), {
        sender,
        slotIndex: 0n,
        quorumSet: NO_QUORUM_SET,
        topic: { kind: "nominate", x: [], y: [] },
      });
    }
    return (
      findBlockingSet(this.#quorumSet, messages, anything, true) !== undefined &&
      findQuorum(this.#local, this.#quorumSet, messages, anything, true) !== undefined
    );
  }

  /** Whether enough peers are past a local ledger whose newest block has this index. */
  isBehind(localBlockIndex: bigint): boolean {
    return this.isBlockingAndQuorum(this.#peersWhere((index) => index > localBlockIndex));
  }

  /** The highest block that enough peers have; undefined where there is none. */
  highestBlockIndex(): bigint | undefined {
    const indices = [...new Set(this.#highest.values())].sort((a, b) => (a < b ? 1 : -1));
    return indices.find((lowest) => this.isBlockingAndQuorum(this.#peersWhere((index) => index >= lowest)));
  }

  /** Highest known block of each peer that is a member, by responder id. */
  get highestBlockIndexByPeer(): ReadonlyMap<string, bigint> {
    return this.#highest;
  }

  #remember(node: NodeId): void {
    const keys = this.#members.get(node.responderId) ?? new Set();
    this.#members.set(node.responderId, keys.add(nodeKey(node)));
  }

  #peersWhere(test: (index: bigint) => boolean): string[] {
    return [...this.#highest].flatMap(([responderId, index]) => (test(index) ? [responderId] : []));
  }
}

/** A node of which only the name counts: the name takes the place of the key. */
function byResponderId(responderId: string): NodeId {
  return { responderId, publicKey: utf8(responderId) };
}

function projected({ threshold, members }: QuorumSet): QuorumSet {
  return { threshold, members: members.map(projectedMember) };
}

function projectedMember(member: QuorumSetMember): QuorumSetMember {
  if (member.kind === "node") return { kind: "node", node: byResponderId(member.node.responderId) };
  return member.kind === "innerSet" ? { kind: "innerSet", set: projected(member.set) } : member;
}
