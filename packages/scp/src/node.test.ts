import { describe, expect, test } from "vitest";
import { MAX_COUNTER } from "./ballot.ts";
import type { Message } from "./message.ts";
import { ScpNode, type ScpNodeConfig } from "./node.ts";
import type { QuorumSet } from "./quorum-set.ts";
import type { ValueRules } from "./slot.ts";

const idOf = (n: number) => ({ responderId: `node${n}:8443`, publicKey: new Uint8Array(32).fill(n) });
const [one, two] = [idOf(1), idOf(2)];
const rules: ValueRules<number> = { compare: (a, b) => a - b, isValid: (v) => v > 0, combine: (v) => v };
const alone: QuorumSet = { threshold: 0, members: [] };
const relyingOn = (n: number): QuorumSet => ({
  threshold: 1,
  members: [{ kind: "node", node: idOf(n) }],
});
const externalize = (slotIndex: bigint, hn = 1): Message<number> => ({
  sender: two,
  slotIndex,
  quorumSet: relyingOn(1),
  topic: { kind: "externalize", c: { counter: 1, values: [7] }, hn },
});
const config: ScpNodeConfig<number> = { local: one, quorumSet: relyingOn(2), rules };

describe("ScpNode", () => {
  test("a node that relies on nobody externalises what it proposes and goes on", () => {
    const node = ScpNode.start({ ...config, quorumSet: alone }, 5n);
    expect(node.propose([3, 1, 2, 3]).externalized).toEqual([{ slotIndex: 5n, values: [1, 2, 3] }]);
    expect(node.currentSlotIndex).toBe(6n);
    expect(node.externalizedValues(5n)).toEqual([1, 2, 3]);
    node.propose([4]);
    expect(node.externalizedValues(5n)).toBeUndefined();
  });

  test("proposing nothing, or nothing valid, does nothing", () => {
    const node = ScpNode.start(config, 1n);
    expect(node.propose([])).toEqual({ messages: [], timers: [], externalized: [] });
    expect(node.propose([-1])).toEqual({ messages: [], timers: [], externalized: [] });
  });

  test("a late message about the kept slot is answered, and moves nothing", () => {
    const node = ScpNode.start(config, 1n);
    expect(node.handle([externalize(1n)]).externalized).toHaveLength(1);
    expect(node.currentSlotIndex).toBe(2n);
    expect(node.lastMessages[0]?.topic).toMatchObject({ kind: "externalize", hn: MAX_COUNTER });
    expect(node.handle([externalize(1n, 9)])).toEqual({ messages: [], timers: [], externalized: [] });
  });

  test("future slots, the node's own messages and malformed ones are ignored", () => {
    const node = ScpNode.start(config, 1n);
    const ignored = { messages: [], timers: [], externalized: [] };
    expect(node.handle([externalize(2n)])).toEqual(ignored);
    expect(node.handle([{ ...externalize(1n), sender: one }])).toEqual(ignored);
    expect(node.handle([{ ...externalize(1n), quorumSet: { threshold: 1, members: [] } }])).toEqual(ignored);
    const invalid: Message<number> = {
      ...externalize(1n),
      topic: { kind: "externalize", c: { counter: 1, values: [-7] }, hn: 1 },
    };
    expect(node.handle([invalid])).toEqual(ignored);
  });

  test("a restored node says what it would have said", () => {
    const first = ScpNode.start(config, 1n);
    first.propose([7]);
    first.timeout(new Set(["nomination"]));
    const second = ScpNode.restore(config, structuredClone(first.state));
    expect(second.state).toEqual(first.state);
    expect(second.resumeTimers()).toEqual([{ kind: "set", timer: "nomination", delayMs: 2000 }]);
    expect(second.handle([externalize(1n)])).toEqual(first.handle([externalize(1n)]));
  });

  test("a reset goes forward only", () => {
    const node = ScpNode.start(config, 4n);
    node.resetSlotIndex(9n);
    expect(node.currentSlotIndex).toBe(9n);
    expect(() => node.resetSlotIndex(9n)).toThrow(expect.objectContaining({ code: "SlotNotGreater" }));
  });

  test("a quorum set that nothing satisfies is refused", () => {
    const quorumSet: QuorumSet = { threshold: 2, members: relyingOn(2).members };
    expect(() => ScpNode.start({ ...config, quorumSet }, 1n)).toThrow(
      expect.objectContaining({ code: "InvalidQuorumSet" }),
    );
  });
});

describe("timers", () => {
  test("nomination is armed by the first step, and both end with the slot", () => {
    const node = ScpNode.start(config, 1n);
    expect(node.propose([7]).timers).toContainEqual({ kind: "set", timer: "nomination", delayMs: 1000 });
    expect(node.timeout(new Set(["nomination"])).timers).toEqual([
      { kind: "set", timer: "nomination", delayMs: 2000 },
    ]);
    const { timers } = node.handle([externalize(1n)]);
    expect(timers).toContainEqual({ kind: "cancel", timer: "nomination" });
    expect(timers).toContainEqual({ kind: "cancel", timer: "ballot" });
    expect(node.resumeTimers()).toEqual([]);
  });
});
