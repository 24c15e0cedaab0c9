import type { QuorumSet } from "@mobilecoin-ts/scp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeNamed, quorumOf } from "../testing/fake-sources.ts";
import { NetworkStateTracker } from "./network-state.ts";

const tracker = (quorumSet: QuorumSet) =>
  new NetworkStateTracker({ localNode: nodeNamed("local:1"), quorumSet });

describe("network state", () => {
  test("believes nothing until enough peers say so", () => {
    const network = tracker(quorumOf(2, "a:1", "b:1", "c:1"));
    expect(network.highestBlockIndex()).toBeUndefined();
    network.observe(nodeNamed("a:1"), 9n, true);
    expect(network.isBehind(3n)).toBe(false);
    network.observe(nodeNamed("b:1"), 7n, true);
    expect(network.isBehind(6n)).toBe(true);
    expect(network.isBehind(7n)).toBe(false);
    expect(network.highestBlockIndex()).toBe(7n);
  });

  test("takes any message but Externalize for the slot before, and never goes back", () => {
    const network = tracker(quorumOf(1, "a:1"));
    network.observe(nodeNamed("a:1"), 0n, false);
    expect(network.highestBlockIndex()).toBeUndefined();
    network.observe(nodeNamed("a:1"), 5n, false);
    expect(network.highestBlockIndex()).toBe(4n);
    network.observe(nodeNamed("a:1"), 5n, true);
    network.observe(nodeNamed("a:1"), 2n, true);
    expect(network.highestBlockIndex()).toBe(5n);
  });

  test("hears neither strangers nor those who borrow a member's name", () => {
    const network = tracker(quorumOf(1, "a:1"));
    network.observe(nodeNamed("x:1"), 50n, true);
    network.observe({ ...nodeNamed("a:1"), publicKey: new Uint8Array(32).fill(1) }, 50n, true);
    expect(network.highestBlockIndexByPeer.size).toBe(0);
    network.observe({ responderId: "a:1", publicKey: new Uint8Array(0) }, 3n, true);
    expect(network.highestBlockIndex()).toBe(3n);
  });

  test("is never behind with an empty quorum set", () => {
    const network = tracker({ threshold: 0, members: [] });
    network.observe(nodeNamed("a:1"), 5n, true);
    expect(network.isBehind(0n)).toBe(false);
    expect(network.isBlockingAndQuorum(["a:1"])).toBe(false);
  });

  test("a blocking set alone does not suffice, and inner sets count as one member", () => {
    const nested: QuorumSet = {
      threshold: 2,
      members: [
        { kind: "node", node: nodeNamed("a:1") },
        { kind: "innerSet", set: quorumOf(2, "b:1", "c:1", "d:1") },
      ],
    };
    const network = tracker(nested);
    expect(network.isBlockingAndQuorum(["a:1"])).toBe(false);
    expect(network.isBlockingAndQuorum(["a:1", "b:1"])).toBe(false);
    expect(network.isBlockingAndQuorum(["a:1", "b:1", "d:1"])).toBe(true);
    expect(network.isBlockingAndQuorum(["b:1", "c:1", "d:1"])).toBe(false);
  });

  test("agrees with counting for flat sets", () => {
    const names = ["a:1", "b:1", "c:1", "d:1", "e:1"];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: names.length }),
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 0, max: 20 }),
        (threshold, heights, local) => {
          const network = tracker(quorumOf(threshold, ...names));
          for (const [i, name] of names.entries())
            network.observe(nodeNamed(name), BigInt(heights[i]!), true);
          const enough = (count: number) => count >= threshold && count > names.length - threshold;
          const ahead = heights.filter((height) => height > local).length;
          expect(network.isBehind(BigInt(local))).toBe(enough(ahead));
          const agreed = heights.filter((h) => enough(heights.filter((other) => other >= h).length));
          expect(network.highestBlockIndex()).toBe(
            agreed.length === 0 ? undefined : BigInt(Math.max(...agreed)),
          );
        },
      ),
    );
  });
});
