import { compareBytes } from "@mobilecoin-ts/crypto";
import { TransactionError } from "../error.ts";

/** Whose balance a record is about: the account that signs, the address with this short hash (16 bytes), or a swap. */
export type TransactionEntity =
  | { readonly kind: "ourself" }
  | { readonly kind: "address"; readonly addressHash: Uint8Array }
  | { readonly kind: "swap" };

/** What a transaction does to one entity's balance of one token. */
export interface TransactionBalance {
  readonly entity: TransactionEntity;
  readonly tokenId: bigint;
  /** Smallest units, an i64: negative is paid. */
  readonly value: bigint;
}

/** What a transaction does, as a signing device shows it before it signs (02 section 2.20). */
export interface TxSummaryReport {
  /** Ourself first, then addresses in the order of their hashes, then swaps; within each by token id. */
  readonly balances: readonly TransactionBalance[];
  readonly fee: { readonly value: bigint; readonly tokenId: bigint };
  readonly tombstoneBlock: bigint;
}

/** Records a report holds at most: devices keep it in fixed memory. */
export const MAX_REPORT_BALANCES = 32;

const I64_MIN = -(1n << 63n);
const I64_MAX = (1n << 63n) - 1n;

/** Adds up what a transaction does to each entity, within the limits of a device. */
export class TxSummaryBalances {
  readonly #balances = new Map<string, { entity: TransactionEntity; tokenId: bigint; value: bigint }>();

  /** An entity receives `value` (a u64). Throws `NumericOverflow`, `BufferOverflow` (area `txSummary`). */
  credit(entity: TransactionEntity, tokenId: bigint, value: bigint): void {
    this.#change(entity, tokenId, inRange(value));
  }

  /** An entity pays `value` (a u64). Throws `NumericOverflow`, `BufferOverflow` (area `txSummary`). */
  debit(entity: TransactionEntity, tokenId: bigint, value: bigint): void {
    this.#change(entity, tokenId, -inRange(value));
  }

  /** The balances in report order. */
  sorted(): TransactionBalance[] {
    return [...this.#balances.values()].sort(
      (a, b) => compareEntities(a.entity, b.entity) || (a.tokenId < b.tokenId ? -1 : 1),
    );
  }

  #change(entity: TransactionEntity, tokenId: bigint, difference: bigint): void {
    const key = `${entity.kind}:${entity.kind === "address" ? entity.addressHash.join() : ""}:${tokenId}`;
    const record = this.#balances.get(key);
    if (record !== undefined) {
      record.value = inRange(record.value + difference);
      return;
    }
    if (this.#balances.size >= MAX_REPORT_BALANCES) {
      throw new TransactionError("txSummary", "BufferOverflow", "the report holds no more balances", {
        data: { max: MAX_REPORT_BALANCES },
      });
    }
    this.#balances.set(key, { entity, tokenId, value: difference });
  }
}

function inRange(value: bigint): bigint {
  if (value >= I64_MIN && value <= I64_MAX) return value;
  throw new TransactionError("txSummary", "NumericOverflow", "a balance does not fit 64 bits with sign");
}

const ENTITY_ORDER = { ourself: 0, address: 1, swap: 2 };

function compareEntities(a: TransactionEntity, b: TransactionEntity): number {
  if (a.kind === "address" && b.kind === "address") return compareBytes(a.addressHash, b.addressHash);
  return ENTITY_ORDER[a.kind] - ENTITY_ORDER[b.kind];
}
