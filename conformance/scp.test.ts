import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  type Ballot,
  compareBallots,
  findBlockingSet,
  findQuorum,
  initialSlotState,
  isValidQuorumSet,
  type Message,
  nodeKey,
  type Phase,
  type QuorumSet,
  Slot,
  type SlotState,
  type TimerName,
  type Topic,
  type ValueRules,
  valueSet,
  when,
} from "@mobilecoin-ts/scp";
import type { NodeId } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface QuorumSetRow {
  readonly threshold: number;
  readonly members: readonly (string | QuorumSetRow)[];
}

interface BallotRow {
  readonly counter: number;
  readonly values: readonly string[];
}

type PrepareRow = {
  readonly b: BallotRow;
  readonly p: BallotRow | null;
  readonly pp: BallotRow | null;
  readonly cn: number;
  readonly hn: number;
};

type TopicRow =
  | { readonly kind: "nominate"; readonly x: readonly string[]; readonly y: readonly string[] }
  | ({
      readonly kind: "nominate_prepare";
      readonly x: readonly string[];
      readonly y: readonly string[];
    } & PrepareRow)
  | ({ readonly kind: "prepare" } & PrepareRow)
  | {
      readonly kind: "commit";
      readonly b: BallotRow;
      readonly pn: number;
      readonly cn: number;
      readonly hn: number;
    }
  | { readonly kind: "externalize"; readonly c: BallotRow; readonly hn: number };

interface MessageRow {
  readonly sender: string;
  readonly slot_index: string;
  readonly quorum_set: QuorumSetRow;
  readonly topic: TopicRow;
}

interface NodeRow {
  readonly name: string;
  readonly responder_id: string;
  readonly public_key: string;
}

const nodes = new Map<string, NodeId>();

function nodeOf(name: string): NodeId {
  if (nodes.size === 0) {
    for (const row of loadVectors<NodeRow>("consensus/test_nodes.jsonl")) {
      nodes.set(row.name, { responderId: row.responder_id, publicKey: hexToBytes(row.public_key) });
    }
  }
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`no test node ${name}`);
  return node;
}

function namesOf(keys: Iterable<string>): string[] {
  const found = new Set(keys);
  return [...nodes].filter(([, node]) => found.has(bytesToHex(node.publicKey))).map(([name]) => name);
}

function quorumSetOf(row: QuorumSetRow): QuorumSet {
  return {
    threshold: row.threshold,
    members: row.members.map((member) =>
      typeof member === "string"
        ? { kind: "node", node: nodeOf(member) }
        : { kind: "innerSet", set: quorumSetOf(member) },
    ),
  };
}

const ballotOf = (row: BallotRow): Ballot<bigint> => ({
  counter: row.counter,
  values: row.values.map(BigInt),
});

const prepareOf = (row: PrepareRow) => ({
  b: ballotOf(row.b),
  p: row.p === null ? undefined : ballotOf(row.p),
  pp: row.pp === null ? undefined : ballotOf(row.pp),
  cn: row.cn,
  hn: row.hn,
});

function topicOf(row: TopicRow): Topic<bigint> {
  switch (row.kind) {
    case "nominate":
      return { kind: row.kind, x: row.x.map(BigInt), y: row.y.map(BigInt) };
    case "nominate_prepare":
      return { kind: "nominatePrepare", x: row.x.map(BigInt), y: row.y.map(BigInt), ...prepareOf(row) };
    case "prepare":
      return { kind: row.kind, ...prepareOf(row) };
    case "commit":
      return { kind: row.kind, b: ballotOf(row.b), pn: row.pn, cn: row.cn, hn: row.hn };
    case "externalize":
      return { kind: row.kind, c: ballotOf(row.c), hn: row.hn };
  }
}

function messageOf(row: MessageRow): Message<bigint> {
  return {
    sender: nodeOf(row.sender),
    slotIndex: BigInt(row.slot_index),
    quorumSet: quorumSetOf(row.quorum_set),
    topic: topicOf(row.topic),
  };
}

const compare = (a: bigint, b: bigint) => Number(a > b) - Number(a < b);
const rules: ValueRules<bigint> = {
  compare,
  isValid: () => true,
  combine: (values) => valueSet(values, compare),
};

const expectedMessage = (row: MessageRow | null) => (row === null ? undefined : messageOf(row));
const BALLOT_TIMEOUT: ReadonlySet<TimerName> = new Set(["ballot"]);
const NOMINATION_TIMEOUT: ReadonlySet<TimerName> = new Set(["nomination"]);

interface SearchRow {
  readonly name: string;
  readonly local_node: string;
  readonly local_quorum_set: QuorumSetRow;
  readonly messages: readonly { readonly sender: string; readonly quorum_set: QuorumSetRow }[];
  readonly rejected_by_predicate: readonly string[];
  readonly blocking_set: readonly string[];
  readonly quorum: readonly string[];
}

describeVectors("scp: quorum search", () => {
  test.each(loadVectors<SearchRow>("scp/quorum_search.jsonl"))("$name", (row) => {
    const messages = new Map(
      row.messages.map(({ sender, quorum_set }) => {
        const topic: Topic<bigint> = { kind: "nominate", x: [], y: [] };
        const node = nodeOf(sender);
        return [
          nodeKey(node),
          { sender: node, slotIndex: 1n, quorumSet: quorumSetOf(quorum_set), topic },
        ] as const;
      }),
    );
    const rejected = new Set(row.rejected_by_predicate.map((name) => nodeKey(nodeOf(name))));
    const accepts = when<bigint>((message) => !rejected.has(nodeKey(message.sender)));
    const quorumSet = quorumSetOf(row.local_quorum_set);
    const quorum = findQuorum(nodeOf(row.local_node), quorumSet, messages, accepts, true);
    expect(namesOf(quorum?.nodes ?? [])).toEqual(row.quorum);
    const blocking = findBlockingSet(quorumSet, messages, accepts, true);
    expect(namesOf(blocking?.nodes ?? [])).toEqual(row.blocking_set);
  });
});

interface ValidityRow {
  readonly name: string;
  readonly quorum_set: QuorumSetRow;
  readonly valid: boolean;
}

describeVectors("scp: quorum set validity", () => {
  test.each(loadVectors<ValidityRow>("scp/quorum_set_validity.jsonl"))("$name", (row) => {
    expect(isValidQuorumSet(quorumSetOf(row.quorum_set))).toBe(row.valid);
  });
});

type StepRow =
  | { readonly op: "add_leader"; readonly node: string }
  | { readonly op: "propose"; readonly values: readonly string[]; readonly emits: MessageRow | null }
  | { readonly op: "handle"; readonly messages: readonly MessageRow[]; readonly emits: MessageRow | null }
  | { readonly op: "ballot_timeout"; readonly emits: MessageRow | null }
  | { readonly op: "set"; readonly field: string; readonly value: unknown }
  | { readonly op: `add_${"x" | "y" | "z" | "w"}`; readonly values: readonly string[] }
  | { readonly op: "store_message"; readonly message: MessageRow }
  | { readonly op: "query_accepted_nominated"; readonly result: readonly string[] }
  | { readonly op: "query_accepted_prepared"; readonly result: readonly BallotRow[] };

interface ScenarioRow {
  readonly name: string;
  readonly kind: "messages_only" | "with_state";
  readonly slots: readonly {
    readonly node: string;
    readonly quorum_set: QuorumSetRow;
    readonly slot_index: string;
    readonly steps: readonly StepRow[];
  }[];
}

const PHASES: Readonly<Record<string, Phase>> = {
  nominate_prepare: "nominatePrepare",
  prepare: "prepare",
  commit: "commit",
  externalize: "externalize",
};

function withField(state: SlotState<bigint>, field: string, value: unknown): SlotState<bigint> {
  if (field === "phase") {
    const phase = PHASES[String(value)];
    if (phase === undefined) throw new Error(`no phase ${String(value)}`);
    return { ...state, phase };
  }
  if (field === "x" && Array.isArray(value)) return { ...state, x: value.map(BigInt) };
  throw new Error(`no field ${field}`);
}

function withMessage(state: SlotState<bigint>, message: Message<bigint>): SlotState<bigint> {
  const others = state.messages.filter((known) => nodeKey(known.sender) !== nodeKey(message.sender));
  return { ...state, messages: [...others, message] };
}

describeVectors("scp: slot scenarios", () => {
  test.each(loadVectors<ScenarioRow>("scp/slot_scenarios.jsonl"))("$name", (row) => {
    for (const { node, quorum_set, slot_index, steps } of row.slots) {
      const config = {
        local: nodeOf(node),
        quorumSet: quorumSetOf(quorum_set),
        slotIndex: BigInt(slot_index),
        rules,
      };
      let slot = new Slot(config, initialSlotState(config));
      const change = (state: SlotState<bigint>) => {
        slot = new Slot(config, state);
      };
      for (const step of steps) {
        switch (step.op) {
          case "add_leader":
            change({ ...slot.state, leaders: [...slot.state.leaders, nodeKey(nodeOf(step.node))] });
            break;
          case "set":
            change(withField(slot.state, step.field, step.value));
            break;
          case "store_message":
            change(withMessage(slot.state, messageOf(step.message)));
            break;
          case "propose":
            expect(slot.propose(step.values.map(BigInt)).message).toEqual(expectedMessage(step.emits));
            break;
          case "handle":
            expect(slot.handle(step.messages.map(messageOf)).message).toEqual(expectedMessage(step.emits));
            break;
          case "ballot_timeout":
            expect(slot.timeout(BALLOT_TIMEOUT).message).toEqual(expectedMessage(step.emits));
            break;
          case "query_accepted_nominated":
            expect(slot.acceptedNominated()).toEqual(step.result.map(BigInt));
            break;
          case "query_accepted_prepared": {
            const expected = step.result.map(ballotOf).sort((a, b) => compareBallots(a, b, compare));
            expect(slot.acceptedPrepared()).toEqual(expected);
            break;
          }
          default:
            throw new Error(`unknown step ${step.op}`);
        }
      }
    }
  });
});

interface RunRow {
  readonly name: string;
  readonly slot_index: string;
  readonly nodes: readonly { readonly node: string; readonly quorum_set: QuorumSetRow }[];
  readonly messages: readonly MessageRow[];
  readonly steps: readonly (
    | {
        readonly op: "propose";
        readonly node: string;
        readonly values: readonly string[];
        readonly emits: number | null;
      }
    | {
        readonly op: "deliver";
        readonly node: string;
        readonly message: number;
        readonly emits: number | null;
      }
    | {
        readonly op: "ballot_timeout" | "nomination_timeout";
        readonly node: string;
        readonly emits: number | null;
      }
  )[];
  readonly externalized_values: readonly string[];
}

describeVectors("scp: network runs", () => {
  test.each(loadVectors<RunRow>("scp/network_runs.jsonl"))("$name", (row) => {
    const messages = row.messages.map(messageOf);
    const messageAt = (index: number | null) => {
      if (index === null) return undefined;
      const message = messages[index];
      if (message === undefined) throw new Error(`no message ${index}`);
      return message;
    };
    const slots = new Map(
      row.nodes.map(({ node, quorum_set }) => [
        node,
        new Slot({
          local: nodeOf(node),
          quorumSet: quorumSetOf(quorum_set),
          slotIndex: BigInt(row.slot_index),
          rules,
        }),
      ]),
    );
    const slotOf = (node: string) => {
      const slot = slots.get(node);
      if (slot === undefined) throw new Error(`no slot of ${node}`);
      return slot;
    };
    for (const [index, step] of row.steps.entries()) {
      const slot = slotOf(step.node);
      const perform = () => {
        switch (step.op) {
          case "propose":
            return slot.propose(step.values.map(BigInt));
          case "deliver":
            return slot.handle([messageAt(step.message)].filter((message) => message !== undefined));
          case "ballot_timeout":
            return slot.timeout(BALLOT_TIMEOUT);
          case "nomination_timeout":
            return slot.timeout(NOMINATION_TIMEOUT);
        }
      };
      expect(perform().message, `step ${index}`).toEqual(messageAt(step.emits));
    }
    for (const slot of slots.values()) {
      const topic = slot.lastMessage?.topic;
      expect(topic?.kind === "externalize" && topic.c.values).toEqual(row.externalized_values.map(BigInt));
    }
  });
});
