import binaryen from "assemblyscript/binaryen";
import { describe, expect, it } from "vitest";
import { FUSED_KERNEL, INTEGER_KERNEL } from "./generated/kernel.ts";
import { ORDER } from "./index.ts";

// The kernel, both forms, rewritten so that it reports what it does: every condition it decides by (if, br_if, select),
// every loop entered, every function entered and left, every address read and written. The report of an operation on
// secrets must not depend on them.

/** The part of binaryen its type declarations leave out. */
interface Expressions {
  readonly Block: {
    getNumChildren(e: number): number;
    getChildAt(e: number, i: number): number;
  };
  readonly Loop: {
    getBody(e: number): number;
  };
  readonly If: {
    getCondition(e: number): number;
    getIfTrue(e: number): number;
    getIfFalse(e: number): number;
    setCondition(e: number, condition: number): void;
  };
  readonly Break: {
    getCondition(e: number): number;
    setCondition(e: number, condition: number): void;
  };
  readonly Select: {
    getCondition(e: number): number;
    getIfTrue(e: number): number;
    getIfFalse(e: number): number;
    setCondition(e: number, condition: number): void;
  };
  readonly LocalSet: { getValue(e: number): number };
  readonly GlobalSet: { getValue(e: number): number };
  readonly Drop: { getValue(e: number): number };
  readonly Return: { getValue(e: number): number };
  readonly Unary: { getValue(e: number): number };
  readonly SIMDTernary: { getA(e: number): number; getB(e: number): number; getC(e: number): number };
  readonly SIMDShuffle: { getLeft(e: number): number; getRight(e: number): number };
  readonly SIMDReplace: { getVec(e: number): number; getValue(e: number): number };
  readonly SIMDShift: { getVec(e: number): number; getShift(e: number): number };
  readonly Store: { getPtr(e: number): number; getValue(e: number): number };
  readonly Load: { getPtr(e: number): number };
  readonly Binary: { getLeft(e: number): number; getRight(e: number): number };
  readonly Call: { getNumOperands(e: number): number; getOperandAt(e: number, i: number): number };
}

const expressions = binaryen as object as Expressions;

/** Puts a call of `log_decision` around each condition in the expression. */
function reportDecisions(module: binaryen.Module, expression: number, ids: { next: number }): void {
  const reported = (condition: number): number =>
    module.call("log_decision", [module.i32.const(ids.next++), condition], binaryen.i32);
  const visit = (e: number): void => {
    if (e === 0) return;
    switch (binaryen.getExpressionId(e)) {
      case binaryen.BlockId:
        for (let i = 0; i < expressions.Block.getNumChildren(e); i++)
          visit(expressions.Block.getChildAt(e, i));
        break;
      case binaryen.LoopId:
        visit(expressions.Loop.getBody(e));
        break;
      case binaryen.IfId:
        visit(expressions.If.getCondition(e));
        visit(expressions.If.getIfTrue(e));
        visit(expressions.If.getIfFalse(e));
        expressions.If.setCondition(e, reported(expressions.If.getCondition(e)));
        break;
      case binaryen.BreakId: {
        const condition = expressions.Break.getCondition(e);
        if (condition === 0) break;
        visit(condition);
        expressions.Break.setCondition(e, reported(condition));
        break;
      }
      case binaryen.SelectId:
        visit(expressions.Select.getCondition(e));
        visit(expressions.Select.getIfTrue(e));
        visit(expressions.Select.getIfFalse(e));
        expressions.Select.setCondition(e, reported(expressions.Select.getCondition(e)));
        break;
      case binaryen.SwitchId:
        throw new Error("a br_table in the kernel: report it");
      case binaryen.LocalSetId:
        visit(expressions.LocalSet.getValue(e));
        break;
      case binaryen.GlobalSetId:
        visit(expressions.GlobalSet.getValue(e));
        break;
      case binaryen.DropId:
        visit(expressions.Drop.getValue(e));
        break;
      case binaryen.ReturnId:
        visit(expressions.Return.getValue(e));
        break;
      case binaryen.StoreId:
        visit(expressions.Store.getPtr(e));
        visit(expressions.Store.getValue(e));
        break;
      case binaryen.LoadId:
        visit(expressions.Load.getPtr(e));
        break;
      case binaryen.UnaryId:
        visit(expressions.Unary.getValue(e));
        break;
      case binaryen.BinaryId:
        visit(expressions.Binary.getLeft(e));
        visit(expressions.Binary.getRight(e));
        break;
      case binaryen.SIMDTernaryId:
        visit(expressions.SIMDTernary.getA(e));
        visit(expressions.SIMDTernary.getB(e));
        visit(expressions.SIMDTernary.getC(e));
        break;
      case binaryen.SIMDShuffleId:
        visit(expressions.SIMDShuffle.getLeft(e));
        visit(expressions.SIMDShuffle.getRight(e));
        break;
      case binaryen.SIMDReplaceId:
        visit(expressions.SIMDReplace.getVec(e));
        visit(expressions.SIMDReplace.getValue(e));
        break;
      case binaryen.SIMDShiftId:
        visit(expressions.SIMDShift.getVec(e));
        visit(expressions.SIMDShift.getShift(e));
        break;
      case binaryen.CallId:
        for (let i = 0; i < expressions.Call.getNumOperands(e); i++)
          visit(expressions.Call.getOperandAt(e, i));
        break;
    }
  };
  visit(expression);
}

interface Reporter {
  readonly memory: Uint8Array;
  call(name: string, ...values: number[]): number;
  /** Number and hash of all events while `run` runs. */
  trace(run: () => void): { events: number; hash: number };
}

function reporter(base64: string): Reporter {
  const code = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const module = binaryen.readBinary(code);
  module.setFeatures(binaryen.Features.All);
  module.addFunctionImport(
    "log_decision",
    "env",
    "log_decision",
    binaryen.createType([binaryen.i32, binaryen.i32]),
    binaryen.i32,
  );
  const conditions = module.emitText().match(/\((if|br_if|select)\b/g)?.length ?? 0;
  const ids = { next: 0 };
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (info.module === "") reportDecisions(module, info.body, ids);
  }
  // Not one was overlooked.
  expect(ids.next).toBe(conditions);
  module.runPasses(["instrument-memory", "log-execution"]);
  expect(module.validate()).toBeTruthy();

  let events = 0;
  let hash = 0;
  const report = (...values: number[]): void => {
    events++;
    for (const value of values) hash = (Math.imul(hash ^ value, 0x9e3779b1) + (hash >>> 15)) | 0;
  };
  const compiled = new WebAssembly.Module(module.emitBinary().slice());
  const env: Record<string, (...values: number[]) => unknown> = {};
  for (const { name } of WebAssembly.Module.imports(compiled)) env[name] = (_id, value) => value;
  env.log_decision = (id, taken) => {
    report(id!, taken === 0 ? 0 : 1);
    return taken;
  };
  env.log_execution = (id) => report(id!);
  const address = (id: number, bytes: number, offset: number, pointer: number): number => {
    report(id, bytes, offset, pointer);
    return pointer;
  };
  env.load_ptr = address as (...values: number[]) => unknown;
  env.store_ptr = address as (...values: number[]) => unknown;
  const exports = new WebAssembly.Instance(compiled, { env }).exports;
  return {
    memory: new Uint8Array((exports.memory as WebAssembly.Memory).buffer),
    call: (name, ...values) => (exports[name] as (...values: number[]) => number)(...values),
    trace(run) {
      events = 0;
      hash = 0;
      run();
      return { events, hash };
    },
  };
}

function scalarBytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

const secrets = [
  0n,
  1n,
  8n,
  ORDER - 1n,
  ORDER - 2n,
  2n ** 252n,
  2n ** 252n - 1n,
  0x0888888888888888888888888888888888888888888888888888888888888888n,
  0x0777777777777777777777777777777777777777777777777777777777777777n,
  0x0f3a91c5d27be84016d5f0c29ab38e7745ab01def23698cb74105e8d2f6a9bc3n,
];

// Where things are put: past everything the kernel keeps.
const SCALARS = 0;
const POINTS = 2048;
const OUT = 8192;
const LIST = 12288;
const WORK = 16384;

/** Operations on secrets, each run with all the secrets above; `at` is the address of free memory. */
const operations: Record<string, (kernel: Reporter, at: number) => void> = {
  "one point by a secret": (k, at) => k.call("multiplySecret", at + OUT, at + SCALARS, at + POINTS),
  "two points by a secret": (k, at) =>
    k.call("multiplyTwoSecret", at + OUT, at + OUT + 160, at + SCALARS, at + POINTS, at + POINTS + 160),
  "the base point by a secret": (k, at) =>
    k.call("multiplyFixedSecret", at + OUT, at + SCALARS, k.call("baseFixed")),
  "many points by secrets": (k, at) => {
    const list = new Uint32Array(k.memory.buffer, at + LIST, 6);
    for (let i = 0; i < 3; i++) list.set([at + SCALARS + 32 * i, at + POINTS + 160 * i], 2 * i);
    k.call("multiSecret", at + OUT, 3, at + LIST, at + WORK);
  },
  "a sum chosen by secret bits": (k, at) => {
    for (let i = 0; i < 3; i++) k.memory[at + LIST + i] = k.memory[at + SCALARS + i]! & 1;
    k.call("selectedSum", at + OUT, 3, at + LIST, at + POINTS, at + POINTS + 480);
  },
  "the encoding of a secret point": (k, at) => {
    k.call("multiplySecret", at + OUT, at + SCALARS, at + POINTS);
    k.call("multiplySecret", at + OUT + 160, at + SCALARS + 32, at + POINTS);
    k.call("encodePair", at + OUT + 320, at + OUT + 352, at + OUT, at + OUT + 160);
  },
  "the encodings of doubles of secret points": (k, at) => {
    k.call("multiplySecret", at + OUT, at + SCALARS, at + POINTS);
    k.call("multiplySecret", at + OUT + 160, at + SCALARS + 32, at + POINTS);
    k.call("multiplySecret", at + OUT + 320, at + SCALARS + 64, at + POINTS);
    k.call("encodeDoubled", at + OUT + 480, at + OUT, 3, at + WORK);
  },
  "a point from secret bytes": (k, at) => k.call("fromUniform", at + OUT, at + SCALARS),
  "whether secret points are equal": (k, at) => {
    k.call("multiplySecret", at + OUT, at + SCALARS, at + POINTS);
    k.call("equals", at + OUT, at + POINTS);
  },
  "product of secret scalars": (k, at) =>
    k.call("multiplyAdd", at + OUT, at + SCALARS, at + SCALARS + 32, at + SCALARS + 64),
  "reduction of 64 secret bytes": (k, at) => k.call("fromWide", at + OUT, at + SCALARS),
  "inverse of a secret scalar": (k, at) => k.call("invert", at + OUT, at + SCALARS),
  "inverses of secret scalars": (k, at) => k.call("batchInvert", at + SCALARS, 3, at + WORK),
  "vectors of secret scalars": (k, at) => {
    k.call("scalarsAdd", at + OUT, at + SCALARS, at + SCALARS + 32, 2, 32);
    k.call("scalarsSubtract", at + OUT, at + SCALARS, at + SCALARS + 32, 2, 32);
    k.call("scalarsMultiply", at + OUT, at + SCALARS, at + SCALARS + 32, 2, 32);
    k.call("scalarsInnerProduct", at + OUT, at + SCALARS, at + SCALARS + 32, 2);
    k.call("scalarsPowers", at + OUT, at + SCALARS, at + SCALARS + 32, 3);
  },
};

describe.each([
  ["with fused multiply-add", FUSED_KERNEL],
  ["with integers", INTEGER_KERNEL],
])("the kernel %s takes the same steps and addresses for every secret", (_name, base64) => {
  const kernel = reporter(base64);
  const at = kernel.call("heapBase");
  kernel.call("baseFixed");
  kernel.memory.copyWithin(at + POINTS, kernel.call("basePoint"), kernel.call("basePoint") + 160);
  for (let i = 1; i < 6; i++) kernel.call("double", at + POINTS + 160 * i, at + POINTS + 160 * (i - 1));

  const traceOf = (operation: (kernel: Reporter, at: number) => void, index: number) => {
    for (let i = 0; i < 3; i++)
      kernel.memory.set(
        scalarBytes(secrets[(index + i * (index + 1)) % secrets.length]!),
        at + SCALARS + 32 * i,
      );
    return kernel.trace(() => operation(kernel, at));
  };

  it.each(Object.entries(operations))("%s", (_operation, operation) => {
    const expected = traceOf(operation, 0);
    expect(expected.events).toBeGreaterThan(10);
    for (let index = 1; index < secrets.length; index++) expect(traceOf(operation, index)).toEqual(expected);
  });

  it("(and would be caught if it did not: a public multiplication)", () => {
    const traces = secrets.map((_, index) =>
      traceOf((k) => k.call("multiplyPublic", at + OUT, at + SCALARS, at + POINTS), index),
    );
    expect(new Set(traces.map((trace) => trace.events)).size).toBeGreaterThan(5);
  });
});
