import { kernel } from "./kernel.ts";

/**
 * The field multiplications (and squarings) done since the kernel was loaded, where it was loaded with
 * scripts/counting.ts; undefined in the ordinary kernel, which does not count. They come in pairs: work on a single
 * point's encoding, say, counts both of each pair, though it uses one.
 */
export function fieldMultiplications(): number | undefined {
  const count = kernel.fieldMultiplications();
  return count < 0 ? undefined : count;
}
