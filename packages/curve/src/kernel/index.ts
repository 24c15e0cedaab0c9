// The kernel: what the module exports. Arguments are addresses in its memory.

import { BASE } from "./constants";
import { counted, FUSED, largest } from "./field";
import { IO, SCRATCH_SIZE, wipe } from "./scratch";

export {
  baseFixed,
  doubleMultiplyBasePublic,
  makeFixedTable,
  multiplyFixedPublic,
  multiplyFixedSecret,
  multiplyPublic,
  multiplySecret,
} from "./multiply";
export { multiSecret, pippenger, pippengerWork, selectedSum, straus } from "./multiscalar";
export { add, double, equals, getCoordinates, negate, setCoordinates, setIdentity, subtract } from "./point";
export { doubleMultiplyPublic, ringStep } from "./ring-step";
export { encodeDoubled } from "./encode-doubled";
export { multiplyTwoSecret } from "./point-pair";
export { decodePair, encodePair, fromUniform, isIdentity } from "./ristretto";
export { batchInvert, fromWide, invert, multiplyAdd } from "./scalar";
export { scalarsAddTensor, tensorWork } from "./scalar-tensor";
export {
  scalarsAdd,
  scalarsInnerProduct,
  scalarsMultiply,
  scalarsMultiplyAdd,
  scalarsPowers,
  scalarsSubtract,
} from "./scalar-vector";
export { makeShiftedTables, shiftedSum, shiftedSumWork, shiftedTableBytes } from "./shifted-table";
export { wipe };

/** Address of the block for arguments and results (4096 bytes). */
export function io(): usize {
  return IO;
}

/** Bytes of the block that arguments and all working memory of secrets lie in. */
export function scratchSize(): usize {
  return SCRATCH_SIZE;
}

/** Address of the base point. */
export function basePoint(): usize {
  return BASE;
}

/** 1 if this form of the kernel uses fused multiply-add. */
export function isFused(): i32 {
  return i32(FUSED);
}

/** Field multiplications so far, in a kernel compiled to count them; -1 in the ordinary one. */
export function fieldMultiplications(): f64 {
  return isDefined(COUNTING) ? counted : -1;
}

/** The largest product of two limbs so far, in units, in a counting kernel with fused multiply-add; -1 in the ordinary. */
export function largestProduct(): f64 {
  return isDefined(COUNTING) ? largest : -1;
}

/** First address past the static data: the heap of the caller. */
export function heapBase(): usize {
  return (__heap_base + 63) & ~(<usize>63);
}
