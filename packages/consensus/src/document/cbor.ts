import { utf8 } from "@mobilecoin-ts/crypto";
import { ConsensusError } from "../error.ts";
import { type Document, UNREADABLE } from "./document.ts";

/**
 * Containers within one another, the outermost counted, that are not read any more: the recursion limit of serde_cbor
 * 0.11, which the network's nodes use (04 section 2.7).
 */
const MAX_CBOR_DEPTH = 128;

/** Bytes of a document that are read unless the caller says otherwise: what a peer's listener receives at most. */
export const MAX_CBOR_LENGTH = 4 * 1024 * 1024;

/**
 * Writes CBOR: definite lengths, the shortest heads, maps in the order of their entries, no tags.
 *
 * @throws ConsensusError `InvalidField` for what no document has a form for.
 */
export function encodeCbor(document: Document): Uint8Array {
  const writer = new CborWriter();
  writer.value(document);
  return writer.finish();
}

/**
 * Reads the one CBOR value that `bytes` are, as the network's nodes do: indefinite lengths and heads longer than need
 * be are read, tags skipped. Entries of maps whose key is no text are left out; a name that comes twice is refused.
 *
 * @throws ConsensusError `Malformed`, `LimitExceeded`
 */
export function decodeCbor(bytes: Uint8Array, maxLength = MAX_CBOR_LENGTH): Document {
  if (bytes.length > maxLength) {
    throw new ConsensusError("LimitExceeded", `CBOR of ${bytes.length} bytes, read are ${maxLength} at most`);
  }
  const reader = new CborReader(bytes);
  const document = reader.value(0);
  reader.requireEnd();
  return document;
}

const MAJOR = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Simple values, by the argument of their head. */
const SIMPLE = {
  false: 20,
  true: 21,
  null: 22,
  undefined: 23,
  float16: 25,
  float32: 26,
  float64: 27,
} as const;

class CborWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  value(document: Document): void {
    if (typeof document === "number" || typeof document === "bigint") {
      this.#integer(document);
    } else if (typeof document === "string") {
      this.#string(MAJOR.text, utf8(document));
    } else if (typeof document === "boolean") {
      this.#head(MAJOR.simple, document ? SIMPLE.true : SIMPLE.false);
    } else if (document === null) {
      this.#head(MAJOR.simple, SIMPLE.null);
    } else if (document === UNREADABLE) {
      throw new ConsensusError("InvalidField", "the document holds a value that cannot be written");
    } else if (document instanceof Uint8Array) {
      this.#string(MAJOR.bytes, document);
    } else if (document instanceof Map) {
      this.#map(document);
    } else {
      this.#array(document as readonly Document[]);
    }
  }

  #array(items: readonly Document[]): void {
    this.#head(MAJOR.array, items.length);
    for (const item of items) this.value(item);
  }

  #map(entries: ReadonlyMap<string, Document>): void {
    this.#head(MAJOR.map, entries.size);
    for (const [name, item] of entries) {
      this.#string(MAJOR.text, utf8(name));
      this.value(item);
    }
  }

  #integer(value: number | bigint): void {
    if (value >= 0) this.#head(MAJOR.uint, value);
    else this.#head(MAJOR.negative, typeof value === "bigint" ? -1n - value : -1 - value);
  }

  #string(major: number, content: Uint8Array): void {
    this.#head(major, content.length);
    this.#reserve(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
  }

  #head(major: number, argument: number | bigint): void {
    this.#reserve(9);
    const at = this.#length;
    const type = major << 5;
    if (argument < 24) {
      this.#bytes[at] = type | Number(argument);
      this.#length += 1;
    } else if (argument < 0x100) {
      this.#bytes[at] = type | 24;
      this.#bytes[at + 1] = Number(argument);
      this.#length += 2;
    } else if (argument < 0x1_0000) {
      this.#bytes[at] = type | 25;
      this.#view.setUint16(at + 1, Number(argument));
      this.#length += 3;
    } else if (argument < 0x1_0000_0000) {
      this.#bytes[at] = type | 26;
      this.#view.setUint32(at + 1, Number(argument));
      this.#length += 5;
    } else {
      this.#bytes[at] = type | 27;
      this.#view.setBigUint64(at + 1, BigInt(argument));
      this.#length += 9;
    }
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    // A view of its own: `slice` of a Buffer would not copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  requireEnd(): void {
    if (this.#offset !== this.#bytes.length) throw this.#malformed("goes on behind its end");
  }

  /** @param depth containers around this value. */
  value(depth: number): Document {
    let head = this.#byte();
    // Tags are no containers; they may be piled up without end, so this is a loop.
    while (head >>> 5 === MAJOR.tag) {
      this.#argument(head & 31);
      head = this.#byte();
    }
    const info = head & 31;
    switch (head >>> 5) {
      case MAJOR.uint:
        return this.#argument(info);
      case MAJOR.negative: {
        const argument = this.#argument(info);
        return typeof argument === "number" && argument < Number.MAX_SAFE_INTEGER
          ? -1 - argument
          : -1n - BigInt(argument);
      }
      case MAJOR.bytes:
        return info === INDEFINITE ? this.#chunks(MAJOR.bytes) : this.#take(this.#argument(info)).slice();
      case MAJOR.text:
        return this.#text(info === INDEFINITE ? this.#chunks(MAJOR.text) : this.#take(this.#argument(info)));
      case MAJOR.array:
        return this.#array(info, this.#enter(depth));
      case MAJOR.map:
        return this.#map(info, this.#enter(depth));
      default:
        return this.#simple(info);
    }
  }

  #enter(depth: number): number {
    if (depth + 1 >= MAX_CBOR_DEPTH) {
      throw new ConsensusError("LimitExceeded", `CBOR nested ${MAX_CBOR_DEPTH} deep or more`);
    }
    return depth + 1;
  }

  #array(info: number, depth: number): Document[] {
    const items: Document[] = [];
    const more = this.#counter(info);
    while (more()) items.push(this.value(depth));
    return items;
  }

  #map(info: number, depth: number): Map<string, Document> {
    const entries = new Map<string, Document>();
    const more = this.#counter(info);
    while (more()) {
      const key = this.value(depth);
      const value = this.value(depth);
      if (typeof key !== "string") continue;
      if (entries.has(key)) throw this.#malformed("has a map with a name twice");
      entries.set(key, value);
    }
    return entries;
  }

  /** Tells before each element whether there is one. No length is trusted with memory before its elements are there. */
  #counter(info: number): () => boolean {
    if (info === INDEFINITE) {
      return () => {
        if (this.#bytes[this.#offset] !== BREAK) return true;
        this.#offset += 1;
        return false;
      };
    }
    let left = this.#argument(info);
    if (typeof left === "bigint") throw this.#malformed("ends too early");
    return () => left-- > 0;
  }

  #simple(info: number): Document {
    switch (info) {
      case SIMPLE.false:
        return false;
      case SIMPLE.true:
        return true;
      case SIMPLE.null:
        return null;
      case SIMPLE.undefined:
        return UNREADABLE;
      case SIMPLE.float16:
      case SIMPLE.float32:
      case SIMPLE.float64:
        this.#take(2 ** (info - 24));
        return UNREADABLE;
      default:
        throw this.#malformed("has a code that means nothing");
    }
  }

  #chunks(major: number): Uint8Array {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const head = this.#byte();
      if (head === BREAK) break;
      if (head >>> 5 !== major || (head & 31) === INDEFINITE) {
        throw this.#malformed("has a string in parts, of which one is something else");
      }
      const chunk = this.#take(this.#argument(head & 31));
      chunks.push(chunk);
      length += chunk.length;
    }
    const whole = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  #text(bytes: Uint8Array): string {
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.#malformed("has a text that is not UTF-8");
    }
  }

  #argument(info: number): number | bigint {
    if (info < 24) return info;
    const offset = this.#offset;
    if (info > 27) throw this.#malformed("has a code that means nothing");
    this.#take(2 ** (info - 24));
    switch (info) {
      case 24:
        return this.#view.getUint8(offset);
      case 25:
        return this.#view.getUint16(offset);
      case 26:
        return this.#view.getUint32(offset);
      default: {
        const argument = this.#view.getBigUint64(offset);
        return argument <= Number.MAX_SAFE_INTEGER ? Number(argument) : argument;
      }
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw this.#malformed("ends too early");
    this.#offset += 1;
    return byte;
  }

  #take(length: number | bigint): Uint8Array {
    if (length > this.#bytes.length - this.#offset) throw this.#malformed("ends too early");
    const start = this.#offset;
    this.#offset += Number(length);
    return this.#bytes.subarray(start, this.#offset);
  }

  #malformed(reason: string): ConsensusError {
    return new ConsensusError("Malformed", `CBOR ${reason}, at byte ${this.#offset}`);
  }
}
