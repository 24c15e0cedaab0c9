import { describe, expect, test } from "vitest";
import { TOPOLOGIES, topologyOf } from "./topology.ts";

describe("topologyOf", () => {
  test.each([
    ["single", 1, 0],
    ["dense3", 3, 1],
    ["dense5", 5, 3],
    ["a-b-c", 3, 2],
    ["ring5", 5, 1],
    ["dense7", 7, 4],
  ])("%s has %i nodes with threshold %i", (name, size, threshold) => {
    const nodes = topologyOf(name);
    expect(nodes).toHaveLength(size);
    for (const node of nodes) expect(node.threshold).toBe(threshold);
  });

  test("no node dials or relies on itself, and all are dialled by whom they dial", () => {
    for (const name of TOPOLOGIES) {
      const nodes = topologyOf(name);
      for (const [i, { peers, members }] of nodes.entries()) {
        expect(members).not.toContain(i);
        for (const { node } of peers) {
          expect(node).not.toBe(i);
          expect(nodes[node]?.peers.map((peer) => peer.node)).toContain(i);
        }
      }
    }
  });

  test("the ends of a-b-c do not dial each other, and ring5b is silent backwards", () => {
    expect(topologyOf("a-b-c")[0]?.peers.map(({ node }) => node)).toEqual([1]);
    expect(topologyOf("ring5b")[0]?.peers).toEqual([
      { node: 4, broadcasts: false },
      { node: 1, broadcasts: true },
    ]);
  });

  test.each(["dense0", "dense26", "mesh", ""])("refuses %j", (name) => {
    expect(() => topologyOf(name)).toThrow(expect.objectContaining({ code: "UnknownTopology" }));
  });
});
