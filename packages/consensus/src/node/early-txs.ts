import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { TxContext } from "../enclave-api/index.ts";
import type { Clock } from "./clock.ts";

/** Transactions that wait for a block; beyond it new ones are dropped. */
const MAX_WAITING = 1_000;

/** How long a transaction waits, milliseconds. */
const MAX_AGE_MS = 30_000;

interface EarlyTx<Route> {
  readonly context: TxContext;
  readonly route: Route;
  readonly since: number;
}

/**
 * Transactions of peers whose proofs are of a ledger that has a block more than this one: they are looked at again when
 * the next block is here, instead of being lost to this node until somebody asks it to vote on them.
 */
export class EarlyTxs<Route> {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, EarlyTx<Route>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Keeps a transaction, with where it came from; one that is kept already stays as it is. */
  keep(context: TxContext, route: Route): void {
    const key = bytesToHex(context.txHash);
    if (this.#waiting.has(key) || this.#waiting.size >= MAX_WAITING) return;
    this.#waiting.set(key, { context, route, since: this.#clock.now() });
  }

  /** Hands out all that is kept and not too old. */
  take(): { readonly context: TxContext; readonly route: Route }[] {
    const oldest = this.#clock.now() - MAX_AGE_MS;
    const taken = [...this.#waiting.values()].filter(({ since }) => since >= oldest);
    this.#waiting.clear();
    return taken;
  }
}
