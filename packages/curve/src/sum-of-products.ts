import { CurveError } from "./error.ts";
import {
  allocate,
  forget,
  kernel,
  memory,
  POINT_BYTES,
  pointSlot,
  read,
  release,
  SCALAR_BYTES,
  STATIC_TABLE_BYTES,
} from "./kernel.ts";
import { type ProductList, STATIC_FROM, sumPublic, sumSecret, sumStatic } from "./multiscalar.ts";
import { Point, pointOfCoordinates } from "./point.ts";
import { PointVector } from "./point-vector.ts";
import type { Scalar } from "./scalar.ts";
import { ScalarVector } from "./scalar-vector.ts";
import { StaticTable } from "./static-table.ts";

/** Scalars and as many points: each scalar multiplies the point at its index. */
export interface Product {
  readonly scalars: ScalarVector | readonly Scalar[];
  readonly points: PointVector | StaticTable | readonly Point[];
}

function run(products: readonly Product[], secret: boolean): Point {
  const owned: { dispose(): void }[] = [];
  const list: ProductList = [];
  const statics: ProductList = [];
  const staticCount = products.reduce(
    (sum, { points }) => sum + (points instanceof StaticTable ? points.length : 0),
    0,
  );
  const useTables = !secret && staticCount >= STATIC_FROM;
  try {
    for (const { scalars, points } of products) {
      if (scalars.length !== points.length)
        throw new CurveError("LENGTH_MISMATCH", `${scalars.length} scalars for ${points.length} points`);
      let scalarsAt: ScalarVector;
      if (scalars instanceof ScalarVector) scalarsAt = scalars;
      else {
        scalarsAt = ScalarVector.from(scalars);
        owned.push(scalarsAt);
      }
      let pointsAt: PointVector | StaticTable;
      if (points instanceof PointVector || points instanceof StaticTable) pointsAt = points;
      else {
        pointsAt = PointVector.from(points);
        owned.push(pointsAt);
      }
      const table = pointsAt instanceof StaticTable ? pointsAt : undefined;
      const withTable = table !== undefined && useTables;
      const target = withTable ? statics : list;
      const start = withTable ? table.address : (table?.points ?? pointsAt).address;
      const step = withTable ? STATIC_TABLE_BYTES : POINT_BYTES;
      const scalarsStart = scalarsAt.address;
      for (let i = 0; i < points.length; i++) target.push(scalarsStart + i * SCALAR_BYTES, start + i * step);
    }
    if (list.length + statics.length === 0) return Point.IDENTITY;
    if (secret) sumSecret(pointSlot(0), list);
    else {
      if (list.length > 0) sumPublic(pointSlot(0), list);
      else kernel.setIdentity(pointSlot(0));
      if (statics.length > 0) {
        sumStatic(pointSlot(1), statics);
        kernel.add(pointSlot(0), pointSlot(0), pointSlot(1));
      }
    }
    return pointOfCoordinates(read(pointSlot(0), POINT_BYTES));
  } finally {
    for (const vector of owned) vector.dispose();
    if (secret) forget();
  }
}

/**
 * The sum of all products, variable time. Points of a StaticTable use its tables where there are many; of the others,
 * few are interleaved (Straus), more than 125 go through buckets (Pippenger).
 * @throws CurveError LENGTH_MISMATCH, DISPOSED
 */
export function sumOfProductsPublic(products: readonly Product[]): Point {
  return run(products, false);
}

/**
 * The sum of all products, constant time: for secret scalars.
 * @throws CurveError LENGTH_MISMATCH, DISPOSED
 */
export function sumOfProducts(products: readonly Product[]): Point {
  return run(products, true);
}

/**
 * The sum over i of ones[i] where bits[i] is 1 and of zeros[i] where it is 0: a commitment to secret bits at one
 * addition each. Constant time.
 * @param bits a byte 0 or 1 for each point
 * @throws CurveError LENGTH_MISMATCH, DISPOSED
 */
export function selectedSum(bits: Uint8Array, zeros: PointVector, ones: PointVector): Point {
  const n = bits.length;
  if (zeros.length !== n || ones.length !== n)
    throw new CurveError("LENGTH_MISMATCH", `${n} bits for ${zeros.length} and ${ones.length} points`);
  const at = allocate(n);
  memory().set(bits, at);
  kernel.selectedSum(pointSlot(0), n, at, zeros.address, ones.address);
  const sum = pointOfCoordinates(read(pointSlot(0), POINT_BYTES));
  release(at);
  forget();
  return sum;
}
