import { concat } from "@mobilecoin-ts/crypto";
import { mutateBytes } from "./byte-mutation.ts";
import type { FuzzRandom } from "./random.ts";

/** One field as found in a message; `content` is what follows the tag, without the length of a delimited one. */
interface FoundField {
  readonly tag: number;
  readonly wireType: number;
  readonly content: Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;
const MAX_DEPTH = 12;

const VARINTS = [
  0n,
  1n,
  127n,
  128n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n,
];

/**
 * Changes that keep a message's shape: fields dropped, doubled, moved, retagged, retyped, lent by another sample, or
 * changed inside with all lengths around them made right again. Now and then the bytes are changed blindly instead.
 */
export function mutateProtobuf(random: FuzzRandom, sample: Uint8Array, other: Uint8Array): Uint8Array {
  if (random.once(4)) return mutateBytes(random, sample, other);
  let bytes = sample;
  for (let count = 1 + random.below(3); count > 0; count--) bytes = mutateMessage(random, bytes, other, 0);
  return random.once(12) ? mutateBytes(random, bytes, other) : bytes;
}

function mutateMessage(random: FuzzRandom, bytes: Uint8Array, other: Uint8Array, depth: number): Uint8Array {
  const fields = parseFields(bytes);
  if (fields === undefined || fields.length === 0) return mutateBytes(random, bytes, other);
  const at = random.below(fields.length);
  const field = fields[at]!;
  const changed = [...fields];
  if (field.wireType === DELIMITED && depth < MAX_DEPTH && !random.once(4)) {
    changed[at] = { ...field, content: mutateMessage(random, field.content, other, depth + 1) };
    return writeFields(random, changed);
  }
  switch (random.below(10)) {
    case 0:
      changed.splice(at, 1);
      break;
    case 1:
      changed.splice(random.below(fields.length + 1), 0, field);
      break;
    case 2:
      changed.splice(at, 1);
      changed.splice(random.below(fields.length), 0, field);
      break;
    case 3:
      changed[at] = { ...field, tag: random.pick([0, 1, 2, 3, 4, 5, 6, 7, 16, 2 ** 29 - 1, field.tag + 1]) };
      break;
    case 4:
      changed[at] = { ...field, wireType: random.below(8) };
      break;
    case 5:
      changed[at] = { ...field, content: mutateBytes(random, field.content, other) };
      break;
    case 6: {
      const lent = parseFields(other);
      if (lent !== undefined && lent.length > 0) changed.splice(at, 0, random.pick(lent));
      break;
    }
    case 7:
      changed.splice(at, 0, ...new Array<FoundField>(1 + random.below(random.once(8) ? 200 : 8)).fill(field));
      break;
    case 8:
      // The whole message inside itself, under this field's tag.
      changed[at] = { tag: field.tag, wireType: DELIMITED, content: bytes };
      break;
    default:
      changed[at] = interesting(random, field);
  }
  return writeFields(random, changed);
}

function interesting(random: FuzzRandom, field: FoundField): FoundField {
  switch (field.wireType) {
    case VARINT:
      return { ...field, content: varint(random.pick(VARINTS), random.once(4) ? random.below(6) : 0) };
    case DELIMITED:
      return { ...field, content: new Uint8Array(random.pick([0, 1, 7, 8, 31, 32, 33, 64, 66, 84])) };
    default:
      return { ...field, content: random.bytes(field.content.length) };
  }
}

/** A message that holds one field `count` times, empty (wire type 2) or zero (0); for tags up to 15. */
export function repeatedField(tag: number, wireType: 0 | 2, count: number): Uint8Array {
  return new Uint8Array(2 * count).map((_, index) => (index % 2 === 0 ? 8 * tag + wireType : 0));
}

/** The fields of `bytes` if they are a message from first to last. */
function parseFields(bytes: Uint8Array): FoundField[] | undefined {
  const fields: FoundField[] = [];
  let position = 0;
  const readVarint = (): number | undefined => {
    let value = 0;
    for (let shift = 1; position < bytes.length && shift < 2 ** 35; shift *= 128) {
      const byte = bytes[position++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (position < bytes.length) {
    const key = readVarint();
    if (key === undefined) return undefined;
    const tag = Math.floor(key / 8);
    const wireType = key % 8;
    let length: number | undefined;
    if (wireType === DELIMITED) length = readVarint();
    else if (wireType === FIXED64) length = 8;
    else if (wireType === FIXED32) length = 4;
    else if (wireType === VARINT) {
      length = bytes.subarray(position, position + 10).findIndex((byte) => byte < 0x80) + 1;
      if (length === 0) return undefined;
    }
    if (tag === 0 || length === undefined || position + length > bytes.length) return undefined;
    fields.push({ tag, wireType, content: bytes.subarray(position, position + length) });
    position += length;
  }
  return fields;
}

function writeFields(random: FuzzRandom, fields: readonly FoundField[]): Uint8Array {
  const parts: Uint8Array[] = [];
  // Padding of a tag or length is legal, so a decoder meets it too.
  const padding = () => (random.once(64) ? random.below(5) : 0);
  for (const { tag, wireType, content } of fields) {
    parts.push(varint(BigInt(tag) * 8n + BigInt(wireType), padding()));
    if (wireType === DELIMITED) {
      const wrong = random.once(64) ? random.pick([-1, 1, 2 ** 31, 2 ** 32]) : 0;
      parts.push(varint(BigInt(Math.max(0, content.length + wrong)), padding()));
    }
    parts.push(content);
  }
  return concat(...parts);
}

function varint(value: bigint, padding = 0): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  for (let i = 0; i < padding; i++) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(0);
  }
  return Uint8Array.from(bytes);
}
