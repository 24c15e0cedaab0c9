import type { ScpNodeConfig } from "../node.ts";
import type { ValueRules } from "../slot.ts";
import { Host, type Packet } from "./host.ts";
import { Liar } from "./liar.ts";
import { Network } from "./network.ts";
import { SeededRandom } from "./random.ts";
import { liveNodes, randomTopology } from "./topology.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What came of one seed. */
export interface SimulationResult {
  readonly seed: number;
  readonly topology: string;
  /** Nodes that are owed progress. */
  readonly live: number;
  /** Slots that an honest node externalised. */
  readonly slots: number;
  /** Messages delivered. */
  readonly messages: number;
  /** Slots for which two honest nodes externalised different values, or values nobody may. */
  readonly divergences: number;
  /** Nodes that `liveNodes` owes progress and that did not reach the last slot in time. */
  readonly stalls: number;
  /** When it ended, milliseconds of virtual time. */
  readonly virtualMs: number;
}

export interface SimulationOptions {
  /** Value rules other than the honest ones, to see the simulator find fault. */
  readonly rules?: ValueRules<number>;
}

/** After this the network is whole, every node that is not dead runs, and no message is lost. */
const STORM_MS = 20_000;
/** Virtual time after the storm in which every live node must get to the end. */
const PATIENCE_MS = 600_000;
/** How long to watch a network after the storm that can get nowhere. */
const WATCH_MS = 30_000;
const SLOTS = 4;
const MAX_VALUES = 100;

const RULES: ValueRules<number> = {
  compare: (a, b) => a - b,
  isValid: (value) => value > 0,
  combine: (values) => values.slice(0, MAX_VALUES),
};

/** Runs the network that a seed stands for (32 bits, unsigned); the same seed always gives the same result. */
export function simulate(seed: number, options: SimulationOptions = {}): SimulationResult {
  const random = new SeededRandom(seed);
  const topology = randomTopology(random);
  const live = liveNodes(topology);
  const rules = options.rules ?? RULES;
  const clock = new VirtualClock();
  const receivers = topology.nodes.map((): ((packet: Packet) => void)[] => []);
  const network = new Network<Packet>(clock, random, (to, packet) => {
    for (const receive of receivers[to] ?? []) receive(packet);
  });
  const externalized = new Map<bigint, string>();
  const diverged = new Set<bigint>();

  const configOf = (index: number): ScpNodeConfig<number> => {
    const [local, quorumSet] = [topology.nodes[index], topology.quorumSets[index]];
    if (local === undefined || quorumSet === undefined) throw new Error(`no node ${index}`);
    return { local, quorumSet, rules };
  };
  const makeHost = (index: number, peers: readonly number[], honest: boolean) => {
    const host = new Host({
      index,
      config: configOf(index),
      clock,
      random,
      peers,
      archives: [...topology.nodes.keys()].filter((other) => other !== index),
      relays: topology.relays,
      nodeIdOf: (peer) => configOf(peer).local,
      send: (to, packet) => network.send(index, to, packet),
      valuesFor: () => Array.from({ length: random.integer(1, 3) }, () => random.integer(1, 1000)),
      onExternalized: (slotIndex, values) => {
        if (!honest) return;
        const text = values.join();
        const known = externalized.get(slotIndex);
        if (known === undefined) externalized.set(slotIndex, text);
        const allowed = values.length > 0 && values.every((value) => value > 0);
        if (!allowed || (known !== undefined && known !== text)) diverged.add(slotIndex);
      },
    });
    receivers[index]?.push((packet) => host.receive(packet));
    return host;
  };

  const honest: Host[] = [];
  const owed: Host[] = [];
  for (const index of topology.nodes.keys()) {
    if (topology.dead.has(index)) continue;
    const peers = topology.peers[index] ?? [];
    if (!topology.liars.has(index)) {
      const host = makeHost(index, peers, true);
      honest.push(host);
      if (live.has(index)) owed.push(host);
      continue;
    }
    const kind = random.pick(["silent", "equivocates", "invents"] as const);
    if (kind === "equivocates") {
      // Two honest-looking nodes of one key, each seen by a part of the others.
      const parts = random.shuffled(peers);
      const cut = random.integer(0, parts.length);
      makeHost(index, parts.slice(0, cut), false);
      makeHost(index, parts.slice(cut), false);
    }
    if (kind !== "silent") {
      const { local, quorumSet } = configOf(index);
      const send = (to: number, packet: Packet) => network.send(index, to, packet);
      const liar = new Liar({ index, local, quorumSet, random, peers, send });
      receivers[index]?.push((packet) => liar.receive(packet));
    }
  }

  network.weather = {
    maxDelayMs: random.pick([20, 100, 500, 3000]),
    dropped: random.pick([0, 0.05, 0.2]),
    duplicated: random.pick([0, 0.1, 0.3]),
  };
  for (let i = random.integer(0, 3); i > 0; i--) {
    const start = random.integer(0, STORM_MS - 1);
    const islands = random.integer(2, 3);
    const island = topology.nodes.map(() => random.integer(1, islands));
    clock.after(start, () => network.partition((node) => island[node] ?? 0));
    clock.after(random.integer(start, STORM_MS), () => network.heal());
  }
  for (let i = random.integer(0, 4); i > 0 && honest.length > 0; i--) {
    const host = random.pick(honest);
    const start = random.integer(0, STORM_MS - 1);
    clock.after(start, () => host.crash());
    clock.after(random.integer(start, STORM_MS), () => host.restart());
  }
  clock.after(STORM_MS, () => {
    network.heal();
    network.weather = { maxDelayMs: 100, dropped: 0, duplicated: 0 };
    for (const host of honest) host.restart();
  });

  // A slot that ends within the storm says little of what comes after, so the last one is always decided in the calm.
  let goal = SLOTS;
  let calm = false;
  clock.after(STORM_MS + 1, () => {
    calm = true;
    goal = Math.max(0, ...honest.map((host) => host.height)) + SLOTS;
  });
  const arrived = () => calm && owed.length > 0 && owed.every((host) => host.height >= goal);
  const end = STORM_MS + (owed.length > 0 ? PATIENCE_MS : WATCH_MS);
  while (!arrived() && clock.now < end && clock.step());

  return {
    seed,
    topology: topology.name,
    live: live.size,
    slots: externalized.size,
    messages: network.delivered,
    divergences: diverged.size,
    stalls: owed.filter((host) => host.height < goal).length,
    virtualMs: Math.round(clock.now),
  };
}
