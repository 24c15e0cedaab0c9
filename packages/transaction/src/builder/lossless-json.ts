import { TransactionError } from "../error.ts";

/**
 * JSON whose integers keep every digit. The offline signer's files hold u64 numbers (02 section 2.20), and a JavaScript
 * number keeps 53 bits of them. Source-text access gives the digits on reading and takes them on writing.
 */

/** A JSON value; integers beyond 2^53-1 are `bigint`, smaller ones `number`. */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** JSON source-text access (ECMAScript 2026); not in TypeScript's library yet. */
interface SourceTextJson {
  readonly rawJSON?: (text: string) => unknown;
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

let reviverSeesSource: boolean | undefined;

/** Whether this runtime reads and writes integers of any size (Node 22, Chromium 114 and later do). */
export function losslessJsonAvailable(): boolean {
  reviverSeesSource ??= JSON.parse(
    "1",
    (_key, _value, context?: { source?: string }) => context?.source === "1",
  );
  return reviverSeesSource === true && typeof (JSON as SourceTextJson).rawJSON === "function";
}

/**
 * Reads JSON without losing digits.
 *
 * @throws TransactionError area `offlineSigner`: `InvalidJson` (malformed text, or a number that is no integer: the
 * files hold none), `LosslessJsonUnavailable`.
 */
export function parseLosslessJson(text: string): JsonValue {
  requireLosslessJson();
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === "number" ? integer(value, context?.source) : value,
    );
  } catch (cause) {
    if (cause instanceof TransactionError) throw cause;
    // The engine's message quotes the text, and the text may hold secrets.
    throw new TransactionError("offlineSigner", "InvalidJson", "the text is not JSON");
  }
}

/** Writes JSON with every digit of its integers. Throws `LosslessJsonUnavailable` (area `offlineSigner`). */
export function formatLosslessJson(value: JsonValue, indent = 2): string {
  requireLosslessJson();
  const { rawJSON } = JSON as SourceTextJson;
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === "bigint" ? rawJSON?.(item.toString()) : item),
    indent,
  );
}

function integer(value: number, source: string | undefined): number | bigint {
  if (source === undefined || !INTEGER.test(source)) {
    throw new TransactionError("offlineSigner", "InvalidJson", "the text holds a number that is no integer");
  }
  return Number.isSafeInteger(value) ? value : BigInt(source);
}

function requireLosslessJson(): void {
  if (losslessJsonAvailable()) return;
  throw new TransactionError(
    "offlineSigner",
    "LosslessJsonUnavailable",
    "this JavaScript engine rounds large JSON numbers; it needs JSON.rawJSON and reviver source text",
  );
}
