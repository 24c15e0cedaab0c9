import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { ORDER, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { amountCodec, unmaskedAmountCodec } from "./amount.ts";

test("amounts leave zeros out, blindings never", () => {
  expect(bytesToHex(amountCodec.encode({ value: 1n, tokenId: 2n }))).toBe(
    "090100000000000000110200000000000000",
  );
  expect(amountCodec.encode({ value: 0n, tokenId: 0n })).toHaveLength(0);
  const zero = { value: 0n, tokenId: 0n, blinding: Scalar.ZERO };
  expect(bytesToHex(unmaskedAmountCodec.encode(zero))).toBe(`1a220a20${"00".repeat(32)}`);
  expect(unmaskedAmountCodec.decode(unmaskedAmountCodec.encode(zero))).toEqual(zero);
});

test("a blinding is reduced on decode", () => {
  let encodedOrder = "";
  for (let i = 0n; i < 32n; i++)
    encodedOrder += (((ORDER + 5n) >> (8n * i)) & 255n).toString(16).padStart(2, "0");
  const { blinding } = unmaskedAmountCodec.decode(hexToBytes(`1a220a20${encodedOrder}`));
  expect(blinding.toBigInt()).toBe(5n);
});
