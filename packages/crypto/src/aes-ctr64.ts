import { ctr } from "@noble/ciphers/aes.js";
import { concat, readU64be } from "./bytes.ts";

const BLOCK_LENGTH = 16;

/**
 * AES-256-CTR whose counter is the low 64 bits of the block, big-endian: when they overflow the upper half stays as
 * it is, unlike in the usual 128-bit counter.
 */
export function aes256Ctr64(key: Uint8Array, initialBlock: Uint8Array, data: Uint8Array): Uint8Array {
  const blocksToOverflow = 2n ** 64n - readU64be(initialBlock, 8);
  const bytesToOverflow = blocksToOverflow * BigInt(BLOCK_LENGTH);
  if (BigInt(data.length) <= bytesToOverflow) return ctr(key, initialBlock).encrypt(data);
  const split = Number(bytesToOverflow);
  const wrapped = concat(initialBlock.subarray(0, 8), new Uint8Array(8));
  return concat(
    ctr(key, initialBlock).encrypt(data.slice(0, split)),
    ctr(key, wrapped).encrypt(data.slice(split)),
  );
}
