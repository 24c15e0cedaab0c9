import { cbc, ctr } from "@noble/ciphers/aes.js";
import { describe, expect, test } from "vitest";
import { aes256Ctr64 } from "./aes-ctr64.ts";
import { concat, u64be } from "./bytes.ts";
import { applyMemoCipher } from "./memo-cipher.ts";
import { MEMO_MAC_LENGTH, memoMac } from "./memo-mac.ts";

describe("memo cipher", () => {
  const secret = new Uint8Array(32).fill(1);

  test("is its own inverse and depends on the secret", () => {
    const memo = Uint8Array.from({ length: 66 }, (_, i) => i);
    const encrypted = applyMemoCipher(secret, memo);
    expect(encrypted).not.toEqual(memo);
    expect(applyMemoCipher(secret, encrypted)).toEqual(memo);
    expect(applyMemoCipher(new Uint8Array(32), memo)).not.toEqual(encrypted);
  });

  test("wants 32 and 66 bytes", () => {
    expect(() => applyMemoCipher(secret, new Uint8Array(64))).toThrow(
      expect.objectContaining({ code: "LengthMismatch" }),
    );
    expect(() => applyMemoCipher(new Uint8Array(33), new Uint8Array(66))).toThrow(
      expect.objectContaining({ code: "LengthMismatch" }),
    );
  });
});

describe("AES-256-CTR with a 64-bit counter", () => {
  const key = new Uint8Array(32).fill(2);
  const upper = new Uint8Array(8).fill(0xaa);

  test("is ordinary CTR while the counter does not overflow", () => {
    const block = concat(upper, u64be(7n));
    const data = new Uint8Array(66);
    expect(aes256Ctr64(key, block, data)).toEqual(ctr(key, block).encrypt(data));
  });

  test("leaves the upper half alone when it does", () => {
    const block = concat(upper, u64be(2n ** 64n - 2n));
    const stream = aes256Ctr64(key, block, new Uint8Array(66));
    // Block by block: a CBC encryption of one block with IV zero is the bare cipher.
    const bare = (counter: bigint) =>
      cbc(key, new Uint8Array(16), { disablePadding: true }).encrypt(concat(upper, u64be(counter)));
    const expected = concat(...[2n ** 64n - 2n, 2n ** 64n - 1n, 0n, 1n, 2n].map(bare)).subarray(0, 66);
    expect(stream).toEqual(expected);
  });
});

describe("memo MAC", () => {
  const input = {
    sharedSecret: new Uint8Array(32).fill(1),
    txOutPublicKey: new Uint8Array(32).fill(2),
    memoType: Uint8Array.of(1, 0),
    memoData: new Uint8Array(64).fill(3),
  };

  test("covers everything but the place it goes to", () => {
    const mac = memoMac(input);
    expect(mac.length).toBe(MEMO_MAC_LENGTH);
    const changed = (at: number) => {
      const memoData = input.memoData.slice();
      memoData[at]! ^= 1;
      return memoMac({ ...input, memoData });
    };
    expect(changed(47)).not.toEqual(mac);
    expect(changed(48)).toEqual(mac);
    expect(memoMac({ ...input, memoType: Uint8Array.of(1, 1) })).not.toEqual(mac);
    expect(memoMac({ ...input, txOutPublicKey: new Uint8Array(32) })).not.toEqual(mac);
    expect(memoMac({ ...input, sharedSecret: new Uint8Array(32) })).not.toEqual(mac);
  });

  test("checks every length", () => {
    for (const field of ["sharedSecret", "txOutPublicKey", "memoType", "memoData"] as const) {
      expect(() => memoMac({ ...input, [field]: new Uint8Array(1) })).toThrow(
        expect.objectContaining({ code: "LengthMismatch" }),
      );
    }
  });
});
