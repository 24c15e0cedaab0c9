import { concat } from "@mobilecoin-ts/crypto";

/** A protobuf field of wire type 0. */
export function varintField(tag: number, value: bigint): Uint8Array {
  return concat(varint(BigInt(tag) * 8n), varint(value));
}

/** A protobuf field of wire type 2. */
export function bytesField(tag: number, content: Uint8Array): Uint8Array {
  return concat(varint(BigInt(tag) * 8n + 2n), varint(BigInt(content.length)), content);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
