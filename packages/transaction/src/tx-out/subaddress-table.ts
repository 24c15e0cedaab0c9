import {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  type ViewAccountKey,
} from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";

/** The subaddresses every wallet looks for: default, change, gift code. */
export const USUAL_SUBADDRESSES: readonly bigint[] = [
  DEFAULT_SUBADDRESS,
  CHANGE_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
];

/** The spend public keys by which an account's outputs are told apart, to subaddress index. */
export class SubaddressTable {
  readonly #indexOfKey = new Map<string, bigint>();

  /** The table of an account's subaddresses; the usual ones unless named. */
  static ofAccount(account: ViewAccountKey, indices: Iterable<bigint> = USUAL_SUBADDRESSES): SubaddressTable {
    const table = new SubaddressTable();
    for (const index of indices) table.add(account.subaddressSpendPublicKey(index).encode(), index);
    return table;
  }

  /** Adds the subaddress with this spend public key (32 bytes). */
  add(spendPublicKey: Uint8Array, index: bigint): void {
    this.#indexOfKey.set(bytesToHex(spendPublicKey), index);
  }

  /** The index of the subaddress with this spend public key (32 bytes), if it is in the table. */
  find(spendPublicKey: Uint8Array): bigint | undefined {
    return this.#indexOfKey.get(bytesToHex(spendPublicKey));
  }

  get size(): number {
    return this.#indexOfKey.size;
  }
}
