/** Rejections of ring signatures and range proofs (02 sections 2.11 and 2.12). */
export interface ProofErrorCodes {
  "ring-signature":
    | "LengthMismatch"
    | "IndexOutOfBounds"
    | "InvalidCurvePoint"
    | "InvalidSignature"
    | "InvalidKeyImage"
    | "ValueNotConserved";
}
