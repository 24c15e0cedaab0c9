import { bytesToHex } from "@mobilecoin-ts/crypto";
import { Point, type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import { valueGenerator } from "../proofs/pedersen.ts";
import { type RangeFailure, type TokenRangeStatement, verifyRangeBatch } from "../proofs/range-verify.ts";
import { verifyRing } from "../proofs/ring-verify.ts";
import { rejectionOf } from "../rejection.ts";
import { type BlockVersion, supports } from "../tx-out/block-version.ts";
import { type ReducedTxOut, reduceTxOut } from "./reduced-tx-out.ts";
import { groupByToken } from "./ring-ct-tokens.ts";
import { ringSigningMessage } from "./signing-digest.ts";
import { type SignatureRctBulletproofs, type TxPrefix, txInSignedDigest } from "./tx.ts";

/** What is to be verified: that a signature proves a prefix under the rules of a block version. */
export interface RingCtStatement {
  readonly blockVersion: BlockVersion;
  readonly prefix: TxPrefix;
  readonly signature: SignatureRctBulletproofs;
}

function refuse(
  code: TransactionErrorCodes["ringCt"],
  text: string,
  options: { readonly cause?: unknown; readonly data?: Readonly<Record<string, number | bigint>> } = {},
): TransactionError<"ringCt"> {
  return new TransactionError("ringCt", code, text, options);
}

/** A range proof to check, or the reason why there is none to check for a token. */
type RangeStep =
  | { readonly kind: "statement"; readonly statement: TokenRangeStatement }
  | { readonly kind: "refusal"; readonly refusal: TransactionError<"ringCt"> };

interface Commitment {
  readonly encoded: Uint8Array;
  readonly tokenId: bigint;
}

/** A statement that passed everything before its range proofs. */
interface Prepared {
  readonly statement: RingCtStatement;
  readonly rings: readonly (readonly ReducedTxOut[])[];
  readonly signedDigests: readonly (Uint8Array | undefined)[];
  readonly outputPoints: readonly Point[];
  readonly pseudoOutputPoints: readonly Point[];
  readonly rangeSteps: readonly RangeStep[];
}

/** Steps 1 to 6 of 02 section 2.14, and of step 7 what precedes the proofs themselves. */
function prepare(statement: RingCtStatement): Prepared {
  const { blockVersion, prefix, signature } = statement;
  const ringCount = prefix.inputs.length;
  if (!supports(blockVersion, "maskedTokenId") && prefix.feeTokenId !== 0n) {
    throw refuse("TokenIdNotAllowed", `block version ${blockVersion} has fees of token 0 only`);
  }
  const signedDigests = prefix.inputs.map(txInSignedDigest);
  if (signedDigests.every((digest) => digest !== undefined)) {
    throw refuse("AllRingsPresigned", "no ring signs the transaction itself");
  }
  requireCount(ringCount, signature.ringSignatures.length, "ring signatures");
  requireCount(ringCount, signature.pseudoOutputCommitments.length, "pseudo-outputs");
  requireTokenIdLists(statement);
  requireDistinctKeyImages(signature);
  const outputs = prefix.outputs.map(reduceTxOut);
  const outputPoints = outputs.map(({ commitment }) => decodeCommitment(commitment));
  const pseudoOutputPoints = signature.pseudoOutputCommitments.map(decodeCommitment);
  return {
    statement,
    rings: prefix.inputs.map(({ ring }) => ring.map(reduceTxOut)),
    signedDigests,
    outputPoints,
    pseudoOutputPoints,
    rangeSteps: rangeSteps(statement, outputs),
  };
}

function requireCount(expected: number, found: number, what: string): void {
  if (found !== expected) {
    throw refuse("LengthMismatch", `${found} ${what} for ${expected} inputs`, { data: { expected, found } });
  }
}

function requireTokenIdLists({ blockVersion, prefix, signature }: RingCtStatement): void {
  const { pseudoOutputTokenIds, outputTokenIds } = signature;
  if (supports(blockVersion, "mixedTransactions")) {
    if (pseudoOutputTokenIds.length !== prefix.inputs.length) {
      throw refuse("MissingPseudoOutputTokenIds", "not every pseudo-output has a token id");
    }
    if (outputTokenIds.length !== prefix.outputs.length) {
      throw refuse("MissingOutputTokenIds", "not every output has a token id");
    }
    return;
  }
  if (pseudoOutputTokenIds.length > 0) {
    throw refuse(
      "PseudoOutputTokenIdsNotAllowed",
      `block version ${blockVersion} has no token ids of pseudo-outputs`,
    );
  }
  if (outputTokenIds.length > 0) {
    throw refuse("OutputTokenIdsNotAllowed", `block version ${blockVersion} has no token ids of outputs`);
  }
}

function requireDistinctKeyImages({ ringSignatures }: SignatureRctBulletproofs): void {
  const distinct = new Set(ringSignatures.map(({ keyImage }) => bytesToHex(keyImage)));
  if (distinct.size !== ringSignatures.length)
    throw refuse("DuplicateKeyImage", "two rings have one key image");
}

function decodeCommitment(encoded: Uint8Array): Point {
  const point = Point.tryDecode(encoded);
  if (point === undefined) {
    const cause = new TransactionError("ring-signature", "InvalidCurvePoint", "a commitment is no point");
    throw refuse("RingSignature", "a commitment is no point", { cause });
  }
  return point;
}

function rangeSteps(
  { blockVersion, prefix, signature }: RingCtStatement,
  outputs: readonly ReducedTxOut[],
): RangeStep[] {
  const { rangeProofBytes, rangeProofs, pseudoOutputCommitments, pseudoOutputTokenIds, outputTokenIds } =
    signature;
  const outputCommitments = outputs.map(({ commitment }) => commitment);
  if (!supports(blockVersion, "mixedTransactions")) {
    if (rangeProofs.length > 0)
      throw refuse("TooManyRangeProofs", `block version ${blockVersion} has one range proof`);
    const commitments = [...pseudoOutputCommitments, ...outputCommitments];
    return [
      { kind: "statement", statement: { tokenId: prefix.feeTokenId, commitments, proof: rangeProofBytes } },
    ];
  }
  if (rangeProofBytes.length > 0) {
    throw refuse(
      "UnexpectedRangeProof",
      `block version ${blockVersion} has a range proof a token, no single one`,
    );
  }
  const committed: Commitment[] = [
    ...pseudoOutputCommitments.map((encoded, i) => ({ encoded, tokenId: pseudoOutputTokenIds[i]! })),
    ...outputCommitments.map((encoded, i) => ({ encoded, tokenId: outputTokenIds[i]! })),
  ];
  const groups = groupByToken(prefix.feeTokenId, committed);
  if (rangeProofs.length !== groups.length) {
    throw refuse("MissingRangeProofs", `${rangeProofs.length} range proofs for ${groups.length} tokens`, {
      data: { expected: groups.length, found: rangeProofs.length },
    });
  }
  return groups.map(({ tokenId, entries }, i): RangeStep => {
    if (entries.length === 0) {
      return {
        kind: "refusal",
        refusal: refuse("NoCommitmentsForTokenId", "no input or output carries the fee's token", {
          data: { tokenId },
        }),
      };
    }
    const commitments = entries.map(({ encoded }) => encoded);
    return { kind: "statement", statement: { tokenId, commitments, proof: rangeProofs[i]! } };
  });
}

/** Steps 8 and 9. */
function finish({ statement, rings, signedDigests, outputPoints, pseudoOutputPoints }: Prepared): void {
  const { blockVersion, prefix, signature } = statement;
  const fee = valueGenerator(prefix.feeTokenId).multiplyPublic(Scalar.fromBigInt(prefix.fee));
  const paid = outputPoints.reduce((sum, point) => sum.add(point), fee);
  const brought = pseudoOutputPoints.reduce((sum, point) => sum.add(point), Point.IDENTITY);
  if (!paid.equals(brought)) throw refuse("ValueNotConserved", "inputs do not balance outputs and fee");

  const message = ringSigningMessage(blockVersion, prefix, signature);
  for (const [i, ring] of rings.entries()) {
    try {
      verifyRing({
        message: signedDigests[i] ?? message,
        ring,
        outputCommitment: signature.pseudoOutputCommitments[i]!,
        signature: signature.ringSignatures[i]!,
      });
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause;
      throw refuse("RingSignature", `the signature of ring ${i} does not hold: ${cause.message}`, {
        cause,
        data: { ring: i },
      });
    }
  }
}

function rangeRefusal({ error }: RangeFailure): TransactionError<"ringCt"> {
  const code = error.code === "FormatError" ? "RangeProofDeserialization" : "RangeProof";
  return refuse(code, `a range proof does not hold: ${error.message}`, { cause: error });
}

/**
 * Verifies many transactions' signatures, their range proofs together (02 sections 2.12 and 2.14). What is reported
 * for each is what verifying it alone would report.
 *
 * @returns for each statement its rejection, or undefined where it holds.
 */
export function verifyRingCtBatch(
  statements: readonly RingCtStatement[],
  random: RandomBytes = systemRandom,
): (TransactionError | undefined)[] {
  const results = new Array<TransactionError | undefined>(statements.length);
  const prepared = new Map<number, Prepared>();
  const owners: number[] = [];
  const ranges: TokenRangeStatement[] = [];
  for (const [index, statement] of statements.entries()) {
    results[index] = rejectionOf(() => {
      prepared.set(index, prepare(statement));
    });
    for (const step of prepared.get(index)?.rangeSteps ?? []) {
      // What stands behind a token without commitments is never looked at.
      if (step.kind === "refusal") break;
      owners.push(index);
      ranges.push(step.statement);
    }
  }
  for (const failure of verifyRangeBatch(ranges, random)) {
    const owner = owners[failure.index]!;
    results[owner] ??= rangeRefusal(failure);
  }
  for (const [index, candidate] of prepared) {
    const refusal = candidate.rangeSteps.find((step) => step.kind === "refusal");
    results[index] ??= refusal?.refusal ?? rejectionOf(() => finish(candidate));
  }
  return results;
}

/**
 * Verifies the signatures of a transaction; returns where they hold. Ring sizes are not looked at here.
 *
 * @throws TransactionError area `ringCt`, in the order of 02 section 2.14; `UnknownMaskedAmountVersion` (area `txOut`)
 * for an output or ring member without an amount.
 */
export function verifyRingCt(statement: RingCtStatement, random: RandomBytes = systemRandom): void {
  const [rejection] = verifyRingCtBatch([statement], random);
  if (rejection !== undefined) throw rejection;
}

/** The key images that a transaction spends, in input order. */
export function keyImagesOf(signature: SignatureRctBulletproofs): Uint8Array[] {
  return signature.ringSignatures.map(({ keyImage }) => keyImage);
}
