/**
 * Just enough of WebAssembly's binary format (core specification, chapter 5) to assemble a module of one function
 * when a file is loaded. Hash kernels are a few loops over 64-bit words: writing their instructions out is shorter
 * than shipping binaries, and needs no build step.
 */

const I32 = 0x7f;
const I64 = 0x7e;
export const VOID = 0x40;
export const LOOP = 0x03;
export const BRANCH_IF = 0x0d;
export const END = 0x0b;
export const GET = 0x20;
export const SET = 0x21;
export const TEE = 0x22;
export const I64_LOAD = 0x29;
export const I32_LOAD8_U = 0x2d;
export const I64_STORE = 0x37;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;
export const I32_NE = 0x47;
export const I32_ADD = 0x6a;
export const I64_ADD = 0x7c;
export const I64_AND = 0x83;
export const I64_XOR = 0x85;
export const I64_ROTL = 0x89;
export const I64_ROTR = 0x8a;
export const I64_EXTEND_I32_S = 0xac;

/** Alignment operand of 64-bit loads and stores: 2^3 bytes. */
export const ALIGN_8 = 3;

/** The operand -1 of a constant. */
export const MINUS_ONE = 0x7f;

/** A module with one memory page and one exported function without result. */
export interface FunctionSource {
  /** How many i32 parameters it takes. */
  readonly parameters: number;
  /** How many i32 and i64 locals follow the parameters, in this order. */
  readonly locals: readonly [i32: number, i64: number];
  readonly body: readonly number[];
  /** Bytes that lie in memory from the start. */
  readonly data: { readonly address: number; readonly bytes: Uint8Array };
}

export interface AssembledFunction {
  readonly memory: Uint8Array;
  readonly run: (...parameters: number[]) => void;
}

/** Assembles and instantiates; the memory view stays valid, as the memory never grows. */
export function assemble({ parameters, locals, body, data }: FunctionSource): AssembledFunction {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const section = (id: number, content: readonly number[]) => [id, ...leb128(content.length), ...content];
  const code = [2, locals[0], I32, locals[1], I64, ...body, END];
  const module = new WebAssembly.Module(
    Uint8Array.of(
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(I32), 0]),
      ...section(3, [1, 0]),
      ...section(5, [1, 0, 1]),
      ...section(7, [2, ...name("memory"), 2, 0, ...name("run"), 0, 0]),
      ...section(10, [1, ...leb128(code.length), ...code]),
      ...section(11, [
        1,
        0,
        I32_CONST,
        ...leb128(data.address),
        END,
        ...leb128(data.bytes.length),
        ...data.bytes,
      ]),
    ),
  );
  const { exports } = new WebAssembly.Instance(module);
  const { memory, run } = exports as { memory: WebAssembly.Memory; run: AssembledFunction["run"] };
  return { memory: new Uint8Array(memory.buffer), run };
}

/** A small number that is not negative, in a form that both signed and unsigned operands take. */
export function leb128(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  // A last byte with bit 6 set would read as negative where the operand is signed.
  return rest === 0 && low < 0x40 ? [low] : [low | 0x80, ...leb128(rest)];
}
