import { kernel, STATIC_TABLE_BYTES } from "./kernel.ts";
import type { Point } from "./point.ts";
import { PointVector } from "./point-vector.ts";
import { checkRange, Storage } from "./storage.ts";

/**
 * Generators that never change, with 26 multiples each (4 KiB a point): a public sum of products costs 26 additions a
 * point with it, and no doublings. `slice` is a view.
 */
export class StaticTable implements Disposable {
  readonly length: number;
  /** The points themselves. */
  readonly points: PointVector;
  readonly #storage: Storage;
  readonly #start: number;

  private constructor(points: PointVector, storage: Storage, start: number) {
    this.points = points;
    this.length = points.length;
    this.#storage = storage;
    this.#start = start;
  }

  static from(points: readonly Point[]): StaticTable {
    const vector = PointVector.from(points);
    const storage = new Storage(points.length * STATIC_TABLE_BYTES);
    kernel.makeShiftedTables(storage.address, vector.address, points.length);
    return new StaticTable(vector, storage, 0);
  }

  /** Where the tables are: for this package. @throws CurveError DISPOSED */
  get address(): number {
    return this.#storage.address + this.#start * STATIC_TABLE_BYTES;
  }

  /** A view of generators start to end − 1. @throws CurveError INDEX_RANGE */
  slice(start: number, end: number = this.length): StaticTable {
    checkRange(start, end, this.length);
    return new StaticTable(this.points.slice(start, end), this.#storage, this.#start + start);
  }

  /** Gives the memory back. */
  dispose(): void {
    this.points.dispose();
    this.#storage.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
