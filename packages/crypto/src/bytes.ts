import { hexToBytes as nobleHexToBytes } from "@noble/hashes/utils.js";
import { CryptoError } from "./error.ts";

export { bytesToHex, concatBytes as concat } from "@noble/hashes/utils.js";

const encoder = new TextEncoder();
const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes of a hex string of even length, either case. Throws `InvalidHex`. */
export function hexToBytes(hex: string): Uint8Array {
  try {
    return nobleHexToBytes(hex);
  } catch (cause) {
    throw new CryptoError("InvalidHex", "not a hex string of even length", { cause });
  }
}

/** Whether two byte strings are equal, in time that depends on their lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** Lexicographic order of byte strings (a prefix sorts first): negative, zero or positive. Variable time. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Four bytes, little-endian. Throws `IntegerOutOfRange`. */
export function u32le(value: number): Uint8Array {
  requireUnsigned(value, 0xffff_ffff);
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, true);
  return out;
}

/** Eight bytes, little-endian. Throws `IntegerOutOfRange`. */
export function u64le(value: bigint): Uint8Array {
  return u64(value, true);
}

/** Eight bytes, big-endian. Throws `IntegerOutOfRange`. */
export function u64be(value: bigint): Uint8Array {
  return u64(value, false);
}

/** Reads eight little-endian bytes at `offset`. Throws `LengthMismatch` when they are not there. */
export function readU64le(bytes: Uint8Array, offset = 0): bigint {
  return viewOfEight(bytes, offset).getBigUint64(0, true);
}

/** Reads eight big-endian bytes at `offset`. Throws `LengthMismatch` when they are not there. */
export function readU64be(bytes: Uint8Array, offset = 0): bigint {
  return viewOfEight(bytes, offset).getBigUint64(0, false);
}

function u64(value: bigint, littleEndian: boolean): Uint8Array {
  requireU64(value);
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value, littleEndian);
  return out;
}

function viewOfEight(bytes: Uint8Array, offset: number): DataView {
  if (offset < 0 || bytes.length - offset < 8) {
    throw new CryptoError("LengthMismatch", `need 8 bytes at offset ${offset}, have ${bytes.length} in all`, {
      data: { found: Math.max(0, bytes.length - offset), required: 8 },
    });
  }
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 8);
}

/** Throws `IntegerOutOfRange` unless `value` is an integer of 0..max. */
export function requireUnsigned(value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new CryptoError("IntegerOutOfRange", `integer must be of 0..${max}`);
  }
}

/** Throws `IntegerOutOfRange` unless `value` is of 0..2^64-1. */
export function requireU64(value: bigint): void {
  if (value < 0n || value > U64_MAX) {
    throw new CryptoError("IntegerOutOfRange", "integer must be of 0..2^64-1");
  }
}
