import { CurveError } from "./error.ts";
import {
  allocate,
  forget,
  io,
  kernel,
  memory,
  read,
  release,
  SCALAR_BYTES,
  scalarSlot,
  wideSlot,
} from "./kernel.ts";
import { type RandomBytes, systemRandom } from "./random.ts";

/** Order of ristretto255, ℓ = 2^252 + 27742317777372353535851937790883648493 (RFC 9496). */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const ORDER_BYTES = bytesOf(ORDER);

function bytesOf(value: bigint): Uint8Array {
  const out = new Uint8Array(SCALAR_BYTES);
  const words = new DataView(out.buffer);
  for (let i = 0; i < 4; i++) words.setBigUint64(8 * i, BigInt.asUintN(64, value >> BigInt(64 * i)), true);
  return out;
}

function checkLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length)
    throw new CurveError("SCALAR_LENGTH", `${what} must be ${length} bytes, got ${bytes.length}`);
}

/** Whether 32 little-endian bytes are below the order; the same steps for all. */
function isCanonical(bytes: Uint8Array): boolean {
  let borrow = 0;
  for (let i = 0; i < SCALAR_BYTES; i++) borrow = ((bytes[i]! - ORDER_BYTES[i]! - borrow) >> 8) & 1;
  return borrow === 1;
}

let bytesWithin: (scalar: Scalar) => Uint8Array;
let wrap: (bytes: Uint8Array) => Scalar;

/** An integer modulo ℓ, immutable. Arithmetic takes the same steps whatever the values. */
export class Scalar {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  static {
    bytesWithin = (scalar) => scalar.#bytes;
    wrap = (bytes) => new Scalar(bytes);
  }

  static readonly ZERO: Scalar = new Scalar(bytesOf(0n));
  static readonly ONE: Scalar = new Scalar(bytesOf(1n));

  /**
   * From 32 little-endian bytes.
   * @throws CurveError SCALAR_LENGTH, SCALAR_NOT_CANONICAL (ℓ or more)
   */
  static fromBytes(bytes: Uint8Array): Scalar {
    checkLength(bytes, SCALAR_BYTES, "scalar");
    if (!isCanonical(bytes))
      throw new CurveError("SCALAR_NOT_CANONICAL", "scalar is not below the group order");
    return new Scalar(bytes.slice());
  }

  /**
   * From 32 little-endian bytes, reduced modulo ℓ.
   * @throws CurveError SCALAR_LENGTH
   */
  static fromBytesModOrder(bytes: Uint8Array): Scalar {
    checkLength(bytes, SCALAR_BYTES, "scalar");
    return reduceWide(bytes);
  }

  /**
   * From 64 little-endian bytes, reduced modulo ℓ: uniform if the bytes are.
   * @throws CurveError SCALAR_LENGTH
   */
  static fromBytesWide(bytes: Uint8Array): Scalar {
    checkLength(bytes, 64, "wide scalar");
    return reduceWide(bytes);
  }

  /** From any integer, reduced modulo ℓ. Not constant time (no bigint is). */
  static fromBigInt(value: bigint): Scalar {
    const inRange = value >= 0n && value < ORDER;
    const rest = inRange ? value : value % ORDER;
    return new Scalar(bytesOf(rest < 0n ? rest + ORDER : rest));
  }

  /** A uniform scalar from 64 random bytes. */
  static random(random: RandomBytes = systemRandom): Scalar {
    return Scalar.fromBytesWide(random(64));
  }

  /** The inverses of all, for the price of one inversion and three products each; the inverse of 0 is 0. */
  static batchInvert(scalars: readonly Scalar[]): Scalar[] {
    const n = scalars.length;
    if (n === 0) return [];
    const work = allocate((2 * n + 2) * SCALAR_BYTES);
    const bytes = memory();
    for (const [i, scalar] of scalars.entries()) bytes.set(scalar.#bytes, work + i * SCALAR_BYTES);
    kernel.batchInvert(work, n, work + n * SCALAR_BYTES);
    const inverses = scalars.map((_, i) => new Scalar(read(work + i * SCALAR_BYTES, SCALAR_BYTES)));
    release(work);
    forget();
    return inverses;
  }

  add(other: Scalar): Scalar {
    return multiplyAdd(this.#bytes, Scalar.ONE.#bytes, other.#bytes);
  }

  subtract(other: Scalar): Scalar {
    return multiplyAdd(other.#bytes, MINUS_ONE.#bytes, this.#bytes);
  }

  multiply(other: Scalar): Scalar {
    return multiplyAdd(this.#bytes, other.#bytes, Scalar.ZERO.#bytes);
  }

  /** this · factor + addend, for the price of the product. */
  multiplyAdd(factor: Scalar, addend: Scalar): Scalar {
    return multiplyAdd(this.#bytes, factor.#bytes, addend.#bytes);
  }

  negate(): Scalar {
    return multiplyAdd(this.#bytes, MINUS_ONE.#bytes, Scalar.ZERO.#bytes);
  }

  /** The inverse modulo ℓ; 0 for 0. */
  invert(): Scalar {
    memory().set(this.#bytes, scalarSlot(0));
    kernel.invert(scalarSlot(1), scalarSlot(0));
    const inverse = new Scalar(read(scalarSlot(1), SCALAR_BYTES));
    forget();
    return inverse;
  }

  equals(other: Scalar): boolean {
    let different = 0;
    for (let i = 0; i < SCALAR_BYTES; i++) different |= this.#bytes[i]! ^ other.#bytes[i]!;
    return different === 0;
  }

  isZero(): boolean {
    return this.equals(Scalar.ZERO);
  }

  /** From 0 to ℓ − 1. */
  toBigInt(): bigint {
    const words = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, SCALAR_BYTES);
    let value = 0n;
    for (let i = 3; i >= 0; i--) value = (value << 64n) | words.getBigUint64(8 * i, true);
    return value;
  }

  /** The 32 canonical little-endian bytes. */
  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }
}

const MINUS_ONE = Scalar.fromBigInt(-1n);

function multiplyAdd(a: Uint8Array, b: Uint8Array, addend: Uint8Array): Scalar {
  const bytes = memory();
  bytes.set(a, scalarSlot(0));
  bytes.set(b, scalarSlot(1));
  bytes.set(addend, scalarSlot(2));
  kernel.multiplyAdd(scalarSlot(3), scalarSlot(0), scalarSlot(1), scalarSlot(2));
  const result = wrap(read(scalarSlot(3), SCALAR_BYTES));
  bytes.fill(0, io, scalarSlot(4));
  return result;
}

function reduceWide(bytes: Uint8Array): Scalar {
  const target = memory();
  target.fill(0, wideSlot, wideSlot + 64);
  target.set(bytes, wideSlot);
  kernel.fromWide(scalarSlot(3), wideSlot);
  const result = wrap(read(scalarSlot(3), SCALAR_BYTES));
  target.fill(0, io, wideSlot + 64);
  return result;
}

/** The bytes a scalar holds, not a copy: for this package only, never to be written. */
export function scalarBytes(scalar: Scalar): Uint8Array {
  return bytesWithin(scalar);
}

/** A scalar that takes over 32 bytes known to be canonical. */
export function scalarOfBytes(bytes: Uint8Array): Scalar {
  return wrap(bytes);
}
