import { expect, test } from "vitest";
import { authToken, basicAuthorization } from "./auth-token.ts";

const secret = new Uint8Array(32).fill(0x42);

test("is the value quoted in part 04", () => {
  expect(authToken(secret, "user123", 1_700_000_000n)).toBe("user123:1700000000:1d9551bc453312b41ee3");
});

test.each([
  [() => authToken(new Uint8Array(31), "user", 0n), "SecretLength"],
  [() => authToken(secret, "us:er", 0n), "UserName"],
  [() => basicAuthorization("us:er", "password"), "UserName"],
])("refuses what would not be taken (%#)", (make, code) => {
  expect(make).toThrow(expect.objectContaining({ code }));
});

test("goes into a header with its user", () => {
  expect(basicAuthorization("a", "ä")).toBe("Basic YTrDpA==");
});
