import { Point, Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes, utf8 } from "./bytes.ts";
import { parseSchnorrkelSignature, schnorrkelSign, schnorrkelVerify } from "./schnorrkel.ts";

const privateKey = Scalar.fromBytes(
  hexToBytes("dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008"),
);
const publicKey = Point.multiplyBase(privateKey).encode();
const message = utf8("foobar");

describe("Schnorrkel", () => {
  test("reproduces the quotable signature (01 section 5.3)", () => {
    expect(bytesToHex(publicKey)).toBe("ca5e7ce4f86cf2446b5915c048c82088ffa770545f85ff9196ee200fc26b5209");
    expect(bytesToHex(schnorrkelSign(privateKey, "test", message))).toBe(
      "862fd9469e4d21e1f75ef090c29c789ecd8f10e174175b194f282c7591976d2146a6e9f49062f560558af9c0b4aee5abdf9c8aa7f3b42146a1fd0e6f9386308d",
    );
  });

  test("verifies what it signed and nothing else", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 250n }),
        fc.string(),
        fc.uint8Array(),
        (x, context, text) => {
          const key = Scalar.fromBigInt(x);
          const own = Point.multiplyBase(key).encode();
          const signature = schnorrkelSign(key, context, text);
          expect(schnorrkelVerify(own, context, text, signature)).toBe(true);
          expect(schnorrkelVerify(own, `${context}.`, text, signature)).toBe(false);
          expect(schnorrkelVerify(own, context, Uint8Array.of(...text, 0), signature)).toBe(false);
          expect(schnorrkelVerify(publicKey, context, text, signature)).toBe(false);
        },
      ),
      { numRuns: 5 },
    );
  });

  test("refuses a signature with any bit changed", () => {
    const signature = schnorrkelSign(privateKey, "test", message);
    for (let bit = 0; bit < 512; bit += 7) {
      const altered = signature.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(schnorrkelVerify(publicKey, "test", message, altered)).toBe(false);
    }
  });

  test("malformed signatures and keys are false to the verifier, an error to the parser", () => {
    const signature = schnorrkelSign(privateKey, "test", message);
    const unmarked = signature.slice();
    unmarked[63]! &= 0x7f;
    const unreduced = signature.slice();
    unreduced.fill(0xff, 32);
    for (const bad of [new Uint8Array(0), signature.slice(1), unmarked, unreduced]) {
      expect(schnorrkelVerify(publicKey, "test", message, bad)).toBe(false);
      expect(() => parseSchnorrkelSignature(bad)).toThrow(
        expect.objectContaining({ code: "InvalidSignature" }),
      );
    }
    expect(parseSchnorrkelSignature(signature).commitment).toEqual(signature.slice(0, 32));
    for (const bad of [new Uint8Array(31), new Uint8Array(32).fill(0xff)]) {
      expect(schnorrkelVerify(bad, "test", message, signature)).toBe(false);
    }
  });
});
