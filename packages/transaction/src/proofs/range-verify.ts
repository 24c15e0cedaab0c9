import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import {
  allHold,
  type PreparedStatement,
  prepare,
  type RangeStatement,
  type ReplayedStatement,
  replay,
  verificationError,
} from "./range-equation.ts";
import { networkRangeParameters, padToPowerOfTwo } from "./range-parameters.ts";

/** A proof of the network: that every commitment is to a u64 of the token. Commitments compressed, not padded. */
export interface TokenRangeStatement {
  readonly tokenId: bigint;
  readonly commitments: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** A statement of a batch that does not hold. */
export interface RangeFailure {
  /** Its place in the batch. */
  readonly index: number;
  /** `FormatError`, `VerificationError`, `InvalidBitsize`, `InvalidGeneratorsLength` or `ResizeError`. */
  readonly error: TransactionError<"range-proof">;
}

/** Halves a set that does not hold as a whole until the statements at fault stand alone. */
function findFailures(statements: readonly PreparedStatement[], random: RandomBytes): number[] {
  if (statements.length === 0 || allHold(statements, random)) return [];
  if (statements.length === 1) return [statements[0]!.index];
  const middle = statements.length >> 1;
  return [
    ...findFailures(statements.slice(0, middle), random),
    ...findFailures(statements.slice(middle), random),
  ];
}

/**
 * Checks range proofs together: each equation is weighed by a random scalar, and their sum is one multiscalar
 * multiplication in which every generator occurs once. Sizes, bit widths, labels and bases may differ. Where the sum
 * does not vanish, halves are checked until every bad proof is named.
 *
 * @returns the statements that do not hold, by index; empty where all hold.
 */
export function verifyRangeStatements(
  statements: readonly RangeStatement[],
  random: RandomBytes = systemRandom,
): RangeFailure[] {
  const failures: RangeFailure[] = [];
  const replayed: ReplayedStatement[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      replayed.push(replay(index, statement));
    } catch (error) {
      if (!isRangeProofError(error)) throw error;
      failures.push({ index, error });
    }
  }
  for (const index of findFailures(prepare(replayed), random)) {
    failures.push({ index, error: verificationError("the range proof does not hold") });
  }
  return failures.sort((a, b) => a.index - b.index);
}

function isRangeProofError(error: unknown): error is TransactionError<"range-proof"> {
  return error instanceof TransactionError && error.area === "range-proof";
}

/**
 * Checks the network's range proofs together, of any tokens and sizes (02 section 2.12); see
 * {@link verifyRangeStatements}.
 */
export function verifyRangeBatch(
  statements: readonly TokenRangeStatement[],
  random: RandomBytes = systemRandom,
): RangeFailure[] {
  const failures: RangeFailure[] = [];
  const padded: RangeStatement[] = [];
  const places: number[] = [];
  for (const [index, { tokenId, commitments, proof }] of statements.entries()) {
    try {
      padded.push({
        parameters: networkRangeParameters(tokenId),
        commitments: padToPowerOfTwo(commitments),
        proof,
      });
      places.push(index);
    } catch (error) {
      if (!isRangeProofError(error)) throw error;
      failures.push({ index, error });
    }
  }
  for (const { index, error } of verifyRangeStatements(padded, random)) {
    failures.push({ index: places[index]!, error });
  }
  return failures.sort((a, b) => a.index - b.index);
}

/**
 * Checks one proof of the network: that every commitment is to a u64 of the token; returns where it holds.
 * `commitments` are compressed, in the proof's order, not padded.
 *
 * @throws TransactionError `ResizeError`, `FormatError`, `InvalidGeneratorsLength`, `VerificationError`.
 */
export function verifyRange(
  proof: Uint8Array,
  commitments: readonly Uint8Array[],
  tokenId: bigint,
  random: RandomBytes = systemRandom,
): void {
  const failure = verifyRangeBatch([{ proof, commitments, tokenId }], random)[0];
  if (failure !== undefined) throw failure.error;
}
