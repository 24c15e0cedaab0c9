import {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  type PublicAddress,
} from "@mobilecoin-ts/account";
import type { ReservedSubaddresses } from "../tx-out/memo-builders/memo-builder.ts";

export interface ReservedSubaddressOptions {
  /** Where change goes; 2^64-2 unless given. Another index hides change from wallets that look there. */
  readonly changeIndex?: bigint;
  /** Where gift codes are funded; 2^64-3 unless given. */
  readonly giftCodeIndex?: bigint;
}

/** Whoever knows an account's addresses: an `AccountKey`, or the `ViewAccountKey` of an account without Fog. */
export interface AddressSource {
  subaddress(index: bigint): PublicAddress;
}

/**
 * The addresses an account pays itself on (02 section 2.18): primary is subaddress 0, whose view key goes into the Fog
 * hints of change and gift code outputs. Throws AccountError `IndexOutOfRange` for an index that is no u64.
 */
export function reservedSubaddresses(
  account: AddressSource,
  options: ReservedSubaddressOptions = {},
): ReservedSubaddresses {
  return {
    primaryAddress: account.subaddress(DEFAULT_SUBADDRESS),
    changeSubaddress: account.subaddress(options.changeIndex ?? CHANGE_SUBADDRESS),
    giftCodeSubaddress: account.subaddress(options.giftCodeIndex ?? GIFT_CODE_SUBADDRESS),
  };
}
