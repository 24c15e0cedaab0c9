import { AccountKey } from "@mobilecoin-ts/account";

/**
 * The phrase all funded accounts of a local network come from. It is public: whatever is paid to these accounts on any
 * other network can be taken by everyone.
 */
export const DEVNET_TEST_PHRASE =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon " +
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

/** How many accounts the origin block of a local network funds. */
export const DEVNET_ACCOUNT_COUNT = 4;

/** Name of a funded account, `devnet-0` and so on. */
export function devnetAccountName(index: number): string {
  return `devnet-${index}`;
}

/** The funded account at an SLIP-10 account index of the test phrase. */
export function devnetAccount(index: number): AccountKey {
  return AccountKey.fromMnemonic(DEVNET_TEST_PHRASE, index);
}
