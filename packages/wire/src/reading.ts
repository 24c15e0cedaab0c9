import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { WireError } from "./error.ts";

/*
 * Reading as the ledger's decoder does where that differs from the runtime's reader: a varint has at most 64 bits, a
 * length and a tag keep all of them (the runtime's reader would cut them to 32), and skipping counts as a level.
 */

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The runtime's reader with its bytes in reach. */
export class LedgerReader extends BinaryReader {
  byteAt(position: number): number {
    return this.buf[position] ?? 0;
  }

  /** The bytes up to `end`, as a view. */
  take(end: number): Uint8Array {
    const bytes = this.buf.subarray(this.pos, end);
    this.pos = end;
    return bytes;
  }
}

function malformed(reason: string): WireError {
  return new WireError("Malformed", reason);
}

/** A tenth byte holds only the 64th bit. */
function refuseOverflow(reader: LedgerReader, start: number): void {
  if (reader.pos - start === 10 && reader.byteAt(reader.pos - 1) > 1) {
    throw malformed("a varint has more than 64 bits");
  }
}

/** A varint cut to its low 32 bits, as a uint32 field is. */
export function readUint32(reader: LedgerReader): number {
  const start = reader.pos;
  const value = reader.uint32();
  refuseOverflow(reader, start);
  return value;
}

/** A varint of up to 64 bits. */
export function readUint64(reader: LedgerReader): bigint {
  const start = reader.pos;
  const value = BigInt(reader.uint64());
  refuseOverflow(reader, start);
  return value;
}

/** Any varint but zero is true. */
export function readBool(reader: LedgerReader): boolean {
  return readUint64(reader) !== 0n;
}

/** A varint that must fit 32 bits: lengths and tags. Padding with zero groups is taken. */
function readWhole32(reader: LedgerReader, what: string): number {
  const start = reader.pos;
  const value = reader.uint32();
  if (reader.pos - start < 5) return value;
  let excess = reader.byteAt(start + 4) & 0x70;
  for (let index = start + 5; index < reader.pos; index++) excess |= reader.byteAt(index) & 0x7f;
  if (excess !== 0) throw malformed(`a ${what} is too large`);
  return value;
}

/** A field's number and wire type. */
export function readTag(reader: LedgerReader): readonly [number, WireType] {
  const key = readWhole32(reader, "tag");
  const tag = key >>> 3;
  const wireType = key & 7;
  if (tag === 0) throw malformed("a field has number 0");
  if (wireType > WireType.Bit32) throw malformed(`a field has wire type ${wireType}`);
  return [tag, wireType];
}

/** A length prefix; where what it measures ends. */
export function readEnd(reader: LedgerReader): number {
  const length = readWhole32(reader, "length");
  const end = reader.pos + length;
  if (end > reader.len) throw malformed("a length leads beyond the end of the bytes");
  return end;
}

/** A copy: the record must not keep the whole input alive, nor change when its owner reuses the buffer. */
export function readBytes(reader: LedgerReader): Uint8Array {
  return reader.take(readEnd(reader)).slice();
}

export function readString(reader: LedgerReader): string {
  const bytes = reader.take(readEnd(reader));
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new WireError("Content", "is not valid UTF-8", "", cause);
  }
}

export function readFixed64(reader: LedgerReader): bigint {
  if (reader.pos + 8 > reader.len) throw malformed("a fixed-size number leads beyond the end of the bytes");
  return BigInt(reader.fixed64());
}

/** Passes over the value of an unknown field; groups count as levels of depth. */
export function skipField(reader: LedgerReader, tag: number, wireType: WireType, levelsLeft: number): void {
  if (levelsLeft <= 0) throw new WireError("Limit", "an unknown field stands too deep");
  switch (wireType) {
    case WireType.Varint:
      readUint64(reader);
      return;
    case WireType.Bit64:
      advance(reader, 8);
      return;
    case WireType.Bit32:
      advance(reader, 4);
      return;
    case WireType.LengthDelimited:
      reader.pos = readEnd(reader);
      return;
    case WireType.StartGroup:
      for (;;) {
        const [innerTag, innerType] = readTag(reader);
        if (innerType === WireType.EndGroup) {
          if (innerTag !== tag) throw malformed("a group ends under another number than it began");
          return;
        }
        skipField(reader, innerTag, innerType, levelsLeft - 1);
      }
    default:
      throw malformed("a group ends that did not begin");
  }
}

function advance(reader: LedgerReader, length: number): void {
  if (reader.pos + length > reader.len) throw malformed("a field leads beyond the end of the bytes");
  reader.pos += length;
}
