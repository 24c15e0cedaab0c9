/** Rejections of whole transactions and of what they are made of (02 sections 2.8 to 2.17, 2.21 and 3). */
export interface TxErrorCodes {
  /** Membership proofs (02 section 2.8, 03 section 2.7). */
  membership:
    | "HighestIndexMismatch"
    | "IncorrectLeafHash"
    | "MissingLeafHash"
    | "NumericLimitsExceeded"
    | "RangeError"
    | "RootNotCoveringZero"
    | "UnexpectedMembershipElement";
  /** Outputs whose amount is revealed to all (02 section 2.16, step 4). */
  revealedTxOut: "InvalidAmountSharedSecret" | "TxOutConversion" | "Amount";
  /** Rules of an input (02 section 2.16). */
  inputRule:
    | "FractionalChangeOutputAmountExceedsLimit"
    | "FractionalOutputAmountDoesNotRespectFillFraction"
    | "FractionalOutputTokenIdMismatch"
    | "MaxTombstoneBlockExceeded"
    | "MinPartialFillValueExceedsPartialFillChange"
    | "MinPartialFillValueNotExpected"
    | "MissingFractionalChangeOutput"
    | "MissingFractionalOutput"
    | "MissingRequiredOutput"
    | "PartialFillOutputsNotExpected"
    | "RevealedTxOut"
    | "ZeroPartialFillChange";
  /** Making and checking the signatures of a transaction (02 sections 2.13 and 2.14). */
  ringCt:
    | "AllRingsPresigned"
    | "DuplicateKeyImage"
    | "IndexOutOfBounds"
    | "InvalidRingSize"
    | "LengthMismatch"
    | "MissingOutputTokenIds"
    | "MissingPseudoOutputTokenIds"
    | "MissingRangeProofs"
    | "MixedTransactionsNotAllowed"
    | "NoCommitmentsForTokenId"
    | "NoInputs"
    | "OutputTokenIdsNotAllowed"
    | "PseudoOutputTokenIdsNotAllowed"
    | "RangeProof"
    | "RangeProofDeserialization"
    | "RingSignature"
    | "SignedInputRulesNotAllowed"
    | "Signer"
    | "TokenIdNotAllowed"
    | "TooManyRangeProofs"
    | "UnexpectedRangeProof"
    | "ValueNotConserved"
    | "ZipExact";
  /** Whoever holds the keys of a ring's real member (02 section 2.11). */
  ringSigner: "NoPathToSpendKey" | "RealInputIndexOutOfBounds" | "RingSignature" | "TrueInputNotOwned";
  /** A transaction that a node does not accept, one code a rule of the table (02 section 2.15). */
  validation:
    | "DuplicateOutputPublicKey"
    | "DuplicateRingElements"
    | "ExcessiveRingSize"
    | "InputRule"
    | "InputRulesNotAllowed"
    | "InsufficientRingSize"
    | "InvalidLedgerContext"
    | "InvalidTransactionSignature"
    | "InvalidTxOutMembershipProof"
    | "Ledger"
    | "MaskedTokenIdNotAllowed"
    | "MembershipProofValidationError"
    | "MemosNotAllowed"
    | "MissingMaskedTokenId"
    | "MissingMemo"
    | "MissingTxOutMembershipProof"
    | "NoInputs"
    | "NoOutputs"
    | "TombstoneBlockExceeded"
    | "TombstoneBlockTooFar"
    | "TooManyInputs"
    | "TooManyOutputs"
    | "TxFeeError"
    | "UnknownMaskedAmountVersion"
    | "UnsortedInputs"
    | "UnsortedOutputs"
    | "UnsortedRingElements";
  /** A network's minimum fees (02 section 2.17). */
  feeMap: "InvalidFeeNotDivisible" | "InvalidFeeTooSmall" | "MissingFee";
  /** Mint and mint configuration transactions (02 section 2.21). */
  mint:
    | "AmountExceedsMintLimit"
    | "InvalidBlockVersion"
    | "InvalidNonceLength"
    | "InvalidSignature"
    | "InvalidSignerSet"
    | "InvalidTokenId"
    | "MintingToFogNotSupported"
    | "TombstoneBlockExceeded"
    | "TombstoneBlockTooFar";
  /** Converting API messages, which are checked more strictly than the ledger form (02 section 2.22). */
  conversion: "ArrayCastError" | "KeyCastError" | "ObjectMissing" | "Other";
}
