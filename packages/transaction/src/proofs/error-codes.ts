/** Rejections of ring signatures and range proofs (02 sections 2.11, 2.12 and 3). */
export interface ProofErrorCodes {
  "ring-signature":
    | "EmptyRing"
    | "LengthMismatch"
    | "IndexOutOfBounds"
    | "InvalidCurvePoint"
    | "InvalidSignature"
    | "InvalidKeyImage"
    | "ValueNotConserved";
  "range-proof":
    | "VerificationError"
    | "FormatError"
    | "WrongNumBlindingFactors"
    | "InvalidBitsize"
    | "InvalidAggregation"
    | "InvalidGeneratorsLength"
    | "ResizeError"
    | "ValueOutOfRange";
}
