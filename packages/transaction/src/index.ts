export type { BuiltOutput } from "./builder/built-output.ts";
export { type DeviceMemo, deviceMemoMac } from "./builder/device-memo.ts";
export { type FogPublicKey, type FogResolver, MAX_TOMBSTONE_BLOCK } from "./builder/fog-resolver.ts";
export {
  type GiftCodeFundingOptions,
  type GiftCodeSpendingOptions,
  giftCodeCredentials,
  giftCodeOf,
  type PreparedGiftCode,
  type PreparedGiftCodeSpending,
  prepareGiftCode,
  prepareGiftCodeCancellation,
  prepareGiftCodeRedemption,
} from "./builder/gift-code-flows.ts";
export {
  type InputCredentials,
  type InputCredentialsOptions,
  inputCredentials,
} from "./builder/input-credentials.ts";
export { type InputSelection, selectInputs } from "./builder/input-selection.ts";
export { losslessJsonAvailable } from "./builder/lossless-json.ts";
export {
  createSignerSecrets,
  importSignerSecrets,
  signerAccount,
  signerAccountInfo,
  signTransaction,
  syncTxos,
} from "./builder/offline-signer.ts";
export {
  type AddressSource,
  type ReservedSubaddressOptions,
  reservedSubaddresses,
} from "./builder/reserved-subaddresses.ts";
export { type BalanceChange, sciBalance } from "./builder/sci-balance.ts";
export {
  SignedContingentInputBuilder,
  type SignedContingentInputBuilderOptions,
} from "./builder/sci-builder.ts";
export { signedContingentInputCodec } from "./builder/sci-codec.ts";
export {
  presignedRing,
  type SignedContingentInput,
  sciKeyImage,
  validateSignedContingentInput,
  withMembershipProofs,
} from "./builder/signed-contingent-input.ts";
export { acceptSignedTx, acceptSyncedTxos, txSignRequest } from "./builder/signer-hand-over.ts";
export {
  type AccountInfo,
  accountInfoFile,
  type OutputDisclosure,
  type SignerFile,
  type SignerSecrets,
  type SyncedTxo,
  signerSecretsFile,
  type TxoSyncRequest,
  type TxoSyncResponse,
  type TxSignRequest,
  type TxSignResponse,
  txoSyncRequestFile,
  txoSyncResponseFile,
  txSignRequestFile,
  txSignResponseFile,
  type UnsyncedTxo,
} from "./builder/signer-messages.ts";
export { decodeSigningData, encodeSigningData } from "./builder/signing-data-codec.ts";
export {
  type AddOutputOptions,
  TransactionBuilder,
  type TransactionBuilderOptions,
} from "./builder/transaction-builder.ts";
export {
  MAX_REPORT_BALANCES,
  type TransactionBalance,
  type TransactionEntity,
  type TxSummaryReport,
} from "./builder/tx-summary-report.ts";
export {
  TxSummaryVerifier,
  type TxSummaryVerifierOptions,
  type VerifiedTxSummary,
  verifyTxSummary,
} from "./builder/tx-summary-verifier.ts";
export {
  type TxOutSummaryUnblindingData,
  type TxSummaryUnblindingData,
  txSummaryUnblindingData,
} from "./builder/unblinding-data.ts";
export {
  outputSecretsOf,
  type SignTxOptions,
  signTx,
  signUnsignedTx,
  type UnsignedTx,
} from "./builder/unsigned-tx.ts";
export {
  decodeUnsignedTx,
  encodeUnsignedTx,
  txSummaryUnblindingDataCodec,
} from "./builder/unsigned-tx-codec.ts";
export {
  TransactionError,
  type TransactionErrorArea,
  type TransactionErrorCodes,
  type TransactionErrorOptions,
} from "./error.ts";
export { keyImageOf } from "./proofs/key-image.ts";
export { commit, valueGenerator } from "./proofs/pedersen.ts";
export type { RangeStatement } from "./proofs/range-equation.ts";
export { networkRangeParameters, type RangeParameters } from "./proofs/range-parameters.ts";
export { parseRangeProof, type RangeProof, serializeRangeProof } from "./proofs/range-proof.ts";
export { type ProvenRange, proveRange, proveRangeStatement } from "./proofs/range-prove.ts";
export {
  type RangeFailure,
  type TokenRangeStatement,
  verifyRange,
  verifyRangeBatch,
  verifyRangeStatements,
} from "./proofs/range-verify.ts";
export { type RingMember, type RingMLSAG, ringMLSAGDigestible } from "./proofs/ring-mlsag.ts";
export { keyImageCodec, ringMLSAGCodec } from "./proofs/ring-mlsag-codec.ts";
export { type SignRingOptions, signRing } from "./proofs/ring-sign.ts";
export { type VerifyRingOptions, verifyRing } from "./proofs/ring-verify.ts";
export {
  DEFAULT_FEE_MAP,
  type FeeMap,
  feeMapDigest,
  feeMapDigestible,
  feePriority,
  requireValidFeeMap,
} from "./tx/fee-map.ts";
export { type GovernorsMap, governorsMapDigest, governorsMapDigestible } from "./tx/governors.ts";
export type {
  InputRing,
  InputSecret,
  OnetimeKeyDeriveData,
  OutputSecret,
  PresignedInputRing,
  SignableInputRing,
} from "./tx/input-ring.ts";
export {
  type InputRules,
  inputRulesCodec,
  inputRulesDigest,
  type RevealedTxOut,
  type RuledTransaction,
  revealAmount,
  verifyInputRules,
} from "./tx/input-rules.ts";
export {
  deriveProofAtIndex,
  impliedMerkleRoot,
  isMembershipProofValid,
  MEMBERSHIP_HASH_LENGTH,
  MEMBERSHIP_NIL_HASH,
  type MembershipRange,
  membershipElementCodec,
  membershipElementDigestible,
  membershipNodeHash,
  membershipProofCodec,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "./tx/membership-proof.ts";
export {
  type MintConfig,
  type MintConfigTx,
  type MintConfigTxPrefix,
  type MintTx,
  type MintTxPrefix,
  mintConfigCodec,
  mintConfigTxCodec,
  mintConfigTxDigestible,
  mintConfigTxPrefixHash,
  mintTxCodec,
  mintTxDigestible,
  mintTxPrefixHash,
  signerSetCodec,
  type ValidatedMintConfigTx,
  validatedMintConfigTxCodec,
  validatedMintConfigTxDigestible,
} from "./tx/mint-tx.ts";
export {
  mintConfigTxFromApi,
  mintTxFromApi,
  signerSetFromApi,
  validatedMintConfigTxFromApi,
} from "./tx/mint-tx-from-api.ts";
export { type ReducedTxOut, reduceTxOut } from "./tx/reduced-tx-out.ts";
export {
  makeSigningData,
  type SigningData,
  type SigningDataOptions,
  type SignRingCtOptions,
  signRingCt,
  signRings,
} from "./tx/ring-ct-sign.ts";
export { keyImagesOf, type RingCtStatement, verifyRingCt, verifyRingCtBatch } from "./tx/ring-ct-verify.ts";
export { LocalRingSigner, type RingSigner } from "./tx/ring-signer.ts";
export { extendedMessageDigest, ringSigningMessage, type SignedParts } from "./tx/signing-digest.ts";
export {
  type SignatureRctBulletproofs,
  type Tx,
  type TxIn,
  type TxPrefix,
  txCodec,
  txDigestible,
  txHash,
  txInCodec,
  txInSignedDigest,
  txPrefixCodec,
  txPrefixHash,
} from "./tx/tx.ts";
export {
  membershipElementFromApi,
  membershipProofFromApi,
  ringMLSAGFromApi,
  txFromApi,
  txInFromApi,
  txOutFromApi,
  txPrefixFromApi,
} from "./tx/tx-from-api.ts";
export {
  summarizeTx,
  type TxInSummary,
  type TxOutSummary,
  type TxSummary,
  txSummaryCodec,
  txSummaryDigestible,
} from "./tx/tx-summary.ts";
export {
  memberRoots,
  type ValidationCandidate,
  type ValidationContext,
  validateAgain,
  validateTransaction,
  validateTransactions,
} from "./tx/validate.ts";
export { type MintValidationContext, validateMintConfigTx, validateMintTx } from "./tx/validate-mint.ts";
export { type Amount, amountCodec, type UnmaskedAmount, unmaskedAmountCodec } from "./tx-out/amount.ts";
export {
  type BlockVersion,
  type BlockVersionFeature,
  blockVersion,
  firstVersionWith,
  MAX_BLOCK_VERSION,
  supports,
} from "./tx-out/block-version.ts";
export {
  CONFIRMATION_NUMBER_LENGTH,
  confirmationNumber,
  validateConfirmationNumber,
} from "./tx-out/confirmation-number.ts";
export {
  DEFAULT_MINIMUM_FEE,
  MAX_INPUTS,
  MAX_MINT_CONFIG_TXS_PER_BLOCK,
  MAX_MINT_TXS_PER_BLOCK,
  MAX_OUTPUTS,
  MAX_TOMBSTONE_BLOCKS,
  MAX_TRANSACTIONS_PER_BLOCK,
  MINT_NONCE_LENGTH,
  MOB_TOKEN_ID,
  RING_SIZE,
  SMALLEST_MINIMUM_FEE_LOG2,
  TOTAL_MOB,
  UNITS_PER_MOB,
} from "./tx-out/constants.ts";
export { type CreatedTxOut, type CreateTxOutOptions, createTxOut } from "./tx-out/create-tx-out.ts";
export { encryptFogHint, fakeFogHint } from "./tx-out/fog-hint.ts";
export {
  GIFT_CODE_SHORT_HASH_LENGTH,
  giftCodeShortHash,
  type TxOutGiftCode,
  txOutGiftCodeCodec,
} from "./tx-out/gift-code.ts";
export { compressedRistrettoCodec, curveScalarCodec } from "./tx-out/key-codecs.ts";
export {
  amountSharedSecret,
  type MaskedAmount,
  type MaskedAmountVersion,
  type MaskedFields,
  maskAmount,
  maskAmountForBlockVersion,
  maskedAmountDigestible,
  maskedAmountEquals,
  maskedAmountOneof,
  reconstructMaskedAmount,
  recoverAmount,
  recoverAmountWithAmountSharedSecret,
} from "./tx-out/masked-amount.ts";
export {
  type AuthenticatedSender,
  type Destination,
  formatMemo,
  GIFT_CODE_FUNDING_NOTE_MAX_BYTES,
  GIFT_CODE_SENDER_NOTE_MAX_BYTES,
  MEMO_PAYLOAD_LENGTH,
  type Memo,
  type MemoFields,
  type MemoKind,
  type MemoOf,
  memoTypeOf,
  parseMemo,
} from "./tx-out/memo.ts";
export {
  isTrustedByLocation,
  type MemoAuthentication,
  memoAuthentication,
} from "./tx-out/memo-authenticity.ts";
export { BurnRedemptionMemoBuilder } from "./tx-out/memo-builders/burn-redemption-memo-builder.ts";
export { DefragmentationMemoBuilder } from "./tx-out/memo-builders/defragmentation-memo-builder.ts";
export { EmptyMemoBuilder } from "./tx-out/memo-builders/empty-memo-builder.ts";
export { GiftCodeCancellationMemoBuilder } from "./tx-out/memo-builders/gift-code-cancellation-memo-builder.ts";
export { GiftCodeFundingMemoBuilder } from "./tx-out/memo-builders/gift-code-funding-memo-builder.ts";
export { GiftCodeSenderMemoBuilder } from "./tx-out/memo-builders/gift-code-sender-memo-builder.ts";
export type { MemoBuilder, MemoContext, ReservedSubaddresses } from "./tx-out/memo-builders/memo-builder.ts";
export { RthMemoBuilder, type RthMemoOptions } from "./tx-out/memo-builders/rth-memo-builder.ts";
export { decryptMemo, encryptMemo } from "./tx-out/memo-encryption.ts";
export { MAX_MEMO_FEE } from "./tx-out/memo-field.ts";
export {
  createOnetimeKeys,
  type OnetimeKeys,
  recoverOnetimePrivateKey,
  recoverSharedSecret,
  recoverSubaddressSpendKey,
} from "./tx-out/onetime-keys.ts";
export {
  checkReceipt,
  type Receipt,
  type ReceiptCheck,
  receiptCodec,
  receiptMatchesTxOut,
} from "./tx-out/receipt.ts";
export {
  type OrphanedTxOut,
  type OwnedTxOut,
  type ScanHit,
  type ScannableTxOut,
  type ScanOptions,
  scanTxOuts,
} from "./tx-out/scan.ts";
export {
  createSenderMemo,
  type SenderMemoCredential,
  type SenderMemoStatement,
  validateSenderMemo,
} from "./tx-out/sender-memo.ts";
export { SubaddressTable, USUAL_SUBADDRESSES } from "./tx-out/subaddress-table.ts";
export {
  ENCRYPTED_FOG_HINT_LENGTH,
  ENCRYPTED_MEMO_LENGTH,
  type TxOut,
  txOutCodec,
  txOutDigestible,
  txOutEquals,
  txOutEqualsIgnoringAmount,
  txOutHash,
  txOutMerkleLeaf,
} from "./tx-out/tx-out.ts";
export {
  type RecordedTokenId,
  type RecoveredTxOut,
  recoverTxOutFromRecord,
  type TxOutRecord,
  txOutRecordCodec,
} from "./tx-out/tx-out-record.ts";
export { matchViewKey, type ViewKeyMatch } from "./tx-out/view-key-match.ts";
