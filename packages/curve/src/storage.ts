import { CurveError } from "./error.ts";
import { allocate, release } from "./kernel.ts";

const abandoned = new FinalizationRegistry<number>(release);

/** A piece of kernel memory with an owner; given back, cleared, when disposed of or when nobody refers to it any more. */
export class Storage {
  readonly #address: number;
  #live = true;

  constructor(bytes: number) {
    this.#address = allocate(bytes);
    abandoned.register(this, this.#address, this);
  }

  /** @throws CurveError DISPOSED */
  get address(): number {
    if (!this.#live) throw new CurveError("DISPOSED", "used after its memory was given back");
    return this.#address;
  }

  dispose(): void {
    if (!this.#live) return;
    this.#live = false;
    abandoned.unregister(this);
    release(this.#address);
  }
}

/** @throws CurveError INDEX_RANGE unless 0 <= start <= end <= length */
export function checkRange(start: number, end: number, length: number): void {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > length)
    throw new CurveError("INDEX_RANGE", `no elements ${start} to ${end} in ${length}`);
}

/** @throws CurveError INDEX_RANGE unless the index is of an element */
export function checkIndex(index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length)
    throw new CurveError("INDEX_RANGE", `no element ${index} in ${length}`);
}
