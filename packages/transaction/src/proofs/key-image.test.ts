import { Scalar } from "@mobilecoin-ts/curve";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { keyImageOf } from "./key-image.ts";

test("gives the quoted key images of scalars 1 and 2 (02 section 5.1)", () => {
  expect(bytesToHex(keyImageOf(Scalar.ONE))).toBe(
    "806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b",
  );
  expect(bytesToHex(keyImageOf(Scalar.fromBigInt(2n)))).toBe(
    "e03cd68600e46ce6f4f75a3d9ad7dfbda075d10fdb210216f76e1536add86a65",
  );
});
