import { expect, test } from "vitest";
import { WireError } from "./error.ts";
import { formatMobUri, parseMobUri } from "./mob-uri.ts";

test.each([
  "mob:///b58/Code",
  "mob://host:80/b58/Code",
  "mob:/b58/Code",
  "mob:///b58/Code/more",
  "mob:///b58/Code?a=b",
  "mob:///b58/Code#a",
])("takes the code out of %s", (text) => {
  expect(parseMobUri(text)).toBe("Code");
});

test.each([
  "",
  "mob:",
  "mob:b58/Code",
  "mob://b58/Code",
  "mob:///b58",
  "mob:///b58/",
  "mob:///b58//Code",
  "mob:///B58/Code",
  "mob:///x/b58/Code",
  "MOB:///b58/Code",
  "xmob:///b58/Code",
  " mob:///b58/Code",
  "mob:///b58/Code ",
  "mob:///b58/Co de",
])("refuses %j", (text) => {
  const refusal = expect(() => parseMobUri(text));
  refusal.toThrow(WireError);
  refusal.toThrow(expect.objectContaining({ code: "MobUri" }));
});

test("is written with an empty authority", () => {
  expect(formatMobUri("Code")).toBe("mob:///b58/Code");
  expect(parseMobUri(formatMobUri("Code"))).toBe("Code");
});
