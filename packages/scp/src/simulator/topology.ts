import type { NodeId } from "@mobilecoin-ts/wire";
import type { QuorumSet } from "../quorum-set.ts";
import type { SeededRandom } from "./random.ts";

/** Who relies on whom, and what the network has to bear. */
export interface Topology {
  readonly name: string;
  readonly nodes: readonly NodeId[];
  /** Of each node. */
  readonly quorumSets: readonly QuorumSet[];
  /** Nodes that lie: any two quorums still share an honest node, and the honest ones still have a quorum. */
  readonly liars: ReadonlySet<number>;
  /** Nodes that never start; the rest has a quorum. */
  readonly dead: ReadonlySet<number>;
}

/** What a seed may draw from. Large networks are rare, because one costs as much as a hundred small ones. */
export function randomTopology(random: SeededRandom): Topology {
  const dice = random.unit();
  if (dice < 0.45) return mesh(random, random.integer(1, 7), "twoThirds");
  if (dice < 0.65) return mesh(random, random.integer(2, 7), "majority");
  if (dice < 0.8) return cycle(random, random.integer(2, 6));
  if (dice < 0.9) return hierarchy(random, 3, 3);
  if (dice < 0.95) return mesh(random, random.integer(8, 13), "twoThirds");
  return dice < 0.99 ? hierarchy(random, 4, 4) : hierarchy(random, 5, 5);
}

function randomNodes(random: SeededRandom, count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => ({
    responderId: `node${i}.test:8443`,
    publicKey: Uint8Array.from({ length: 32 }, () => random.integer(0, 255)),
  }));
}

const setOf = (threshold: number, nodes: readonly NodeId[]): QuorumSet => ({
  threshold,
  members: nodes.map((node) => ({ kind: "node", node })),
});

function mesh(random: SeededRandom, size: number, kind: "twoThirds" | "majority"): Topology {
  const nodes = randomNodes(random, size);
  const quorum = Math.floor(kind === "majority" ? size / 2 : (2 * size) / 3) + 1;
  const quorumSize = Math.min(quorum, size);
  const spare = size - quorumSize;
  const liars = random.integer(0, Math.min(spare, 2 * quorumSize - size - 1));
  const dead = random.integer(0, spare - liars);
  const order = random.shuffled(nodes.map((_, i) => i));
  return {
    name: `mesh ${size}, quorum ${quorumSize}`,
    nodes,
    quorumSets: nodes.map((node) =>
      setOf(
        quorumSize - 1,
        nodes.filter((other) => other !== node),
      ),
    ),
    liars: new Set(order.slice(0, liars)),
    dead: new Set(order.slice(liars, liars + dead)),
  };
}

/** Each node relies on the next alone: every node is needed. */
function cycle(random: SeededRandom, size: number): Topology {
  const nodes = randomNodes(random, size);
  return {
    name: `cycle ${size}`,
    nodes,
    quorumSets: nodes.map((_, i) => setOf(1, [nodes[(i + 1) % size] as NodeId])),
    liars: new Set(),
    dead: new Set(),
  };
}

/** All but one of the groups, and of each all but one node; a node's own group lists it too, as in the reference's. */
function hierarchy(random: SeededRandom, groups: number, size: number): Topology {
  const nodes = randomNodes(random, groups * size);
  const members = Array.from({ length: groups }, (_, g) => nodes.slice(g * size, (g + 1) * size));
  const quorumSet: QuorumSet = {
    threshold: groups - 1,
    members: members.map((group) => ({ kind: "innerSet", set: setOf(size - 1, group) })),
  };
  // Two quorums share size - 2 nodes of a group: with groups of three that must not be the liar.
  const mayLie = size > 3;
  const liars = new Set<number>();
  const dead = new Set<number>();
  for (let group = 0; group < groups; group++) {
    const fallible = group * size + random.integer(0, size - 1);
    if (mayLie && random.chance(0.4)) liars.add(fallible);
    else if (random.chance(0.4)) dead.add(fallible);
  }
  return { name: `${groups} groups of ${size}`, nodes, quorumSets: nodes.map(() => quorumSet), liars, dead };
}
