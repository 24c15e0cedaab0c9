import { isValidQuorumSet, type QuorumSet, type QuorumSetMember } from "@mobilecoin-ts/scp";
import { parseResponderId } from "@mobilecoin-ts/wire";
import { LedgerSyncError, reasonOf } from "../error.ts";
import { NetworkStateTracker } from "./network-state.ts";

const NO_KEY = new Uint8Array(0);
const MAX_DEPTH = 100;

/** The name under which clients, who are no nodes, count votes (03 section 2.11). */
const CLIENT = { responderId: "fake:7777", publicKey: NO_KEY };

function refuse(text: string, cause?: unknown): LedgerSyncError<"sync"> {
  return new LedgerSyncError("sync", "InvalidQuorumSet", text, { cause });
}

/**
 * Reads a quorum set as clients are given it (03 section 2.16.1):
 * `{"threshold":1,"members":[{"type":"Node","args":"host:port"},{"type":"InnerSet","args":{…}}]}`. The nodes have no keys.
 *
 * @throws LedgerSyncError area `sync`: `InvalidQuorumSet`, naming the place.
 */
export function parseQuorumSet(json: string): QuorumSet {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw refuse("the quorum set is not JSON", cause);
  }
  const set = quorumSetAt(value, "quorum set", 1);
  if (!isValidQuorumSet(set)) throw refuse("the quorum set has a threshold above the number of its members");
  return set;
}

/**
 * What to believe of nodes that are merely polled: by default all of them have to agree.
 *
 * @param names responder ids of the nodes.
 * @throws LedgerSyncError area `sync`: `InvalidQuorumSet` where a node is named twice, a member is none of the nodes, or
 * nobody is relied on.
 */
export function networkOfPeers(names: readonly string[], quorumSet?: QuorumSet): NetworkStateTracker {
  if (new Set(names).size !== names.length) throw refuse("two peers have one responder id");
  const relied = quorumSet ?? { threshold: names.length, members: names.map((name) => memberNamed(name)) };
  if (relied.threshold === 0) throw refuse("the quorum set relies on nobody: a threshold of 0 always holds");
  // `nodesOf` of the consensus package tells nodes apart by key, and these have none.
  const stranger = namesIn(relied).find((name) => !names.includes(name));
  if (stranger !== undefined) throw refuse(`the quorum set names ${stranger}, which is none of the peers`);
  return new NetworkStateTracker({ localNode: CLIENT, quorumSet: relied });
}

function memberNamed(responderId: string): QuorumSetMember {
  return { kind: "node", node: { responderId, publicKey: NO_KEY } };
}

function namesIn({ members }: QuorumSet): string[] {
  return members.flatMap((member) => {
    if (member.kind === "node") return [member.node.responderId];
    return member.kind === "innerSet" ? namesIn(member.set) : [];
  });
}

function quorumSetAt(value: unknown, place: string, depth: number): QuorumSet {
  if (depth > MAX_DEPTH) throw refuse(`${place} is nested too deeply`);
  const { threshold, members } = fieldsAt(value, place);
  if (typeof threshold !== "number" || !Number.isInteger(threshold) || threshold < 0) {
    throw refuse(`${place}.threshold is no whole number`);
  }
  if (!Array.isArray(members)) throw refuse(`${place}.members is no list`);
  return {
    threshold,
    members: members.map((member, i) => memberAt(member, `${place}.members[${i}]`, depth)),
  };
}

function memberAt(value: unknown, place: string, depth: number): QuorumSetMember {
  const { type, args } = fieldsAt(value, place);
  if (type === "InnerSet") return { kind: "innerSet", set: quorumSetAt(args, `${place}.args`, depth + 1) };
  if (type !== "Node" || typeof args !== "string") {
    throw refuse(`${place} is neither {"type":"Node","args":"host:port"} nor an "InnerSet"`);
  }
  try {
    return memberNamed(parseResponderId(args));
  } catch (cause) {
    throw refuse(`${place}.args: ${reasonOf(cause)}`, cause);
  }
}

function fieldsAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(`${place} is no object`);
  }
  return Object.fromEntries(Object.entries(value));
}
