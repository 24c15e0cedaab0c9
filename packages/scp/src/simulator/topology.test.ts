import { describe, expect, test } from "vitest";
import { isSatisfied } from "../quorum-search.ts";
import { nodeKey, type QuorumSet } from "../quorum-set.ts";
import { SeededRandom } from "./random.ts";
import { liveNodes, randomTopology, type Topology } from "./topology.ts";

const MAX_ENUMERATED = 10;
const topologies = Array.from({ length: 400 }, (_, seed) => randomTopology(new SeededRandom(seed + 1)));
const small = topologies.filter(({ nodes }) => nodes.length <= MAX_ENUMERATED);

/** Sets of honest nodes, as bits, that satisfy each other when liars agree with everybody. */
function quorums({ nodes, quorumSets, liars }: Topology): number[] {
  const numbers = new Map(nodes.map((node, i) => [nodeKey(node), i]));
  const found: number[] = [];
  for (let set = 1; set < 1 << nodes.length; set++) {
    const has = (i: number) => (set >> i) % 2 === 1;
    const holds = (key: string) => has(numbers.get(key) ?? 0) || liars.has(numbers.get(key) ?? 0);
    const members = [...nodes.keys()].filter(has);
    if (members.some((i) => liars.has(i))) continue;
    if (members.every((i) => isSatisfied(quorumSets[i] as QuorumSet, holds))) found.push(set);
  }
  return found;
}

describe("the networks simulated", () => {
  test("are such that no two quorums can part, whatever the liars say", () => {
    const kinds = new Map<string, Topology>();
    for (const topology of small) kinds.set(`${topology.name}, ${topology.liars.size} lie`, topology);
    expect(kinds.size).toBeGreaterThan(25);
    for (const [name, topology] of kinds) {
      const all = quorums(topology);
      expect(all.length > 0 && all.every((a) => all.every((b) => (a & b) !== 0)), name).toBe(true);
    }
  });

  test("owe progress to a quorum of honest nodes that run, and the links among those carry every statement", () => {
    for (const topology of topologies) {
      const live = liveNodes(topology);
      for (const start of live) {
        const reached = new Set([start]);
        for (const node of reached) {
          for (const peer of topology.peers[node] ?? []) if (live.has(peer)) reached.add(peer);
        }
        expect(reached.size, topology.name).toBe(live.size);
        if (!topology.relays) expect(topology.peers[start]?.length).toBe(topology.nodes.length - 1);
      }
    }
    const kinds = new Set(topologies.map(({ name }) => name.replace(/\d+/g, "n")));
    expect([...kinds].sort()).toEqual([
      "a-b-c",
      "cycle n",
      "mesh n, quorum n",
      "n groups of n",
      "ringn",
      "ringnb",
      "sparse mesh n, quorum n",
    ]);
    expect(topologies.some((topology) => liveNodes(topology).size === 0)).toBe(true);
    expect(topologies.some(({ liars }) => liars.size > 0)).toBe(true);
    expect(Math.max(...topologies.map(({ nodes }) => nodes.length))).toBe(25);
  });
});
