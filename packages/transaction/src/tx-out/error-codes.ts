/** Rejections about amounts, one-time keys and memos (02 sections 2.4 to 2.7 and 3). */
export interface TxOutErrorCodes {
  amount:
    | "InconsistentCommitment"
    | "InvalidMaskedTokenId"
    | "MissingMaskedAmount"
    | "TokenIdNotSupportedAtBlockVersion"
    | "AmountVersionTooOldForAmountSharedSecret";
}
