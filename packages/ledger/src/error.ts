/** Every refusal of the ledger part (03 section 3), by area; each code is named as the protocol names it. */
export interface LedgerErrorCodes {
  /** Converting records from outside (03 sections 2.6 and 2.8.3). */
  conversion:
    | "ArrayCastError"
    | "InvalidContents"
    | "InvalidSignature"
    | "KeyCastError"
    | "MissingField"
    | "ObjectMissing"
    | "Other"
    | "UnsupportedBlockVersion";
  /** Appending a block to a store (03 sections 2.9.1 and 2.9.2). */
  store:
    | "BlockMetadataRequired"
    | "CapacityExceeded"
    | "Corrupt"
    | "DuplicateMintConfigTx"
    | "DuplicateMintTx"
    | "DuplicateOutputPublicKey"
    | "IO"
    | "InvalidBlockContents"
    | "InvalidBlockID"
    | "InvalidBlockIndex"
    | "InvalidBlockVersion"
    | "InvalidMintConfig"
    | "InvalidParentBlockID"
    | "KeyExist"
    | "KeyImageAlreadySpent"
    | "MintLimitExceeded"
    | "MissingMaskedAmount"
    | "NoKeyImages"
    | "NoOutputs"
    | "NotFound"
    | "TooFewOutputs"
    | "TotalMintedAmountCannotDecrease"
    | "TxOutIndexOutOfBounds"
    | "VersionIncompatible";
  /** The Merkle tree of TxOuts (03 section 2.7). */
  merkle: "CapacityExceeded" | "NoOutputs" | "TxOutIndexOutOfBounds";
  /** Who may sign metadata, and when (03 section 2.6.1). */
  metadataSigners:
    | "InvalidConfig"
    | "InvalidPemTag"
    | "InvalidPubKey"
    | "InvalidPubKeyValue"
    | "Signature"
    | "UnknownPubKey"
    | "UnrecognizedExtension";
  /** A chain that does not hold together, beyond what appending checks. */
  chain:
    | "BlockIndex"
    | "BlockMetadata"
    | "BlockSignature"
    | "ContentsHash"
    | "CumulativeTxOutCount"
    | "KeyImageAlreadySpent"
    | "DuplicateOutputPublicKey"
    | "ParentBlockID"
    | "RootElement"
    | "BlockID"
    | "BlockVersion";
  /** The light client (03 section 2.15). */
  lightClient:
    | "BlockContentHashMismatch"
    | "BlockDataMismatch"
    | "BlockIdMismatch"
    | "BlockMetadataSignature"
    | "InvalidBlockId"
    | "InvalidConfig"
    | "NoBlockData"
    | "NoMatchingValidatorSet"
    | "NotAQuorum"
    | "TxOutNotFound";
  /** Reading and writing archives (03 section 2.8). */
  archive:
    | "DestinationMismatch"
    | "IO"
    | "InvalidBlockReceived"
    | "NoUrlsConfigured"
    | "NotAnArchive"
    | "ReqwestError"
    | "UnknownScheme"
    | "UrlParse";
}

export type LedgerErrorArea = keyof LedgerErrorCodes;

export interface LedgerErrorOptions {
  readonly cause?: unknown;
  /** Indices, counts, versions and file names that explain the refusal. */
  readonly data?: Readonly<Record<string, number | bigint | string>>;
}

/** A refusal by the rules of part 03: `area` names the rule book, `code` the rule. */
export class LedgerError<Area extends LedgerErrorArea = LedgerErrorArea> extends Error {
  readonly area: Area;
  readonly code: LedgerErrorCodes[Area];
  readonly data: Readonly<Record<string, number | bigint | string>>;

  constructor(area: Area, code: LedgerErrorCodes[Area], message: string, options: LedgerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LedgerError";
    this.area = area;
    this.code = code;
    this.data = options.data ?? {};
  }
}
