import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equalBytes } from "./bytes.ts";

const { Point } = ed25519;
type EdwardsPoint = InstanceType<typeof Point>;

/** What Ed25519 asks of a platform. */
export interface Ed25519Arithmetic {
  /**
   * The public key, 32 bytes.
   *
   * @param seed 32 bytes
   */
  publicKey(seed: Uint8Array): Uint8Array;
  /** @param seed 32 bytes */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /**
   * Whether s is below the group order, A decompresses, and s·B − k·A encodes to R byte for byte. Key of 32 bytes,
   * signature of 64; neither A nor R may be of small order, where platforms differ: the caller looks at that first.
   */
  verifyEquation(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Runs everywhere. */
export const portableEd25519: Ed25519Arithmetic = {
  publicKey: (seed) => ed25519.getPublicKey(seed),
  sign: (seed, message) => ed25519.sign(message, seed),
  verifyEquation(publicKey, message, signature) {
    const commitmentBytes = signature.subarray(0, 32);
    const response = littleEndian(signature.subarray(32));
    if (response >= Point.Fn.ORDER) return false;
    const key = decompressEd25519(publicKey);
    if (key === undefined) return false;
    const challenge = Point.Fn.create(littleEndian(sha512(concat(commitmentBytes, publicKey, message))));
    const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
    return equalBytes(expected.toBytes(), commitmentBytes);
  },
};

/** What comes before the seed in a PKCS #8 key, and before the point in a SubjectPublicKeyInfo (RFC 8410). */
const PRIVATE_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const PUBLIC_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/**
 * OpenSSL's where the program runs in Node.js: some ten times as fast, and its signing is constant-time. It checks the
 * same equation by encoding R anew. Undefined in browsers.
 */
export function nativeEd25519(): Ed25519Arithmetic | undefined {
  const native = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (native === undefined) return undefined;
  const der = (prefix: Uint8Array, key: Uint8Array) => globalThis.Buffer.from(concat(prefix, key));
  const privateKey = (seed: Uint8Array) =>
    native.createPrivateKey({ key: der(PRIVATE_PREFIX, seed), format: "der", type: "pkcs8" });
  return {
    publicKey(seed) {
      const encoded = native.createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
      return new Uint8Array(encoded.subarray(PUBLIC_PREFIX.length));
    },
    sign(seed, message) {
      return new Uint8Array(native.sign(null, message, privateKey(seed)));
    },
    verifyEquation(publicKey, message, signature) {
      const key = native.createPublicKey({ key: der(PUBLIC_PREFIX, publicKey), format: "der", type: "spki" });
      return native.verify(null, message, key, signature);
    },
  };
}

/** The best this platform has. */
export const ed25519Arithmetic: Ed25519Arithmetic = nativeEd25519() ?? portableEd25519;

/** The point that 32 bytes stand for; undefined where they stand for none. */
export function decompressEd25519(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    // The lenient mode reduces the coordinate and ignores the sign of zero, as the reference's curve library does.
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

/** y-coordinates of the points of small order in every encoding, little-endian with the sign bit cleared. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map((hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));

/** Whether 32 bytes stand for a point of order 1, 2, 4 or 8. */
export function isSmallOrderEd25519(bytes: Uint8Array): boolean {
  return SMALL_ORDER.some((y) => y.every((byte, i) => byte === (i === 31 ? bytes[i]! & 0x7f : bytes[i])));
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}
