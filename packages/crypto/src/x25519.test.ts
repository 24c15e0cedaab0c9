import { expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "./bytes.ts";
import { x25519PublicKey, x25519SharedSecret } from "./x25519.ts";

test("agrees with RFC 7748, section 5.2", () => {
  const scalar = hexToBytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
  const u = hexToBytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
  expect(bytesToHex(x25519SharedSecret(scalar, u))).toBe(
    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  );
});

test("both ends of an exchange agree", () => {
  const [alice, bob] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(9)];
  expect(x25519SharedSecret(alice, x25519PublicKey(bob))).toEqual(
    x25519SharedSecret(bob, x25519PublicKey(alice)),
  );
});

test("does not refuse an all-zero shared secret", () => {
  const secret = new Uint8Array(32).fill(5);
  for (const lowOrder of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
    expect(bytesToHex(x25519SharedSecret(secret, lowOrder))).toBe("00".repeat(32));
  }
});

test("checks lengths only", () => {
  expect(() => x25519PublicKey(new Uint8Array(31))).toThrow(
    expect.objectContaining({ code: "LengthMismatch" }),
  );
  expect(() => x25519SharedSecret(new Uint8Array(32), new Uint8Array(33))).toThrow(
    expect.objectContaining({ code: "LengthMismatch" }),
  );
  expect(x25519SharedSecret(new Uint8Array(32), new Uint8Array(32).fill(0xff)).length).toBe(32);
});
