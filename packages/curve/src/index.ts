import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

/** Order of ristretto255, ℓ = 2^252 + 27742317777372353535851937790883648493 (RFC 9496). */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

export type CurveErrorCode =
  | "SCALAR_LENGTH"
  | "SCALAR_NOT_CANONICAL"
  | "POINT_LENGTH"
  | "POINT_INVALID"
  | "UNIFORM_LENGTH"
  | "LENGTH_MISMATCH";

export class CurveError extends Error {
  readonly code: CurveErrorCode;
  constructor(code: CurveErrorCode, message: string) {
    super(message);
    this.name = "CurveError";
    this.code = code;
  }
}

/** A source of random bytes: given a length, a fresh array of that many bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** The platform's CSPRNG (`crypto.getRandomValues`). */
export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

function mod(v: bigint): bigint {
  const r = v % ORDER;
  return r < 0n ? r + ORDER : r;
}

function le(bytes: Uint8Array): bigint {
  let v = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) v = (v << 8n) | BigInt(bytes[i]!);
  return v;
}

export class Scalar {
  static readonly ZERO = new Scalar(0n);
  static readonly ONE = new Scalar(1n);
  readonly #v: bigint;
  private constructor(v: bigint) {
    this.#v = v;
  }
  static fromBytes(bytes: Uint8Array): Scalar {
    if (bytes.length !== 32)
      throw new CurveError("SCALAR_LENGTH", `scalar must be 32 bytes, got ${bytes.length}`);
    const v = le(bytes);
    if (v >= ORDER) throw new CurveError("SCALAR_NOT_CANONICAL", "scalar is not below the group order");
    return new Scalar(v);
  }
  static fromBytesModOrder(bytes: Uint8Array): Scalar {
    if (bytes.length !== 32)
      throw new CurveError("SCALAR_LENGTH", `scalar must be 32 bytes, got ${bytes.length}`);
    return new Scalar(mod(le(bytes)));
  }
  static fromBytesWide(bytes: Uint8Array): Scalar {
    if (bytes.length !== 64)
      throw new CurveError("SCALAR_LENGTH", `wide scalar must be 64 bytes, got ${bytes.length}`);
    return new Scalar(mod(le(bytes)));
  }
  static fromBigInt(v: bigint): Scalar {
    return new Scalar(mod(v));
  }
  static random(random: RandomBytes = systemRandom): Scalar {
    return Scalar.fromBytesWide(random(64));
  }
  static batchInvert(scalars: readonly Scalar[]): Scalar[] {
    return scalars.map((s) => s.invert());
  }
  add(o: Scalar): Scalar {
    return new Scalar(mod(this.#v + o.#v));
  }
  subtract(o: Scalar): Scalar {
    return new Scalar(mod(this.#v - o.#v));
  }
  multiply(o: Scalar): Scalar {
    return new Scalar(mod(this.#v * o.#v));
  }
  negate(): Scalar {
    return new Scalar(mod(-this.#v));
  }
  invert(): Scalar {
    let r = 1n;
    let b = this.#v;
    for (let e = ORDER - 2n; e > 0n; e >>= 1n) {
      if (e & 1n) r = (r * b) % ORDER;
      b = (b * b) % ORDER;
    }
    return new Scalar(r);
  }
  equals(o: Scalar): boolean {
    return this.#v === o.#v;
  }
  isZero(): boolean {
    return this.#v === 0n;
  }
  toBigInt(): bigint {
    return this.#v;
  }
  toBytes(): Uint8Array {
    const out = new Uint8Array(32);
    let v = this.#v;
    for (let i = 0; i < 32; i++, v >>= 8n) out[i] = Number(v & 255n);
    return out;
  }
}

const Inner = ristretto255.Point;
type InnerPoint = InstanceType<typeof Inner>;

export class Point {
  static readonly BASE = new Point(Inner.BASE);
  static readonly IDENTITY = new Point(Inner.ZERO);
  readonly #p: InnerPoint;
  private constructor(p: InnerPoint) {
    this.#p = p;
  }
  static decode(bytes: Uint8Array): Point {
    if (bytes.length !== 32)
      throw new CurveError("POINT_LENGTH", `point must be 32 bytes, got ${bytes.length}`);
    const p = Point.tryDecode(bytes);
    if (p === undefined)
      throw new CurveError("POINT_INVALID", "bytes are not a canonical ristretto255 encoding");
    return p;
  }
  static tryDecode(bytes: Uint8Array): Point | undefined {
    try {
      return new Point(Inner.fromBytes(bytes));
    } catch {
      return undefined;
    }
  }
  static fromUniformBytes(bytes: Uint8Array): Point {
    if (bytes.length !== 64)
      throw new CurveError("UNIFORM_LENGTH", `need 64 uniform bytes, got ${bytes.length}`);
    return new Point(ristretto255_hasher.deriveToCurve!(bytes) as InnerPoint);
  }
  static encodeBatch(points: readonly Point[]): Uint8Array[] {
    return points.map((p) => p.encode());
  }
  encode(): Uint8Array {
    return this.#p.toBytes();
  }
  add(o: Point): Point {
    return new Point(this.#p.add(o.#p));
  }
  subtract(o: Point): Point {
    return new Point(this.#p.subtract(o.#p));
  }
  negate(): Point {
    return new Point(this.#p.negate());
  }
  double(): Point {
    return new Point(this.#p.double());
  }
  equals(o: Point): boolean {
    return this.#p.equals(o.#p);
  }
  isIdentity(): boolean {
    return this.#p.equals(Inner.ZERO);
  }
  multiply(s: Scalar): Point {
    return s.isZero() ? Point.IDENTITY : new Point(this.#p.multiply(s.toBigInt()));
  }
  multiplyPublic(s: Scalar): Point {
    return new Point(this.#p.multiplyUnsafe(s.toBigInt()));
  }
  static multiplyBase(s: Scalar): Point {
    return Point.BASE.multiply(s);
  }
  static multiplyBasePublic(s: Scalar): Point {
    return Point.BASE.multiplyPublic(s);
  }
  static doubleMultiplyBasePublic(a: Scalar, A: Point, b: Scalar): Point {
    return A.multiplyPublic(a).add(Point.BASE.multiplyPublic(b));
  }
  static multiMultiply(scalars: readonly Scalar[], points: readonly Point[]): Point {
    return points.reduce((sum, p, i) => sum.add(p.multiply(scalars[i]!)), Point.IDENTITY);
  }
  static multiMultiplyPublic(scalars: readonly Scalar[], points: readonly Point[]): Point {
    return points.reduce((sum, p, i) => sum.add(p.multiplyPublic(scalars[i]!)), Point.IDENTITY);
  }
}

/** A fixed generator with precomputed multiples. */
export class FixedBase {
  readonly point: Point;
  constructor(point: Point) {
    this.point = point;
  }
  multiply(s: Scalar): Point {
    return this.point.multiply(s);
  }
  multiplyPublic(s: Scalar): Point {
    return this.point.multiplyPublic(s);
  }
}
