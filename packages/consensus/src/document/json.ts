import { ConsensusError } from "../error.ts";
import { type Document, UNREADABLE } from "./document.ts";

/** Arrays and objects within one another that are read at most. */
const MAX_JSON_DEPTH = 128;

/** Characters of a text that are read at most. */
const MAX_JSON_LENGTH = 4 * 1024 * 1024;

/** Numbers in one line at most; longer lists are broken. */
const MAX_INLINE_ITEMS = 128;

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * Reads JSON without losing digits of integers: amounts and token ids have 64 bits. Of a name that comes twice the last
 * value counts.
 *
 * @throws ConsensusError `Malformed`, `LimitExceeded`
 */
export function parseJson(text: string): Document {
  if (text.length > MAX_JSON_LENGTH) {
    throw new ConsensusError(
      "LimitExceeded",
      `JSON of ${text.length} characters, read are ${MAX_JSON_LENGTH}`,
    );
  }
  requireShallow(text);
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      documentOf(value, context?.source),
    ) as Document;
  } catch {
    // The engine's message quotes the text.
    throw new ConsensusError("Malformed", "the text is not JSON");
  }
}

/** Called on every value, innermost first, so what it meets within an array or object is already a document. */
function documentOf(value: unknown, source: string | undefined): unknown {
  if (typeof value === "number") {
    if (source === undefined) return Number.isSafeInteger(value) ? value : UNREADABLE;
    if (!INTEGER.test(source)) return UNREADABLE;
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof Map) ? new Map(Object.entries(value)) : value;
}

/** Shapes are read recursively, so depth is bounded before anything is. */
function requireShallow(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > MAX_JSON_DEPTH) {
      throw new ConsensusError("LimitExceeded", `JSON nested more than ${MAX_JSON_DEPTH} deep`);
    }
  }
}

/** Writes indented JSON with every digit of its integers; bytes become arrays of numbers. Ends in a line feed. */
export function formatJson(document: Document): string {
  return `${write(document, "")}\n`;
}

function write(document: Document, indent: string): string {
  if (typeof document === "bigint") return document.toString();
  if (document instanceof Uint8Array) return write([...document], indent);
  const inner = `${indent}  `;
  if (Array.isArray(document)) return writeArray(document, indent, inner);
  if (document instanceof Map) {
    if (document.size === 0) return "{}";
    const lines = [...(document as ReadonlyMap<string, Document>)].map(
      ([name, value]) => `${inner}${JSON.stringify(name)}: ${write(value, inner)}`,
    );
    return `{\n${lines.join(",\n")}\n${indent}}`;
  }
  if (document === UNREADABLE) {
    throw new ConsensusError("InvalidField", "the document holds a number that is no integer; remove it");
  }
  return JSON.stringify(document);
}

function writeArray(items: readonly Document[], indent: string, inner: string): string {
  if (items.length === 0) return "[]";
  if (items.length <= MAX_INLINE_ITEMS && items.every((item) => typeof item === "number")) {
    return `[${items.join(", ")}]`;
  }
  return `[\n${items.map((item) => `${inner}${write(item, inner)}`).join(",\n")}\n${indent}]`;
}
