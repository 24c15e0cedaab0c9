import type { NodeId } from "@mobilecoin-ts/wire";
import { type Ballot, MAX_COUNTER } from "../ballot.ts";
import type { Message } from "../message.ts";
import type { QuorumSet } from "../quorum-set.ts";
import type { Topic } from "../topic.ts";
import { valueSet } from "../value-set.ts";
import type { Packet } from "./host.ts";
import type { SeededRandom } from "./random.ts";

const MAX_LIES = 400;

/** Answers what it hears, sometimes and to single peers, with whatever might do harm; every statement is its own. */
export class Liar {
  readonly #index: number;
  readonly #local: NodeId;
  readonly #quorumSet: QuorumSet;
  readonly #random: SeededRandom;
  readonly #send: (to: number, packet: Packet) => void;
  readonly #peers: readonly number[];
  #lies = 0;

  constructor(options: {
    readonly index: number;
    readonly local: NodeId;
    readonly quorumSet: QuorumSet;
    readonly random: SeededRandom;
    readonly peers: readonly number[];
    readonly send: (to: number, packet: Packet) => void;
  }) {
    this.#index = options.index;
    this.#local = options.local;
    this.#quorumSet = options.quorumSet;
    this.#random = options.random;
    this.#peers = options.peers;
    this.#send = options.send;
  }

  receive(packet: Packet): void {
    const random = this.#random;
    if (this.#lies >= MAX_LIES || this.#peers.length === 0 || !random.chance(0.1)) return;
    this.#lies += 1;
    const to = random.pick(this.#peers);
    if (packet.kind === "statement") {
      const { slotIndex } = packet.message;
      const slot = slotIndex + BigInt(random.chance(0.1) ? random.integer(-1, 3) : 0);
      const quorumSet = random.chance(0.1)
        ? { threshold: random.integer(0, 2), members: [] }
        : this.#quorumSet;
      const message: Message<number> = {
        sender: this.#local,
        slotIndex: slot,
        quorumSet,
        topic: this.#topic(packet.message),
      };
      this.#send(to, { kind: "statement", from: this.#index, message });
    } else if (packet.kind === "ask") {
      const values = [random.integer(1, 1000)];
      this.#send(packet.from, { kind: "tell", from: this.#index, slotIndex: packet.slotIndex, values });
    }
  }

  #topic({ topic: heard }: Message<number>): Topic<number> {
    const random = this.#random;
    const compare = (a: number, b: number) => a - b;
    const known =
      heard.kind === "nominate"
        ? [...heard.x, ...heard.y]
        : heard.kind === "externalize"
          ? heard.c.values
          : heard.b.values;
    const values = () =>
      random.chance(0.5) ? known : valueSet([random.integer(-20, 1000), ...known.slice(1)], compare);
    const counter = () => random.pick([0, 1, 2, 3, 10, MAX_COUNTER]);
    const ballot = (): Ballot<number> => ({ counter: counter(), values: values() });
    const maybe = () => (random.chance(0.3) ? undefined : ballot());
    const nominate = () => ({ x: values(), y: random.chance(0.5) ? [] : values() });
    const prepare = () => ({ b: ballot(), p: maybe(), pp: maybe(), cn: counter(), hn: counter() });
    switch (random.integer(0, 4)) {
      case 0:
        return { kind: "nominate", ...nominate() };
      case 1:
        return { kind: "nominatePrepare", ...nominate(), ...prepare() };
      case 2:
        return { kind: "prepare", ...prepare() };
      case 3:
        return { kind: "commit", b: ballot(), pn: counter(), cn: counter(), hn: counter() };
      default:
        return { kind: "externalize", c: ballot(), hn: counter() };
    }
  }
}
