import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  formatLosslessJson,
  type JsonValue,
  losslessJsonAvailable,
  parseLosslessJson,
} from "./lossless-json.ts";

const anyInteger = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });

function sameNumbers(value: JsonValue): JsonValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  return value;
}

describe("lossless JSON", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("keeps every digit of integers both ways", () => {
    const text = '{"a":[18446744073709551615,9007199254740993,0,-1],"b":"18446744073709551615","c":null}';
    const value = parseLosslessJson(text);
    expect(value).toEqual({
      a: [18446744073709551615n, 9007199254740993n, 0, -1],
      b: "18446744073709551615",
      c: null,
    });
    expect(formatLosslessJson(value, 0)).toBe(text);
  });

  test("integers of any size round-trip", () => {
    fc.assert(
      fc.property(fc.array(anyInteger), (integers) => {
        expect(parseLosslessJson(formatLosslessJson(integers))).toEqual(integers.map(sameNumbers));
        expect(formatLosslessJson(integers, 0)).toBe(`[${integers.join(",")}]`);
      }),
    );
  });

  test.each(["1.5", "1e3", "-0.0", "[2e308]"])("refuses the number %s, which is no integer", (text) => {
    expect(() => parseLosslessJson(text)).toThrow(
      expect.objectContaining({ area: "offlineSigner", code: "InvalidJson" }),
    );
  });

  test("refuses malformed text without quoting it", () => {
    const secret = "abandon ability able";
    const parse = () => parseLosslessJson(`{"mnemonic": "${secret}`);
    expect(parse).toThrow(expect.objectContaining({ area: "offlineSigner", code: "InvalidJson" }));
    try {
      parse();
    } catch (error) {
      expect(String(error)).not.toContain("abandon");
    }
  });

  test("is available here", () => {
    expect(losslessJsonAvailable()).toBe(true);
  });

  test("refuses to work in an engine that would round", () => {
    const { rawJSON: _missing, ...older } = Object.getOwnPropertyDescriptors(JSON);
    vi.stubGlobal("JSON", Object.defineProperties({}, older as PropertyDescriptorMap));
    const expected = expect.objectContaining({ area: "offlineSigner", code: "LosslessJsonUnavailable" });
    expect(() => parseLosslessJson("1")).toThrow(expected);
    expect(() => formatLosslessJson(1)).toThrow(expected);
  });
});
