import { MAX_TOMBSTONE_BLOCK } from "./fog-resolver.ts";

/**
 * A tombstone block and what bounds it (02 section 2.18). Whatever was asked for, the tombstone stays at or below the
 * expiry of every Fog key used and every limit of an input's rules, those that come later included.
 */
export class TombstoneLimit {
  #tombstone = MAX_TOMBSTONE_BLOCK;
  #limit = MAX_TOMBSTONE_BLOCK;

  /** 2^64-1 until something set or bounded it; validation refuses that as too far. */
  get value(): bigint {
    return this.#tombstone;
  }

  /** Asks for a tombstone; returns what it is now. */
  request(tombstone: bigint): bigint {
    this.#tombstone = min(tombstone, this.#limit);
    return this.#tombstone;
  }

  /** Bounds the tombstone from now on. */
  impose(limit: bigint): void {
    this.#limit = min(this.#limit, limit);
    this.#tombstone = min(this.#tombstone, this.#limit);
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
