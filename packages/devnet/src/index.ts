export { connectDevnet, Devnet, type DevnetConnection, type DevnetOptions } from "./devnet.ts";
export {
  DEVNET_ACCOUNT_COUNT,
  DEVNET_TEST_PHRASE,
  devnetAccount,
  devnetAccountName,
} from "./devnet-accounts.ts";
export { hasDevnetLedger, ledgerFolder, OUTPUTS_PER_ACCOUNT, openDevnetLedger } from "./devnet-ledger.ts";
export { DevnetError, type DevnetErrorCode } from "./error.ts";
export { LocalNode, type LocalNodeOptions } from "./local-node.ts";
export { DEVNET_BLOCK_VERSION } from "./store-access.ts";
