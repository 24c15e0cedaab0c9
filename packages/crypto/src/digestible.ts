import { requireU64, requireUnsigned, utf8 } from "./bytes.ts";
import { CryptoError } from "./error.ts";
import { encodeLabel } from "./label.ts";
import { Transcript } from "./transcript.ts";

/**
 * How values of type T are written to a transcript (01 section 2.4): the schema states names, order and omission
 * rules once, and the functions below walk it.
 *
 * `full` always writes a node; `mayOmit` may write nothing for an empty value.
 */
export interface Digestible<T> {
  readonly full: (transcript: Transcript, context: string | Uint8Array, value: T) => void;
  readonly mayOmit: (transcript: Transcript, context: string | Uint8Array, value: T) => void;
}

/** How one field departs from "written under its own name, omitted when empty". */
export interface FieldRule {
  /** Empty values are written too. */
  readonly neverOmit?: true;
  /** The value that is left out although it is not empty. */
  readonly omitWhen?: string | number | bigint | boolean;
}

type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : Name;

type FieldOf<T, Key extends keyof T & string> =
  | readonly [name: Snake<Key>, schema: Digestible<T[Key]>, rule?: FieldRule & { readonly key?: Key }]
  | readonly [name: string, schema: Digestible<T[Key]>, rule: FieldRule & { readonly key: Key }];

/** `[context, schema, rule?]`; the property is `rule.key`, or the context in camel case. */
export type StructField<T> = { [Key in keyof T & string]-?: FieldOf<T, Key> }[keyof T & string];

/** `[variant name]` without payload, or `[variant name, schema]` with one. */
export type VariantCase<T> = readonly [name: string, payload?: Digestible<T>];

const PRIM = utf8("prim");
const SEQ = utf8("seq");
const LEN = utf8("len");
const AGG = utf8("agg");
const AGG_END = utf8("agg-end");
const NAME = utf8("name");
const VAR = utf8("var");
const WHICH = utf8("which");
const EMPTY = new Uint8Array(0);
const UINT = utf8("uint");
const INT = utf8("int");
const BOOL = utf8("bool");
const BYTES = utf8("bytes");
const STR = utf8("str");

/** Writes `value` under `context`, empty or not. */
export function appendDigestible<T>(
  transcript: Transcript,
  context: string | Uint8Array,
  schema: Digestible<T>,
  value: T,
): void {
  schema.full(transcript, context, value);
}

const DIGESTIBLE = new Transcript("digestible");

/** The canonical 32-byte hash of `value` under a context that separates its uses. */
export function digest32<T>(context: string | Uint8Array, schema: Digestible<T>, value: T): Uint8Array {
  const transcript = DIGESTIBLE.clone();
  schema.full(transcript, context, value);
  return transcript.challenge("digest32", 32);
}

/** The schemas of 01 section 2.4. */
export const d = {
  u16: unsigned(2, 0xffff),
  u32: unsigned(4, 0xffff_ffff),
  u64: always<bigint>((transcript, context, value) => {
    requireU64(value);
    transcript.append(context, PRIM);
    transcript.appendU64(UINT, value);
  }),
  i8: signed(1),
  i16: signed(2),
  i32: signed(4),
  i64: always<bigint>((transcript, context, value) => {
    if (BigInt.asIntN(64, value) !== value) {
      throw new CryptoError("IntegerOutOfRange", "integer must be of -2^63..2^63-1");
    }
    transcript.append(context, PRIM);
    transcript.appendU64(INT, BigInt.asUintN(64, value));
  }),
  bool: always<boolean>((transcript, context, value) => {
    transcript.append(context, PRIM);
    transcript.appendSmallInteger(BOOL, value ? 1 : 0, 1);
  }),
  /** Byte string; left out of a struct when empty. */
  bytes: omittable<Uint8Array>(primitive(BYTES), (value) => value.length === 0),
  /** Text, hashed as UTF-8; left out of a struct when empty. */
  str: omittable<string>(
    (transcript, context, value) => {
      transcript.append(context, PRIM);
      transcript.append(STR, utf8(value));
    },
    (value) => value === "",
  ),
  /** Compressed Ristretto point, 32 bytes. */
  ristretto: always(primitive(utf8("ristretto"))),
  /** Scalar, 32 bytes little-endian. */
  scalar: always(primitive(utf8("scalar"))),
  /** Compressed Ed25519 point, 32 bytes. The protocol's key type is `ed25519Public`. */
  ed25519: always(primitive(utf8("ed25519"))),
  /** X25519 public key, 32 bytes. The protocol's key type is `x25519Public`. */
  x25519: always(primitive(utf8("x25519"))),
  /** Ed25519 signature, 64 bytes. */
  ed25519Signature: always(primitive(utf8("ed25519-sig"))),

  /** A list of anything but bytes (a list of u8 is `bytes`); left out of a struct when empty. */
  list<T>(element: Digestible<T>): Digestible<readonly T[]> {
    return omittable<readonly T[]>(
      (transcript, context, values) => {
        if (values.length === 0) {
          none(transcript, context);
          return;
        }
        transcript.append(context, SEQ);
        transcript.appendU64(LEN, BigInt(values.length));
        for (const value of values) element.full(transcript, EMPTY, value);
      },
      (values) => values.length === 0,
    );
  },

  /** A value or nothing. Present values take no wrapper. */
  option<T>(inner: Digestible<T>): Digestible<T | undefined> {
    return {
      full(transcript, context, value) {
        if (value === undefined) none(transcript, context);
        else inner.full(transcript, context, value);
      },
      mayOmit(transcript, context, value) {
        if (value !== undefined) inner.mayOmit(transcript, context, value);
      },
    };
  },

  pair<A, B>(first: Digestible<A>, second: Digestible<B>): Digestible<readonly [A, B]> {
    const name = utf8("Tuple");
    return always<readonly [A, B]>((transcript, context, value) => {
      open(transcript, context, name);
      first.full(transcript, "0", value[0]);
      second.full(transcript, "1", value[1]);
      close(transcript, context, name);
    });
  },

  /** A struct with named fields, in declaration order. The name is empty inside an enum variant. */
  struct<T>(name: string, fields: readonly StructField<T>[]): Digestible<T> {
    const label = utf8(name);
    const writers = fields.map(([context, schema, rule = {}]) =>
      // The types above tie each schema to the property it reads; the walk itself is uniform.
      fieldWriter<T>(context, schema as Digestible<T[keyof T]>, rule, rule.key ?? camelCase(context)),
    );
    return aggregate(label, writers);
  },

  /** A struct with numbered fields. */
  tupleStruct<const T extends readonly unknown[]>(
    name: string,
    schemas: { readonly [Index in keyof T]: Digestible<T[Index]> },
  ): Digestible<T> {
    const writers = schemas.map((schema, index) =>
      fieldWriter<T>(String(index), schema as Digestible<T[keyof T]>, {}, String(index)),
    );
    return aggregate(utf8(name), writers);
  },

  /** A one-field wrapper that is not transparent: an aggregate with the child "0", written from the bare value. */
  newtype<T>(name: string, inner: Digestible<T>, rule: FieldRule = {}): Digestible<T> {
    const write = rule.neverOmit ? inner.full : inner.mayOmit;
    const zero = utf8("0");
    return aggregate<T>(utf8(name), [(transcript, value) => write(transcript, zero, value)]);
  },

  /**
   * An enum: `which` names the position of a value's variant, `cases` the variants in declaration order.
   * A payload schema takes the whole value; pick from it with `from`. Several payload fields are a `struct` or
   * `tupleStruct` with an empty name.
   */
  variant<T>(name: string, which: (value: T) => number, cases: readonly VariantCase<T>[]): Digestible<T> {
    const label = utf8(name);
    return always<T>((transcript, context, value) => {
      const position = which(value);
      const chosen = cases[position];
      if (chosen === undefined) {
        throw new CryptoError("IntegerOutOfRange", `${name} has no variant ${position}`);
      }
      transcript.append(context, VAR);
      transcript.append(NAME, label);
      transcript.appendSmallInteger(WHICH, position, 4);
      const [variantName, payload] = chosen;
      if (payload === undefined) none(transcript, variantName);
      else payload.full(transcript, variantName, value);
    });
  },

  /** Hashes what `pick` finds in the value, in its place: no wrapper, the mode forwarded. */
  from<Outer, Inner>(pick: (value: Outer) => Inner, inner: Digestible<Inner>): Digestible<Outer> {
    return {
      full: (transcript, context, value) => inner.full(transcript, context, pick(value)),
      mayOmit: (transcript, context, value) => inner.mayOmit(transcript, context, pick(value)),
    };
  },

  /** A transparent enum: the payload stands for the value. */
  transparent<T>(choose: (value: T) => Digestible<T>): Digestible<T> {
    return {
      full: (transcript, context, value) => choose(value).full(transcript, context, value),
      mayOmit: (transcript, context, value) => choose(value).mayOmit(transcript, context, value),
    };
  },
};

type Write<T> = Digestible<T>["full"];
type FieldWriter<T> = (transcript: Transcript, value: T) => void;

function none(transcript: Transcript, context: string | Uint8Array): void {
  transcript.append(context, EMPTY);
}

function open(transcript: Transcript, context: string | Uint8Array, name: Uint8Array): void {
  transcript.append(context, AGG);
  transcript.append(NAME, name);
}

function close(transcript: Transcript, context: string | Uint8Array, name: Uint8Array): void {
  transcript.append(context, AGG_END);
  transcript.append(NAME, name);
}

function always<T>(write: Write<T>): Digestible<T> {
  return { full: write, mayOmit: write };
}

function omittable<T>(write: Write<T>, isEmpty: (value: T) => boolean): Digestible<T> {
  return {
    full: write,
    mayOmit(transcript, context, value) {
      if (!isEmpty(value)) write(transcript, context, value);
    },
  };
}

function primitive(type: Uint8Array): Write<Uint8Array> {
  return (transcript, context, value) => {
    transcript.append(context, PRIM);
    transcript.append(type, value);
  };
}

function unsigned(width: 2 | 4, max: number): Digestible<number> {
  return always<number>((transcript, context, value) => {
    requireUnsigned(value, max);
    transcript.append(context, PRIM);
    transcript.appendSmallInteger(UINT, value, width);
  });
}

function signed(width: 1 | 2 | 4): Digestible<number> {
  const limit = 2 ** (8 * width - 1);
  return always<number>((transcript, context, value) => {
    if (!Number.isInteger(value) || value < -limit || value >= limit) {
      throw new CryptoError("IntegerOutOfRange", `integer must be of ${-limit}..${limit - 1}`);
    }
    transcript.append(context, PRIM);
    transcript.appendSmallInteger(INT, value, width);
  });
}

function aggregate<T>(name: Uint8Array, writers: readonly FieldWriter<T>[]): Digestible<T> {
  // A struct itself is never left out, even when all its fields are.
  return always<T>((transcript, context, value) => {
    const label = encodeLabel(context);
    open(transcript, label, name);
    for (const write of writers) write(transcript, value);
    close(transcript, label, name);
  });
}

function fieldWriter<T>(
  context: string,
  schema: Digestible<T[keyof T]>,
  rule: FieldRule,
  key: string,
): FieldWriter<T> {
  if (rule.neverOmit && rule.omitWhen !== undefined) {
    throw new TypeError(`${context}: neverOmit and omitWhen exclude each other`);
  }
  const label = utf8(context);
  const property = key as keyof T;
  const write = rule.neverOmit ? schema.full : schema.mayOmit;
  if (rule.omitWhen === undefined) return (transcript, value) => write(transcript, label, value[property]);
  return (transcript, value) => {
    const field: unknown = value[property];
    if (field !== rule.omitWhen) write(transcript, label, value[property]);
  };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
