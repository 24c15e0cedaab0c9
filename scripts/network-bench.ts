/** `npm run bench:network`: how many payments local networks confirm, how soon, and what each costs a node. */
import { parseArgs } from "node:util";
import { type NetworkFigures, networkBench } from "./network/network-bench.ts";

const USAGE = `usage: npm run -s bench:network -- [--nodes 1,3,5] [--json]

Starts networks whose nodes are processes of their own on this machine, pays one by one and under load, and prints
payments a second, times from proposing to being in a ledger, and processor time per payment and node as a ratio to
decoding and validating a payment in the same run. Clients and nodes share the machine's processors.

  --nodes LIST  sizes of the networks (default 1,3,5)
  --json        one JSON value with all figures
`;

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "1,3,5" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const sizes = values.nodes.split(",").map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1 || size > 25)) {
  process.stderr.write(`--nodes takes numbers from 1 to 25 with commas, not "${values.nodes}"\n`);
  process.exit(2);
}

const results: NetworkFigures[] = [];
for (const nodes of sizes) {
  results.push(await networkBench({ nodes, log: (line) => process.stderr.write(`${line}\n`) }));
}
if (values.json) process.stdout.write(`${JSON.stringify({ networks: results }, undefined, 2)}\n`);
else for (const figures of results) process.stdout.write(`${describe(figures)}\n`);

function describe({ nodes, load, lone, cpu }: NetworkFigures): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  return [
    `${nodes} ${nodes === 1 ? "node" : "nodes"}`,
    `  load      ${load.perSecond.toFixed(1)} payments/s (${load.payments} in ${load.blocks} blocks), median ${ms(load.medianMs)}, 99th percentile ${ms(load.p99Ms)}`,
    `  lone      accepted after ${ms(lone.acceptedMs)}, in a ledger after ${ms(lone.confirmedMs)} (slowest of ${lone.payments}: ${ms(lone.slowestMs)}), in all after ${ms(lone.everywhereMs)}`,
    `  processor ${cpu.perPaymentAndNodeMs.toFixed(1)} ms per payment and node, ${cpu.ratio.toFixed(2)} times bare validation (${cpu.bareValidationMs.toFixed(1)} ms)`,
  ].join("\n");
}
