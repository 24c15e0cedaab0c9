import { expect, test } from "vitest";
import { bytesToHex } from "./bytes.ts";
import { Hc128Rng } from "./hc128.ts";

test("gives the published stream for a zero seed", () => {
  expect(bytesToHex(new Hc128Rng(new Uint8Array(32)).bytes(32))).toBe(
    "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b",
  );
});

test("uses up whole words", () => {
  const rng = new Hc128Rng(new Uint8Array(32));
  expect(bytesToHex(rng.bytes(5))).toBe("82001573a0");
  expect(bytesToHex(rng.bytes(4))).toBe("7fd72ffb");
});

test("words and bytes are the same stream", () => {
  const words = new Hc128Rng(new Uint8Array(32));
  const low = words.nextU32();
  expect(low).toBe(0x73150082);
  expect(words.nextU64()).toBe(0xfb2fd77f_3bfd03a0n);
});

test("wants a 32-byte seed", () => {
  expect(() => new Hc128Rng(new Uint8Array(16))).toThrow(expect.objectContaining({ code: "LengthMismatch" }));
});
