import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ballot } from "./ballot.ts";
import { acceptsCommit, acceptsPrepared, type Message, votesOrAcceptsNominated } from "./message.ts";
import { ballotsIn, type Narrow, rangeIn, valuesIn, when } from "./narrowing.ts";
import { findBlockingSet, findQuorum, type Messages } from "./quorum-search.ts";
import { nodeKey, type QuorumSet, type QuorumSetMember } from "./quorum-set.ts";
import type { Topic } from "./topic.ts";
import { type Found, TrustGraph } from "./trust-graph.ts";
import { compareSequences, valueSet } from "./value-set.ts";

const idOf = (n: number) => ({ responderId: `node${n}:8443`, publicKey: new Uint8Array(32).fill(n) });
const ids = Array.from({ length: 40 }, (_, n) => idOf(n));
const compare = (a: number, b: number) => a - b;
const COUNTERS = 3;

/** The search as 04 section 2.2 has it: rules 1 to 3, without a thought for time. */
function naiveQuorum<State, Part>(
  messages: Messages<number>,
  narrow: Narrow<number, State, Part>,
  needed: number,
  members: readonly QuorumSetMember[],
  found: Found<State>,
): Found<State> | undefined {
  if (needed === 0) return found;
  const [member, ...rest] = members;
  if (member === undefined || needed > members.length) return undefined;
  const next = () => {
    if (member.kind === "absent") return undefined;
    if (member.kind === "innerSet")
      return naiveQuorum(messages, narrow, member.set.threshold, member.set.members, found);
    const key = nodeKey(member.node);
    if (found.nodes.has(key)) return found;
    const message = messages.get(key);
    const state = message && narrow.narrow(message, found.state);
    if (message === undefined || state === undefined) return undefined;
    const { threshold, members: theirs } = message.quorumSet;
    return naiveQuorum(messages, narrow, threshold, theirs, { nodes: new Set(found.nodes).add(key), state });
  };
  const held = next();
  return naiveQuorum(messages, narrow, held === undefined ? needed : needed - 1, rest, held ?? found);
}

const arbitraryMember = (size: number, depth: number): fc.Arbitrary<QuorumSetMember> => {
  const node = fc
    .integer({ min: 0, max: size - 1 })
    .map((n): QuorumSetMember => ({ kind: "node", node: ids[n] as (typeof ids)[number] }));
  if (depth === 0) return node;
  const innerSet = arbitrarySet(size, depth - 1).map((set): QuorumSetMember => ({ kind: "innerSet", set }));
  return fc.oneof({ weight: 5, arbitrary: node }, { weight: 1, arbitrary: innerSet });
};

const arbitrarySet = (size: number, depth: number): fc.Arbitrary<QuorumSet> =>
  fc.array(arbitraryMember(size, depth), { maxLength: 5 }).chain((members) =>
    // Thresholds above a half make the interesting networks; the others are there too.
    fc
      .oneof(
        fc.integer({ min: 0, max: members.length }),
        fc.integer({ min: Math.ceil(members.length / 2), max: members.length }),
      )
      .map((threshold) => ({ threshold, members })),
  );

/** Of networks whose nodes rely on many others and want different things: there sub-searches fail late. */
const contestedSet = (size: number): fc.Arbitrary<QuorumSet> =>
  fc.shuffledSubarray(ids.slice(0, size), { minLength: 3 }).chain((nodes) =>
    fc
      .oneof(
        {
          weight: 9,
          arbitrary: fc.integer({
            min: Math.round(nodes.length * 0.5),
            max: Math.round(nodes.length * 0.8),
          }),
        },
        { weight: 1, arbitrary: fc.constant(0) },
      )
      .map((threshold) => ({ threshold, members: nodes.map((node) => ({ kind: "node", node })) })),
  );

const arbitraryValues = fc
  .uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
  .map((values) => valueSet(values, compare));
const arbitraryBallot: fc.Arbitrary<Ballot<number>> = fc.record({
  counter: fc.integer({ min: 1, max: COUNTERS }),
  values: fc.constantFrom([1], [2], [1, 2]),
});
const arbitraryRange = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([a, b]) => ({ cn: Math.min(a, b), hn: Math.max(a, b) }));

interface Network {
  readonly quorumSet: QuorumSet;
  readonly messages: Messages<number>;
}

const arbitraryNetwork = (topic: fc.Arbitrary<Topic<number>>): fc.Arbitrary<Network> =>
  fc.oneof(
    networkOf(topic, (size) => arbitrarySet(size, 2), 2, 7),
    networkOf(topic, contestedSet, 5, 8),
  );

const networkOf = (
  topic: fc.Arbitrary<Topic<number>>,
  setOfSize: (size: number) => fc.Arbitrary<QuorumSet>,
  min: number,
  max: number,
): fc.Arbitrary<Network> =>
  fc.integer({ min, max }).chain((size) =>
    fc.record({
      quorumSet: setOfSize(size),
      messages: fc
        .tuple(
          ...ids.slice(1, size).map((sender) =>
            fc.option(
              fc
                .record({ quorumSet: arbitrarySet(size, 2), topic })
                .map((rest): Message<number> => ({ sender, slotIndex: 1n, ...rest })),
              { freq: 8, nil: undefined },
            ),
          ),
        )
        .map((all) => new Map(all.flatMap((m) => (m ? [[nodeKey(m.sender), m] as const] : [])))),
    }),
  );

const local = ids[0] as (typeof ids)[number];

function expectSameAsNaive<State, Part>(
  { quorumSet, messages }: Network,
  narrow: Narrow<number, State, Part>,
  state: State,
): void {
  const start = { nodes: new Set([nodeKey(local)]), state };
  const expected = naiveQuorum(messages, narrow, quorumSet.threshold, quorumSet.members, start);
  const found = findQuorum(local, quorumSet, messages, narrow, state);
  expect(found && { nodes: [...found.nodes], state: found.state }).toEqual(
    expected && { nodes: [...expected.nodes], state: expected.state },
  );
}

describe("the quorum found is the one of the search without bounds", () => {
  const runs = { numRuns: 3000 };

  test("with a test that has no state", () => {
    const topic = arbitraryValues.map((x): Topic<number> => ({ kind: "nominate", x, y: [] }));
    fc.assert(
      fc.property(arbitraryNetwork(topic), (network) => {
        expectSameAsNaive(
          network,
          when<number>(({ topic: t }) => t.kind === "nominate" && t.x.includes(1)),
          true,
        );
      }),
      runs,
    );
  });

  test("with sets of values", () => {
    const topic = arbitraryValues.map((x): Topic<number> => ({ kind: "nominate", x, y: [] }));
    fc.assert(
      fc.property(arbitraryNetwork(topic), arbitraryValues, (network, state) => {
        const narrow = valuesIn<number>((message) => votesOrAcceptsNominated(message, compare), compare);
        expectSameAsNaive(network, narrow, state);
      }),
      runs,
    );
  });

  test("with sets of ballots", () => {
    const topic = fc
      .tuple(arbitraryBallot, fc.option(arbitraryBallot, { nil: undefined }))
      .map(([p, pp]): Topic<number> => ({ kind: "prepare", b: p, p, pp, cn: 0, hn: 0 }));
    fc.assert(
      fc.property(arbitraryNetwork(topic), fc.array(arbitraryBallot, { maxLength: 3 }), (network, state) => {
        expectSameAsNaive(network, ballotsIn<number>(acceptsPrepared, compare), state);
      }),
      runs,
    );
  });

  test("with ranges of ballots", () => {
    const topic = fc
      .tuple(arbitraryRange, fc.constantFrom([1], [1], [1], [2]))
      .map(
        ([range, values]): Topic<number> => ({ kind: "commit", b: { counter: 6, values }, pn: 1, ...range }),
      );
    fc.assert(
      fc.property(arbitraryNetwork(topic), arbitraryRange, (network, { cn, hn }) => {
        const narrow = rangeIn<number>((message, values) => acceptsCommit(message, values, compare));
        expectSameAsNaive(network, narrow, { values: [1], low: cn, high: hn });
      }),
      runs,
    );
  });
});

const setOf = (threshold: number, nodes: readonly number[]): QuorumSet => ({
  threshold,
  members: nodes.map((n) => ({ kind: "node", node: ids[n] as (typeof ids)[number] })),
});
const all = Array.from({ length: 25 }, (_, n) => n);
const mesh = (n: number, threshold: number) =>
  setOf(
    threshold,
    all.filter((other) => other !== n),
  );
const voting = (n: number, quorumSet: QuorumSet, x: readonly number[]): Message<number> => ({
  sender: ids[n] as (typeof ids)[number],
  slotIndex: 1n,
  quorumSet,
  topic: { kind: "nominate", x, y: [] },
});
const byKey = (messages: readonly Message<number>[]) => new Map(messages.map((m) => [nodeKey(m.sender), m]));
const votes = valuesIn<number>((message) => votesOrAcceptsNominated(message, compare), compare);

describe("a search ends soon", () => {
  test("where too few nodes of a large mesh speak, and where just enough do", () => {
    const present = all.filter((n) => n > 8);
    const few = byKey(present.map((n) => voting(n, mesh(n, 17), [1])));
    expect(findQuorum(local, mesh(0, 17), few, votes, [1])).toBeUndefined();
    const enough = byKey([8, ...present].map((n) => voting(n, mesh(n, 17), [1])));
    expect(findQuorum(local, mesh(0, 17), enough, votes, [1])?.nodes.size).toBe(18);
  });

  test("where every node votes for something else", () => {
    for (const threshold of [13, 17, 20]) {
      const messages = byKey(
        all.slice(1).map((n) =>
          voting(
            n,
            mesh(n, threshold),
            [1, 2, 3, 4, 5, 6, 7].filter((value) => n % value !== 0),
          ),
        ),
      );
      const start = performance.now();
      findQuorum(local, mesh(0, threshold), messages, votes, [1, 2, 3, 4, 5, 6, 7]);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });

  // A trap that relies on nobody comes last and drops the only value that the others can agree on with `rest`: every
  // order of the other nodes is a search of its own, and none succeeds.
  const [trap, alternative, rest] = [25, 26, 27];
  const honest = all.slice(0, 14);
  const setWithTrap = (n: number): QuorumSet => ({
    threshold: 8,
    members: [
      ...setOf(
        0,
        honest.filter((other) => other !== n),
      ).members,
      { kind: "innerSet", set: setOf(1, [trap, alternative]) },
      { kind: "innerSet", set: setOf(1, [rest]) },
    ],
  });
  const trapped = byKey([
    ...honest.slice(1).map((n) => voting(n, { ...setWithTrap(n), threshold: 15 }, [1, 2])),
    voting(trap, setOf(0, []), [2]),
    voting(alternative, setOf(0, []), [1]),
    voting(rest, setOf(0, []), [1]),
  ]);

  test("where a trap drops what all can agree on; out of steps it still finds a quorum, of one value", () => {
    const graph = new TrustGraph<number>(nodeKey(local), setWithTrap(0));
    for (const message of trapped.values()) graph.hear(message);
    const start = performance.now();
    const found = graph.quorum(votes, [1, 2]);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(found === undefined || found.state.length > 0).toBe(true);
    expect(graph.quorum(votes, [1, 2], 10)?.state).toEqual([1]);
  });
});

describe("blocking sets", () => {
  test("follow the configured order and narrow as they go", () => {
    const messages = byKey([
      voting(1, setOf(0, []), [1]),
      voting(2, setOf(0, []), [2]),
      voting(3, setOf(0, []), [2]),
    ]);
    const found = findBlockingSet(setOf(2, [3, 1, 2]), messages, votes, [1, 2]);
    expect(found && [...found.nodes]).toEqual([3, 2].map((n) => nodeKey(idOf(n))));
    expect(found?.state).toEqual([2]);
  });

  test("no set blocks a node that relies on nobody", () => {
    expect(findBlockingSet(setOf(0, []), new Map(), votes, [1])).toBeUndefined();
    expect(compareSequences([], [], compare)).toBe(0);
  });
});
