import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, concat, hexToBytes } from "./bytes.ts";
import { ed25519PublicKey, ed25519VerifyStrict } from "./ed25519.ts";
import { isSmallOrderEd25519, nativeEd25519, portableEd25519 } from "./ed25519-arithmetic.ts";

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const P = 2n ** 255n - 19n;
const native = nativeEd25519();
const torsion = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes.toReversed())}`);
const le32 = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, "0")).toReversed();

test("Node.js has its own", () => {
  expect(native).toBeDefined();
});

test("both forms derive alike and sign alike, and agree on signatures that were changed anywhere", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(key, fc.uint8Array(), fc.nat(1023), (seed, message, bit) => {
      const signature = portableEd25519.sign(seed, message);
      expect(native!.sign(seed, message)).toEqual(signature);
      expect(native!.publicKey(seed)).toEqual(portableEd25519.publicKey(seed));
      const both = concat(ed25519PublicKey(seed), signature);
      if (bit < 768) both[bit >> 3]! ^= 1 << (bit & 7);
      const [bentKey, bent] = [both.slice(0, 32), both.slice(32)];
      const verdict = portableEd25519.verifyEquation(bentKey, message, bent);
      expect(verdict).toBe(bit >= 768);
      expect(native!.verifyEquation(bentKey, message, bent)).toBe(verdict);
    }),
    { numRuns: 60 },
  );
});

test("both forms agree on crafted signatures: torsion, responses beyond the order, coordinates that are not reduced", () => {
  const points = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((k) =>
    k === 0n ? Point.ZERO : torsion.multiplyUnsafe(k),
  );
  const odd = [P, P + 1n, P + 2n, P + 3n, P + 18n].flatMap((y) => [le32(y), le32(y + 2n ** 255n)]);
  const noPoint = le32(2n);
  let accepted = 0;
  for (const extra of points) {
    for (let i = 0; i < 24; i++) {
      const message = Uint8Array.of(i);
      const publicKey = Point.BASE.multiply(7n).add(extra).toBytes();
      const commitment = Point.BASE.multiply(9n).toBytes();
      const k = littleEndian(sha512(concat(commitment, publicKey, message))) % L;
      const response = (9n + k * 7n) % L;
      for (const s of [response, response + L]) {
        const signature = concat(commitment, le32(s));
        const verdict = portableEd25519.verifyEquation(publicKey, message, signature);
        expect(native!.verifyEquation(publicKey, message, signature)).toBe(verdict);
        if (verdict) accepted += 1;
      }
    }
  }
  // Those whose challenge cancels the torsion, and no others.
  expect(accepted).toBeGreaterThan(24);
  const large = (bytes: Uint8Array) => !isSmallOrderEd25519(bytes);
  const mixed = points.map((point) => Point.BASE.multiply(5n).add(point).toBytes());
  for (const key of [...odd, noPoint, ...mixed].filter(large)) {
    for (const commitment of [...odd, noPoint, ...mixed].filter(large)) {
      for (const s of [0n, 5n]) {
        const signature = concat(commitment, le32(s));
        const verdict = portableEd25519.verifyEquation(key, Uint8Array.of(1), signature);
        expect(native!.verifyEquation(key, Uint8Array.of(1), signature)).toBe(verdict);
      }
    }
  }
});

test("every encoding of a point of small order is known, and refused as key and as commitment", () => {
  const eight = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((k) =>
    k === 0n ? Point.ZERO : torsion.multiplyUnsafe(k),
  );
  for (const point of eight) {
    const { y } = point.toAffine();
    for (const encoding of [y, y + P].filter((value) => value < 2n ** 255n)) {
      for (const sign of [0n, 2n ** 255n]) {
        const bytes = le32(encoding + sign);
        expect(isSmallOrderEd25519(bytes)).toBe(true);
        expect(ed25519VerifyStrict(bytes, Uint8Array.of(1), new Uint8Array(64).fill(1, 32, 33))).toBe(false);
      }
    }
  }
  expect(isSmallOrderEd25519(Point.BASE.toBytes())).toBe(false);
});
