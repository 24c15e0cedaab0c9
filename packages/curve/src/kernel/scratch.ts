// Static working memory. Everything a secret can reach lies in one block, so that one fill clears it.

import { PAIR } from "./field";

/** Bytes of the block. */
export const SCRATCH_SIZE: usize = 16384;

/** The block. */
export const SCRATCH: usize = memory.data(16384, 16);

/** Arguments and results of calls from outside: 4096 bytes. */
export const IO: usize = SCRATCH;

/** Pairs used inside point operations: 8. */
export const POINT_PAIRS: usize = SCRATCH + 4096;

/** Pairs used by field exponentiations: 4. */
export const POWER_PAIRS: usize = POINT_PAIRS + 8 * PAIR;

/** Pairs used by decoding, encoding and mapping: 16. */
export const CODEC_PAIRS: usize = POWER_PAIRS + 4 * PAIR;

/** Bytes compared or tested for sign: 128. */
export const CODEC_BYTES: usize = CODEC_PAIRS + 16 * PAIR;

/** Signed digits of scalars: 512. */
export const DIGITS: usize = CODEC_BYTES + 128;

/** Points and cached points of multiplications: 32. */
export const POINTS: usize = DIGITS + 512;

/** Powers of a scalar being inverted: 17 scalars. */
export const SCALAR_POWERS: usize = POINTS + 32 * 160;

/** Forgets all that passed through, but for the results still to be read in IO. */
export function wipe(): void {
  memory.fill(SCRATCH + 4096, 0, SCRATCH_SIZE - 4096);
}
