import { type ConsensusValue, consensusValueKey } from "../messages/index.ts";

interface PendingValue {
  readonly value: ConsensusValue;
  /** Milliseconds of the host's clock; only of values that a client of this node submitted. */
  readonly receivedAt: number | undefined;
}

/** Values that wait to be externalised, in order of arrival, each once (04 section 2.11). */
export class PendingValues {
  readonly #isValid: (value: ConsensusValue) => boolean;
  readonly #values = new Map<string, PendingValue>();

  constructor(isValid: (value: ConsensusValue) => boolean) {
    this.#isValid = isValid;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Adds a value that is new and valid now; tells whether it was. */
  add(value: ConsensusValue, receivedAt?: number): boolean {
    const key = consensusValueKey(value);
    if (this.#values.has(key) || !this.#isValid(value)) return false;
    this.#values.set(key, { value, receivedAt });
    return true;
  }

  /** The oldest values. */
  first(limit: number): ConsensusValue[] {
    return [...this.#values.values()].slice(0, limit).map(({ value }) => value);
  }

  /** Removes values; returns when those submitted here were received. */
  remove(values: readonly ConsensusValue[]): number[] {
    const receivedAt: number[] = [];
    for (const value of values) {
      const key = consensusValueKey(value);
      const pending = this.#values.get(key);
      if (pending?.receivedAt !== undefined) receivedAt.push(pending.receivedAt);
      this.#values.delete(key);
    }
    return receivedAt;
  }

  /** Drops what is no longer valid. */
  dropInvalid(): void {
    for (const [key, { value }] of this.#values) if (!this.#isValid(value)) this.#values.delete(key);
  }
}
