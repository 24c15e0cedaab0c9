/**
 * Reads JSON; an integer beyond 2^53-1 becomes a bigint with every digit, where the engine tells a number's source text
 * (Node.js 22, Chromium 114 and later). Throws SyntaxError.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
  });
}

/** A u64 that was a JSON number; undefined for anything else. */
export function u64OfJson(value: unknown): bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return typeof value === "bigint" && BigInt.asUintN(64, value) === value ? value : undefined;
}

/** What `JSON.stringify` writes as this integer. Throws RangeError where the engine cannot write it exactly. */
export function u64ToJson(value: bigint): unknown {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  const { rawJSON } = JSON as { readonly rawJSON?: (text: string) => unknown };
  if (rawJSON === undefined)
    throw new RangeError("this JavaScript engine cannot write so large a JSON number");
  return rawJSON(value.toString());
}
