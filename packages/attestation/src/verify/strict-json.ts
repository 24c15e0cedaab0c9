import { refusal } from "../error.ts";

/** A JSON value that keeps where it stood and how its numbers were written. */
export type JsonNode =
  | {
      readonly kind: "object";
      readonly members: readonly (readonly [string, JsonNode])[];
      readonly raw: string;
    }
  | { readonly kind: "array"; readonly elements: readonly JsonNode[]; readonly raw: string }
  | { readonly kind: "string"; readonly value: string; readonly raw: string }
  | { readonly kind: "number"; readonly raw: string }
  | { readonly kind: "literal"; readonly raw: string };

const MAX_CHARACTERS = 1 << 20;
const MAX_DEPTH = 32;

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;

/**
 * Parses JSON (RFC 8259) without losing what `JSON.parse` loses: repeated members, the exact text of each value
 * (signatures are over that), and how a number was written. Throws `Serde`.
 */
export function parseStrictJson(text: string, what: string): JsonNode {
  if (text.length > MAX_CHARACTERS) {
    throw refusal("Serde", what, `${text.length} characters`, `at most ${MAX_CHARACTERS}`);
  }
  let offset = 0;

  function malformed(wanted: string) {
    const found = offset < text.length ? JSON.stringify(text.slice(offset, offset + 12)) : "the end";
    return refusal("Serde", what, `${found} at character ${offset}`, wanted);
  }
  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = offset;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) offset += found.length;
    return found;
  }
  function skip(character: string): boolean {
    match(SPACE);
    if (text[offset] !== character) return false;
    offset += 1;
    return true;
  }
  function expect(character: string): void {
    if (!skip(character)) throw malformed(`"${character}"`);
  }
  function string(): string {
    match(SPACE);
    const raw = match(STRING);
    if (raw === undefined) throw malformed("a string");
    return JSON.parse(raw) as string;
  }
  function value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw malformed(`at most ${MAX_DEPTH} levels`);
    match(SPACE);
    const start = offset;
    const raw = () => text.slice(start, offset);
    if (skip("{")) {
      const members: [string, JsonNode][] = [];
      if (!skip("}")) {
        do {
          const name = string();
          expect(":");
          members.push([name, value(depth + 1)]);
        } while (skip(","));
        expect("}");
      }
      return { kind: "object", members, raw: raw() };
    }
    if (skip("[")) {
      const elements: JsonNode[] = [];
      if (!skip("]")) {
        do elements.push(value(depth + 1));
        while (skip(","));
        expect("]");
      }
      return { kind: "array", elements, raw: raw() };
    }
    if (text[offset] === '"') return { kind: "string", value: string(), raw: raw() };
    if (match(NUMBER) !== undefined) return { kind: "number", raw: raw() };
    if (match(LITERAL) !== undefined) return { kind: "literal", raw: raw() };
    throw malformed("a value");
  }

  const root = value(0);
  match(SPACE);
  if (offset !== text.length) throw malformed("the end");
  return root;
}

/** Reads the members of an object by name: each must stand there once; other members are not looked at. */
export class JsonObjectReader {
  readonly #node: JsonNode & { readonly kind: "object" };
  readonly #what: string;

  /** Throws `Serde` unless the node is an object. */
  constructor(node: JsonNode, what: string) {
    if (node.kind !== "object") throw refusal("Serde", what, node.kind, "an object");
    this.#node = node;
    this.#what = what;
  }

  /** Throws `Serde` if the member is there twice. */
  optional(name: string): JsonNode | undefined {
    const found = this.#node.members.filter(([member]) => member === name);
    if (found.length > 1) throw refusal("Serde", this.#what, `member ${name} twice`, "it once");
    return found[0]?.[1];
  }

  /** Throws `Serde` unless the member is there once. */
  required(name: string): JsonNode {
    const node = this.optional(name);
    if (node === undefined) throw refusal("Serde", this.#what, `no member ${name}`, "one");
    return node;
  }

  object(name: string): JsonObjectReader {
    return new JsonObjectReader(this.required(name), `${this.#what}, ${name}`);
  }

  string(name: string): string {
    return stringOf(this.required(name), `${this.#what}, ${name}`);
  }

  /** Bytes of a hex string of the given length, either case. */
  hex(name: string, length: number): Uint8Array {
    const text = this.string(name);
    if (text.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(text)) {
      throw refusal("Serde", `${this.#what}, ${name}`, `"${text.slice(0, 80)}"`, `${length} bytes in hex`);
    }
    return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
  }

  /** A number that is written as a plain integer of 0..max. */
  unsigned(name: string, max: number): number {
    const node = this.required(name);
    const value = node.kind === "number" && /^\d+$/.test(node.raw) ? Number(node.raw) : -1;
    if (value < 0 || value > max) {
      throw refusal("Serde", `${this.#what}, ${name}`, node.raw.slice(0, 40), `an integer of 0..${max}`);
    }
    return value;
  }

  list<T>(name: string, read: (element: JsonNode, what: string) => T): T[] {
    const node = this.required(name);
    const what = `${this.#what}, ${name}`;
    if (node.kind !== "array") throw refusal("Serde", what, node.kind, "an array");
    return node.elements.map((element, i) => read(element, `${what}[${i}]`));
  }
}

/** Throws `Serde` unless the node is a string. */
export function stringOf(node: JsonNode, what: string): string {
  if (node.kind !== "string") throw refusal("Serde", what, node.kind, "a string");
  return node.value;
}
