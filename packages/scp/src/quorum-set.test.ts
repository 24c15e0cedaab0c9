import { describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import { when } from "./narrowing.ts";
import { findQuorum, isSatisfied } from "./quorum-search.ts";
import {
  isValidQuorumSet,
  nodeKey,
  nodesOf,
  type QuorumSet,
  quorumSetsEqual,
  weightOf,
} from "./quorum-set.ts";

const idOf = (n: number) => ({ responderId: `node${n}:8443`, publicKey: new Uint8Array(32).fill(n) });
const flat = (threshold: number, ...ns: number[]): QuorumSet => ({
  threshold,
  members: ns.map((n) => ({ kind: "node", node: idOf(n) })),
});
const nested = (threshold: number, ...sets: QuorumSet[]): QuorumSet => ({
  threshold,
  members: sets.map((set) => ({ kind: "innerSet", set })),
});
const keyOf = (n: number) => nodeKey(idOf(n));

describe("quorum sets", () => {
  test("equality forgets the order at every depth, and nothing else", () => {
    const set = nested(1, flat(1, 1, 2), flat(2, 3, 4));
    expect(quorumSetsEqual(set, nested(1, flat(2, 4, 3), flat(1, 2, 1)))).toBe(true);
    expect(quorumSetsEqual(set, nested(1, flat(1, 4, 3), flat(1, 2, 1)))).toBe(false);
  });

  test("an absent member makes a set invalid", () => {
    expect(isValidQuorumSet({ threshold: 1, members: [{ kind: "absent" }] })).toBe(false);
  });

  test("weights multiply by level, the first match wins", () => {
    const set = nested(2, flat(2, 1, 2, 3), flat(1, 3, 4));
    expect(weightOf(keyOf(3), set)).toEqual({ numerator: 4n, denominator: 6n });
    expect(weightOf(keyOf(4), set)).toEqual({ numerator: 2n, denominator: 4n });
    expect(weightOf(keyOf(9), set)).toEqual({ numerator: 0n, denominator: 1n });
    expect([...nodesOf(set).keys()]).toEqual([1, 2, 3, 4].map(keyOf));
  });

  test("a hopeless search in a large mesh ends at once", () => {
    const all = Array.from({ length: 25 }, (_, i) => i + 1);
    const setOf = (n: number) => flat(17, ...all.filter((other) => other !== n));
    const present = all.filter((n) => n > 9);
    const messages = new Map(
      present.map((n): [string, Message<number>] => [
        keyOf(n),
        { sender: idOf(n), slotIndex: 1n, quorumSet: setOf(n), topic: { kind: "nominate", x: [], y: [] } },
      ]),
    );
    const accept = when<number>(() => true);
    expect(findQuorum(idOf(1), setOf(1), messages, accept, true)).toBeUndefined();
    expect(isSatisfied(setOf(1), (key) => messages.has(key))).toBe(false);
    const one = messages.get(keyOf(10));
    if (one !== undefined) messages.set(keyOf(9), { ...one, sender: idOf(9), quorumSet: setOf(9) });
    expect(findQuorum(idOf(1), setOf(1), messages, accept, true)?.nodes.size).toBe(18);
  });
});
