import { expect, test } from "vitest";
import { compareKeyFileNames, sampleKeys } from "./sample-keys.ts";

test("the first sample account is the published one", () => {
  const [first] = sampleKeys(1);
  expect(first?.name).toBe("account_keys_0");
  expect(first?.file.mnemonic).toMatch(/^action sphere soft mercy .* execute grass palace$/);
});

test("a longer set begins with the shorter one, another seed makes other accounts", () => {
  expect(sampleKeys(3).slice(0, 2)).toEqual(sampleKeys(2));
  expect(sampleKeys(1, undefined, new Uint8Array(32).fill(2))).not.toEqual(sampleKeys(1));
});

test("files are read by length of name, then bytewise", () => {
  const names = ["account_keys_10", "account_keys_2", "account_keys_0", "account_keys_10"];
  expect(names.sort(compareKeyFileNames)).toEqual([
    "account_keys_0",
    "account_keys_2",
    "account_keys_10",
    "account_keys_10",
  ]);
});
