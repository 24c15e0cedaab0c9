import { concat, utf8 } from "@mobilecoin-ts/crypto";

/** The DER values that certificates and revocation lists are made of (X.690); for writing only. */
export const der = {
  sequence: (...members: readonly Uint8Array[]) => element(0x30, concat(...members)),
  set: (...members: readonly Uint8Array[]) => element(0x31, concat(...members)),
  /** `[number]`, explicit. */
  explicit: (number: number, member: Uint8Array) => element(0xa0 + number, member),
  /** `[number]`, implicit over a primitive value's content. */
  implicit: (number: number, content: Uint8Array) => element(0x80 + number, content),
  boolean: (value: boolean) => element(0x01, Uint8Array.of(value ? 0xff : 0)),
  integer: (value: number | bigint) => element(0x02, unsignedOctets(BigInt(value))),
  enumerated: (value: number) => element(0x0a, unsignedOctets(BigInt(value))),
  /** An unsigned number of big-endian octets. */
  unsigned: (octets: Uint8Array) =>
    element(0x02, unsignedOctets(octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n))),
  octets: (content: Uint8Array) => element(0x04, content),
  /** Bits of which the last `unused` do not count. */
  bits: (content: Uint8Array, unused = 0) => element(0x03, concat(Uint8Array.of(unused), content)),
  oid: (dotted: string) => element(0x06, oidContent(dotted)),
  text: (value: string) => element(0x0c, utf8(value)),
  /** UTCTime to 2049, GeneralizedTime after (RFC 5280); in whole seconds. */
  time: (value: Date) => {
    const digits = `${value.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
    const short = value.getUTCFullYear() < 2050;
    return short ? element(0x17, utf8(digits.slice(2))) : element(0x18, utf8(digits));
  },
} as const;

function element(tag: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag), lengthOctets(content.length), content);
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets = length < 0x100 ? [length] : length < 0x10000 ? [length >> 8, length] : undefined;
  if (octets === undefined) throw new RangeError("a DER value of 64 KiB or more is not written here");
  return Uint8Array.of(0x80 + octets.length, ...octets);
}

/** Big-endian, shortest, with a leading zero where the first bit would read as a sign. */
function unsignedOctets(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const octets = even.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
  return Uint8Array.from(octets[0]! >= 0x80 ? [0, ...octets] : octets);
}

function oidContent(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return Uint8Array.from([first * 40 + second, ...rest].flatMap(base128));
}

function base128(value: number): number[] {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    groups.unshift(0x80 + (rest % 128));
  }
  return groups;
}
