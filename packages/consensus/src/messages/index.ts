export { type CombinableTx, type CombineLookups, combineValues } from "./combine-values.ts";
export {
  type ConsensusMessage,
  consensusMessageDigest,
  consensusMessageHash,
  signConsensusMessage,
  verifyConsensusMessage,
} from "./consensus-message.ts";
export {
  type ConsensusValue,
  compareConsensusValues,
  consensusValueKey,
} from "./consensus-value.ts";
export { decodeConsensusMessage, encodeConsensusMessage } from "./message-codec.ts";
export { decodeTxProposeAad, encodeTxProposeAad, type TxProposeAad } from "./tx-propose-aad.ts";
