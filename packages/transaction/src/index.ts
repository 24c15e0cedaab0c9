export {
  TransactionError,
  type TransactionErrorArea,
  type TransactionErrorCodes,
  type TransactionErrorOptions,
} from "./error.ts";
export { keyImageOf } from "./proofs/key-image.ts";
export { commit, valueGenerator } from "./proofs/pedersen.ts";
export { networkRangeParameters, type RangeParameters } from "./proofs/range-parameters.ts";
export { parseRangeProof, type RangeProof, serializeRangeProof } from "./proofs/range-proof.ts";
export { type ProvenRange, proveRange, proveRangeStatement } from "./proofs/range-prove.ts";
export {
  type RangeFailure,
  type RangeStatement,
  type TokenRangeStatement,
  verifyRange,
  verifyRangeBatch,
  verifyRangeStatements,
} from "./proofs/range-verify.ts";
export { type RingMember, type RingMLSAG, ringMLSAGDigestible } from "./proofs/ring-mlsag.ts";
export { type SignRingOptions, signRing } from "./proofs/ring-sign.ts";
export { type VerifyRingOptions, verifyRing } from "./proofs/ring-verify.ts";
