import { allocate, kernel, POINT_BYTES, release } from "./kernel.ts";

/** Up to here interleaved windows are faster than buckets. */
const STRAUS_LIMIT = 190;

const ODD_MULTIPLES_BYTES = 8 * POINT_BYTES;

/** The window of the bucket method that takes the fewest additions for n points. */
export function bucketBits(n: number): number {
  let best = 4;
  let least = Number.POSITIVE_INFINITY;
  for (let bits = 4; bits <= 13; bits++) {
    // Four products for each point added, five for each of two additions a bucket costs; then the doublings.
    const cost = Math.ceil(254 / bits) * (4 * n + 10 * 2 ** (bits - 1));
    if (cost < least) {
      least = cost;
      best = bits;
    }
  }
  return best;
}

/** Sum of products in kernel memory, variable time. */
export function multiscalarPublic(out: number, n: number, scalars: number, points: number): void {
  if (n <= STRAUS_LIMIT) {
    const work = allocate(n * (256 + ODD_MULTIPLES_BYTES));
    kernel.straus(out, n, scalars, points, 0, 0, 0, 0, 0, work);
    release(work);
    return;
  }
  const bits = bucketBits(n);
  const work = allocate(kernel.pippengerWork(n, bits));
  kernel.pippenger(out, n, scalars, points, bits, work);
  release(work);
}

/** Sum of products in kernel memory, constant time. */
export function multiscalarSecret(out: number, n: number, scalars: number, points: number): void {
  const work = allocate(n * (64 + ODD_MULTIPLES_BYTES));
  kernel.multiSecret(out, n, scalars, points, work);
  release(work);
}
