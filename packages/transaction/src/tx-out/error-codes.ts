/** Rejections about block versions, amounts, one-time keys, memos and gift codes (02 sections 2.1 to 2.7 and 3). */
export interface TxOutErrorCodes {
  blockVersion: "UnsupportedBlockVersion";
  /** Masking and recovering amounts (02 section 2.5). */
  amount:
    | "InconsistentCommitment"
    | "InvalidMaskedTokenId"
    | "MissingMaskedAmount"
    | "TokenIdNotSupportedAtBlockVersion"
    | "AmountVersionTooOldForAmountSharedSecret";
  /** Creating and opening outputs (02 sections 2.4 and 2.6); `Amount` and `Memo` carry the inner rejection as cause. */
  txOut: "Key" | "Amount" | "Memo" | "UnknownMaskedAmountVersion";
  /** Recovering outputs from Fog records (06 section 2.4). */
  txOutRecord: "Key" | "Memo" | "Amount" | "ChecksumMismatch";
  /** Parsing and formatting memos (02 section 2.7.2). */
  memo: "BadLength" | "Utf8Decoding" | "MaxFeeExceeded" | "FeeTooLarge" | "UnknownMemoType";
  /** Memo builders (02 section 2.7.5). */
  memoBuilder:
    | "InvalidRecipient"
    | "MultipleOutputs"
    | "OutputsAfterChange"
    | "MultipleChangeOutputs"
    | "MissingOutput"
    | "MixedTokenIds"
    | "LimitsExceeded"
    | "DefragWithChange"
    | "BadInputs"
    | "DestinationMemoNotAllowed"
    | "FeeAfterChange"
    | "MaxFeeExceeded"
    | "RequestAndIntentIdSet";
}
