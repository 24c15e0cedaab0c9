/** Rejections of the builders and the offline signer (02 sections 2.18 to 2.20). */
export interface BuilderErrorCodes {
  builder: "NoInputs";
}
