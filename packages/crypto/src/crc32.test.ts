import { expect, test } from "vitest";
import { utf8 } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

test("gives the check value of CRC-32/ISO-HDLC", () => {
  expect(crc32(utf8("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});
