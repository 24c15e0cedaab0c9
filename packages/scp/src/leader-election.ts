import { sha3256, u64be } from "@mobilecoin-ts/crypto";
import type { NodeId } from "@mobilecoin-ts/wire";
import { nodeKey, nodesOf, type QuorumSet, type Weight, weightOf } from "./quorum-set.ts";

const NEIGHBOR_SALT = 1;
const PRIORITY_SALT = 2;
const MAX_HASH = 2n ** 256n - 1n;
const PUBLIC_KEY_LENGTH = 32;

/**
 * SHA3-256 of slot, salt, round and key, integers big-endian; compared as a 256-bit big-endian integer
 * (04 section 2.4.1).
 */
function leaderHash(slotIndex: bigint, salt: number, round: number, publicKey: Uint8Array): Uint8Array {
  const input = new Uint8Array(13 + PUBLIC_KEY_LENGTH);
  input.set(u64be(slotIndex));
  input[8] = salt;
  new DataView(input.buffer).setUint32(9, round);
  input.set(publicKey, 13);
  return sha3256(input);
}

/** What decides whether a node is a neighbour in a round: 32 bytes, big-endian. */
export function neighborHash(slotIndex: bigint, round: number, publicKey: Uint8Array): Uint8Array {
  return leaderHash(slotIndex, NEIGHBOR_SALT, round, publicKey);
}

/** What orders the neighbours of a round: 32 bytes, big-endian. */
export function priorityHash(slotIndex: bigint, round: number, publicKey: Uint8Array): Uint8Array {
  return leaderHash(slotIndex, PRIORITY_SALT, round, publicKey);
}

function toInteger(hash: Uint8Array): bigint {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return [0, 8, 16, 24].reduce((sum, offset) => (sum << 64n) | view.getBigUint64(offset), 0n);
}

/** The leader that a round adds: the neighbour of highest priority that is none yet, or else the local node. */
export function nextLeader(
  local: NodeId,
  quorumSet: QuorumSet,
  slotIndex: bigint,
  round: number,
  leaders: ReadonlySet<string>,
): string {
  const localKey = nodeKey(local);
  const candidates = new Map(nodesOf(quorumSet)).set(localKey, local);
  let leader = localKey;
  let highest = -1n;
  for (const [key, node] of candidates) {
    if (leaders.has(key)) continue;
    const weight: Weight = key === localKey ? { numerator: 1n, denominator: 1n } : weightOf(key, quorumSet);
    const bound = (MAX_HASH * weight.numerator) / weight.denominator;
    if (toInteger(neighborHash(slotIndex, round, node.publicKey)) >= bound) continue;
    const priority = toInteger(priorityHash(slotIndex, round, node.publicKey));
    if (priority > highest) {
      highest = priority;
      leader = key;
    }
  }
  return leader;
}
