import { TransactionError } from "../error.ts";

declare const blockVersionBrand: unique symbol;

/** A block version that this implementation knows, 0 to 4 (02 section 2.1). Made by `blockVersion`. */
export type BlockVersion = number & { readonly [blockVersionBrand]: "BlockVersion" };

/** The newest block version this implementation knows. */
export const MAX_BLOCK_VERSION = 4 as BlockVersion;

/**
 * Checks that a number is a known block version.
 *
 * @throws TransactionError `UnsupportedBlockVersion` (area `blockVersion`) for anything but 0, 1, 2, 3, 4.
 */
export function blockVersion(version: number): BlockVersion {
  if (!Number.isInteger(version) || version < 0 || version > MAX_BLOCK_VERSION) {
    throw new TransactionError(
      "blockVersion",
      "UnsupportedBlockVersion",
      `block version ${version} is not supported, the newest known is ${MAX_BLOCK_VERSION}`,
      { data: { version, newest: MAX_BLOCK_VERSION } },
    );
  }
  return version as BlockVersion;
}

/** The first block version at which each feature is in force (02 section 2.1). */
const FEATURE_SINCE = {
  /** `TxOut.eMemo` is mandatory; forbidden before (MCIP 3). */
  encryptedMemos: 1,
  /** Outputs carry an 8-byte masked token id and fees may be in any token (MCIP 25). */
  maskedTokenId: 2,
  /** MintTx and MintConfigTx are allowed (MCIP 37). */
  mintTransactions: 2,
  /** Ring signatures sign the digest of the extended message, not the message itself (MCIP 25). */
  extendedMessageDigest: 2,
  /** `TxPrefix.outputs` strictly ascend by public key (MCIP 34). */
  sortedOutputs: 3,
  /** Several token ids in one transaction, a range proof for each (MCIP 31). */
  mixedTransactions: 3,
  /** `TxIn.inputRules` is allowed, partial fills included (MCIP 31, 42). */
  inputRules: 3,
  /** New outputs are built with version 2 masked amounts (MCIP 42). */
  maskedAmountV2: 3,
  /** Ring signatures sign the digest of extended message and transaction summary (MCIP 52). */
  txSummaryDigest: 3,
  /** `MintTxPrefix.eFogHint` is allowed (MCIP 53). */
  mintToFog: 3,
  /** Nested `SignerSet`s are allowed in mint configurations (MCIP 55). */
  nestedMultisigs: 3,
  /** Blocks carry metadata (MCIP 43). */
  blockMetadata: 3,
} as const satisfies Record<string, number>;

export type BlockVersionFeature = keyof typeof FEATURE_SINCE;

/** Whether a feature is in force at a block version. */
export function supports(version: BlockVersion, feature: BlockVersionFeature): boolean {
  return version >= FEATURE_SINCE[feature];
}

/** The first block version at which a feature is in force. */
export function firstVersionWith(feature: BlockVersionFeature): BlockVersion {
  return FEATURE_SINCE[feature] as BlockVersion;
}
