import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ballot, compareBallots, MAX_COUNTER } from "./ballot.ts";
import { isValidMessage, type Message } from "./message.ts";
import type { QuorumSet } from "./quorum-set.ts";
import {
  initialSlotState,
  Slot,
  type SlotConfig,
  type SlotEffects,
  type TimerName,
  type ValueRules,
} from "./slot.ts";
import { compareTopics, type Topic } from "./topic.ts";
import { compareSequences, valueSet } from "./value-set.ts";

const idOf = (n: number) => ({ responderId: `node${n}:8443`, publicKey: new Uint8Array(32).fill(n) });
const ids = [1, 2, 3, 4, 5].map(idOf);
const [local, ...others] = ids as [ReturnType<typeof idOf>, ...ReturnType<typeof idOf>[]];
const compare = (a: number, b: number) => a - b;
const rules: ValueRules<number> = {
  compare,
  isValid: (value) => value > 0,
  combine: (values) => values.slice(0, 3),
};
const setOf = (threshold: number, nodes: readonly ReturnType<typeof idOf>[]): QuorumSet => ({
  threshold,
  members: nodes.map((node) => ({ kind: "node", node })),
});
const config: SlotConfig<number> = { local, quorumSet: setOf(3, others), slotIndex: 1n, rules };

// Messages that any mixture of honest nodes and liars may send: malformed ones, invalid values and infinity included.
const counter = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(30, MAX_COUNTER - 1, MAX_COUNTER) },
);
const values = fc.constantFrom([1], [2], [1, 2], [2], [1, 2], [1, 2, 3]);
const ballot: fc.Arbitrary<Ballot<number>> = fc.record({ counter, values });
const optionalBallot = fc.option(ballot, { nil: undefined });
const nominated = fc
  .uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .map((set) => valueSet(set, compare));
const prepare = { b: ballot, p: optionalBallot, pp: optionalBallot, cn: counter, hn: counter };
const topic: fc.Arbitrary<Topic<number>> = fc.oneof(
  fc.record({ kind: fc.constant("nominate" as const), x: nominated, y: nominated }),
  fc.record({ kind: fc.constant("nominatePrepare" as const), x: nominated, y: nominated, ...prepare }),
  fc.record({ kind: fc.constant("prepare" as const), ...prepare }),
  fc.record({ kind: fc.constant("commit" as const), b: ballot, pn: counter, cn: counter, hn: counter }),
  fc.record({ kind: fc.constant("externalize" as const), c: ballot, hn: counter }),
);
/** As honest nodes send them: with counters in order. */
const orderly = topic.map((message): Topic<number> => {
  if (!("cn" in message)) return message;
  const [cn, hn] = [Math.min(message.cn, message.hn), Math.max(message.cn, message.hn)];
  if (message.kind === "commit") return { ...message, cn, hn };
  const [pp, p, b] = [message.pp, message.p, message.b]
    .filter((each) => each !== undefined)
    .sort((x, y) => compareBallots(x, y, compare))
    .slice(-3)
    .reduce<(Ballot<number> | undefined)[]>(
      (all, each) => [...all.slice(1), each],
      [undefined, undefined, undefined],
    );
  const highest = b ?? message.b;
  return {
    ...message,
    b: highest,
    p,
    pp,
    cn: Math.min(cn, highest.counter),
    hn: Math.min(hn, highest.counter),
  };
});
const message: fc.Arbitrary<Message<number>> = fc.record({
  sender: fc.constantFrom(...others),
  slotIndex: fc.constant(1n),
  quorumSet: fc.oneof(
    { weight: 8, arbitrary: fc.constant(setOf(3, ids.slice(0, 4))) },
    { weight: 1, arbitrary: fc.constantFrom(setOf(0, []), setOf(1, [local]), setOf(9, [local])) },
  ),
  topic: fc.oneof({ weight: 1, arbitrary: topic }, { weight: 4, arbitrary: orderly }),
});

type Input =
  | { readonly kind: "propose"; readonly values: readonly number[] }
  | { readonly kind: "handle"; readonly messages: readonly Message<number>[] }
  | { readonly kind: "timeout"; readonly timers: readonly TimerName[] };
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("propose" as const), values: nominated }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("handle" as const),
      messages: fc.array(message, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("timeout" as const),
      timers: fc.subarray<TimerName>(["nomination", "ballot"], { minLength: 1 }),
    }),
  },
);
const inputs = fc.array(input, { maxLength: 25 });

/** Only timers that run can run out. */
function perform(slot: Slot<number>, step: Input): SlotEffects<number> {
  if (step.kind === "propose") return slot.propose(step.values);
  if (step.kind === "handle") return slot.handle(step.messages);
  return slot.timeout(new Set(step.timers.filter((timer) => slot.state.armed.includes(timer))));
}

const PHASES = ["nominatePrepare", "prepare", "commit", "externalize"];
const byKey = ({ messages, ...rest }: Slot<number>["state"]) => ({
  ...rest,
  messages: new Map(messages.map((each) => [each.sender.responderId, each])),
});
const runs = { numRuns: 1500 };

describe("a slot, whatever it is told", () => {
  test("says only what is well-formed, and of valid values", () => {
    fc.assert(
      fc.property(inputs, (steps) => {
        const slot = new Slot(config);
        for (const step of steps) {
          const { message: said } = perform(slot, step);
          if (said === undefined) continue;
          expect(isValidMessage(said, compare), JSON.stringify(said.topic)).toBe(true);
          expect(JSON.stringify(said.topic)).not.toMatch(/-\d|\.\d|429496729[6-9]/);
        }
      }),
      runs,
    );
  });

  test("never goes back: not in its phase, its counter, its accepted and confirmed values, nor what it externalised", () => {
    fc.assert(
      fc.property(inputs, (steps) => {
        const slot = new Slot(config);
        for (const step of steps) {
          const before = slot.state;
          perform(slot, step);
          const after = slot.state;
          expect(PHASES.indexOf(after.phase)).toBeGreaterThanOrEqual(PHASES.indexOf(before.phase));
          expect(after.b.counter).toBeGreaterThanOrEqual(before.b.counter);
          // Values change at a higher counter only, but for the one that cannot grow.
          if (after.b.counter === before.b.counter && after.b.counter < MAX_COUNTER) {
            expect(
              before.b.counter === 0 || compareSequences(after.b.values, before.b.values, compare) === 0,
            ).toBe(true);
          }
          expect(after.y).toEqual(expect.arrayContaining([...before.y]));
          expect(after.z).toEqual(expect.arrayContaining([...before.z]));
          expect(after.x.filter((value) => after.y.includes(value))).toEqual([]);
          if (before.phase === "externalize") expect(after.c).toEqual(before.c);
        }
      }),
      runs,
    );
  });

  test("takes a message once, and an older one never", () => {
    fc.assert(
      fc.property(inputs, fc.array(message, { maxLength: 4 }), (steps, messages) => {
        const slot = new Slot(config);
        for (const step of steps) perform(slot, step);
        slot.handle(messages);
        const before = slot.state;
        const stored = new Map(before.messages.map((each) => [each.sender, each]));
        const old = messages.filter((each) => {
          const known = stored.get(each.sender);
          return known !== undefined && compareTopics(each.topic, known.topic, compare) <= 0;
        });
        expect(slot.handle(old)).toEqual({ message: undefined, timers: [] });
        expect(slot.state).toEqual(before);
      }),
      runs,
    );
  });

  test("does not care in which order a batch of messages lies", () => {
    const batch = fc.uniqueArray(message, { maxLength: 4, selector: ({ sender }) => sender.responderId });
    const two = batch.chain((messages) =>
      fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
    );
    fc.assert(
      fc.property(inputs, two, (steps, [one, other]) => {
        const [first, second] = [new Slot(config), new Slot(config)];
        for (const step of steps) expect(perform(second, step)).toEqual(perform(first, step));
        expect(second.handle(other)).toEqual(first.handle(one));
        expect(byKey(second.state)).toEqual(byKey(first.state));
      }),
      runs,
    );
  });

  test("goes on after a restart as if nothing had happened", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const slot = new Slot(config);
        for (const step of before) perform(slot, step);
        const restored = new Slot(config, structuredClone(slot.state));
        for (const step of after) expect(perform(restored, step)).toEqual(perform(slot, step));
        expect(restored.state).toEqual(slot.state);
      }),
      runs,
    );
  });
});

describe("a wedged slot", () => {
  const quorumSet = setOf(2, ids.slice(0, 4));
  const say = (n: number, said: Topic<number>): Message<number> => ({
    sender: ids[n] as ReturnType<typeof idOf>,
    slotIndex: 1n,
    quorumSet,
    topic: said,
  });
  const x = { counter: 1, values: [1] };
  const four = { ...config, quorumSet: setOf(2, others.slice(0, 3)) };

  test("whose nodes accepted different counters as committed finds one that all vote for", () => {
    const commit = (counter: number, n: number): Topic<number> => ({
      kind: "commit",
      b: { counter, values: [1] },
      pn: counter,
      cn: n,
      hn: n,
    });
    const state = {
      ...initialSlotState(four),
      phase: "commit" as const,
      z: [1],
      y: [1],
      b: { counter: 5, values: [1] },
      p: { counter: 5, values: [1] },
      h: x,
      c: x,
    };
    const heard = [say(1, commit(5, 2)), say(2, commit(5, 3))];
    expect(new Slot(four, state).handle(heard).message?.topic).toMatchObject({
      kind: "commit",
      cn: 1,
      hn: 1,
    });
    const wedged = new Slot(four, { ...state, ballotTimeouts: 8 });
    expect(wedged.handle(heard).message?.topic).toMatchObject({ kind: "commit", cn: 3, hn: MAX_COUNTER });
  });

  test("that a liar made believe in an infinite counter comes back to what it told its peers", () => {
    const prepared: Topic<number> = {
      kind: "prepare",
      b: { counter: 9, values: [1] },
      p: { counter: 9, values: [1] },
      pp: undefined,
      cn: 0,
      hn: 1,
    };
    const state = {
      ...initialSlotState(four),
      phase: "prepare" as const,
      z: [1],
      y: [1],
      b: { counter: 9, values: [1] },
      p: { counter: MAX_COUNTER, values: [1] },
      h: x,
      messages: [say(1, prepared)],
    };
    const stuck = new Slot(four, state);
    expect(stuck.handle([say(2, prepared)]).message?.topic).toMatchObject({ cn: 0, hn: 1 });
    const freed = new Slot(four, { ...state, ballotTimeouts: 8 });
    expect(freed.handle([say(2, prepared)]).message?.topic).toMatchObject({
      p: { counter: 9 },
      cn: 9,
      hn: 9,
    });
  });
});
