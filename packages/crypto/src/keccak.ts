/**
 * Keccak-f[1600] (FIPS 202) as a WebAssembly function that this file assembles when it is loaded.
 *
 * Hashing one transaction takes about a thousand permutations, and JavaScript has no fast 64-bit integers: this is
 * seven times as fast as the 32-bit arithmetic of the JavaScript libraries. The permutation is a few loops over its
 * lanes, so writing the instructions out is shorter than shipping a binary, and needs no build step.
 */

/** Bytes of the state: 25 lanes of 64 bits, little-endian. */
export const KECCAK_STATE_LENGTH = 200;

const LANES = 25;
const ROUNDS = 24;
const CONSTANTS_ADDRESS = 256;

// Locals of the function: the address of the round constant, then 64-bit lanes.
const CONSTANT = 0;
const lane = (x: number, y: number) => 1 + (x % 5) + 5 * (y % 5);
const moved = (x: number, y: number) => LANES + lane(x, y);
const parity = (x: number) => 2 * LANES + 1 + (x % 5);
const LOCAL_LANES = 2 * LANES + 5;

const I32 = 0x7f;
const I64 = 0x7e;
const VOID = 0x40;
const LOOP = 0x03;
const BRANCH_IF = 0x0d;
const END = 0x0b;
const GET = 0x20;
const SET = 0x21;
const TEE = 0x22;
const LOAD_I64 = 0x29;
const STORE_I64 = 0x37;
const CONST_I32 = 0x41;
const CONST_I64 = 0x42;
const NOT_EQUAL_I32 = 0x47;
const ADD_I32 = 0x6a;
const AND_I64 = 0x83;
const XOR_I64 = 0x85;
const ROTATE_LEFT_I64 = 0x89;

const { memory, permute } = instantiate();
const state = new Uint8Array(memory.buffer, 0, KECCAK_STATE_LENGTH);

/** Permutes a state of 200 bytes in place. */
export function keccakF1600(bytes: Uint8Array): void {
  state.set(bytes);
  permute();
  bytes.set(state);
}

function instantiate(): { readonly memory: WebAssembly.Memory; readonly permute: () => void } {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const section = (id: number, content: readonly number[]) => [id, ...leb128(content.length), ...content];
  const body = [2, 1, I32, LOCAL_LANES, I64, ...permutation(), END];
  const constants = roundConstants();
  const module = new WebAssembly.Module(
    Uint8Array.of(
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, 0x60, 0, 0]),
      ...section(3, [1, 0]),
      ...section(5, [1, 0, 1]),
      ...section(7, [2, ...name("memory"), 2, 0, ...name("permute"), 0, 0]),
      ...section(10, [1, ...leb128(body.length), ...body]),
      ...section(11, [
        1,
        0,
        CONST_I32,
        ...leb128(CONSTANTS_ADDRESS),
        END,
        ...leb128(constants.length),
        ...constants,
      ]),
    ),
  );
  const { exports } = new WebAssembly.Instance(module);
  return exports as { memory: WebAssembly.Memory; permute: () => void };
}

function permutation(): number[] {
  const lanes = Array.from({ length: LANES }, (_, i) => i);
  const aligned = 3;
  return [
    ...lanes.flatMap((i) => [CONST_I32, 0, LOAD_I64, aligned, ...leb128(8 * i), SET, 1 + i]),
    ...[CONST_I32, ...leb128(CONSTANTS_ADDRESS), SET, CONSTANT],
    ...[LOOP, VOID, ...round()],
    ...[GET, CONSTANT, CONST_I32, 8, ADD_I32, TEE, CONSTANT],
    ...[CONST_I32, ...leb128(CONSTANTS_ADDRESS + 8 * ROUNDS), NOT_EQUAL_I32, BRANCH_IF, 0, END],
    ...lanes.flatMap((i) => [CONST_I32, 0, GET, 1 + i, STORE_I64, aligned, ...leb128(8 * i)]),
  ];
}

function round(): number[] {
  const five = [0, 1, 2, 3, 4];
  const offsets = rotationOffsets();
  const theta = five.flatMap((x) => [
    ...[GET, lane(x, 0)],
    ...[1, 2, 3, 4].flatMap((y) => [GET, lane(x, y), XOR_I64]),
    ...[SET, parity(x)],
  ]);
  const rhoPi = five.flatMap((x) =>
    five.flatMap((y) => [
      ...[GET, lane(x, y), GET, parity(x + 4), XOR_I64],
      ...[GET, parity(x + 1), CONST_I64, 1, ROTATE_LEFT_I64, XOR_I64],
      ...[CONST_I64, ...leb128(offsets[x + 5 * y]!), ROTATE_LEFT_I64, SET, moved(y, 2 * x + 3 * y)],
    ]),
  );
  const minusOne = 0x7f;
  const chi = five.flatMap((y) =>
    five.flatMap((x) => [
      ...[GET, moved(x + 1, y), CONST_I64, minusOne, XOR_I64, GET, moved(x + 2, y), AND_I64],
      ...[GET, moved(x, y), XOR_I64, SET, lane(x, y)],
    ]),
  );
  const iota = [GET, lane(0, 0), GET, CONSTANT, LOAD_I64, 3, 0, XOR_I64, SET, lane(0, 0)];
  return [...theta, ...rhoPi, ...chi, ...iota];
}

/** How far each lane is turned, by x + 5y: triangular numbers along the walk of pi. */
function rotationOffsets(): number[] {
  const offsets = new Array<number>(LANES).fill(0);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return offsets;
}

/** The 24 constants of iota as bytes: bits 2^j - 1 of each come from a linear feedback shift register. */
function roundConstants(): Uint8Array {
  const constants = new Uint8Array(8 * ROUNDS);
  const view = new DataView(constants.buffer);
  let register = 1;
  for (let i = 0; i < ROUNDS; i++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if ((register & 1) === 1) constant |= 1n << (2n ** BigInt(j) - 1n);
      register = (register << 1) ^ (register >= 0x80 ? 0x171 : 0);
    }
    view.setBigUint64(8 * i, constant, true);
  }
  return constants;
}

/** A small number that is not negative, in the form both signed and unsigned operands take. */
function leb128(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  // A last byte with bit 6 set would read as negative where the operand is signed.
  return rest === 0 && low < 0x40 ? [low] : [low | 0x80, ...leb128(rest)];
}
