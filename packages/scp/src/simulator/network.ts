import type { SeededRandom } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface Weather {
  readonly maxDelayMs: number;
  readonly dropped: number;
  readonly duplicated: number;
}

/** Carries messages between numbered nodes: late, out of order, twice, or not at all; nothing passes a partition. */
export class Network<Packet> {
  weather: Weather = { maxDelayMs: 100, dropped: 0, duplicated: 0 };
  /** Packets handed over, duplicates included. */
  delivered = 0;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #receive: (to: number, packet: Packet) => void;
  #islandOf: ((node: number) => number) | undefined;

  constructor(clock: VirtualClock, random: SeededRandom, receive: (to: number, packet: Packet) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#receive = receive;
  }

  send(from: number, to: number, packet: Packet): void {
    if (this.#random.chance(this.weather.dropped)) return;
    const copies = this.#random.chance(this.weather.duplicated) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delay = 1 + this.#random.unit() * this.weather.maxDelayMs;
      this.#clock.after(delay, () => {
        if (this.#islandOf !== undefined && this.#islandOf(from) !== this.#islandOf(to)) return;
        this.delivered += 1;
        this.#receive(to, packet);
      });
    }
  }

  partition(islandOf: (node: number) => number): void {
    this.#islandOf = islandOf;
  }

  heal(): void {
    this.#islandOf = undefined;
  }
}
