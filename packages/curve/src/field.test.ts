import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FUSED_KERNEL, INTEGER_KERNEL } from "./generated/kernel.ts";

// Field arithmetic with limbs as large as they get. The formulas of point operations are polynomials, so they can be
// checked with any field elements as coordinates, on the curve or not.

const P = 2n ** 255n - 19n;
const mod = (v: bigint): bigint => ((v % P) + P) % P;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** The same limb at every place of a radix. */
function repeated(limb: bigint, bits: bigint, count: bigint): bigint {
  let value = 0n;
  for (let i = 0n; i < count; i++) value += limb << (bits * i);
  return value;
}

const extremes = [
  0n,
  1n,
  2n,
  19n,
  P - 1n,
  P - 2n,
  P - 19n,
  // The largest and smallest balanced limbs of 51 bits, all at once and alternating.
  repeated(2n ** 50n - 1n, 51n, 5n),
  repeated(2n ** 50n, 51n, 5n),
  -repeated(2n ** 50n, 51n, 5n),
  repeated(2n ** 50n, 102n, 3n),
  repeated(2n ** 50n - 1n, 102n, 3n),
  repeated(2n ** 50n, 102n, 2n) << 51n,
  2n ** 50n,
  2n ** 254n,
  // Limbs of ones of the radix of 25.5 bits.
  repeated(2n ** 26n - 1n, 51n, 5n),
  repeated(2n ** 25n - 1n, 51n, 5n) << 26n,
  2n ** 254n - 1n,
].map(mod);

const element = fc.oneof(fc.constantFrom(...extremes), fc.bigInt({ min: 0n, max: P - 1n }));
const point = fc.tuple(element, element, element, element);
type Coordinates = readonly [x: bigint, y: bigint, t: bigint, z: bigint];

function extended(e: bigint, f: bigint, g: bigint, h: bigint): Coordinates {
  return [mod(e * f), mod(g * h), mod(e * h), mod(f * g)];
}

function doubled([x, y, , z]: Coordinates): Coordinates {
  const a = x * x;
  const b = y * y;
  const h = a + b;
  const g = a - b;
  return extended(h - (x + y) ** 2n, 2n * z * z + g, g, h);
}

function added([x1, y1, t1, z1]: Coordinates, [x2, y2, t2, z2]: Coordinates): Coordinates {
  const a = (y1 - x1) * (y2 - x2);
  const b = (y1 + x1) * (y2 + x2);
  const c = 2n * D * t1 * t2;
  const d = 2n * z1 * z2;
  return extended(b - a, d - c, d + c, b + a);
}

function negated([x, y, t, z]: Coordinates): Coordinates {
  return [mod(-x), y, mod(-t), z];
}

describe.each([
  ["fused multiply-add", FUSED_KERNEL],
  ["integers", INTEGER_KERNEL],
])("field arithmetic with %s", (_name, base64) => {
  const code = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const exports = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { abort() {} } }).exports;
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  const call = (name: string, ...values: number[]): number =>
    (exports[name] as (...values: number[]) => number)(...values);
  const at = call("heapBase");
  const p = at + 1024;
  const q = at + 1184;
  const out = at + 1344;

  function put(address: number, coordinates: Coordinates): void {
    for (const [i, value] of coordinates.entries())
      for (let j = 0; j < 32; j++) memory[at + 32 * i + j] = Number((value >> BigInt(8 * j)) & 255n);
    call("setCoordinates", address, at);
  }

  function get(address: number): Coordinates {
    call("getCoordinates", at, address);
    const value = (i: number): bigint => {
      let v = 0n;
      for (let j = 31; j >= 0; j--) v = (v << 8n) | BigInt(memory[at + 32 * i + j]!);
      return v;
    };
    return [value(0), value(1), value(2), value(3)];
  }

  it("doubles, adds, subtracts and negates", () => {
    fc.assert(
      fc.property(point, point, (first, second) => {
        put(p, first);
        put(q, second);
        expect(get(p)).toEqual(first);
        call("double", out, p);
        expect(get(out)).toEqual(doubled(first));
        call("add", out, p, q);
        expect(get(out)).toEqual(added(first, second));
        call("subtract", out, p, q);
        expect(get(out)).toEqual(added(first, negated(second)));
        call("negate", out, p);
        expect(get(out)).toEqual(negated(first));
        // On results, whose limbs are not canonical.
        call("double", out, p);
        call("double", out, out);
        call("add", out, out, q);
        call("add", out, out, p);
        call("subtract", out, out, q);
        expect(get(out)).toEqual(
          added(added(added(doubled(doubled(first)), second), first), negated(second)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
