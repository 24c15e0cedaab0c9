/** Rejections of the builders, the summary verifier and the offline signer (02 sections 2.18 to 2.20). */
export interface BuilderErrorCodes {
  /** Input credentials and the transaction builder; wrapped rejections are the cause. */
  builder:
    | "BlockVersionTooNew"
    | "FeatureNotSupportedAtBlockVersion"
    | "NoInputs"
    | "InvalidRingSize"
    | "MixedTransactionsNotAllowed"
    | "SignedInputRulesNotAllowed"
    | "MissingMembershipProofs"
    | "KeyError"
    | "TxOutConversion"
    | "BadAmount"
    | "NewTx"
    | "FogPublicKey"
    | "Memo"
    | "RingSignatureFailed"
    | "Signer";
  /** Signed contingent inputs: building, checking and filling them. */
  sci:
    | "BlockVersionTooOld"
    | "BlockVersionTooNew"
    | "BlockVersionMismatch"
    | "FeatureNotSupportedAtBlockVersion"
    | "Memo"
    | "MissingProofs"
    | "MissingRules"
    | "WrongNumberOfGlobalIndices"
    | "WrongNumberOfRequiredOutputAmounts"
    | "RequiredOutputMismatch"
    | "RingSignature"
    | "TxOutConversion"
    | "RevealedTxOut"
    | "AlreadyHavePartialFillChange"
    | "MissingPartialFillChange"
    | "ZeroPartialFillChange"
    | "ZeroPartialFillOutput"
    | "MinPartialFillValueExceedsPartialChange"
    | "PartialFillInputNotAllowedHere"
    | "PartialFillValueTooLarge"
    | "TokenIdMismatch"
    | "ChangeLimitExceeded";
  /** Records of unsigned transactions as received from outside (02 sections 2.20 and 2.22). */
  unsignedTx: "MissingField" | "InvalidContents" | "BlockVersion";
  /** Funding, redeeming and cancelling gift codes. */
  giftCode: "InsufficientFunds";
  /** What a signing device says of a transaction it is shown. */
  txSummary:
    | "ZipExact"
    | "BlockVersion"
    | "Key"
    | "MissingMaskedAmount"
    | "Amount"
    | "MissingTxPrivateKey"
    | "AddressVerificationFailed"
    | "MissingDataRequiredToVerifyTxOutRecipient"
    | "AmountVerificationFailed"
    | "NumericOverflow"
    | "BufferOverflow"
    | "UnexpectedOutput"
    | "UnexpectedInput"
    | "StillExpectingMoreOutputs"
    | "StillExpectingMoreInputs";
  /** JSON of the offline signer and its hand-over; `data.field` names the place. */
  offlineSigner:
    | "InvalidJson"
    | "InvalidField"
    | "LosslessJsonUnavailable"
    | "InvalidMnemonic"
    | "PresignedRing"
    | "AccountMismatch"
    | "TxosMismatch"
    | "PrefixMismatch"
    | "KeyImageMismatch"
    | "InvalidSignature";
}
