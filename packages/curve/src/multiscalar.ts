import { allocate, kernel, memory, POINT_BYTES, release, releasePublic } from "./kernel.ts";

/** Up to here interleaved windows are faster than buckets. */
const STRAUS_LIMIT = 125;

const ODD_MULTIPLES_BYTES = 8 * POINT_BYTES;

/** Addresses of products in kernel memory: scalar, point, scalar, point, ... (or scalar, table of a static point). */
export type ProductList = number[];

/** From here on the buckets of a sum over static tables cost less than the doublings they save. */
export const STATIC_FROM = 48;

/** The window of the bucket method that takes the fewest field multiplications for n points. */
function bucketBits(n: number): number {
  let best = 4;
  let least = Number.POSITIVE_INFINITY;
  for (let bits = 4; bits <= 13; bits++) {
    // Four double-width products for each point added, and about eight for each bucket: two additions of five, less
    // what a bucket still empty saves. Measured: the choice is within 2 % of the best from 64 to 4096 points.
    const cost = Math.ceil(254 / bits) * (4 * n + 8 * 2 ** (bits - 1));
    if (cost < least) {
      least = cost;
      best = bits;
    }
  }
  return best;
}

function writeList(address: number, list: ProductList): void {
  new Uint32Array(memory().buffer, address, list.length).set(list);
}

function withWork(list: ProductList, workBytes: number, run: (list: number, work: number) => void): void {
  const addresses = allocate(4 * list.length);
  const work = allocate(workBytes);
  writeList(addresses, list);
  run(addresses, work);
  releasePublic(work);
  releasePublic(addresses);
}

/** Writes to `out` the sum of products, variable time. */
export function sumPublic(out: number, list: ProductList): void {
  const n = list.length / 2;
  if (n <= STRAUS_LIMIT) {
    withWork(list, n * (ODD_MULTIPLES_BYTES + 256) + 2048, (addresses, work) =>
      kernel.straus(out, n, addresses, work),
    );
  } else {
    const bits = bucketBits(n);
    withWork(list, kernel.pippengerWork(n, bits), (addresses, work) =>
      kernel.pippenger(out, n, addresses, bits, work),
    );
  }
}

/** Writes to `out` the sum of products with static tables, variable time. */
export function sumStatic(out: number, list: ProductList): void {
  withWork(list, kernel.shiftedSumWork(), (addresses, work) =>
    kernel.shiftedSum(out, list.length / 2, addresses, work),
  );
}

/** Writes to `out` the sum of products, constant time. */
export function sumSecret(out: number, points: ProductList): void {
  const n = points.length / 2;
  const list = allocate(4 * points.length);
  const work = allocate(n * (64 + ODD_MULTIPLES_BYTES));
  writeList(list, points);
  kernel.multiSecret(out, n, list, work);
  release(work);
  release(list);
}
