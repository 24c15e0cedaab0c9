/**
 * `npm run bench`: measures side by side, in one run, with `@noble/curves` and libsodium's WebAssembly build, and counts
 * field multiplications. `--json` prints one JSON object instead of the table.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fieldMultiplications } from "@mobilecoin-ts/curve";
import {
  type BenchCase,
  type BenchResult,
  type MeasureOptions,
  measureInterleaved,
  type Rival,
} from "./harness.ts";
import { ledgerCases, rangeProofCases, ringCases, scanCases, transactionCases } from "./payment-cases.ts";
import { pointCases } from "./point-cases.ts";
import { sodium } from "./rivals.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    count: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (options.help) {
  process.stdout.write(
    "usage: npm run bench [-- OPTIONS]\n\n" +
      "  --only PREFIX  only cases whose names start so: --only point.\n" +
      "  --quick        short rounds: for a first look, too noisy to quote\n" +
      "  --json         one JSON object (use npm run -s)\n",
  );
  process.exit(0);
}

const measure: MeasureOptions = options.quick
  ? { rounds: 3, roundMilliseconds: 40 }
  : { rounds: 9, roundMilliseconds: 150 };

const ledger = ledgerCases();
const cases = [
  ...pointCases(),
  ...ringCases(),
  ...rangeProofCases(),
  ...transactionCases(),
  ...scanCases(),
  ...ledger.cases,
].filter(({ name }) => options.only === undefined || name.startsWith(options.only));

if (options.count) {
  process.stdout.write(JSON.stringify(Object.fromEntries(cases.map((entry) => [entry.name, count(entry)]))));
} else {
  const counts = countInChild();
  const results = cases.map((entry) => run(entry, counts[entry.name]));
  process.stdout.write(options.json ? `${JSON.stringify({ results })}\n` : table(results));
}
await ledger.close();

/** Field multiplications of one operation, in a kernel that counts them. */
function count({ ours, operations = 1 }: BenchCase): number {
  ours();
  const before = fieldMultiplications() ?? 0;
  ours();
  return Math.round(((fieldMultiplications() ?? 0) - before) / operations);
}

/** The counting kernel is another module, so it runs in another process. */
function countInChild(): Readonly<Record<string, number>> {
  process.stderr.write("counting field multiplications ...\n");
  const counting = fileURLToPath(new URL("../packages/curve/scripts/counting.ts", import.meta.url));
  const only = options.only === undefined ? [] : ["--only", options.only];
  const child = spawnSync(
    process.execPath,
    ["--import", counting, fileURLToPath(import.meta.url), "--count", ...only],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  if (child.status !== 0) throw new Error("field multiplications could not be counted");
  return JSON.parse(child.stdout);
}

function run(
  { name, ours, operations = 1, rivals = {} }: BenchCase,
  counted: number | undefined,
): BenchResult {
  process.stderr.write(`${name} ...\n`);
  const scalar = sodium.crypto_core_ristretto255_scalar_random();
  const point = sodium.crypto_core_ristretto255_random();
  const contestants = new Map<string, () => unknown>([
    ["ours", ours],
    ...Object.entries(rivals),
    ["unit", () => sodium.crypto_scalarmult_ristretto255(scalar, point)],
  ]);
  const seconds = measureInterleaved(contestants, measure);
  const perOperation = seconds.get("ours")! / operations;
  const versus = Object.fromEntries(
    Object.keys(rivals).map((rival) => [rival, round(seconds.get(rival)! / seconds.get("ours")!)]),
  ) as Partial<Record<Rival, number>>;
  return {
    name,
    opsPerSecond: round(1 / perOperation),
    versus,
    sodiumMultiplications: round(perOperation / seconds.get("unit")!),
    ...(counted === undefined || counted === 0 ? {} : { fieldMultiplications: counted }),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function table(results: readonly BenchResult[]): string {
  const rows = results.map((result) => [
    result.name,
    `${result.opsPerSecond}`,
    `${round(1e6 / result.opsPerSecond)}`,
    `${result.versus.noble ?? ""}`,
    `${result.versus.sodium ?? ""}`,
    `${result.sodiumMultiplications}`,
    `${result.fieldMultiplications ?? ""}`,
  ]);
  const head = ["", "per second", "µs", "× noble", "× sodium", "in sodium mult.", "field mult."];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ")}\n`;
  return line(head) + rows.map(line).join("");
}
