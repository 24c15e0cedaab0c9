import { DevnetError } from "./error.ts";

/** A node of a network's plan: whom it dials, and whom it relies on. Nodes are named by their position. */
export interface PlannedNode {
  readonly name: string;
  readonly peers: readonly { readonly node: number; readonly broadcasts: boolean }[];
  readonly threshold: number;
  /** Members of the quorum set; the node itself is not one. */
  readonly members: readonly number[];
}

/** The networks of the reference's local network tool (04 section 2.17), `single`, and `dense` of any size. */
export const TOPOLOGIES = ["single", "dense3", "dense5", "ring5", "ring5b", "a-b-c"] as const;

/** Most nodes that one machine is asked to run. */
const MAX_NODES = 25;

/**
 * The nodes of a topology.
 *
 * @param name one of `TOPOLOGIES`, or `denseN`
 * @throws DevnetError `UnknownTopology`
 */
export function topologyOf(name: string): readonly PlannedNode[] {
  if (name === "single") return [{ name: "node0", peers: [], threshold: 0, members: [] }];
  if (name === "a-b-c") return abc();
  if (name === "ring5") return ring(5, true);
  if (name === "ring5b") return ring(5, false);
  const size = /^dense([1-9][0-9]?)$/.exec(name)?.[1];
  if (size !== undefined && Number(size) <= MAX_NODES) return dense(Number(size));
  throw new DevnetError(
    "UnknownTopology",
    `there is no topology ${name}; known are ${TOPOLOGIES.join(", ")}, and denseN with N up to ${MAX_NODES}`,
  );
}

/** Everybody dials everybody. The reference has thresholds 1 of 2 and 3 of 4; other sizes take two thirds. */
function dense(size: number): PlannedNode[] {
  if (size === 1) return [...topologyOf("single")];
  const threshold = size === 3 ? 1 : Math.ceil(((size - 1) * 2) / 3);
  return Array.from({ length: size }, (_, i) => {
    const others = Array.from({ length: size }, (_, k) => k).filter((k) => k !== i);
    return {
      name: `node${i}`,
      peers: others.map((node) => ({ node, broadcasts: true })),
      threshold,
      members: others,
    };
  });
}

/** A chain: its ends rely on each other and hear of each other only through the middle. */
function abc(): PlannedNode[] {
  const dials = [[1], [0, 2], [1]];
  return dials.map((peers, i) => ({
    name: "abc".charAt(i),
    peers: peers.map((node) => ({ node, broadcasts: true })),
    threshold: 2,
    members: [0, 1, 2].filter((k) => k !== i),
  }));
}

/** A cycle: each relies on the next, and dials both neighbours; where `bothWays` is not set it is silent to the one before. */
function ring(size: number, bothWays: boolean): PlannedNode[] {
  return Array.from({ length: size }, (_, i) => {
    const next = (i + 1) % size;
    return {
      name: `node${i + 1}`,
      peers: [
        { node: (i + size - 1) % size, broadcasts: bothWays },
        { node: next, broadcasts: true },
      ],
      threshold: 1,
      members: [next],
    };
  });
}
