import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { CurveError, Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { formatLosslessJson, type JsonValue, parseLosslessJson } from "./lossless-json.ts";

/**
 * How a value is written as JSON, stated once for both directions. Reading ignores fields it does not know and takes
 * an absent field for `null`, as the reference does.
 */
export interface JsonShape<T> {
  /** Throws TransactionError `InvalidField` (area `offlineSigner`) naming `path`, never the value. */
  readonly read: (value: JsonValue | undefined, path: string) => T;
  readonly write: (value: T) => JsonValue;
}

/** The JSON name and shape of each property of T. */
export type JsonFields<T> = {
  readonly [Key in keyof T]-?: readonly [name: string, shape: JsonShape<T[Key]>];
};

/** Reads a whole text. Throws `InvalidJson`, `InvalidField`, `LosslessJsonUnavailable` (area `offlineSigner`). */
export function parseShape<T>(shape: JsonShape<T>, text: string): T {
  return shape.read(parseLosslessJson(text), "");
}

/** Writes a value as indented JSON text. Throws `LosslessJsonUnavailable` (area `offlineSigner`). */
export function formatShape<T>(shape: JsonShape<T>, value: T): string {
  return formatLosslessJson(shape.write(value));
}

/** A refusal that names the place in the document. */
export function invalidField(path: string, reason: string): TransactionError<"offlineSigner"> {
  const field = path === "" ? "the document" : path;
  return new TransactionError("offlineSigner", "InvalidField", `${field} ${reason}`, { data: { field } });
}

const U32_MAX = 0xffff_ffffn;
const U64_MAX = 0xffff_ffff_ffff_ffffn;

function unsigned(value: JsonValue | undefined, max: bigint, path: string): bigint {
  if (typeof value !== "number" && typeof value !== "bigint") throw invalidField(path, "is not a number");
  const integer = BigInt(value);
  if (integer < 0n || integer > max) throw invalidField(path, `is not of 0..${max}`);
  return integer;
}

/** A number of 0..2^64-1. */
export const u64Json: JsonShape<bigint> = {
  read: (value, path) => unsigned(value, U64_MAX, path),
  write: (value) => value,
};

/** A number of 0..2^32-1. */
export const u32Json: JsonShape<number> = {
  read: (value, path) => Number(unsigned(value, U32_MAX, path)),
  write: (value) => value,
};

/** A u64 as a string of decimal digits. */
export const u64StringJson: JsonShape<bigint> = {
  read(value, path) {
    if (typeof value !== "string" || !/^[0-9]{1,20}$/.test(value)) {
      throw invalidField(path, "is not a string of decimal digits");
    }
    return unsigned(BigInt(value), U64_MAX, path);
  },
  write: (value) => value.toString(),
};

export const textJson: JsonShape<string> = {
  read(value, path) {
    if (typeof value !== "string") throw invalidField(path, "is not a string");
    return value;
  },
  write: (value) => value,
};

/** Bytes as a list of numbers, of one length where that is given. */
export function bytesJson(length?: number): JsonShape<Uint8Array> {
  return {
    read(value, path) {
      const items = list(value, path);
      if (length !== undefined && items.length !== length) {
        throw invalidField(path, `has ${items.length} bytes instead of ${length}`);
      }
      const bytes = new Uint8Array(items.length);
      for (const [index, item] of items.entries()) {
        if (typeof item !== "number" || item < 0 || item > 255) {
          throw invalidField(`${path}[${index}]`, "is not a byte");
        }
        bytes[index] = item;
      }
      return bytes;
    },
    write: (value) => [...value],
  };
}

/** Bytes as a hex string of one length. */
export function hexJson(length: number): JsonShape<Uint8Array> {
  return {
    read(value, path) {
      if (typeof value !== "string" || value.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(value)) {
        throw invalidField(path, `is not a hex string of ${length} bytes`);
      }
      return hexToBytes(value);
    },
    write: (value) => bytesToHex(value),
  };
}

/** A scalar in canonical form: a list of 32 numbers. */
export const scalarJson: JsonShape<Scalar> = {
  read(value, path) {
    const bytes = bytesJson(32).read(value, path);
    try {
      return Scalar.fromBytes(bytes);
    } catch (cause) {
      if (!(cause instanceof CurveError)) throw cause;
      throw invalidField(path, "is not a canonical scalar");
    }
  },
  write: (value) => [...value.toBytes()],
};

/** The same value in another TypeScript form. */
export function mappedJson<Inner, Outer>(
  inner: JsonShape<Inner>,
  toOuter: (value: Inner) => Outer,
  toInner: (value: Outer) => Inner,
): JsonShape<Outer> {
  return {
    read: (value, path) => toOuter(inner.read(value, path)),
    write: (value) => inner.write(toInner(value)),
  };
}

/** A value inside an object with one field: `{"point": …}`. */
export function wrappedJson<T>(name: string, inner: JsonShape<T>): JsonShape<T> {
  return {
    read: (value, path) => inner.read(member(object(value, path), name), join(path, name)),
    write: (value) => ({ [name]: inner.write(value) }),
  };
}

export function listJson<T>(element: JsonShape<T>): JsonShape<readonly T[]> {
  return {
    read: (value, path) => list(value, path).map((item, index) => element.read(item, `${path}[${index}]`)),
    write: (values) => values.map(element.write),
  };
}

/** A value or `null`. */
export function nullableJson<T>(inner: JsonShape<T>): JsonShape<T | undefined> {
  return {
    read: (value, path) => (value === null || value === undefined ? undefined : inner.read(value, path)),
    write: (value) => (value === undefined ? null : inner.write(value)),
  };
}

/** A value, or no field at all; for fields of objects only. */
export function optionalJson<T>(inner: JsonShape<T>): JsonShape<T | undefined> {
  return {
    read: nullableJson(inner).read,
    write: (value) => (value === undefined ? ABSENT : inner.write(value)),
  };
}

/** Stands for a field that is not written. */
const ABSENT: JsonValue = Object.freeze({});

/** An object with the named fields; others are ignored. */
export function objectJson<T extends object>(fields: JsonFields<T>): JsonShape<T> {
  const keys = Object.keys(fields) as (keyof T & string)[];
  return {
    read(value, path) {
      const source = object(value, path);
      const result: Partial<T> = {};
      for (const key of keys) {
        const [name, shape] = fields[key];
        result[key] = shape.read(member(source, name), join(path, name));
      }
      // Every key of T was read: the mapped type of `fields` has them all.
      return result as T;
    },
    write(value) {
      const result: Record<string, JsonValue> = {};
      for (const key of keys) {
        const [name, shape] = fields[key];
        const item = shape.write(value[key]);
        if (item !== ABSENT) result[name] = item;
      }
      return result;
    },
  };
}

/** The content and JSON name of one kind of value: `{"V1": …}`. */
export interface JsonVariant<T> {
  readonly name: string;
  readonly shape: JsonShape<T>;
  readonly holds: (value: T) => boolean;
}

/** An object with exactly one field, whose name tells the kind. */
export function variantJson<T>(variants: readonly JsonVariant<T>[]): JsonShape<T> {
  return {
    read(value, path) {
      const source = object(value, path);
      const names = Object.keys(source);
      const chosen = variants.find(({ name }) => name === names[0]);
      if (chosen === undefined || names.length !== 1) {
        throw invalidField(path, `is none of ${variants.map(({ name }) => name).join(", ")}`);
      }
      return chosen.shape.read(source[chosen.name], join(path, chosen.name));
    },
    write(value) {
      const chosen = variants.find(({ holds }) => holds(value));
      if (chosen === undefined) throw new TypeError("value of no known kind");
      return { [chosen.name]: chosen.shape.write(value) };
    },
  };
}

function list(value: JsonValue | undefined, path: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw invalidField(path, "is not a list");
  return value as readonly JsonValue[];
}

function object(value: JsonValue | undefined, path: string): { readonly [name: string]: JsonValue } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidField(path, "is not an object");
  }
  return value as { readonly [name: string]: JsonValue };
}

function member(source: { readonly [name: string]: JsonValue }, name: string): JsonValue | undefined {
  return Object.hasOwn(source, name) ? source[name] : undefined;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
