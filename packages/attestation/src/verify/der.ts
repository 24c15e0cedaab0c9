import { bytesToHex } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";

/** One DER element: its content, and its whole encoding with tag and length. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly encoded: Uint8Array;
}

export const DER_TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/**
 * Reads elements one after the other, accepting the one encoding that DER allows for each length: signatures are over
 * exact bytes, so where a part begins and ends must not depend on the reader's goodwill. Throws `Der`.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #offset = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** Tag of the next element; undefined at the end. */
  get tag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** The next element, which must have this tag if one is given. */
  next(tag?: number): DerElement {
    const start = this.#offset;
    const found = this.#octet();
    if (tag !== undefined && found !== tag) throw this.#malformed(`tag ${found}`, `tag ${tag}`);
    if ((found & 0x1f) === 0x1f) throw this.#malformed("a tag of several octets", "one octet");
    const length = this.#length();
    const end = this.#offset + length;
    if (end > this.#bytes.length) {
      throw this.#malformed(`${this.#bytes.length - this.#offset} bytes`, `${length}`);
    }
    const content = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return { tag: found, content, encoded: this.#bytes.subarray(start, end) };
  }

  /** A reader of the next element's members, which is a SEQUENCE. */
  sequence(): DerReader {
    return new DerReader(this.next(DER_TAG.sequence).content, this.#what);
  }

  /** Throws unless everything was read. */
  end(): void {
    if (!this.done) throw this.#malformed(`${this.#bytes.length - this.#offset} bytes more`, "the end");
  }

  #octet(): number {
    const octet = this.#bytes[this.#offset];
    if (octet === undefined) throw this.#malformed("the end", "another element");
    this.#offset += 1;
    return octet;
  }

  #length(): number {
    const first = this.#octet();
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    if (octets < 1 || octets > 4) throw this.#malformed(`a length of ${octets} octets`, "one to four");
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + this.#octet();
    if (length < 0x80 || length < 256 ** (octets - 1)) {
      throw this.#malformed("a length with octets to spare", "the shortest form");
    }
    return length;
  }

  #malformed(found: string, wanted: string) {
    return refusal("Der", this.#what, `${found} at byte ${this.#offset}`, wanted);
  }
}

/** The members of the one SEQUENCE that `bytes` are. */
export function readDerSequence(bytes: Uint8Array, what: string): DerReader {
  const reader = new DerReader(bytes, what);
  const members = reader.sequence();
  reader.end();
  return members;
}

/** Content of a BIT STRING of whole octets. */
export function wholeBits(element: DerElement, what: string): Uint8Array {
  if (element.content[0] !== 0) throw refusal("Der", what, "a bit string with unused bits", "whole octets");
  return element.content.subarray(1);
}

/** A non-negative INTEGER below 2^32. */
export function smallInteger(element: DerElement, what: string): number {
  const { content } = element;
  const shortest = content.length > 0 && (content[0] !== 0 || content.length === 1 || content[1]! >= 0x80);
  const magnitude = content[0] === 0 ? content.subarray(1) : content;
  if (!shortest || content[0]! >= 0x80 || magnitude.length > 4) {
    throw refusal("Der", what, `integer ${bytesToHex(content.subarray(0, 8))}`, "one of 0..2^32-1");
  }
  return magnitude.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** Dotted text of an OBJECT IDENTIFIER. */
export function dottedOid(element: DerElement, what: string): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of element.content) {
    arc = arc * 128 + (octet & 0x7f);
    if (arc > 0xffff_ffff)
      throw refusal("Der", what, "an object identifier with a huge arc", "arcs of 32 bits");
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first, ...rest] = arcs;
  if (first === undefined || (element.content.at(-1) ?? 0x80) >= 0x80) {
    throw refusal("Der", what, "a cut object identifier", "a whole one");
  }
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join(".");
}
