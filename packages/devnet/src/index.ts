export { ControlServer, type NetworkCommand } from "./control-server.ts";
export {
  commandDevnet,
  connectDevnet,
  DEFAULT_TOPOLOGY,
  Devnet,
  type DevnetConnection,
  type DevnetOptions,
  devnetStatus,
  newestLedgerFolder,
  removeNetwork,
} from "./devnet.ts";
export {
  DEVNET_ACCOUNT_COUNT,
  DEVNET_TEST_PHRASE,
  devnetAccount,
  devnetAccountName,
} from "./devnet-accounts.ts";
export { OUTPUTS_PER_ACCOUNT } from "./devnet-ledger.ts";
export { DevnetError, type DevnetErrorCode } from "./error.ts";
export { NetworkAccess } from "./network-access.ts";
export {
  clientResponderId,
  DEVNET_CHAIN_ID,
  governorKeyFile,
  hasNetworkPlan,
  type NetworkPlan,
  type NodePlan,
  nodeArchiveFolder,
  nodeLedgerFolder,
  peerResponderId,
  readNetworkPlan,
} from "./network-plan.ts";
export type { NodeHost, NodeStatus } from "./node-host.ts";
export { runNode } from "./run-node.ts";
export { DEVNET_BLOCK_VERSION } from "./store-access.ts";
export { TOPOLOGIES, topologyOf } from "./topology.ts";
