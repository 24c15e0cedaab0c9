const REFLECTED_POLYNOMIAL = 0xedb8_8320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ ((remainder & 1) === 1 ? REFLECTED_POLYNOMIAL : 0);
  }
  return remainder;
});

/** CRC-32/ISO-HDLC (the one of zlib) as an unsigned 32-bit number. Guards against typing errors, not attackers. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff;
  for (const byte of bytes) remainder = TABLE[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffff_ffff) >>> 0;
}
