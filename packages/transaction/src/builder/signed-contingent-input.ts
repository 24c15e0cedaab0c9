import { compareBytes } from "@mobilecoin-ts/crypto";
import { TransactionError } from "../error.ts";
import { commit } from "../proofs/pedersen.ts";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import { verifyRing } from "../proofs/ring-verify.ts";
import { rejectedAs } from "../rejection.ts";
import type { PresignedInputRing } from "../tx/input-ring.ts";
import { type InputRules, revealAmount } from "../tx/input-rules.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import { reduceTxOut } from "../tx/reduced-tx-out.ts";
import { type TxIn, txInSignedDigest } from "../tx/tx.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import type { BuilderErrorCodes } from "./error-codes.ts";

/**
 * An offer that anyone can accept (MCIP 31 and 42, 02 section 2.19): an input that is signed, and spends only in a
 * transaction that keeps its rules. Whoever accepts it learns the input's amount but not which ring member it is.
 */
export interface SignedContingentInput {
  /** The version of the rules it was made by, as received: not checked on decoding. */
  readonly blockVersion: number;
  /** The input with its rules; without membership proofs until whoever fills it adds fresh ones. */
  readonly txIn: TxIn;
  readonly mlsag: RingMLSAG;
  /** What the input puts in, with the blinding of its pseudo-output. */
  readonly pseudoOutputAmount: UnmaskedAmount;
  /** What each required output takes, in the order of the rules. */
  readonly requiredOutputAmounts: readonly UnmaskedAmount[];
  /** Place in the ledger of each ring member: what to ask membership proofs for. */
  readonly txOutGlobalIndices: readonly bigint[];
}

type SciCode = BuilderErrorCodes["sci"];

export function refuseSci(
  code: SciCode,
  message: string,
  data: Readonly<Record<string, number | bigint | string>> = {},
): TransactionError<"sci"> {
  return new TransactionError("sci", code, message, { data });
}

/** The input's rules. Throws `MissingRules` (area `sci`). */
export function requireRules(sci: SignedContingentInput): InputRules {
  if (sci.txIn.inputRules === undefined) throw refuseSci("MissingRules", "the input has no rules");
  return sci.txIn.inputRules;
}

/** The input with one membership proof for each ring member, in ring order: what it takes to fill it. */
export function withMembershipProofs(
  sci: SignedContingentInput,
  proofs: readonly TxOutMembershipProof[],
): SignedContingentInput {
  return { ...sci, txIn: { ...sci.txIn, proofs } };
}

/** The key image of the input: once the ledger holds it, the offer is taken or withdrawn. */
export function sciKeyImage(sci: SignedContingentInput): Uint8Array {
  return sci.mlsag.keyImage;
}

/** The input as a ring that needs no more signing. */
export function presignedRing(sci: SignedContingentInput): PresignedInputRing {
  const { value, tokenId, blinding } = sci.pseudoOutputAmount;
  return { mlsag: sci.mlsag, pseudoOutputSecret: { amount: { value, tokenId }, blinding } };
}

/**
 * Checks an offer from outside, so that filling it makes a transaction that validates; returns where it holds.
 * Not checked, as in the reference: ring size and order, block version, tombstone, proofs, whether it is spent, the
 * tokens of partial fill outputs, and that the change offered is no more than the input.
 *
 * @throws TransactionError area `sci`, in this order: `WrongNumberOfGlobalIndices`, `MissingRules`, `TxOutConversion`
 * (ring member without an amount), `RingSignature`, `WrongNumberOfRequiredOutputAmounts`, `TxOutConversion` or
 * `RequiredOutputMismatch` (a required output), then `RevealedTxOut`, `MinPartialFillValueExceedsPartialChange`,
 * `ZeroPartialFillChange`, `ZeroPartialFillOutput`, or `MissingPartialFillChange`.
 */
export function validateSignedContingentInput(sci: SignedContingentInput): void {
  const { txIn, mlsag, pseudoOutputAmount, requiredOutputAmounts, txOutGlobalIndices } = sci;
  requireCount("WrongNumberOfGlobalIndices", "global indices", txIn.ring.length, txOutGlobalIndices.length);
  const rules = requireRules(sci);

  const ring = txIn.ring.map((txOut) => rejectedAs("sci", "TxOutConversion", () => reduceTxOut(txOut)));
  const message = txInSignedDigest(txIn);
  if (message === undefined) throw refuseSci("MissingRules", "the input has no rules");
  rejectedAs("sci", "RingSignature", () =>
    verifyRing({ message, ring, outputCommitment: commitmentTo(pseudoOutputAmount), signature: mlsag }),
  );

  requireAmountCount(rules, requiredOutputAmounts);
  for (const [index, txOut] of rules.requiredOutputs.entries()) {
    requireCommitment(txOut, requiredOutputAmounts[index]!, index);
  }
  validatePartialFillRules(rules);
}

/** Throws `WrongNumberOfRequiredOutputAmounts` (area `sci`). */
export function requireAmountCount(rules: InputRules, amounts: readonly UnmaskedAmount[]): void {
  requireCount(
    "WrongNumberOfRequiredOutputAmounts",
    "required output amounts",
    rules.requiredOutputs.length,
    amounts.length,
  );
}

function requireCount(code: SciCode, what: string, expected: number, found: number): void {
  if (found !== expected)
    throw refuseSci(code, `${found} ${what} instead of ${expected}`, { expected, found });
}

function commitmentTo({ value, blinding, tokenId }: UnmaskedAmount): Uint8Array {
  return commit(value, blinding, tokenId).encode();
}

function requireCommitment(txOut: TxOut, amount: UnmaskedAmount, index: number): void {
  if (txOut.maskedAmount === undefined) {
    throw refuseSci("TxOutConversion", "a required output has no amount that we know", { index });
  }
  if (compareBytes(txOut.maskedAmount.commitment, commitmentTo(amount)) !== 0) {
    throw refuseSci("RequiredOutputMismatch", "a required output is not of the amount stated", { index });
  }
}

function validatePartialFillRules(rules: InputRules): void {
  const { partialFillChange, partialFillOutputs, minPartialFillValue } = rules;
  if (partialFillChange === undefined) {
    if (partialFillOutputs.length === 0 && minPartialFillValue === 0n) return;
    throw refuseSci("MissingPartialFillChange", "partial fill rules without a partial fill change");
  }
  const change = rejectedAs("sci", "RevealedTxOut", () => revealAmount(partialFillChange));
  requireMinimumWithin(rules, change.value);
  if (change.value === 0n) throw refuseSci("ZeroPartialFillChange", "the partial fill change is zero");
  for (const output of partialFillOutputs) {
    const { value } = rejectedAs("sci", "RevealedTxOut", () => revealAmount(output));
    if (value === 0n) throw refuseSci("ZeroPartialFillOutput", "a partial fill output is zero");
  }
}

/** Throws `MinPartialFillValueExceedsPartialChange` (area `sci`). */
export function requireMinimumWithin({ minPartialFillValue }: InputRules, change: bigint): void {
  if (minPartialFillValue > change) {
    throw refuseSci(
      "MinPartialFillValueExceedsPartialChange",
      "the least fill is more than the partial fill change",
    );
  }
}
