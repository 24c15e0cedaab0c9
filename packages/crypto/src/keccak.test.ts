import { keccakP } from "@noble/hashes/sha3.js";
import { swap32IfBE } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "./bytes.ts";
import { KECCAK_STATE_LENGTH, keccakF1600 } from "./keccak.ts";

test("permutes the zero state as published (first lanes)", () => {
  const state = new Uint8Array(KECCAK_STATE_LENGTH);
  keccakF1600(state);
  expect(bytesToHex(state.subarray(0, 16))).toBe("e7dde140798f25f18a47c033f9ccd584");
});

test("agrees with the library on any state", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: KECCAK_STATE_LENGTH, maxLength: KECCAK_STATE_LENGTH }),
      (bytes) => {
        const words = swap32IfBE(new Uint32Array(bytes.slice().buffer));
        keccakP(words);
        const state = bytes.slice();
        keccakF1600(state);
        expect(state).toEqual(new Uint8Array(swap32IfBE(words).buffer));
      },
    ),
  );
});
