import { TransactionError, type TransactionErrorCodes } from "@mobilecoin-ts/transaction";
import { ConsensusError } from "./error.ts";

/** `ProposeTxResult`: a consensus node's answer to a proposed transaction, by its number on the wire (04 section 2.9). */
export const PROPOSE_TX_RESULTS = {
  Ok: 0,
  InputsProofsLengthMismatch: 10,
  NoInputs: 11,
  TooManyInputs: 12,
  InsufficientInputSignatures: 13,
  InvalidInputSignature: 14,
  InvalidTransactionSignature: 15,
  InvalidRangeProof: 16,
  InsufficientRingSize: 17,
  TombstoneBlockExceeded: 18,
  TombstoneBlockTooFar: 19,
  NoOutputs: 20,
  TooManyOutputs: 21,
  ExcessiveRingSize: 22,
  DuplicateRingElements: 23,
  UnsortedRingElements: 24,
  UnequalRingSizes: 25,
  UnsortedKeyImages: 26,
  ContainsSpentKeyImage: 27,
  DuplicateKeyImages: 28,
  DuplicateOutputPublicKey: 29,
  ContainsExistingOutputPublicKey: 30,
  MissingTxOutMembershipProof: 31,
  InvalidTxOutMembershipProof: 32,
  InvalidRistrettoPublicKey: 33,
  InvalidLedgerContext: 34,
  Ledger: 35,
  MembershipProofValidationError: 36,
  TxFeeError: 37,
  KeyError: 38,
  UnsortedInputs: 39,
  MissingMemo: 40,
  MemosNotAllowed: 41,
  TokenNotYetConfigured: 42,
  MissingMaskedTokenId: 43,
  MaskedTokenIdNotAllowed: 44,
  UnsortedOutputs: 45,
  InputRulesNotAllowed: 46,
  InputRuleMissingRequiredOutput: 47,
  InputRuleMaxTombstoneBlockExceeded: 48,
  UnknownMaskedAmountVersion: 49,
  InputRulePartialFill: 50,
  InputRuleInvalidAmountSharedSecret: 51,
  InputRuleTxOutConversion: 52,
  InputRuleAmount: 53,
  LedgerTxOutIndexOutOfBounds: 54,
  FeeMapDigestMismatch: 55,
} as const;

export type ProposeTxResult = keyof typeof PROPOSE_TX_RESULTS;

const OF_INPUT_RULE: { readonly [Code in TransactionErrorCodes["inputRule"]]: ProposeTxResult } = {
  MissingRequiredOutput: "InputRuleMissingRequiredOutput",
  MaxTombstoneBlockExceeded: "InputRuleMaxTombstoneBlockExceeded",
  RevealedTxOut: "InputRuleAmount",
  FractionalChangeOutputAmountExceedsLimit: "InputRulePartialFill",
  FractionalOutputAmountDoesNotRespectFillFraction: "InputRulePartialFill",
  FractionalOutputTokenIdMismatch: "InputRulePartialFill",
  MinPartialFillValueExceedsPartialFillChange: "InputRulePartialFill",
  MinPartialFillValueNotExpected: "InputRulePartialFill",
  MissingFractionalChangeOutput: "InputRulePartialFill",
  MissingFractionalOutput: "InputRulePartialFill",
  PartialFillOutputsNotExpected: "InputRulePartialFill",
  ZeroPartialFillChange: "InputRulePartialFill",
};

const OF_REVEALED_TX_OUT: { readonly [Code in TransactionErrorCodes["revealedTxOut"]]: ProposeTxResult } = {
  InvalidAmountSharedSecret: "InputRuleInvalidAmountSharedSecret",
  TxOutConversion: "InputRuleTxOutConversion",
  Amount: "InputRuleAmount",
};

/**
 * The answer that a refusal of a transaction gives its sender; undefined for failures that are not about the
 * transaction.
 */
export function proposeTxResultOf(error: unknown): ProposeTxResult | undefined {
  if (error instanceof ConsensusError) {
    return error.code === "TokenNotYetConfigured" || error.code === "FeeMapDigestMismatch"
      ? error.code
      : undefined;
  }
  if (!(error instanceof TransactionError) || error.area !== "validation") return undefined;
  if (error.code !== "InputRule") return isProposeTxResult(error.code) ? error.code : undefined;
  const rule = error.cause;
  if (!isOfArea(rule, "inputRule")) return undefined;
  return isOfArea(rule.cause, "revealedTxOut")
    ? OF_REVEALED_TX_OUT[rule.cause.code]
    : OF_INPUT_RULE[rule.code];
}

function isProposeTxResult(name: string): name is ProposeTxResult {
  return Object.hasOwn(PROPOSE_TX_RESULTS, name);
}

function isOfArea<Area extends "inputRule" | "revealedTxOut">(
  error: unknown,
  area: Area,
): error is TransactionError<Area> {
  return error instanceof TransactionError && error.area === area;
}
