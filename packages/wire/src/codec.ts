import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { WireError } from "./error.ts";
import {
  LedgerReader,
  readBool,
  readBytes,
  readEnd,
  readFixed64,
  readString,
  readTag,
  readUint32,
  readUint64,
  skipField,
} from "./reading.ts";

/** What a decoder accepts at most; beyond it fails with `Limit`. */
export interface DecodeLimits {
  readonly maxBytes: number;
  /** Levels of messages inside one another. The reference's decoder allows 100. */
  readonly maxDepth: number;
  /** Elements of one repeated field. */
  readonly maxElements: number;
  /** Messages inside one another and beside one another, all told. An empty one takes two bytes, and memory once read. */
  readonly maxMessages: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxBytes: 256 * 1024 * 1024,
  maxDepth: 100,
  maxElements: 1_000_000,
  maxMessages: Number.POSITIVE_INFINITY,
};

/**
 * The two forms of a message (03 section 2.2.2). `store` is the ledger's: ascending tags, a oneof at its lowest,
 * required scalars written even when default, responder ids nested. `wire` is that of the generated API code, used by
 * gRPC and archive files: declaration order, then the oneofs, no defaults, responder ids as bare strings. Decoders take
 * any order of fields; only nested strings must be told apart.
 */
export type FieldOrder = "store" | "wire";

/** Limits that differ from the default, and the form of the bytes (`store` unless told). */
export type DecodeOptions = Partial<DecodeLimits> & { readonly form?: FieldOrder };

/** Where a decoding stands: what its fields need to know of the whole. */
export interface DecodeState {
  readonly limits: DecodeLimits;
  readonly form: FieldOrder;
  /** Levels of messages around this one; none around the outermost. */
  readonly depth: number;
  /** Messages that were begun so far; one count for the whole decoding. */
  readonly begun: { messages: number };
}

/** Encodes and decodes one message type of the ledger form. */
export interface Codec<T> {
  /** The message's name in the protocol. */
  readonly name: string;
  encode(value: T, order?: FieldOrder): Uint8Array;
  /** @throws WireError naming the field and the reason; nothing else. */
  decode(bytes: Uint8Array, options?: DecodeOptions): T;
  /** What an absent required message of this type decodes to. */
  defaultValue(): T;
  /** Writes the fields without tag and length of the message itself. */
  write(writer: BinaryWriter, value: T, order: FieldOrder): void;
  /** Reads fields up to `end` over `current`: scalars replaced, lists extended, messages merged. */
  merge(reader: LedgerReader, end: number, current: T, state: DecodeState): T;
}

/** How one property of a record stands in its message. */
export interface Field<T> {
  /** Tags it is read from; several for a oneof, none for a constant. */
  readonly tags: readonly number[];
  readonly isOneof: boolean;
  readonly initial: () => T;
  readonly write: (writer: BinaryWriter, value: T, order: FieldOrder) => void;
  readonly read: (reader: LedgerReader, tag: number, wireType: WireType, current: T, state: DecodeState) => T;
}

/** The fields of a message, by property of the record it becomes, in declaration order. */
export type FieldsOf<T> = { readonly [Key in keyof T]-?: Field<T[Key]> };

/** A codec, or a function that gives it, for types that contain themselves. */
export type CodecReference<T> = Codec<T> | (() => Codec<T>);

/** Declares a message: its fields' tags, kinds and rules, once. */
export function message<T extends object>(name: string, fields: FieldsOf<T>): Codec<T> {
  const declared = Object.entries(fields) as [keyof T & string, Field<T[keyof T & string]>][];
  const byTag = new Map(
    declared.flatMap(([key, field]) => field.tags.map((tag) => [tag, { key, field }] as const)),
  );
  const lowestTag = (field: Field<T[keyof T & string]>) => Math.min(...field.tags);
  const orders: Record<FieldOrder, typeof declared> = {
    store: [...declared].sort(([, a], [, b]) => lowestTag(a) - lowestTag(b)),
    wire: [
      ...declared.filter(([, field]) => !field.isOneof),
      ...declared.filter(([, field]) => field.isOneof),
    ],
  };

  const codec: Codec<T> = {
    name,
    encode(value, order = "store") {
      const writer = new BinaryWriter();
      codec.write(writer, value, order);
      return writer.finish();
    },
    decode(bytes, options) {
      return decodeWhole(codec, bytes, options);
    },
    defaultValue() {
      // Decoding makes one of these for every message, so it goes without lists of entries.
      const value: Partial<T> = {};
      for (const [key, field] of declared) value[key] = field.initial();
      return value as T;
    },
    write(writer, value, order) {
      for (const [key, field] of orders[order]) field.write(writer, value[key], order);
    },
    merge(reader, end, current, state) {
      const draft = { ...current };
      while (reader.pos < end) {
        const [tag, wireType] = readTag(reader);
        const known = byTag.get(tag);
        if (known === undefined) {
          skipField(reader, tag, wireType, state.limits.maxDepth - state.depth);
          continue;
        }
        try {
          draft[known.key] = known.field.read(reader, tag, wireType, draft[known.key], state);
        } catch (cause) {
          throw locate(cause, known.key);
        }
      }
      if (reader.pos !== end) throw new WireError("Malformed", "a field leads beyond the end of its message");
      return draft;
    },
  };
  return codec;
}

function decodeWhole<T>(codec: Codec<T>, bytes: Uint8Array, options: DecodeOptions | undefined): T {
  const { form = "store", ...limits } = options ?? {};
  const state = { limits: { ...DEFAULT_DECODE_LIMITS, ...limits }, form, depth: 0, begun: { messages: 0 } };
  try {
    if (bytes.length > state.limits.maxBytes) {
      throw new WireError("Limit", `has ${bytes.length} bytes, at most ${state.limits.maxBytes} are taken`);
    }
    // A plain view: of a Node.js Buffer, which is a Uint8Array too, slices would share its memory.
    const reader = new LedgerReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return codec.merge(reader, bytes.length, codec.defaultValue(), state);
  } catch (cause) {
    throw locate(cause, codec.name);
  }
}

/** Puts `name` in front of an error's path; what the reader threw becomes `Malformed`. */
function locate(error: unknown, name: string): WireError {
  if (error instanceof WireError) {
    const path = error.path === "" ? name : `${name}.${error.path}`;
    return new WireError(error.code, error.reason, path, error.cause);
  }
  return new WireError("Malformed", error instanceof Error ? error.message : String(error), name, error);
}

function expectWireType(found: WireType, wanted: WireType): void {
  if (found !== wanted) throw new WireError("WireType", `stands under wire type ${found}, needs ${wanted}`);
}

function resolve<T>(reference: CodecReference<T>): Codec<T> {
  return typeof reference === "function" ? reference() : reference;
}

function readMessage<T>(
  reader: LedgerReader,
  wireType: WireType,
  codec: Codec<T>,
  current: T,
  state: DecodeState,
): T {
  expectWireType(wireType, WireType.LengthDelimited);
  const inner = { ...state, depth: state.depth + 1 };
  if (inner.depth > state.limits.maxDepth) {
    throw new WireError("Limit", `messages stand more than ${state.limits.maxDepth} deep`);
  }
  state.begun.messages += 1;
  if (state.begun.messages > state.limits.maxMessages) {
    throw new WireError("Limit", `holds more than ${state.limits.maxMessages} messages`);
  }
  return codec.merge(reader, readEnd(reader), current, inner);
}

function writeMessage<T>(
  writer: BinaryWriter,
  tag: number,
  codec: Codec<T>,
  value: T,
  order: FieldOrder,
): void {
  writer.tag(tag, WireType.LengthDelimited).fork();
  codec.write(writer, value, order);
  writer.join();
}

interface ScalarKind<T> {
  readonly wireType: WireType;
  readonly initial: T;
  readonly isDefault: (value: T) => boolean;
  readonly write: (writer: BinaryWriter, value: T) => void;
  readonly read: (reader: LedgerReader) => T;
}

const uint32Kind: ScalarKind<number> = {
  wireType: WireType.Varint,
  initial: 0,
  isDefault: (value) => value === 0,
  write: (writer, value) => writer.uint32(value),
  read: readUint32,
};

const uint64Kind: ScalarKind<bigint> = {
  wireType: WireType.Varint,
  initial: 0n,
  isDefault: (value) => value === 0n,
  write: (writer, value) => writer.uint64(value),
  read: readUint64,
};

const fixed64Kind: ScalarKind<bigint> = {
  ...uint64Kind,
  wireType: WireType.Bit64,
  write: (writer, value) => writer.fixed64(value),
  read: readFixed64,
};

const boolKind: ScalarKind<boolean> = {
  wireType: WireType.Varint,
  initial: false,
  isDefault: (value) => !value,
  write: (writer, value) => writer.bool(value),
  read: readBool,
};

const stringKind: ScalarKind<string> = {
  wireType: WireType.LengthDelimited,
  initial: "",
  isDefault: (value) => value === "",
  write: (writer, value) => writer.string(value),
  read: readString,
};

const bytesKind: ScalarKind<Uint8Array> = {
  wireType: WireType.LengthDelimited,
  initial: new Uint8Array(0),
  isDefault: (value) => value.length === 0,
  write: (writer, value) => writer.bytes(value),
  read: readBytes,
};

type Presence = { readonly required: true } | { readonly optional: true };

/** Written unless default, as proto3 does; in store form always where `required`; when present where `optional`. */
function scalarField<T>(kind: ScalarKind<T>) {
  const write = (writer: BinaryWriter, tag: number, value: T): void => {
    kind.write(writer.tag(tag, kind.wireType), value);
  };
  const read = (reader: LedgerReader, wireType: WireType): T => {
    expectWireType(wireType, kind.wireType);
    return kind.read(reader);
  };
  function field(tag: number, rule?: { readonly required: true }): Field<T>;
  function field(tag: number, rule: { readonly optional: true }): Field<T | undefined>;
  function field(tag: number, rule?: Presence): Field<T> | Field<T | undefined> {
    const shared = {
      tags: [tag],
      isOneof: false,
      read: (reader: LedgerReader, _tag: number, wireType: WireType) => read(reader, wireType),
    };
    if (rule !== undefined && "optional" in rule) {
      return {
        ...shared,
        initial: () => undefined,
        write: (writer: BinaryWriter, value: T | undefined) => {
          if (value !== undefined) write(writer, tag, value);
        },
      };
    }
    const always = rule !== undefined;
    return {
      ...shared,
      initial: () => kind.initial,
      write: (writer: BinaryWriter, value: T, order: FieldOrder) => {
        if ((always && order === "store") || !kind.isDefault(value)) write(writer, tag, value);
      },
    };
  }
  return field;
}

/** A message inside a message: always written, or written when present. */
function messageField<T>(tag: number, reference: CodecReference<T>): Field<T>;
function messageField<T>(
  tag: number,
  reference: CodecReference<T>,
  rule: { readonly optional: true },
): Field<T | undefined>;
function messageField<T>(
  tag: number,
  reference: CodecReference<T>,
  rule?: { readonly optional: true },
): Field<T> | Field<T | undefined> {
  const required: Field<T> = {
    tags: [tag],
    isOneof: false,
    initial: () => resolve(reference).defaultValue(),
    write: (writer, value, order) => writeMessage(writer, tag, resolve(reference), value, order),
    read: (reader, _tag, wireType, current, state) =>
      readMessage(reader, wireType, resolve(reference), current, state),
  };
  if (rule === undefined) return required;
  const optional: Field<T | undefined> = {
    tags: [tag],
    isOneof: false,
    initial: () => undefined,
    write: (writer, value, order) => {
      if (value !== undefined) required.write(writer, value, order);
    },
    read: (reader, _tag, wireType, current, state) =>
      required.read(reader, tag, wireType, current ?? required.initial(), state),
  };
  return optional;
}

function extended<T>(list: readonly T[], element: T, state: DecodeState): readonly T[] {
  if (list.length >= state.limits.maxElements) {
    throw new WireError("Limit", `has more than ${state.limits.maxElements} elements`);
  }
  // `initial` made this array for this decoding alone, so extending it in place is seen by nobody else.
  (list as T[]).push(element);
  return list;
}

function repeatedMessages<T>(tag: number, reference: CodecReference<T>): Field<readonly T[]> {
  return {
    tags: [tag],
    isOneof: false,
    initial: () => [],
    write: (writer, values, order) => {
      for (const value of values) writeMessage(writer, tag, resolve(reference), value, order);
    },
    read: (reader, _tag, wireType, current, state) => {
      const codec = resolve(reference);
      return extended(current, readMessage(reader, wireType, codec, codec.defaultValue(), state), state);
    },
  };
}

/** Byte strings or texts, one tag each. */
function repeatedDelimited<T>(kind: ScalarKind<T>): (tag: number) => Field<readonly T[]> {
  return (tag) => ({
    tags: [tag],
    isOneof: false,
    initial: () => [],
    write: (writer, values) => {
      for (const value of values) kind.write(writer.tag(tag, kind.wireType), value);
    },
    read: (reader, _tag, wireType, current, state) => {
      expectWireType(wireType, kind.wireType);
      return extended(current, kind.read(reader), state);
    },
  });
}

/** Numbers in one length-delimited run; single ones are read too. */
function packed<T>(kind: ScalarKind<T>): (tag: number) => Field<readonly T[]> {
  return (tag) => ({
    tags: [tag],
    isOneof: false,
    initial: () => [],
    write: (writer, values) => {
      if (values.length === 0) return;
      writer.tag(tag, WireType.LengthDelimited).fork();
      for (const value of values) kind.write(writer, value);
      writer.join();
    },
    read: (reader, _tag, wireType, current, state) => {
      if (wireType !== WireType.LengthDelimited) {
        expectWireType(wireType, kind.wireType);
        return extended(current, kind.read(reader), state);
      }
      const end = readEnd(reader);
      let list = current;
      while (reader.pos < end) list = extended(list, kind.read(reader), state);
      if (reader.pos !== end) throw new WireError("Malformed", "a packed run ends inside a number");
      return list;
    },
  });
}

/** One member of a oneof: the values it stands for, and the message that carries them. */
export interface OneofMember<T> {
  readonly tag: number;
  readonly codec: CodecReference<T>;
  readonly holds: (value: T) => boolean;
}

/** At most one of several messages; undefined where none is set. The last one read wins. */
function oneofField<T>(members: readonly OneofMember<T>[]): Field<T | undefined> {
  return {
    tags: members.map((member) => member.tag),
    isOneof: true,
    initial: () => undefined,
    write: (writer, value, order) => {
      if (value === undefined) return;
      const member = members.find((candidate) => candidate.holds(value));
      if (member === undefined) throw new TypeError("the value belongs to no member of the oneof");
      writeMessage(writer, member.tag, resolve(member.codec), value, order);
    },
    read: (reader, tag, wireType, current, state) => {
      const member = members.find((candidate) => candidate.tag === tag)!;
      const codec = resolve(member.codec);
      const start = current !== undefined && member.holds(current) ? current : codec.defaultValue();
      return readMessage(reader, wireType, codec, start, state);
    },
  };
}

/** Cases of a union, by name, with what each holds. */
export type UnionOf<Values> = {
  [Case in keyof Values]: { readonly case: Case; readonly value: Values[Case] };
}[keyof Values];

/**
 * At most one of several fields, as `{ case, value }`; undefined where none is set. The members are `optional` fields,
 * so that a selected default is written too. The last one read wins; the same message twice is merged.
 */
function unionField<Values extends object>(
  members: {
    readonly [Case in keyof Values]: Field<Values[Case] | undefined>;
  },
): Field<UnionOf<Values> | undefined> {
  const cases = Object.keys(members) as (keyof Values & string)[];
  const caseOf = new Map(cases.flatMap((name) => members[name].tags.map((tag) => [tag, name] as const)));
  return {
    tags: [...caseOf.keys()],
    isOneof: true,
    initial: () => undefined,
    write: (writer, selected, order) => {
      if (selected !== undefined) members[selected.case].write(writer, selected.value, order);
    },
    read: (reader, tag, wireType, current, state) => {
      const name: keyof Values = caseOf.get(tag)!;
      const before = current?.case === name ? current.value : undefined;
      const value = members[name].read(reader, tag, wireType, before, state)!;
      return { case: name, value };
    },
  };
}

/**
 * A string that the store form nests in a message of its own (string at field 1) and the wire form holds bare: responder
 * ids and the watcher's URLs (03 section 2.2.2). Reading needs to be told the form.
 */
function nestedStringField(tag: number): Field<string> {
  const bare = f.string(tag);
  const nested = messageField(tag, nestedString);
  return {
    ...bare,
    write: (writer, value, order) => {
      if (order === "wire") bare.write(writer, value, order);
      else nested.write(writer, { value }, order);
    },
    read: (reader, _tag, wireType, current, state) =>
      state.form === "wire"
        ? bare.read(reader, tag, wireType, current, state)
        : nested.read(reader, tag, wireType, { value: current }, state).value,
  };
}

/** A property that is not on the wire: every value of this codec has it. */
function constantField<T>(value: T): Field<T> {
  return {
    tags: [],
    isOneof: false,
    initial: () => value,
    write: () => {},
    read: (_r, _t, _w, current) => current,
  };
}

/** The kinds of field. */
export const f = {
  uint32: scalarField(uint32Kind),
  uint64: scalarField(uint64Kind),
  fixed64: scalarField(fixed64Kind),
  bool: scalarField(boolKind),
  string: scalarField(stringKind),
  bytes: scalarField(bytesKind),
  message: messageField,
  repeated: repeatedMessages,
  repeatedBytes: repeatedDelimited(bytesKind),
  repeatedStrings: repeatedDelimited(stringKind),
  packedUint32: packed(uint32Kind),
  packedUint64: packed(uint64Kind),
  packedFixed64: packed(fixed64Kind),
  oneof: oneofField,
  union: unionField,
  nestedString: nestedStringField,
  constant: constantField,
} as const;

const nestedString = message<{ readonly value: string }>("string", { value: f.string(1) });

/**
 * A codec of the same message under another record: what stands on the wire is `inner`'s, what the program holds is
 * `read`'s. Both conversions are total.
 */
export function mapped<Inner, T>(
  inner: Codec<Inner>,
  read: (value: Inner) => T,
  write: (value: T) => Inner,
): Codec<T> {
  const codec: Codec<T> = {
    name: inner.name,
    encode: (value, order) => inner.encode(write(value), order),
    decode: (bytes, options) => decodeWhole(codec, bytes, options),
    defaultValue: () => read(inner.defaultValue()),
    write: (writer, value, order) => inner.write(writer, write(value), order),
    merge: (reader, end, current, state) => read(inner.merge(reader, end, write(current), state)),
  };
  return codec;
}

/** How the content of a byte-wrapper message becomes a value. */
export interface WrapperRule<T> {
  /** Every content has this many bytes; undefined where the length is free. */
  readonly length: number | undefined;
  readonly initial: () => T;
  readonly toBytes: (value: T) => Uint8Array;
  /** May throw any error; its message becomes the reason. */
  readonly fromBytes: (bytes: Uint8Array) => T;
}

/**
 * A message of one byte string at field 1, always written at its length. An absent field decodes to the default, any
 * other length or a refused content fails (01 section 2.11.1).
 */
export function wrapper<T>(name: string, rule: WrapperRule<T>): Codec<T> {
  const codec: Codec<T> = {
    name,
    encode(value, order = "store") {
      const writer = new BinaryWriter();
      codec.write(writer, value, order);
      return writer.finish();
    },
    decode: (bytes, options) => decodeWhole(codec, bytes, options),
    defaultValue: rule.initial,
    write(writer, value, order) {
      const bytes = rule.toBytes(value);
      if (bytes.length > 0 || order === "store") writer.tag(1, WireType.LengthDelimited).bytes(bytes);
    },
    merge(reader, end, current, state) {
      let value = current;
      while (reader.pos < end) {
        const [tag, wireType] = readTag(reader);
        if (tag !== 1) {
          skipField(reader, tag, wireType, state.limits.maxDepth - state.depth);
          continue;
        }
        expectWireType(wireType, WireType.LengthDelimited);
        const bytes = readBytes(reader);
        if (rule.length !== undefined && bytes.length !== rule.length) {
          throw new WireError("Length", `has ${bytes.length} bytes, needs ${rule.length}`);
        }
        try {
          value = rule.fromBytes(bytes);
        } catch (cause) {
          throw new WireError("Content", cause instanceof Error ? cause.message : "is refused", "", cause);
        }
      }
      if (reader.pos !== end) throw new WireError("Malformed", "a field leads beyond the end of its message");
      return value;
    },
  };
  return codec;
}

/**
 * A wrapper of opaque bytes of one length; absent, they are zero. The zeros are one array for all that are absent, not
 * to be written to: decoding begins every field with them, and nearly always replaces them.
 */
export function fixedBytes(name: string, length: number): Codec<Uint8Array> {
  const zeros = new Uint8Array(length);
  return wrapper<Uint8Array>(name, {
    length,
    initial: () => zeros,
    toBytes: (value) => value,
    fromBytes: (bytes) => bytes,
  });
}
