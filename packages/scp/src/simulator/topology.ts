import type { NodeId } from "@mobilecoin-ts/wire";
import { isSatisfied } from "../quorum-search.ts";
import { nodeKey, type QuorumSet } from "../quorum-set.ts";
import type { SeededRandom } from "./random.ts";

/** Who relies on whom, who speaks to whom, and what the network has to bear. */
export interface Topology {
  readonly name: string;
  readonly nodes: readonly NodeId[];
  /** Of each node. */
  readonly quorumSets: readonly QuorumSet[];
  /** Of each node the nodes it sends statements to. Where that is not everybody, `relays` is set. */
  readonly peers: readonly (readonly number[])[];
  /** Nodes pass on what they hear to all peers but the issuer and the deliverer (04 section 2.8). */
  readonly relays: boolean;
  /** Nodes that lie. Any two quorums of honest nodes still share an honest node, the liars counted as agreeing. */
  readonly liars: ReadonlySet<number>;
  /** Nodes that never start. */
  readonly dead: ReadonlySet<number>;
}

/** What a seed may draw from. Large networks are rare, because one costs as much as a hundred small ones. */
export function randomTopology(random: SeededRandom): Topology {
  const dice = random.unit();
  if (dice < 0.3) return mesh(random, random.integer(1, 7), "twoThirds");
  if (dice < 0.45) return mesh(random, random.integer(2, 7), "majority");
  if (dice < 0.6) return withFewLinks(random, mesh(random, random.integer(4, 9), "twoThirds"));
  if (dice < 0.68) return cycle(random, random.integer(2, 6));
  if (dice < 0.76) return lineOfThree(random);
  if (dice < 0.82) return ring(random, "both ways");
  if (dice < 0.88) return ring(random, "one way");
  if (dice < 0.93) return hierarchy(random, 3, 3);
  if (dice < 0.96) return mesh(random, random.integer(8, 13), "twoThirds");
  if (dice < 0.98) return hierarchy(random, 4, 4);
  return dice < 0.99 ? hierarchy(random, 5, 5) : mesh(random, random.integer(20, 25), "twoThirds");
}

/**
 * The honest nodes that a network owes progress: the largest set of nodes that run, do not lie, and satisfy each other.
 * It is empty where the dead and the liars together can withhold their consent.
 */
export function liveNodes({ nodes, quorumSets, liars, dead }: Topology): ReadonlySet<number> {
  const live = new Map(
    nodes.map((node, i) => [nodeKey(node), i] as const).filter(([, i]) => !liars.has(i) && !dead.has(i)),
  );
  for (let before = -1; before !== live.size; ) {
    before = live.size;
    for (const [key, i] of live) {
      if (!isSatisfied(quorumSets[i] as QuorumSet, (other) => live.has(other))) live.delete(key);
    }
  }
  return new Set(live.values());
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

const everybody = (nodes: readonly NodeId[]) =>
  nodes.map((_, i) => [...nodes.keys()].filter((other) => other !== i));

const NOBODY: ReadonlySet<number> = new Set();

/** Every node relies on so many of all others: the reference's meshes, dense3 and dense5. */
function mesh(random: SeededRandom, size: number, kind: "twoThirds" | "majority"): Topology {
  const nodes = randomNodes(random, size);
  const quorum = Math.floor(kind === "majority" ? size / 2 : (2 * size) / 3) + 1;
  const quorumSize = Math.min(quorum, size);
  const spare = size - quorumSize;
  const liars = random.integer(0, Math.min(spare, 2 * quorumSize - size - 1));
  // Now and then one too many is dead: nothing may happen then, and nothing bad does.
  const tooMany = size > 1 && random.chance(0.04) ? 1 : 0;
  const dead = tooMany === 1 ? spare - liars + 1 : random.integer(0, spare - liars);
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
    peers: everybody(nodes),
    relays: size < 6 && random.chance(0.2),
    liars: new Set(order.slice(0, liars)),
    dead: new Set(order.slice(liars, liars + dead)),
  };
}

/** Takes most links away. Those that run and are honest stay connected, whatever the liars withhold. */
function withFewLinks(random: SeededRandom, topology: Topology): Topology {
  const { nodes, liars, dead } = topology;
  const links = nodes.map(() => new Set<number>());
  const link = (a: number, b: number) => {
    if (a === b) return;
    links[a]?.add(b);
    links[b]?.add(a);
  };
  const reliable = random.shuffled([...nodes.keys()].filter((i) => !liars.has(i) && !dead.has(i)));
  for (const [i, node] of reliable.entries())
    if (i > 0) link(node, reliable[random.integer(0, i - 1)] as number);
  for (const i of nodes.keys()) link(i, random.integer(0, nodes.length - 1));
  return {
    ...topology,
    name: `sparse ${topology.name}`,
    peers: links.map((peers) => [...peers]),
    relays: true,
  };
}

/** Each node relies on the next alone: every node is needed, and every one must be honest. */
function cycle(random: SeededRandom, size: number): Topology {
  const nodes = randomNodes(random, size);
  return {
    name: `cycle ${size}`,
    nodes,
    quorumSets: nodes.map((_, i) => setOf(1, [nodes[(i + 1) % size] as NodeId])),
    peers: everybody(nodes),
    relays: false,
    liars: NOBODY,
    dead: NOBODY,
  };
}

/** ring5 and ring5b of 04 section 2.17: a cycle whose nodes speak to both neighbours, or to the next one alone. */
function ring(random: SeededRandom, kind: "both ways" | "one way"): Topology {
  const size = 5;
  const next = (i: number) => (i + 1) % size;
  const previous = (i: number) => (i + size - 1) % size;
  return {
    ...cycle(random, size),
    name: kind === "one way" ? "ring5b" : "ring5",
    peers: Array.from({ length: size }, (_, i) => (kind === "one way" ? [next(i)] : [previous(i), next(i)])),
    relays: true,
  };
}

/** a-b-c of 04 section 2.17: everybody relies on both others, and the outer ones hear of each other through b. */
function lineOfThree(random: SeededRandom): Topology {
  const nodes = randomNodes(random, 3);
  return {
    name: "a-b-c",
    nodes,
    quorumSets: nodes.map((node) =>
      setOf(
        2,
        nodes.filter((other) => other !== node),
      ),
    ),
    peers: [[1], [0, 2], [1]],
    relays: true,
    liars: NOBODY,
    dead: NOBODY,
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
  return {
    name: `${groups} groups of ${size}`,
    nodes,
    quorumSets: nodes.map(() => quorumSet),
    peers: everybody(nodes),
    relays: false,
    liars,
    dead,
  };
}
