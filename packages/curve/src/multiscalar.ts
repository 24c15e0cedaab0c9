import { allocate, kernel, memory, POINT_BYTES, release, releasePublic } from "./kernel.ts";

/** Up to here interleaved windows are faster than buckets. */
const STRAUS_LIMIT = 190;

const ODD_MULTIPLES_BYTES = 8 * POINT_BYTES;

/** Addresses of products in kernel memory: scalar, point, scalar, point, ... (or scalar, table of a static point). */
export type ProductList = number[];

/** The window of the bucket method that takes the fewest field multiplications for n points. */
export function bucketBits(n: number): number {
  let best = 4;
  let least = Number.POSITIVE_INFINITY;
  for (let bits = 4; bits <= 13; bits++) {
    // Four double-width products for each point added, five for each of the two additions a bucket costs.
    const cost = Math.ceil(254 / bits) * (4 * n + 10 * 2 ** (bits - 1));
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

/** Writes to `out` the sum of products with points and with static tables, variable time. */
export function sumPublic(out: number, points: ProductList, statics: ProductList): void {
  const n = points.length / 2;
  const listBytes = 4 * (points.length + statics.length) + 64;
  if (n > STRAUS_LIMIT) {
    const bits = bucketBits(n);
    const list = allocate(listBytes);
    const work = allocate(kernel.pippengerWork(n, bits));
    writeList(list, points);
    kernel.pippenger(out, n, list, bits, work);
    releasePublic(work);
    releasePublic(list);
    if (statics.length === 0) return;
    const buckets = allocate(POINT_BYTES);
    memory().copyWithin(buckets, out, out + POINT_BYTES);
    sumPublic(out, [], statics);
    kernel.add(out, out, buckets);
    releasePublic(buckets);
    return;
  }
  const staticCount = statics.length / 2;
  const list = allocate(listBytes);
  const work = allocate(n * ODD_MULTIPLES_BYTES + (n + staticCount + 8) * 256);
  writeList(list, points);
  writeList(list + 4 * points.length, statics);
  kernel.straus(out, n, list, staticCount, list + 4 * points.length, work);
  releasePublic(work);
  releasePublic(list);
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
