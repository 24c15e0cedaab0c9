export {
  type BlockchainConfig,
  blockchainConfigDigest,
  DEFAULT_MINTING_TRUST_ROOT,
  signGovernors,
  TEST_MINTING_TRUST_ROOT_SEED,
  validateBlockchainConfig,
  verifyGovernorsSignature,
} from "./config/blockchain-config.ts";
export {
  formatNetworkConfig,
  type NetworkConfig,
  type NetworkFileFormat,
  type NetworkPeer,
  networkFileFormat,
  parseNetworkConfig,
  type QuorumSetConfig,
  type QuorumSetMemberConfig,
  type ResolvedNetwork,
  resolveNetworkConfig,
} from "./config/network-config.ts";
export {
  resolveSignerIdentity,
  type SignerIdentities,
  type SignerIdentity,
} from "./config/signer-identity.ts";
export {
  DEFAULT_TOKENS_CONFIG,
  parseTokensConfig,
  type TokensConfig,
  withGovernorsSignature,
} from "./config/tokens-config.ts";
export { type FeeOutputsOptions, feeOutputs, mintOutputs, type RecipientKeys } from "./enclave-outputs.ts";
export { ConsensusError, type ConsensusErrorCode } from "./error.ts";
export { type FeeAmount, feeAmounts, zeroSort } from "./fee-amounts.ts";
export {
  type BlockchainRules,
  type ConfiguredMintTx,
  commonRoot,
  type FormBlockInputs,
  formBlock,
  type ProvenTx,
} from "./form-block.ts";
export {
  type CombinableTx,
  type CombineLookups,
  type ConsensusMessage,
  type ConsensusValue,
  combineValues,
  compareConsensusValues,
  consensusMessageDigest,
  consensusMessageHash,
  consensusValueKey,
  decodeConsensusMessage,
  decodeTxProposeAad,
  encodeConsensusMessage,
  encodeTxProposeAad,
  signConsensusMessage,
  type TxProposeAad,
  verifyConsensusMessage,
} from "./messages/index.ts";
export { type MintConfigRequest, parseMintConfigFile } from "./mint/mint-config-file.ts";
export {
  defaultMintTombstone,
  type MintPrefixOptions,
  type MintRequest,
  mintConfigTxPrefix,
  mintTxPrefix,
} from "./mint/mint-prefix.ts";
export {
  formatMintTransaction,
  type MintTransaction,
  mergeMintTransactions,
  mintTransactionHash,
  parseMintTransaction,
  parseSignature,
  signMintTransaction,
  withSignatures,
} from "./mint/mint-transaction.ts";
export {
  ConsensusNodeClient,
  type ConsensusNodeClientOptions,
  type LastBlockInfo,
  type MintProposal,
} from "./mint/node-client.ts";
export { PROPOSE_TX_RESULTS, type ProposeTxResult, proposeTxResultOf } from "./propose-tx-result.ts";
