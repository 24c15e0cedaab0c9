import {
  allocate,
  FIXED_TABLE_BYTES,
  forget,
  kernel,
  memory,
  POINT_BYTES,
  pointSlot,
  read,
  release,
  scalarSlot,
} from "./kernel.ts";
import { type Point, pointCoordinates, pointOfCoordinates } from "./point.ts";
import { type Scalar, scalarBytes } from "./scalar.ts";

const abandoned = new FinalizationRegistry<number>(release);

/**
 * A point with a table of its multiples (80 KiB of kernel memory, given back when the object is garbage), which makes
 * multiplication about three times as fast.
 */
export class FixedBase {
  readonly point: Point;
  readonly #table: number;

  constructor(point: Point) {
    this.point = point;
    this.#table = allocate(FIXED_TABLE_BYTES);
    memory().set(pointCoordinates(point), pointSlot(0));
    kernel.makeFixedTable(this.#table, pointSlot(0));
    abandoned.register(this, this.#table);
  }

  /** scalar · point, constant time. */
  multiply(scalar: Scalar): Point {
    memory().set(scalarBytes(scalar), scalarSlot(0));
    kernel.multiplyFixedSecret(pointSlot(0), scalarSlot(0), this.#table);
    const product = pointOfCoordinates(read(pointSlot(0), POINT_BYTES));
    forget();
    return product;
  }

  /** scalar · point, variable time. */
  multiplyPublic(scalar: Scalar): Point {
    memory().set(scalarBytes(scalar), scalarSlot(0));
    kernel.multiplyFixedPublic(pointSlot(0), scalarSlot(0), this.#table);
    return pointOfCoordinates(read(pointSlot(0), POINT_BYTES));
  }
}
