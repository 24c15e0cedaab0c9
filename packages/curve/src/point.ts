import { CurveError } from "./error.ts";
import {
  allocate,
  bytesSlot,
  DOUBLED_WORK_BYTES,
  ENCODED_BYTES,
  forget,
  kernel,
  memory,
  POINT_BYTES,
  pointSlot,
  read,
  release,
  releasePublic,
  SCALAR_BYTES,
  scalarSlot,
  wideSlot,
} from "./kernel.ts";
import { type ProductList, sumPublic, sumSecret } from "./multiscalar.ts";
import { Scalar, scalarBytes } from "./scalar.ts";

const HALF = Scalar.fromBigInt(2n).invert();

let coordinatesWithin: (point: Point) => Uint8Array;
let wrap: (coordinates: Uint8Array) => Point;

/** An element of ristretto255 (RFC 9496), immutable. */
export class Point {
  /** Extended coordinates as the kernel keeps them. */
  readonly #coordinates: Uint8Array;

  private constructor(coordinates: Uint8Array) {
    this.#coordinates = coordinates;
  }

  static {
    coordinatesWithin = (point) => point.#coordinates;
    wrap = (coordinates) => new Point(coordinates);
  }

  /** The base point B. */
  static readonly BASE: Point = new Point(read(kernel.basePoint(), POINT_BYTES));
  /** The neutral element; its encoding is 32 zeros. */
  static readonly IDENTITY: Point = Point.#make((out) => kernel.setIdentity(out));

  static #make(write: (out: number) => void): Point {
    write(pointSlot(0));
    return new Point(read(pointSlot(0), POINT_BYTES));
  }

  static #makeSecret(write: (out: number) => void): Point {
    const point = Point.#make(write);
    forget();
    return point;
  }

  /**
   * From a canonical 32-byte encoding (RFC 9496 section 4.3.1).
   * @throws CurveError POINT_LENGTH, POINT_INVALID
   */
  static decode(bytes: Uint8Array): Point {
    if (bytes.length !== ENCODED_BYTES)
      throw new CurveError("POINT_LENGTH", `point must be ${ENCODED_BYTES} bytes, got ${bytes.length}`);
    const point = Point.tryDecode(bytes);
    if (point === undefined)
      throw new CurveError("POINT_INVALID", "bytes are not a canonical ristretto255 encoding");
    return point;
  }

  /** From a canonical 32-byte encoding; undefined for anything else. */
  static tryDecode(bytes: Uint8Array): Point | undefined {
    if (bytes.length !== ENCODED_BYTES) return undefined;
    memory().set(bytes, bytesSlot(0));
    const valid = kernel.decodePair(pointSlot(0), pointSlot(1), bytesSlot(0), bytesSlot(0));
    return (valid & 1) === 1 ? new Point(read(pointSlot(0), POINT_BYTES)) : undefined;
  }

  /** As `tryDecode` for many, two at a time: half the price each. */
  static tryDecodeBatch(encodings: readonly Uint8Array[]): (Point | undefined)[] {
    const points: (Point | undefined)[] = [];
    for (let i = 0; i < encodings.length; i += 2) {
      const first = encodings[i]!;
      const second = encodings[i + 1];
      const firstSized = first.length === ENCODED_BYTES;
      const secondSized = second?.length === ENCODED_BYTES;
      if (firstSized) memory().set(first, bytesSlot(0));
      if (secondSized) memory().set(second, bytesSlot(1));
      const valid = kernel.decodePair(pointSlot(0), pointSlot(1), bytesSlot(0), bytesSlot(1));
      points.push(firstSized && (valid & 1) !== 0 ? new Point(read(pointSlot(0), POINT_BYTES)) : undefined);
      if (second !== undefined)
        points.push(
          secondSized && (valid & 2) !== 0 ? new Point(read(pointSlot(1), POINT_BYTES)) : undefined,
        );
    }
    return points;
  }

  /**
   * The one-way map from 64 uniform bytes (RFC 9496 section 4.3.4).
   * @throws CurveError UNIFORM_LENGTH
   */
  static fromUniformBytes(bytes: Uint8Array): Point {
    if (bytes.length !== 64)
      throw new CurveError("UNIFORM_LENGTH", `need 64 uniform bytes, got ${bytes.length}`);
    memory().set(bytes, wideSlot);
    return Point.#makeSecret((out) => kernel.fromUniform(out, wideSlot));
  }

  /** The encodings of many points, two at a time: half the price each. */
  static encodeBatch(points: readonly Point[]): Uint8Array[] {
    const encodings: Uint8Array[] = [];
    const bytes = memory();
    for (let i = 0; i < points.length; i += 2) {
      const second = points[i + 1];
      bytes.set(points[i]!.#coordinates, pointSlot(0));
      if (second !== undefined) bytes.set(second.#coordinates, pointSlot(1));
      kernel.encodePair(
        bytesSlot(0),
        bytesSlot(1),
        pointSlot(0),
        second === undefined ? pointSlot(0) : pointSlot(1),
      );
      encodings.push(read(bytesSlot(0), ENCODED_BYTES));
      if (second !== undefined) encodings.push(read(bytesSlot(1), ENCODED_BYTES));
    }
    forget();
    return encodings;
  }

  /** The canonical 32 bytes (RFC 9496 section 4.3.2). */
  encode(): Uint8Array {
    memory().set(this.#coordinates, pointSlot(0));
    kernel.encodePair(bytesSlot(0), bytesSlot(1), pointSlot(0), pointSlot(0));
    const encoding = read(bytesSlot(0), ENCODED_BYTES);
    forget();
    return encoding;
  }

  #combine(other: Point, operation: (out: number, p: number, q: number) => void): Point {
    const bytes = memory();
    bytes.set(this.#coordinates, pointSlot(1));
    bytes.set(other.#coordinates, pointSlot(2));
    operation(pointSlot(0), pointSlot(1), pointSlot(2));
    const result = new Point(read(pointSlot(0), POINT_BYTES));
    forget();
    return result;
  }

  add(other: Point): Point {
    return this.#combine(other, kernel.add);
  }

  subtract(other: Point): Point {
    return this.#combine(other, kernel.subtract);
  }

  negate(): Point {
    memory().set(this.#coordinates, pointSlot(1));
    return Point.#makeSecret((out) => kernel.negate(out, pointSlot(1)));
  }

  double(): Point {
    memory().set(this.#coordinates, pointSlot(1));
    return Point.#makeSecret((out) => kernel.double(out, pointSlot(1)));
  }

  equals(other: Point): boolean {
    const bytes = memory();
    bytes.set(this.#coordinates, pointSlot(1));
    bytes.set(other.#coordinates, pointSlot(2));
    const equal = kernel.equals(pointSlot(1), pointSlot(2)) === 1;
    forget();
    return equal;
  }

  isIdentity(): boolean {
    memory().set(this.#coordinates, pointSlot(1));
    const identity = kernel.isIdentity(pointSlot(1)) === 1;
    forget();
    return identity;
  }

  /** scalar · this, constant time. */
  multiply(scalar: Scalar): Point {
    const bytes = memory();
    bytes.set(scalarBytes(scalar), scalarSlot(0));
    bytes.set(this.#coordinates, pointSlot(1));
    kernel.multiplySecret(pointSlot(0), scalarSlot(0), pointSlot(1));
    const product = new Point(read(pointSlot(0), POINT_BYTES));
    forget();
    return product;
  }

  /** scalar · each point, constant time, two at a time: a quarter faster each than `multiply`. For view-key scanning. */
  static multiplyBatch(scalar: Scalar, points: readonly Point[]): Point[] {
    const bytes = memory();
    bytes.set(scalarBytes(scalar), scalarSlot(0));
    const products: Point[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const second = points[i + 1];
      bytes.set(points[i]!.#coordinates, pointSlot(0));
      if (second === undefined) {
        kernel.multiplySecret(pointSlot(2), scalarSlot(0), pointSlot(0));
      } else {
        bytes.set(second.#coordinates, pointSlot(1));
        kernel.multiplyTwoSecret(pointSlot(2), pointSlot(3), scalarSlot(0), pointSlot(0), pointSlot(1));
      }
      products.push(new Point(read(pointSlot(2), POINT_BYTES)));
      if (second !== undefined) products.push(new Point(read(pointSlot(3), POINT_BYTES)));
    }
    forget();
    return products;
  }

  /**
   * The encodings of scalar · each point, constant time: as `multiplyBatch`, and the encodings take one inversion for
   * all instead of a square root each.
   */
  static multiplyBatchEncoded(scalar: Scalar, points: readonly Point[]): Uint8Array[] {
    const n = points.length;
    // Half the scalar now, doubled when encoded.
    const products = Point.multiplyBatch(scalar.multiply(HALF), points);
    const work = Math.ceil(n / 2) * DOUBLED_WORK_BYTES;
    const at = allocate(n * (POINT_BYTES + ENCODED_BYTES) + work);
    const encodedAt = at + n * POINT_BYTES;
    const bytes = memory();
    for (const [i, product] of products.entries()) bytes.set(product.#coordinates, at + i * POINT_BYTES);
    kernel.encodeDoubled(encodedAt, at, n, encodedAt + n * ENCODED_BYTES);
    const encodings = products.map((_, i) => read(encodedAt + i * ENCODED_BYTES, ENCODED_BYTES));
    release(at);
    forget();
    return encodings;
  }

  /** scalar · this, variable time: for public scalars only. */
  multiplyPublic(scalar: Scalar): Point {
    const bytes = memory();
    bytes.set(scalarBytes(scalar), scalarSlot(0));
    bytes.set(this.#coordinates, pointSlot(1));
    return Point.#make((out) => kernel.multiplyPublic(out, scalarSlot(0), pointSlot(1)));
  }

  /** scalar · B, constant time, from a table. */
  static multiplyBase(scalar: Scalar): Point {
    memory().set(scalarBytes(scalar), scalarSlot(0));
    kernel.multiplyFixedSecret(pointSlot(0), scalarSlot(0), kernel.baseFixed());
    const product = new Point(read(pointSlot(0), POINT_BYTES));
    forget();
    return product;
  }

  /** scalar · B, variable time. */
  static multiplyBasePublic(scalar: Scalar): Point {
    memory().set(scalarBytes(scalar), scalarSlot(0));
    return Point.#make((out) => kernel.multiplyFixedPublic(out, scalarSlot(0), kernel.baseFixed()));
  }

  /** a · A + b · B, variable time. */
  static doubleMultiplyBasePublic(a: Scalar, A: Point, b: Scalar): Point {
    const bytes = memory();
    bytes.set(scalarBytes(a), scalarSlot(0));
    bytes.set(scalarBytes(b), scalarSlot(1));
    bytes.set(A.#coordinates, pointSlot(1));
    return Point.#make((out) =>
      kernel.doubleMultiplyBasePublic(out, scalarSlot(0), pointSlot(1), scalarSlot(1)),
    );
  }

  /** a · A + b · B, variable time. */
  static doubleMultiplyPublic(a: Scalar, A: Point, b: Scalar, B: Point): Point {
    const bytes = memory();
    bytes.set(scalarBytes(a), scalarSlot(0));
    bytes.set(scalarBytes(b), scalarSlot(1));
    bytes.set(A.#coordinates, pointSlot(1));
    bytes.set(B.#coordinates, pointSlot(2));
    return Point.#make((out) =>
      kernel.doubleMultiplyPublic(out, scalarSlot(0), pointSlot(1), scalarSlot(1), pointSlot(2)),
    );
  }

  /**
   * The sum of scalars[i] · points[i], constant time.
   * @throws CurveError LENGTH_MISMATCH
   */
  static multiMultiply(scalars: readonly Scalar[], points: readonly Point[]): Point {
    return Point.#sum(scalars, points, true);
  }

  /**
   * The sum of scalars[i] · points[i], variable time: interleaved windows (Straus) for few, buckets (Pippenger) for many.
   * @throws CurveError LENGTH_MISMATCH
   */
  static multiMultiplyPublic(scalars: readonly Scalar[], points: readonly Point[]): Point {
    return Point.#sum(scalars, points, false);
  }

  static #sum(scalars: readonly Scalar[], points: readonly Point[], secret: boolean): Point {
    const n = points.length;
    if (scalars.length !== n)
      throw new CurveError("LENGTH_MISMATCH", `${scalars.length} scalars for ${n} points`);
    if (n === 0) return Point.IDENTITY;
    const at = allocate(n * (POINT_BYTES + SCALAR_BYTES));
    const bytes = memory();
    const list: ProductList = [];
    for (let i = 0; i < n; i++) {
      const point = at + i * POINT_BYTES;
      const scalar = at + n * POINT_BYTES + i * SCALAR_BYTES;
      bytes.set(points[i]!.#coordinates, point);
      bytes.set(scalarBytes(scalars[i]!), scalar);
      list.push(scalar, point);
    }
    if (secret) sumSecret(pointSlot(0), list);
    else sumPublic(pointSlot(0), list);
    const sum = new Point(read(pointSlot(0), POINT_BYTES));
    if (secret) {
      release(at);
      forget();
    } else releasePublic(at);
    return sum;
  }
}

/** The coordinates a point holds, not a copy: for this package only, never to be written. */
export function pointCoordinates(point: Point): Uint8Array {
  return coordinatesWithin(point);
}

/** A point that takes over coordinates read from the kernel. */
export function pointOfCoordinates(coordinates: Uint8Array): Point {
  return wrap(coordinates);
}
