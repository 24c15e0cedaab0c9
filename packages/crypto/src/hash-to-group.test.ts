import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { blake2b256, blake2b512 } from "./blake2b.ts";
import { bytesToHex, concat, utf8 } from "./bytes.ts";
import { hashToPoint, hashToScalar, onetimeHashToPoint, onetimeHashToScalar } from "./hash-to-group.ts";

test("the value generator of token 0 (01 section 5.3)", () => {
  expect(bytesToHex(onetimeHashToPoint(Point.BASE.encode()).encode())).toBe(
    "806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b",
  );
});

test("the Merkle hash of nothing (01 section 5.3)", () => {
  expect(bytesToHex(blake2b256("mc_tx_out_merkle_nil"))).toBe(
    "ffdaaf4305e365c4c30ca1e5fbf4f5e62b081441ee94eb2d0980470b5e705968",
  );
});

test("tag and parts are joined raw", () => {
  const [a, b] = [utf8("a"), utf8("b")];
  expect(blake2b512("tag", a, b)).toEqual(blake2b512("taga", b));
  expect(blake2b512("tag", concat(a, b))).toEqual(blake2b512("tag", a, b));
});

test("the 32-byte digest is no truncation", () => {
  expect(blake2b512("tag").subarray(0, 32)).not.toEqual(blake2b256("tag"));
});

test("both hashes reduce the same 64 bytes", () => {
  const uniform = blake2b512("tag", utf8("m"));
  expect(hashToScalar("tag", utf8("m")).equals(Scalar.fromBytesWide(uniform))).toBe(true);
  expect(hashToPoint("tag", utf8("m")).equals(Point.fromUniformBytes(uniform))).toBe(true);
  const encoded = Point.BASE.encode();
  expect(onetimeHashToScalar(encoded).equals(hashToScalar("mc_onetime_key_hash_to_scalar", encoded))).toBe(
    true,
  );
});
