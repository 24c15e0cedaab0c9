import { CurveError } from "./error.ts";
import { allocate, forget, kernel, memory, read, release, SCALAR_BYTES, scalarSlot } from "./kernel.ts";
import { type RandomBytes, systemRandom } from "./random.ts";
import { Scalar, scalarBytes, scalarOfBytes } from "./scalar.ts";
import { checkIndex, checkRange, Storage } from "./storage.ts";

/**
 * Scalars in the kernel's memory. Arithmetic makes a new vector and takes the same steps whatever the values; `set`
 * and the methods named `...InPlace` write. `slice` is a view of the same memory. Dispose of a vector
 * (`using`, or `dispose()`) when done: its memory is cleared; views of it are dead from then on.
 */
export class ScalarVector implements Disposable {
  readonly length: number;
  readonly #storage: Storage;
  readonly #start: number;

  private constructor(storage: Storage, start: number, length: number) {
    this.#storage = storage;
    this.#start = start;
    this.length = length;
  }

  static #empty(length: number): ScalarVector {
    return new ScalarVector(new Storage(length * SCALAR_BYTES), 0, length);
  }

  /** n zeros. */
  static zeros(length: number): ScalarVector {
    const vector = ScalarVector.#empty(length);
    memory().fill(0, vector.address, vector.address + length * SCALAR_BYTES);
    return vector;
  }

  static from(scalars: readonly Scalar[]): ScalarVector {
    const vector = ScalarVector.#empty(scalars.length);
    const bytes = memory();
    for (const [i, scalar] of scalars.entries())
      bytes.set(scalarBytes(scalar), vector.address + i * SCALAR_BYTES);
    return vector;
  }

  /** n uniform scalars, 64 random bytes each, in order. */
  static random(length: number, random: RandomBytes = systemRandom): ScalarVector {
    const vector = ScalarVector.#empty(length);
    for (let i = 0; i < length; i++) vector.set(i, Scalar.random(random));
    return vector;
  }

  /** first, first · x, first · x², ... (`first` is 1 if not given). */
  static powers(x: Scalar, length: number, first: Scalar = Scalar.ONE): ScalarVector {
    const vector = ScalarVector.#empty(length);
    const bytes = memory();
    bytes.set(scalarBytes(x), scalarSlot(0));
    bytes.set(scalarBytes(first), scalarSlot(1));
    kernel.scalarsPowers(vector.address, scalarSlot(0), scalarSlot(1), length);
    forget();
    return vector;
  }

  /** Where the scalars are: for this package. @throws CurveError DISPOSED */
  get address(): number {
    return this.#storage.address + this.#start * SCALAR_BYTES;
  }

  /** @throws CurveError INDEX_RANGE */
  get(index: number): Scalar {
    checkIndex(index, this.length);
    return scalarOfBytes(read(this.address + index * SCALAR_BYTES, SCALAR_BYTES));
  }

  /** @throws CurveError INDEX_RANGE */
  set(index: number, scalar: Scalar): void {
    checkIndex(index, this.length);
    memory().set(scalarBytes(scalar), this.address + index * SCALAR_BYTES);
  }

  /** A view of elements start to end − 1. @throws CurveError INDEX_RANGE */
  slice(start: number, end: number = this.length): ScalarVector {
    checkRange(start, end, this.length);
    return new ScalarVector(this.#storage, this.#start + start, end - start);
  }

  /** The same scalars in memory of their own. */
  copy(): ScalarVector {
    const vector = ScalarVector.#empty(this.length);
    memory().copyWithin(vector.address, this.address, this.address + this.length * SCALAR_BYTES);
    return vector;
  }

  toScalars(): Scalar[] {
    return Array.from({ length: this.length }, (_, i) => this.get(i));
  }

  #pair(
    other: ScalarVector,
    out: ScalarVector,
    operation: (out: number, a: number, b: number, n: number, step: number) => void,
  ): ScalarVector {
    if (other.length !== this.length)
      throw new CurveError("LENGTH_MISMATCH", `vectors of ${this.length} and ${other.length} scalars`);
    operation(out.address, this.address, other.address, this.length, SCALAR_BYTES);
    return out;
  }

  #withOne(
    scalar: Scalar,
    out: ScalarVector,
    operation: (out: number, a: number, b: number, n: number, step: number) => void,
  ): ScalarVector {
    memory().set(scalarBytes(scalar), scalarSlot(0));
    operation(out.address, this.address, scalarSlot(0), this.length, 0);
    forget();
    return out;
  }

  /** Element by element. @throws CurveError LENGTH_MISMATCH */
  add(other: ScalarVector): ScalarVector {
    return this.#pair(other, ScalarVector.#empty(this.length), kernel.scalarsAdd);
  }

  /** Element by element. @throws CurveError LENGTH_MISMATCH */
  subtract(other: ScalarVector): ScalarVector {
    return this.#pair(other, ScalarVector.#empty(this.length), kernel.scalarsSubtract);
  }

  /** Element by element. @throws CurveError LENGTH_MISMATCH */
  multiply(other: ScalarVector): ScalarVector {
    return this.#pair(other, ScalarVector.#empty(this.length), kernel.scalarsMultiply);
  }

  /** Adds to each element here. @throws CurveError LENGTH_MISMATCH */
  addInPlace(other: ScalarVector): this {
    this.#pair(other, this, kernel.scalarsAdd);
    return this;
  }

  /** Multiplies each element here. @throws CurveError LENGTH_MISMATCH */
  multiplyInPlace(other: ScalarVector): this {
    this.#pair(other, this, kernel.scalarsMultiply);
    return this;
  }

  /**
   * Adds to element i here: `first` times those of the factors whose bit is set in i, `factors[t]` standing for bit t.
   * @throws CurveError LENGTH_MISMATCH unless there are as many elements as sets of factors
   */
  addTensorInPlace(first: Scalar, factors: readonly Scalar[]): this {
    const count = factors.length;
    if (this.length !== 2 ** count)
      throw new CurveError("LENGTH_MISMATCH", `${this.length} scalars for ${count} factors`);
    const inputBytes = (count + 1) * SCALAR_BYTES;
    const at = allocate(inputBytes + kernel.tensorWork(count));
    const bytes = memory();
    bytes.set(scalarBytes(first), at);
    for (let t = 0; t < count; t++) bytes.set(scalarBytes(factors[t]!), at + (t + 1) * SCALAR_BYTES);
    kernel.scalarsAddTensor(this.address, at, count, at + inputBytes);
    release(at);
    return this;
  }

  /** Each element times the scalar. */
  scale(scalar: Scalar): ScalarVector {
    return this.#withOne(scalar, ScalarVector.#empty(this.length), kernel.scalarsMultiply);
  }

  /** Multiplies each element here by the scalar. */
  scaleInPlace(scalar: Scalar): this {
    this.#withOne(scalar, this, kernel.scalarsMultiply);
    return this;
  }

  /** Each element plus the scalar. */
  addScalar(scalar: Scalar): ScalarVector {
    return this.#withOne(scalar, ScalarVector.#empty(this.length), kernel.scalarsAdd);
  }

  /** Each element minus the scalar. */
  subtractScalar(scalar: Scalar): ScalarVector {
    return this.#withOne(scalar, ScalarVector.#empty(this.length), kernel.scalarsSubtract);
  }

  /** The sum of products of elements. @throws CurveError LENGTH_MISMATCH */
  innerProduct(other: ScalarVector): Scalar {
    if (other.length !== this.length)
      throw new CurveError("LENGTH_MISMATCH", `vectors of ${this.length} and ${other.length} scalars`);
    kernel.scalarsInnerProduct(scalarSlot(0), this.address, other.address, this.length);
    const product = scalarOfBytes(read(scalarSlot(0), SCALAR_BYTES));
    forget();
    return product;
  }

  /** The inverse of each element, 0 for 0, at three products each and one inversion for all. */
  invert(): ScalarVector {
    const vector = this.copy();
    const work = allocate((this.length + 2) * SCALAR_BYTES);
    kernel.batchInvert(vector.address, this.length, work);
    release(work);
    forget();
    return vector;
  }

  /** The elements from last to first. */
  reverse(): ScalarVector {
    const vector = ScalarVector.#empty(this.length);
    const bytes = memory();
    const last = this.address + (this.length - 1) * SCALAR_BYTES;
    for (let i = 0; i < this.length; i++)
      bytes.copyWithin(
        vector.address + i * SCALAR_BYTES,
        last - i * SCALAR_BYTES,
        last - (i - 1) * SCALAR_BYTES,
      );
    return vector;
  }

  /** Clears the memory and gives it back. */
  dispose(): void {
    this.#storage.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
