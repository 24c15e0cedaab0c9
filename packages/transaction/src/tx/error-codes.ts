/** Rejections of whole transactions, input rules, fee maps, membership proofs and mint transactions (02). */
export interface TxErrorCodes {
  membership: "HighestIndexMismatch";
}
