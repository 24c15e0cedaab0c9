import * as wasm from "./wasm-assembler.ts";
import { leb128 } from "./wasm-assembler.ts";

const BLOCK_LENGTH = 128;
const ROUNDS = 12;

// Memory: chaining value, message block, initialisation vector, schedule.
const BLOCK_ADDRESS = 64;
const VECTOR_ADDRESS = 192;
const SCHEDULE_ADDRESS = 256;
const SCHEDULE_END = SCHEDULE_ADDRESS + 16 * ROUNDS;

// Parameters: bytes hashed so far, and -1 for the last block; then the place in the schedule and the working words.
const COUNTER = 0;
const IS_LAST = 1;
const PLACE = 2;
const word = (i: number) => 3 + i;

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

/** Fractional parts of the square roots of the first primes, as in SHA-512. */
const VECTOR = BigUint64Array.of(
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
);

const PERMUTATIONS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

const { memory, run } = wasm.assemble({
  parameters: 2,
  locals: [1, 16],
  body: compression(),
  data: { address: VECTOR_ADDRESS, bytes: constants() },
});
const chaining = memory.subarray(0, BLOCK_ADDRESS);
const block = memory.subarray(BLOCK_ADDRESS, BLOCK_ADDRESS + BLOCK_LENGTH);
const vector = memory.slice(VECTOR_ADDRESS, VECTOR_ADDRESS + 64);

/**
 * BLAKE2b (RFC 7693) without key, salt or personalisation of the joined parts, which have less than 2^31 bytes
 * together. Merkle trees take two of these for every output: in WebAssembly one costs a sixth of what it does in
 * JavaScript's 32-bit arithmetic.
 */
export function blake2bOfParts(digestLength: 32 | 64, parts: readonly Uint8Array[]): Uint8Array {
  chaining.set(vector);
  // Parameter block: digest length, no key, fan-out 1, depth 1.
  chaining[0]! ^= digestLength;
  chaining[2]! ^= 1;
  chaining[3]! ^= 1;
  let filled = 0;
  let hashed = 0;
  for (const part of parts) {
    let read = 0;
    while (read < part.length) {
      // A full block waits until more bytes come: the last one is compressed differently.
      if (filled === BLOCK_LENGTH) {
        hashed += filled;
        run(hashed, 0);
        filled = 0;
      }
      const taken = Math.min(BLOCK_LENGTH - filled, part.length - read);
      block.set(read === 0 && taken === part.length ? part : part.subarray(read, read + taken), filled);
      read += taken;
      filled += taken;
    }
  }
  block.fill(0, filled);
  run(hashed + filled, -1);
  const digest = chaining.slice(0, digestLength);
  chaining.fill(0);
  block.fill(0);
  return digest;
}

function compression(): number[] {
  const load = (address: number) => [wasm.I32_CONST, 0, wasm.I64_LOAD, wasm.ALIGN_8, ...leb128(address)];
  return [
    ...EIGHT.flatMap((i) => [...load(8 * i), wasm.SET, word(i)]),
    ...EIGHT.flatMap((i) => [...load(VECTOR_ADDRESS + 8 * i), wasm.SET, word(8 + i)]),
    ...xorWith(12, [wasm.GET, COUNTER, wasm.I64_EXTEND_I32_S]),
    ...xorWith(14, [wasm.GET, IS_LAST, wasm.I64_EXTEND_I32_S]),
    ...[wasm.I32_CONST, ...leb128(SCHEDULE_ADDRESS), wasm.SET, PLACE],
    ...[wasm.LOOP, wasm.VOID, ...round()],
    ...[wasm.GET, PLACE, wasm.I32_CONST, 16, wasm.I32_ADD, wasm.TEE, PLACE],
    ...[wasm.I32_CONST, ...leb128(SCHEDULE_END), wasm.I32_NE, wasm.BRANCH_IF, 0, wasm.END],
    ...EIGHT.flatMap((i) => [
      ...[wasm.I32_CONST, 0, ...load(8 * i)],
      ...[wasm.GET, word(i), wasm.I64_XOR, wasm.GET, word(8 + i), wasm.I64_XOR],
      ...[wasm.I64_STORE, wasm.ALIGN_8, ...leb128(8 * i)],
    ]),
  ];
}

function xorWith(i: number, value: readonly number[]): number[] {
  return [wasm.GET, word(i), ...value, wasm.I64_XOR, wasm.SET, word(i)];
}

/** Columns, then diagonals. */
function round(): number[] {
  return EIGHT.flatMap((i) => {
    const shift = i < 4 ? 0 : 1;
    const at = (row: number) => 4 * row + ((i + row * shift) % 4);
    return mix(at(0), at(1), at(2), at(3), i);
  });
}

/** The function G of the RFC; `i` counts the pairs of message words within a round. */
function mix(a: number, b: number, c: number, d: number, i: number): number[] {
  const half = (message: number, turnD: number, turnB: number) => [
    ...[wasm.GET, word(a), wasm.GET, word(b), wasm.I64_ADD],
    // The schedule holds addresses of message words.
    ...[wasm.GET, PLACE, wasm.I32_LOAD8_U, 0, message, wasm.I64_LOAD, wasm.ALIGN_8, 0],
    ...[wasm.I64_ADD, wasm.SET, word(a)],
    ...turn(d, a, turnD),
    ...[wasm.GET, word(c), wasm.GET, word(d), wasm.I64_ADD, wasm.SET, word(c)],
    ...turn(b, c, turnB),
  ];
  return [...half(2 * i, 32, 24), ...half(2 * i + 1, 16, 63)];
}

/** target = (target ⊕ other) turned right. */
function turn(target: number, other: number, count: number): number[] {
  return [
    ...[wasm.GET, word(target), wasm.GET, word(other), wasm.I64_XOR],
    ...[wasm.I64_CONST, ...leb128(count), wasm.I64_ROTR, wasm.SET, word(target)],
  ];
}

function constants(): Uint8Array {
  const bytes = new Uint8Array(SCHEDULE_END - VECTOR_ADDRESS);
  const view = new DataView(bytes.buffer);
  VECTOR.forEach((value, i) => {
    view.setBigUint64(8 * i, value, true);
  });
  for (let i = 0; i < ROUNDS; i++) {
    const addresses = PERMUTATIONS[i % 10]!.map((index) => BLOCK_ADDRESS + 8 * index);
    bytes.set(addresses, SCHEDULE_ADDRESS - VECTOR_ADDRESS + 16 * i);
  }
  return bytes;
}
