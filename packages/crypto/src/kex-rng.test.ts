import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { KexRng, kexRngOutput } from "./kex-rng.ts";

const a = Scalar.fromBigInt(3n);
const b = Scalar.fromBigInt(5n);

test("both ends produce the same sequence", () => {
  const one = KexRng.fromKeyExchange(a, Point.multiplyBase(b));
  const other = KexRng.fromKeyExchange(b, Point.multiplyBase(a));
  for (let i = 0; i < 3; i++) expect(one.next()).toEqual(other.next());
});

test("peek stays, advance moves, a stored position resumes", () => {
  const secret = new Uint8Array(32).fill(1);
  const rng = new KexRng(secret);
  expect(rng.peek()).toEqual(rng.peek());
  rng.advance();
  expect(rng.index).toBe(1n);
  expect(rng.peek()).toEqual(kexRngOutput(secret, 1n));
  expect(new KexRng(secret, 1n).next()).toEqual(rng.next());
});

test("other versions and lengths are refused", () => {
  expect(() => KexRng.fromKeyExchange(a, Point.BASE, 1)).toThrow(
    expect.objectContaining({ code: "UnknownVersion" }),
  );
  expect(() => new KexRng(new Uint8Array(31))).toThrow(expect.objectContaining({ code: "LengthMismatch" }));
});
