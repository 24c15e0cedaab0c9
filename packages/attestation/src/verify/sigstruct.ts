import { bytesToHex, concat, equalBytes, hexToBytes } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { refusal } from "../error.ts";
import { bigEndian, verifyRsaPkcs1 } from "./rsa.ts";

/** Length of a SIGSTRUCT (`.css` file). */
export const SIGSTRUCT_LENGTH = 1808;

const HEADER_1 = hexToBytes("06000000e10000000000010000000000");
const HEADER_2 = hexToBytes("01010000600000006000000001000000");
const INTEL_VENDOR = 0x8086;
const RESERVED: readonly (readonly [offset: number, length: number])[] = [
  [44, 84],
  [908, 20],
  [992, 32],
  [1028, 12],
];

/** What a signer of enclaves states about one (05 section 2.13). */
export interface SigStruct {
  /** 16 bytes. */
  readonly header: Uint8Array;
  /** 4 bytes: zeros, or Intel's. */
  readonly vendor: Uint8Array;
  /** `yyyymmdd`. */
  readonly date: string;
  /** As stored, little-endian, 384 bytes. */
  readonly modulus: Uint8Array;
  readonly exponent: number;
  /** As stored, little-endian, 384 bytes. */
  readonly signature: Uint8Array;
  /** SHA-256 of the modulus: what reports of the enclave call MRSIGNER. */
  readonly mrSigner: Uint8Array;
  readonly miscSelect: number;
  readonly attributesFlags: bigint;
  readonly xfrm: bigint;
  readonly mrEnclave: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  /** What the signature is over, 256 bytes. */
  readonly signedBytes: Uint8Array;
}

/**
 * Reads a SIGSTRUCT; its signature is `isSigStructSigned`. Throws `InputLength`, `BadHeader1`, `BadHeader2`,
 * `UnknownVendor`, `BadDate` or `NonZeroReserved`.
 */
export function parseSigStruct(bytes: Uint8Array): SigStruct {
  const step = "SIGSTRUCT";
  if (bytes.length !== SIGSTRUCT_LENGTH) {
    throw refusal("InputLength", step, `${bytes.length} bytes`, `${SIGSTRUCT_LENGTH}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const cut = (offset: number, length: number) => bytes.slice(offset, offset + length);
  const header = cut(0, 16);
  if (!equalBytes(header, HEADER_1)) {
    throw refusal("BadHeader1", step, bytesToHex(header), bytesToHex(HEADER_1));
  }
  const vendor = view.getUint32(16, true);
  if (vendor !== 0 && vendor !== INTEL_VENDOR) {
    throw refusal("UnknownVendor", step, `vendor ${vendor}`, `0 or ${INTEL_VENDOR}`);
  }
  const date = bytesToHex(cut(20, 4).reverse());
  if (!isCalendarDate(date)) throw refusal("BadDate", step, `date ${date}`, "yyyymmdd");
  const header2 = cut(24, 16);
  if (!equalBytes(header2, HEADER_2)) {
    throw refusal("BadHeader2", step, bytesToHex(header2), bytesToHex(HEADER_2));
  }
  for (const [offset, length] of RESERVED) {
    if (cut(offset, length).some((octet) => octet !== 0)) {
      throw refusal("NonZeroReserved", step, `a reserved field at ${offset} that is not zero`, "zeros");
    }
  }
  const modulus = cut(128, 384);
  return {
    header,
    vendor: cut(16, 4),
    date,
    modulus,
    exponent: view.getUint32(512, true),
    signature: cut(516, 384),
    mrSigner: sha256(modulus),
    miscSelect: view.getUint32(900, true),
    attributesFlags: view.getBigUint64(928, true),
    xfrm: view.getBigUint64(936, true),
    mrEnclave: cut(960, 32),
    isvProdId: view.getUint16(1024, true),
    isvSvn: view.getUint16(1026, true),
    signedBytes: concat(cut(0, 128), cut(900, 128)),
  };
}

/** Whether the signer's key signed it: RSA-3072 with exponent 3, PKCS#1 v1.5, SHA-256. */
export function isSigStructSigned(structure: SigStruct): boolean {
  const { modulus, exponent, signature, signedBytes } = structure;
  if (exponent !== 3) return false;
  const key = { modulus: bigEndian(modulus.toReversed()), exponent: BigInt(exponent) };
  return verifyRsaPkcs1(key, "SHA-256", signedBytes, signature.toReversed());
}

function isCalendarDate(digits: string): boolean {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{8}$/.test(digits) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
