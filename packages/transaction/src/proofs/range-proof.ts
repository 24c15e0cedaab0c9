import { concat } from "@mobilecoin-ts/crypto";
import { CurveError, Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";

/** An aggregated Bulletproof, parsed: points stay compressed (they are hashed before they are looked at). */
export interface RangeProof {
  readonly a: Uint8Array;
  readonly s: Uint8Array;
  readonly t1: Uint8Array;
  readonly t2: Uint8Array;
  readonly tX: Scalar;
  readonly tXBlinding: Scalar;
  readonly eBlinding: Scalar;
  readonly rounds: readonly { readonly l: Uint8Array; readonly r: Uint8Array }[];
  /** The last element of the left vector of the inner-product argument. */
  readonly left: Scalar;
  readonly right: Scalar;
}

const ELEMENT = 32;
const OUTER_ELEMENTS = 7;
const MAX_ROUNDS = 32;

function formatError(message: string, cause?: unknown): TransactionError {
  return new TransactionError("range-proof", "FormatError", message, { cause });
}

/**
 * Parses `A‖S‖T_1‖T_2‖t_x‖t_x_blinding‖e_blinding‖L_0‖R_0‖…‖a‖b`, each 32 bytes (02 section 2.12). Points are not
 * decompressed here.
 *
 * @throws TransactionError `FormatError`.
 */
export function parseRangeProof(bytes: Uint8Array): RangeProof {
  if (bytes.length % ELEMENT !== 0) throw formatError("length is not a multiple of 32");
  const count = bytes.length / ELEMENT;
  if (count < OUTER_ELEMENTS) throw formatError(`${count} elements are too few`);
  const innerCount = count - OUTER_ELEMENTS;
  if (innerCount < 2 || innerCount % 2 !== 0)
    throw formatError("the inner-product part does not come in pairs");
  const roundCount = (innerCount - 2) / 2;
  if (roundCount >= MAX_ROUNDS) throw formatError(`${roundCount} rounds are too many`);

  const element = (index: number) => bytes.slice(index * ELEMENT, (index + 1) * ELEMENT);
  const scalar = (index: number) => {
    try {
      return Scalar.fromBytes(element(index));
    } catch (cause) {
      if (cause instanceof CurveError)
        throw formatError(`the scalar at element ${index} is not canonical`, cause);
      throw cause;
    }
  };
  return {
    a: element(0),
    s: element(1),
    t1: element(2),
    t2: element(3),
    tX: scalar(4),
    tXBlinding: scalar(5),
    eBlinding: scalar(6),
    rounds: Array.from({ length: roundCount }, (_, i) => ({
      l: element(OUTER_ELEMENTS + 2 * i),
      r: element(OUTER_ELEMENTS + 2 * i + 1),
    })),
    left: scalar(count - 2),
    right: scalar(count - 1),
  };
}

/** The inverse of {@link parseRangeProof}: `32 · (9 + 2·rounds)` bytes. */
export function serializeRangeProof(proof: RangeProof): Uint8Array {
  return concat(
    proof.a,
    proof.s,
    proof.t1,
    proof.t2,
    proof.tX.toBytes(),
    proof.tXBlinding.toBytes(),
    proof.eBlinding.toBytes(),
    ...proof.rounds.flatMap(({ l, r }) => [l, r]),
    proof.left.toBytes(),
    proof.right.toBytes(),
  );
}
