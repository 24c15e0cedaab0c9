import fc from "fast-check";
import { expect, test } from "vitest";
import { aesGcm, nativeAesGcm, portableAesGcm } from "./aes-gcm.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const native = nativeAesGcm();

test("Node.js has its own, and it is used", () => {
  expect(native).toBeDefined();
  expect(aesGcm).not.toBe(portableAesGcm);
});

test("both forms make the same bytes, open each other's, and refuse any that were changed", () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(12),
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(),
      (key, nonce, aad, plaintext, position) => {
        const sealed = portableAesGcm.encrypt(key, nonce, aad, plaintext);
        expect(native!.encrypt(key, nonce, aad, plaintext)).toEqual(sealed);
        for (const form of [portableAesGcm, native!]) {
          const opened = form.decrypt(key, nonce, aad, sealed);
          expect(opened).toEqual(plaintext);
          expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
          const bent = sealed.slice();
          bent[position % bent.length]! ^= 1;
          expect(() => form.decrypt(key, nonce, aad, bent)).toThrow();
          expect(() => form.decrypt(key, nonce, Uint8Array.of(...aad, 0), sealed)).toThrow();
          expect(() => form.decrypt(key, nonce, aad, sealed.slice(0, 15))).toThrow();
        }
      },
    ),
    { numRuns: 50 },
  );
});
