/**
 * `npm run -s simulate -- --seeds N [--from SEED] [--json]`: runs simulated consensus networks, one for each seed from
 * SEED on, and tells which went wrong. Exit status 1 when a run diverged or stalled, 2 on a bad argument.
 */
import { parseArgs } from "node:util";
import { type SimulationResult, simulate } from "../packages/scp/src/simulator/simulation.ts";

const MAX_SEED = 0xffff_ffff;

function fail(message: string): never {
  process.stderr.write(
    `simulate: ${message}\nusage: npm run -s simulate -- [--seeds N] [--from SEED] [--json]\n`,
  );
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: { seeds: { type: "string" }, from: { type: "string" }, json: { type: "boolean" } },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function integer(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) fail(`--${name} must be ${low} to ${high}`);
  return value;
}

const { seeds = "100", from = "1", json = false } = options();
const first = integer("from", from, 0, MAX_SEED);
const count = integer("seeds", seeds, 1, MAX_SEED - first + 1);

const report = {
  runs: 0,
  slots: 0,
  messages: 0,
  divergences: 0,
  stalls: 0,
  from: first,
  seconds: 0,
  seeds: [] as number[],
};
const wrong: SimulationResult[] = [];
const start = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const result = simulate(seed);
  report.runs += 1;
  report.slots += result.slots;
  report.messages += result.messages;
  report.divergences += result.divergences;
  report.stalls += result.stalls;
  if (result.divergences + result.stalls > 0) {
    report.seeds.push(seed);
    wrong.push(result);
  }
}
report.seconds = Math.round((performance.now() - start) / 100) / 10;

if (json) {
  console.log(JSON.stringify(report));
} else {
  console.log(`seeds ${first} to ${first + count - 1}, ${report.seconds} s`);
  console.log(`runs ${report.runs}  slots ${report.slots}  messages ${report.messages}`);
  console.log(`divergences ${report.divergences}  stalls ${report.stalls}`);
  for (const { seed, topology, divergences, stalls } of wrong) {
    console.log(`  seed ${seed} (${topology}): ${divergences} slots diverged, ${stalls} nodes stalled`);
  }
}
process.exitCode = wrong.length > 0 ? 1 : 0;
