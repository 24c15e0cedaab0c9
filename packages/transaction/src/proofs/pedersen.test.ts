import { Point, Scalar } from "@mobilecoin-ts/curve";
import { bytesToHex } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commit, valueGenerator } from "./pedersen.ts";

const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

describe("valueGenerator", () => {
  test("gives the quoted generators (02 sections 2.3 and 5.1)", () => {
    const quoted = new Map([
      [0n, "806024d8f41f25e280a0ca45fa2fa28c0529f7b0cbaf182dc195fa23cc58c82b"],
      [1n, "6e736cab24540ffd7a74ea23db4d394e3a8290c2d62cf944c56dd63669cc593b"],
      [8192n, "68481a0a0ed5252b3d030f6e5f015fe647ffb83aa4b798361111036b29286272"],
    ]);
    for (const [tokenId, hex] of quoted) expect(bytesToHex(valueGenerator(tokenId).encode())).toBe(hex);
  });

  test("survives more tokens than it caches", () => {
    const first = valueGenerator(1000n).encode();
    for (let id = 1001n; id < 1100n; id++) valueGenerator(id);
    expect(valueGenerator(1000n).encode()).toEqual(first);
  });

  test("refuses what is no u64", () => {
    expect(() => valueGenerator(-1n)).toThrow(RangeError);
    expect(() => valueGenerator(1n << 64n)).toThrow(RangeError);
  });
});

describe("commit", () => {
  test("is v·H_t + b·G, with and without a table for the token", () => {
    fc.assert(
      fc.property(u64, u64, u64, (value, blinding, tokenId) => {
        const b = Scalar.fromBigInt(blinding);
        const expected = valueGenerator(tokenId)
          .multiplyPublic(Scalar.fromBigInt(value))
          .add(Point.multiplyBasePublic(b));
        for (let use = 0; use < 3; use++) expect(commit(value, b, tokenId).equals(expected)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  test("refuses a value that is no u64", () => {
    expect(() => commit(-1n, Scalar.ONE, 0n)).toThrow(RangeError);
    expect(() => commit(1n << 64n, Scalar.ONE, 0n)).toThrow(RangeError);
  });
});
