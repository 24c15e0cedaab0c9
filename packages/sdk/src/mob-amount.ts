import { SdkError } from "./error.ts";

/** Decimal places between the unit people write and the smallest unit of a token, by token id. */
const DECIMALS: ReadonlyMap<bigint, { readonly symbol: string; readonly decimals: number }> = new Map([
  [0n, { symbol: "MOB", decimals: 12 }],
  [1n, { symbol: "eUSD", decimals: 6 }],
]);

const U64_LIMIT = 1n << 64n;

function tokenFormat(tokenId: bigint): { readonly symbol: string; readonly decimals: number } {
  return DECIMALS.get(tokenId) ?? { symbol: `units of token ${tokenId}`, decimals: 0 };
}

/**
 * Reads a decimal amount as people write it, `12.5`, into the token's smallest unit (picoMOB for token 0).
 * @throws SdkError `AmountFormat` when it is not a plain decimal number or has more places than the token,
 *   `AmountTooLarge` when it exceeds 2^64 - 1 smallest units.
 */
export function parseTokenAmount(text: string, tokenId = 0n): bigint {
  const { decimals, symbol } = tokenFormat(tokenId);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) {
    throw new SdkError("AmountFormat", `"${text}" is not an amount; write a decimal number such as 12.5`);
  }
  const [, whole = "", fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new SdkError(
      "AmountFormat",
      `"${text}" has ${fraction.length} decimal places; ${symbol} has ${decimals}`,
    );
  }
  const value = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (value >= U64_LIMIT) throw new SdkError("AmountTooLarge", `"${text}" exceeds what an output can hold`);
  return value;
}

/** Writes an amount in the token's smallest unit as a decimal with its symbol: `12.5 MOB`. */
export function formatTokenAmount(value: bigint, tokenId = 0n): string {
  const { symbol, decimals } = tokenFormat(tokenId);
  const digits = value.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${grouped}${fraction === "" ? "" : `.${fraction}`} ${symbol}`;
}
