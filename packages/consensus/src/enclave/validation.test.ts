import type { TaskPool } from "@mobilecoin-ts/enclave/trusted";
import { blockVersion, DEFAULT_MINIMUM_FEE, txCodec } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { TestLedger } from "../testing/test-ledger.ts";
import { type Check, VALIDATION_TASK, validateHere, validateIn, validationTask } from "./validation.ts";

const COUNT = 20;
const ledger = new TestLedger(COUNT);
const checks = Array.from({ length: COUNT }, (_, i): Check => {
  const { tx, rootProofs } = ledger.payment(i);
  const context = {
    blockIndex: 0n,
    blockVersion: blockVersion(4),
    rootProofs,
    minimumFee: DEFAULT_MINIMUM_FEE,
  };
  const bent = i === 7 ? { ...tx, prefix: { ...tx.prefix, fee: tx.prefix.fee + 1n } } : tx;
  return {
    tx: bent,
    bytes: txCodec.encode(bent),
    context: i === 13 ? { ...context, minimumFee: 1n << 60n } : context,
  };
});

function testPool(size: number): TaskPool & { readonly jobs: number[] } {
  const jobs: number[] = [];
  return {
    size,
    jobs,
    async run(task, input) {
      expect(task).toBe(VALIDATION_TASK);
      jobs.push(input.length);
      return validationTask(input);
    },
  };
}

test("transactions fare alike here and in the workers of a pool", async () => {
  const here = await validateHere(checks);
  expect(here.map((refusal) => refusal?.result)).toEqual(
    checks.map((_, i) => ({ 7: "InvalidTransactionSignature", 13: "TxFeeError" })[i]),
  );
  for (const [size, jobs] of [
    [0, 0],
    [1, 1],
    [2, 2],
    [5, 2],
  ] as const) {
    const pool = testPool(size);
    expect(await validateIn(pool)(checks)).toEqual(here);
    expect(pool.jobs).toHaveLength(jobs);
  }
});

test("few transactions go to one worker, none to one too", async () => {
  const pool = testPool(3);
  expect(await validateIn(pool)(checks.slice(0, 3))).toEqual([undefined, undefined, undefined]);
  expect(await validateIn(pool)([])).toEqual([]);
  expect(pool.jobs).toHaveLength(2);
});
