import type { Block, BlockData } from "@mobilecoin-ts/ledger";
import type { QuorumSet } from "@mobilecoin-ts/scp";
import type { PolledBlockSource } from "../sources/block-source.ts";
import type { ContentsSource } from "../sources/contents-source.ts";

export const never = <T>(): Promise<T> => new Promise(() => {});

/** A node that answers with these headers. */
export function fakePeer(name: string, chain: readonly BlockData[]): PolledBlockSource {
  return {
    name,
    fetchBlocks: async (from, limit) =>
      chain.map(({ block }) => block).filter(({ index }) => index >= from && index < from + BigInt(limit)),
    lastBlockInfo: async () => ({
      index: chain.at(-1)!.block.index,
      minimumFees: new Map(),
      networkBlockVersion: 0,
    }),
  };
}

/** An archive that holds this chain, or answers otherwise. */
export function fakeArchive(
  name: string,
  chain: readonly BlockData[],
  answer: (
    data: BlockData | undefined,
    expected: Block | undefined,
  ) => Promise<BlockData | undefined> = async (data) => data,
): ContentsSource {
  return {
    name,
    fetchBlock: (index, expected) => answer(chain[Number(index)], expected),
  };
}

export const nodeNamed = (name: string) => ({
  responderId: name,
  publicKey: new Uint8Array(32).fill(name.charCodeAt(0)),
});

export function quorumOf(threshold: number, ...names: readonly string[]): QuorumSet {
  return { threshold, members: names.map((name) => ({ kind: "node", node: nodeNamed(name) })) };
}
