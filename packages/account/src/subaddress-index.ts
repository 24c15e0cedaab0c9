import { AccountError } from "./error.ts";

const U64_MAX = 2n ** 64n - 1n;

/** The address an account shows by default. */
export const DEFAULT_SUBADDRESS = 0n;
/** Where change goes (2^64-2). */
export const CHANGE_SUBADDRESS = U64_MAX - 1n;
/** Where outputs that gift codes spend were sent first (2^64-3). */
export const GIFT_CODE_SUBADDRESS = U64_MAX - 2n;
/** Stands for "no subaddress" (2^64-1). Derivation works for it as for any other; callers must not use it. */
export const INVALID_SUBADDRESS = U64_MAX;
/** From here on (2^63) indexes are reserved: never assign one to a contact. */
export const FIRST_RESERVED_SUBADDRESS = 2n ** 63n;

/** Throws `IndexOutOfRange` unless `index` is a u64. */
export function requireSubaddressIndex(index: bigint): void {
  if (index < 0n || index > U64_MAX) {
    throw new AccountError("IndexOutOfRange", "a subaddress index must be of 0..2^64-1");
  }
}
