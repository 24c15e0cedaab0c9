export type ConsensusErrorCode =
  /** A block cannot be formed from what was given; the message says why. */
  | "FormBlock"
  | "BlockVersion"
  | "MalformedTx"
  | "MalformedMintingTx"
  | "InvalidLocalMembershipProof"
  | "InvalidLocalMembershipRootElement"
  | "TokenNotYetConfigured"
  | "FeeMapDigestMismatch"
  | "MissingGovernors";

/** A refusal of the consensus part (04 section 2.14.5). */
export class ConsensusError extends Error {
  readonly code: ConsensusErrorCode;

  constructor(code: ConsensusErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ConsensusError";
    this.code = code;
  }
}
