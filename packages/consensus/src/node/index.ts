export type { ConsensusStatus } from "./byzantine-ledger.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { ConsensusEnclave } from "./consensus-enclave.ts";
export { ConsensusNode, type ConsensusNodeOptions, type ConsensusNodeStatus } from "./consensus-node.ts";
export { NodeError, type NodeErrorCode } from "./error.ts";
export { SealedKeyFile } from "./sealed-key-file.ts";
