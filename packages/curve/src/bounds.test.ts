import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { Scalar } from "./index.ts";

// Products with fused multiply-add are exact while limbs keep to 2^102, four units: so few inputs come near that no test
// of results would notice a carry left out. The counting kernel notes the largest product it was given, which random
// inputs bring close to what the formulas allow: three units, and a little for limbs just over one.

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
let call: (name: string, ...values: number[]) => number;
let memory: Uint8Array;

beforeAll(() => {
  const { status } = spawnSync(process.execPath, ["scripts/build-kernel.ts", "--counting"], {
    cwd: packageRoot,
  });
  expect(status).toBe(0);
  const text = readFileSync(`${packageRoot}src/generated/counting-kernel.ts`, "utf8");
  const base64 = /FUSED_KERNEL = "([^"]+)"/.exec(text)![1]!;
  const code = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const exports = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { abort() {} } }).exports;
  memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  call = (name, ...values) => (exports[name] as (...values: number[]) => number)(...values);
});

it("no product of limbs exceeds three units", () => {
  const at = call("heapBase");
  const [p, q, r, scalar, other, bytes, list, work] = [0, 160, 320, 2048, 2080, 3072, 4096, 8192].map(
    (offset) => at + offset,
  ) as [number, number, number, number, number, number, number, number];
  for (let round = 0; round < 100; round++) {
    memory.set(crypto.getRandomValues(new Uint8Array(64)), bytes);
    call("fromUniform", p, bytes);
    memory.set(crypto.getRandomValues(new Uint8Array(64)), bytes);
    call("fromUniform", q, bytes);
    call("add", r, p, q);
    call("subtract", r, r, q);
    call("double", r, r);
    call("negate", r, r);
    call("equals", p, q);
    call("encodePair", bytes, bytes + 32, r, q);
    call("decodePair", p, q, bytes, bytes + 32);
  }
  for (let round = 0; round < 5; round++) {
    memory.set(Scalar.random().toBytes(), scalar);
    memory.set(Scalar.random().toBytes(), other);
    call("multiplySecret", r, scalar, p);
    call("multiplyTwoSecret", p, q, scalar, p, r);
    call("multiplyFixedSecret", r, scalar, call("baseFixed"));
    call("doubleMultiplyBasePublic", r, scalar, p, other);
    call("doubleMultiplyPublic", r, scalar, p, other, q);
    memory.copyWithin(at + 480, p, p + 160);
    call("ringStep", bytes, scalar, other, scalar, p);
    new Uint32Array(memory.buffer, list, 4).set([scalar, p, other, q]);
    call("multiSecret", r, 2, list, work);
    call("straus", r, 2, list, work);
    call("pippenger", r, 2, list, 6, work);
  }
  const largest = call("largestProduct");
  expect(largest).toBeLessThan(3.001);
  expect(largest).toBeGreaterThan(2.5);
});
