import { FUSED_KERNEL, INTEGER_KERNEL } from "./generated/kernel.ts";

/** What the WebAssembly module exports; numbers are addresses unless said otherwise (see src/kernel/index.ts). */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  isFused(): number;
  fieldMultiplications(): number;
  io(): number;
  scratchSize(): number;
  basePoint(): number;
  heapBase(): number;
  wipe(): void;
  decodePair(outA: number, outB: number, bytesA: number, bytesB: number): number;
  encodePair(bytesA: number, bytesB: number, a: number, b: number): void;
  fromUniform(out: number, bytes: number): void;
  isIdentity(p: number): number;
  add(out: number, p: number, q: number): void;
  subtract(out: number, p: number, q: number): void;
  double(out: number, p: number): void;
  negate(out: number, p: number): void;
  equals(p: number, q: number): number;
  setIdentity(out: number): void;
  setCoordinates(out: number, bytes: number): void;
  getCoordinates(bytes: number, p: number): void;
  multiplySecret(out: number, scalar: number, p: number): void;
  multiplyTwoSecret(outA: number, outB: number, scalar: number, a: number, b: number): void;
  encodeDoubled(bytes: number, points: number, n: number, work: number): void;
  doubleMultiplyPublic(out: number, a: number, p: number, b: number, q: number): void;
  ringStep(bytes: number, c: number, r0: number, r1: number, points: number): void;
  makeFixedTable(table: number, p: number): void;
  multiplyFixedSecret(out: number, scalar: number, table: number): void;
  multiplyFixedPublic(out: number, scalar: number, table: number): void;
  multiplyPublic(out: number, scalar: number, p: number): void;
  doubleMultiplyBasePublic(out: number, a: number, p: number, b: number): void;
  baseFixed(): number;
  multiSecret(out: number, n: number, list: number, work: number): void;
  selectedSum(out: number, n: number, bits: number, zeros: number, ones: number): void;
  straus(out: number, n: number, list: number, work: number): void;
  makeShiftedTables(tables: number, points: number, n: number): void;
  shiftedSum(out: number, n: number, list: number, work: number): void;
  shiftedSumWork(): number;
  shiftedTableBytes(): number;
  pippenger(out: number, n: number, list: number, bits: number, work: number): void;
  pippengerWork(n: number, bits: number): number;
  scalarsAdd(out: number, a: number, b: number, n: number, step: number): void;
  scalarsSubtract(out: number, a: number, b: number, n: number, step: number): void;
  scalarsMultiply(out: number, a: number, b: number, n: number, step: number): void;
  scalarsInnerProduct(out: number, a: number, b: number, n: number): void;
  scalarsAddTensor(out: number, first: number, count: number, work: number): void;
  tensorWork(count: number): number;
  scalarsPowers(out: number, x: number, first: number, n: number): void;
  multiplyAdd(out: number, a: number, b: number, addend: number): void;
  fromWide(out: number, wide: number): void;
  invert(out: number, a: number): void;
  batchInvert(scalars: number, n: number, work: number): void;
}

function instantiate(base64: string): KernelExports {
  const text = atob(base64);
  const code = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) code[i] = text.charCodeAt(i);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), {
    env: {
      abort() {
        throw new Error("curve kernel aborted");
      },
    },
  });
  return instance.exports as object as KernelExports;
}

/** The encoding of twice the base point (RFC 9496 appendix A.1), as characters. */
const TWICE_BASE =
  "jI2\x10\xf7I\x9c\xd1\x7f\xec\xb5\x10\xae\x0c\xea#\xa1\x10\xe8\xd5\xb9\x01\xf8\xac\xad\xd3\t\x5cs\xa3\xb9\x19";

/** Whether a kernel calculates right: one without fused multiply-add in the processor cannot. */
function isRight(candidate: KernelExports): boolean {
  const at = candidate.io();
  candidate.double(at, candidate.basePoint());
  candidate.encodePair(at + 160, at + 192, at, at);
  const encoding = new Uint8Array(candidate.memory.buffer, at + 160, 32);
  return String.fromCharCode(...encoding) === TWICE_BASE;
}

function load(): KernelExports {
  try {
    const fused = instantiate(FUSED_KERNEL);
    if (isRight(fused)) return fused;
  } catch {
    // No relaxed SIMD in this engine.
  }
  return instantiate(INTEGER_KERNEL);
}

/** The one instance of the module in this realm. */
export const kernel: KernelExports = load();

/** Bytes of a scalar, of an encoded point, and of a point in kernel memory. */
export const SCALAR_BYTES = 32;
export const ENCODED_BYTES = 32;
export const POINT_BYTES = 160;

/** Cached multiples of a point for one multiplication by a secret (src/kernel/multiply.ts, FIXED_TABLE). */
export const FIXED_TABLE_BYTES = 64 * 8 * POINT_BYTES;

/** Shifted multiples of a point in a static table (src/kernel/shifted-table.ts). */
export const STATIC_TABLE_BYTES: number = kernel.shiftedTableBytes();

/** Work of `encodeDoubled` for every two points (src/kernel/encode-doubled.ts). */
export const DOUBLED_WORK_BYTES = 7 * 80;

/** The block for arguments and results, and where in it scalars, bytes and points are put. */
export const io: number = kernel.io();
const IO_BYTES = 1536;
export const scalarSlot = (i: number): number => io + i * SCALAR_BYTES; // 0..7
export const wideSlot: number = io + 256;
export const bytesSlot = (i: number): number => io + 320 + i * ENCODED_BYTES; // 0..3
export const pointSlot = (i: number): number => io + 512 + i * POINT_BYTES; // 0..5

let view = new Uint8Array(kernel.memory.buffer);

/** All of the kernel's memory. Valid until the next allocation, which may move it. */
export function memory(): Uint8Array {
  if (view.buffer !== kernel.memory.buffer) view = new Uint8Array(kernel.memory.buffer);
  return view;
}

/** Copies bytes out of the kernel. */
export function read(address: number, length: number): Uint8Array {
  return view.slice(address, address + length);
}

/** Forgets arguments, results and everything in between. Called after each operation on secrets. */
export function forget(): void {
  kernel.wipe();
  view.fill(0, io, io + IO_BYTES);
}

// The heap: blocks of whole kilobytes, first fit, neighbours joined when freed.
interface Block {
  address: number;
  size: number;
}

const GRAIN = 1024;
const free: Block[] = [{ address: kernel.heapBase(), size: view.length - kernel.heapBase() }];
const sizes = new Map<number, number>();

/** Reserves memory (not cleared), growing the kernel's memory if need be. The views `memory()` gave may be void. */
export function allocate(bytes: number): number {
  const size = Math.ceil(Math.max(bytes, 1) / GRAIN) * GRAIN;
  for (let i = 0; ; i++) {
    const block = free[i];
    if (block === undefined) {
      const end = view.length;
      const pages = Math.ceil(Math.max(size, 1 << 20) / 65536);
      kernel.memory.grow(pages);
      memory();
      giveBack(end, pages * 65536);
      i = -1;
      continue;
    }
    if (block.size < size) continue;
    const address = block.address;
    block.address += size;
    block.size -= size;
    if (block.size === 0) free.splice(i, 1);
    sizes.set(address, size);
    return address;
  }
}

function giveBack(address: number, size: number): void {
  let i = 0;
  while (i < free.length && free[i]!.address < address) i++;
  free.splice(i, 0, { address, size });
  const next = free[i + 1];
  if (next !== undefined && address + size === next.address) {
    free[i]!.size += next.size;
    free.splice(i + 1, 1);
  }
  const previous = free[i - 1];
  if (previous !== undefined && previous.address + previous.size === address) {
    previous.size += free[i]!.size;
    free.splice(i, 1);
  }
}

/** Clears and gives back what `allocate` gave. */
export function release(address: number): void {
  const size = sizes.get(address);
  if (size !== undefined) memory().fill(0, address, address + size);
  releasePublic(address);
}

/** Gives back what `allocate` gave, if no secret was ever in it. */
export function releasePublic(address: number): void {
  const size = sizes.get(address);
  if (size === undefined) return;
  sizes.delete(address);
  giveBack(address, size);
}
