/** Refusals of the enclave's work (04 section 2.14.5). */
type EnclaveErrorCode =
  /** A block cannot be formed from what was given; the message says why. */
  | "FormBlock"
  | "BlockVersion"
  | "MalformedTx"
  | "MalformedMintingTx"
  | "InvalidLocalMembershipProof"
  | "InvalidLocalMembershipRootElement"
  | "TokenNotYetConfigured"
  | "FeeMapDigestMismatch"
  | "MissingGovernors"
  /** What should be a transaction, or a list of them, does not decode. */
  | "Serialization"
  /** What the host gave back was not encrypted by this run of the enclave for that purpose. */
  | "CacheCipher"
  /** What was sealed was not sealed by this enclave. */
  | "IntelSealing"
  | "NotInitialized"
  | "AlreadyInitialized"
  /** The fee recipient's keys are none. */
  | "FeePublicAddress"
  | "ParseMintingTrustRootPublicKey";

/** Refusals of messages, files and other documents as such (04 section 2.7, 2.15, 2.16). */
type DocumentErrorCode =
  /** Not CBOR, JSON or TOML at all, or with something behind its end. */
  | "Malformed"
  /** A value is missing, of the wrong kind or outside its range; the message names the place. */
  | "InvalidField"
  /** Longer, deeper or with more keys than is read. */
  | "LimitExceeded";

/** Refusals of consensus messages (04 section 2.7). */
type MessageErrorCode =
  /** Slot 0 has no block before it that a message could name. */
  "ZeroSlot";

/** Refusals of configurations, named as in 04 section 2.14.1 and 2.15. */
type ConfigErrorCode =
  /** The name of a network file says neither TOML nor JSON. */
  | "UnknownFileExtension"
  | "InvalidUri"
  | "KnownPeersContainsSelf"
  | "DuplicateResponderId"
  | "MissingTxSourceUrls"
  | "InvalidQuorumSet"
  /** A member of the quorum set is neither a broadcast nor a known peer. */
  | "UnknownQuorumSetMember"
  | "DuplicateTokenConfig"
  | "MissingMobConfig"
  | "MissingMinimumFee"
  | "FeeOutOfBounds"
  | "AllowAnyFeeNotAllowed"
  | "MintConfigNotAllowed"
  | "UnknownSignerIdentity"
  | "NestingTooDeep"
  | "SignerSetValidationFailed"
  /** The governors of a token are no valid signer set. */
  | "InvalidSignerSet"
  /** Token 0 has governors. */
  | "MobTokenNotAllowed"
  | "MissingGovernorsSignature"
  | "InvalidGovernorsSignature"
  | "NestedMultiSigGovernorsNotSupported";

/** Refusals of the tools that make mint transactions (04 section 2.16). */
type MintToolErrorCode =
  /** Files that are to be merged hold different transactions. */
  | "DifferentTransactions"
  | "MissingSignature"
  | "MissingTombstone"
  /** No answer, or none for the moment: the same call may succeed later. */
  | "NodeUnavailable"
  /** The node answered that it does not do what it is asked. */
  | "NodeRefused";

export type ConsensusErrorCode =
  | EnclaveErrorCode
  | DocumentErrorCode
  | MessageErrorCode
  | ConfigErrorCode
  | MintToolErrorCode;

/** A refusal of the consensus part. */
export class ConsensusError extends Error {
  readonly code: ConsensusErrorCode;

  constructor(code: ConsensusErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ConsensusError";
    this.code = code;
  }
}
