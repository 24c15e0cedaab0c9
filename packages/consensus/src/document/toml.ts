import { parse, TomlError } from "smol-toml";
import { ConsensusError } from "../error.ts";
import { type Document, UNREADABLE } from "./document.ts";

/** Arrays and tables within one another that are read at most. */
const MAX_TOML_DEPTH = 128;

/** @throws ConsensusError `Malformed`, `LimitExceeded` */
export function parseToml(text: string): Document {
  try {
    return documentOf(parse(text, { integersAsBigInt: true }), 0);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw new ConsensusError("Malformed", `the text is not TOML: line ${cause.line}, column ${cause.column}`);
  }
}

function documentOf(value: unknown, depth: number): Document {
  if (depth > MAX_TOML_DEPTH) {
    throw new ConsensusError("LimitExceeded", `TOML nested more than ${MAX_TOML_DEPTH} deep`);
  }
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "object":
      if (Array.isArray(value)) return value.map((item) => documentOf(item, depth + 1));
      if (value === null || value instanceof Date) return UNREADABLE;
      return new Map(Object.entries(value).map(([name, item]) => [name, documentOf(item, depth + 1)]));
    default:
      // Floats: integers come as bigint.
      return UNREADABLE;
  }
}
