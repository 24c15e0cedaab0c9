export { consensusEnclave } from "../enclave-api/index.ts";
export {
  consensusEnclaveBundle,
  type RunningConsensusEnclave,
  type StartConsensusEnclaveOptions,
  startConsensusEnclave,
} from "./start-consensus-enclave.ts";
