import type { NodeStatus } from "@mobilecoin-ts/devnet";

const HEADER = ["node", "state", "blocks", "last block", "peers", "mempool", "waiting", "slot"];

/** What each node is doing, as rows of a table; the first names the columns. */
export function statusRows(nodes: readonly NodeStatus[]): string[][] {
  return [HEADER, ...nodes.map(rowOf)];
}

function rowOf(node: NodeStatus): string[] {
  if (!node.running) return [node.name, "stopped", "", "", "", "", "", ""];
  const { blockCount = 0n, lastBlockId = "", peers, cachedTxs = 0, pendingValues = 0, phase = "idle" } = node;
  return [
    node.name,
    node.behind === true ? "catching up" : "in sync",
    `${blockCount}`,
    lastBlockId.slice(0, 12),
    peers === undefined ? "" : `${peers.connected}/${peers.dialled}`,
    `${cachedTxs}`,
    `${pendingValues}`,
    `${blockCount} ${phase}`,
  ];
}

/** What a status page needs beside its rows: whether all nodes that run tell the same. */
export function agreementOf(nodes: readonly NodeStatus[]): string {
  const running = nodes.filter((node) => node.running);
  if (running.length === 0) return "No node is running.";
  const highest = running.reduce((most, { blockCount = 0n }) => (blockCount > most ? blockCount : most), 0n);
  const ids = new Set(
    running.filter(({ blockCount }) => blockCount === highest).map((node) => node.lastBlockId),
  );
  const behind = running.filter(({ blockCount = 0n }) => blockCount < highest).length;
  if (ids.size > 1) return `FORK: nodes have different blocks ${highest - 1n}.`;
  return behind === 0
    ? `All ${running.length} running nodes have block ${highest - 1n}.`
    : `${running.length - behind} of ${running.length} running nodes have block ${highest - 1n}; ${behind} are on the way.`;
}
