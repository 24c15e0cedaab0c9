import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import { type Block, isBlockIdValid, NO_PARENT_ID } from "@mobilecoin-ts/ledger";
import type { NetworkStateTracker } from "../network/network-state.ts";

/**
 * What is wrong with a peer's answer, or undefined. It must be a chain from the newest local block on: each block the
 * child of the one before, of the next index and with a valid id (03 section 2.12 step 2; the index is a check of ours).
 *
 * @param latest undefined where there is none: the chain then begins with an origin block.
 */
export function faultInHeaders(latest: Block | undefined, headers: readonly Block[]): string | undefined {
  let index = latest === undefined ? 0n : latest.index + 1n;
  let parentId = latest?.id ?? NO_PARENT_ID;
  for (const block of headers) {
    if (block.index !== index) return `block ${block.index} stands where block ${index} belongs`;
    if (compareBytes(block.parentId, parentId) !== 0) {
      return `block ${block.index} is no child of the block before`;
    }
    if (!isBlockIdValid(block)) return `the id of block ${block.index} is not the hash of its header`;
    index = block.index + 1n;
    parentId = block.id;
  }
  return undefined;
}

interface Group {
  readonly block: Block;
  readonly peers: Set<string>;
}

/**
 * The longest chain that enough peers have (03 section 2.12 steps 3 to 5): headers after the newest local block, up to
 * the highest block whose holders satisfy the quorum check. Undefined where they satisfy it for none.
 *
 * @param answers faultless answers by peer.
 */
export function agreedHeaders(
  network: NetworkStateTracker,
  answers: ReadonlyMap<string, readonly Block[]>,
): readonly Block[] | undefined {
  const byIndex = new Map<bigint, Map<string, Group>>();
  for (const [peer, headers] of answers) {
    for (const block of headers) {
      const groups = byIndex.get(block.index) ?? new Map<string, Group>();
      byIndex.set(block.index, groups);
      const id = bytesToHex(block.id);
      const group = groups.get(id) ?? { block, peers: new Set() };
      groups.set(id, group);
      group.peers.add(peer);
    }
  }
  // From block to block the holders seldom change; the search for a quorum is made once for each set of them.
  const known = new Map<string, boolean>();
  const isEnough = (peers: ReadonlySet<string>): boolean => {
    const key = JSON.stringify([...peers].sort());
    const found = known.get(key) ?? network.isBlockingAndQuorum(peers);
    known.set(key, found);
    return found;
  };
  for (const index of [...byIndex.keys()].sort((a, b) => (a < b ? 1 : -1))) {
    for (const { block, peers } of byIndex.get(index)!.values()) {
      if (!isEnough(peers)) continue;
      const [holder] = peers;
      return answers.get(holder!)!.filter((header) => header.index <= block.index);
    }
  }
  return undefined;
}
