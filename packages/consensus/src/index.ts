export {
  type FeeOutputOptions,
  feeOutput,
  type MintOutputOptions,
  mintOutput,
  type RecipientKeys,
} from "./enclave-outputs.ts";
export { ConsensusError, type ConsensusErrorCode } from "./error.ts";
export { type FeeAmount, feeAmounts, zeroSort } from "./fee-amounts.ts";
export {
  type BlockchainRules,
  type ConfiguredMintTx,
  type FormBlockInputs,
  formBlock,
  type ProvenTx,
} from "./form-block.ts";
export { PROPOSE_TX_RESULTS, type ProposeTxResult, proposeTxResultOf } from "./propose-tx-result.ts";
