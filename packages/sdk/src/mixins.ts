import type { RandomBytes } from "@mobilecoin-ts/curve";
import { RING_SIZE } from "@mobilecoin-ts/transaction";
import { SdkError } from "./error.ts";

/** A uniformly random integer of `0..limit - 1`. */
function randomBelow(limit: bigint, random: RandomBytes): bigint {
  const range = 1n << 64n;
  const usable = range - (range % limit);
  for (;;) {
    const bytes = random(8);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
    if (value < usable) return value % limit;
  }
}

/**
 * Chooses the outputs to hide real inputs among: for each of them ten global indices, all different, uniformly from the
 * whole ledger (a wallet that chose by age or amount would give the real one away).
 *
 * @throws SdkError `NotEnoughMixins` where the ledger has too few outputs.
 */
export function chooseMixins(
  realIndices: readonly bigint[],
  txOutCount: bigint,
  random: RandomBytes,
): readonly (readonly bigint[])[] {
  const needed = BigInt(realIndices.length * RING_SIZE);
  if (txOutCount < needed) {
    throw new SdkError(
      "NotEnoughMixins",
      `the ledger has ${txOutCount} outputs, rings of this payment need ${needed}`,
      {
        data: { found: txOutCount, needed },
      },
    );
  }
  const taken = new Set(realIndices);
  return realIndices.map(() => {
    const mixins: bigint[] = [];
    while (mixins.length < RING_SIZE - 1) {
      const candidate = randomBelow(txOutCount, random);
      if (taken.has(candidate)) continue;
      taken.add(candidate);
      mixins.push(candidate);
    }
    return mixins;
  });
}
