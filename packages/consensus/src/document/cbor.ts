import { encode } from "cborg";
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
 * Writes CBOR: definite lengths, the shortest heads, maps in the order of their entries, no tags. An integer that fits
 * 64 bits is expected wherever there is one.
 */
export function encodeCbor(document: Document): Uint8Array {
  // Without a sorter the library would order keys by length.
  // Under Node it gives a Buffer, whose methods are not those of bytes everywhere.
  return new Uint8Array(encode(document, { mapSorter: () => 0 }));
}

/**
 * Reads the one CBOR value that `bytes` are, as the network's nodes do: indefinite lengths and heads longer than need
 * be are read, tags skipped. Entries of maps whose key is no text are left out; a name that comes twice is refused.
 * The library that encodes is no help here: it refuses indefinite strings and replaces what is not UTF-8.
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
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return UNREADABLE;
      case 25:
      case 26:
      case 27:
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
