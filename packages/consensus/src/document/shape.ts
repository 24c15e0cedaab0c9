import { at, type Document, refuseValue } from "./document.ts";

/** How a value stands in a document, stated once for both directions. */
export interface Shape<T> {
  /** Takes `undefined` for a field that is missing. @throws ConsensusError `InvalidField` */
  readonly read: (value: Document | undefined) => T;
  readonly write: (value: T) => Document;
}

const U32_MAX = 0xffff_ffffn;
const U64_MAX = 0xffff_ffff_ffff_ffffn;

function unsigned(value: Document | undefined, max: bigint): bigint {
  if (typeof value !== "number" && typeof value !== "bigint") throw refuseValue("is not an integer");
  const integer = BigInt(value);
  if (integer < 0n || integer > max) throw refuseValue(`is not of 0..${max}`);
  return integer;
}

/** An integer of 0..2^64-1. */
export const u64: Shape<bigint> = {
  read: (value) => unsigned(value, U64_MAX),
  write: (value) => value,
};

/** An integer of 0..2^32-1. */
export const u32: Shape<number> = {
  read: (value) => Number(unsigned(value, U32_MAX)),
  write: (value) => value,
};

export const text: Shape<string> = {
  read(value) {
    if (typeof value !== "string") throw refuseValue("is not a text");
    return value;
  },
  write: (value) => value,
};

export const bool: Shape<boolean> = {
  read(value) {
    if (typeof value !== "boolean") throw refuseValue("is neither true nor false");
    return value;
  },
  write: (value) => value,
};

/** Bytes as an array of integers, of one length where that is given; a byte string is refused. */
export function byteArray(length?: number): Shape<Uint8Array> {
  return {
    read(value) {
      if (!Array.isArray(value)) throw refuseValue("is not an array of bytes");
      return bytesOf(value, length);
    },
    write: (value) => [...value],
  };
}

/** Bytes of one length, written as an array of integers and read as that or as a byte string. */
export function byteArrayOrString(length: number): Shape<Uint8Array> {
  return { read: (value) => fixedBytes(value, length), write: (value) => [...value] };
}

/** Bytes of one length, written as a byte string and read as that or as an array of integers. */
export function byteString(length: number): Shape<Uint8Array> {
  return { read: (value) => fixedBytes(value, length), write: (value) => value };
}

function fixedBytes(value: Document | undefined, length: number): Uint8Array {
  if (Array.isArray(value)) return bytesOf(value, length);
  if (!(value instanceof Uint8Array)) throw refuseValue("is neither bytes nor an array of bytes");
  if (value.length !== length) throw refuseValue(`has ${value.length} bytes instead of ${length}`);
  return value;
}

function bytesOf(items: readonly Document[], length: number | undefined): Uint8Array {
  if (length !== undefined && items.length !== length) {
    throw refuseValue(`has ${items.length} bytes instead of ${length}`);
  }
  const bytes = new Uint8Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item !== "number" || item < 0 || item > 255) {
      throw refuseValue("holds something other than bytes");
    }
    bytes[i] = item;
  }
  return bytes;
}

export function list<T>(element: Shape<T>): Shape<readonly T[]> {
  return {
    read(value) {
      if (!Array.isArray(value)) throw refuseValue("is not an array");
      return value.map((item, i) => at(`[${i}]`, () => element.read(item)));
    },
    write: (values) => values.map(element.write),
  };
}

/** A value that may be missing or null. */
export function optional<T>(inner: Shape<T>): Shape<T | undefined> {
  return {
    read: (value) => (value === undefined || value === null ? undefined : inner.read(value)),
    write: (value) => (value === undefined ? null : inner.write(value)),
  };
}

/** A value that stands for itself when it is missing. */
export function withDefault<T>(inner: Shape<T>, fallback: () => T): Shape<T> {
  return { read: (value) => (value === undefined ? fallback() : inner.read(value)), write: inner.write };
}

/** The same value in another form; `toOuter` may throw `refuseValue`. */
export function mapped<Inner, Outer>(
  inner: Shape<Inner>,
  toOuter: (value: Inner) => Outer,
  toInner: (value: Outer) => Inner,
): Shape<Outer> {
  return { read: (value) => toOuter(inner.read(value)), write: (value) => inner.write(toInner(value)) };
}

/** The name and shape of each property of T, in the order in which they are written. */
export type ShapeFields<T> = { readonly [Key in keyof T]-?: readonly [name: string, shape: Shape<T[Key]>] };

/** A map from names to values. Names it does not know are ignored. */
export function struct<T extends object>(fields: ShapeFields<T>): Shape<T> {
  const entries = Object.entries(fields) as [
    keyof T & string,
    readonly [string, Shape<T[keyof T & string]>],
  ][];
  return {
    read(value) {
      const map = mapOf(value);
      const result: Partial<T> = {};
      for (const [key, [name, shape]] of entries) result[key] = at(name, () => shape.read(map.get(name)));
      // Every property of T has an entry.
      return result as T;
    },
    write: (value) => new Map(entries.map(([key, [name, shape]]) => [name, shape.write(value[key])])),
  };
}

/** A map from names of the document's own choice to values of one shape. */
export function record<T>(inner: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    read: (value) =>
      new Map([...mapOf(value)].map(([name, item]) => [name, at(name, () => inner.read(item))])),
    write: (value) => new Map([...value].map(([name, item]) => [name, inner.write(item)])),
  };
}

/** One alternative of a union: `{name: payload}`. */
export interface Variant<T> {
  readonly name: string;
  readonly read: (payload: Document) => T;
  /** The payload, where the value is of this alternative. */
  readonly write: (value: T) => Document | undefined;
}

/** A map of one entry, whose name tells the alternative. */
export function externallyTagged<T>(variants: readonly Variant<T>[]): Shape<T> {
  return {
    read(value) {
      const map = mapOf(value);
      const [entry] = map;
      if (entry === undefined || map.size !== 1) throw refuseValue(`has ${map.size} entries instead of one`);
      const [name, payload] = entry;
      const variant = variants.find((candidate) => candidate.name === name);
      if (variant === undefined) throw refuseValue("names no alternative that is known here");
      return at(name, () => variant.read(payload));
    },
    write(value) {
      for (const { name, write } of variants) {
        const payload = write(value);
        if (payload !== undefined) return new Map([[name, payload]]);
      }
      throw new TypeError("the value is of no alternative");
    },
  };
}

export function mapOf(value: Document | undefined): ReadonlyMap<string, Document> {
  if (!(value instanceof Map)) throw refuseValue(value === undefined ? "is missing" : "is not a map");
  return value;
}
