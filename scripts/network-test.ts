/** `npm run network-test`: a network of processes under load, with nodes killed and cut off; looks for forks and losses. */
import { parseArgs } from "node:util";
import { networkTest } from "./network/network-test.ts";

const USAGE = `usage: npm run -s network-test [-- --runs N] [--topology NAME] [--json]

Eight clients pay over a network whose nodes are processes of their own. Two nodes are killed (SIGKILL) and started
again in turn, one is cut off and let in again. Then all nodes must be at the same blocks, and every payment that a
node accepted must be in all ledgers.

  --runs N         how often (default 1)
  --topology NAME  dense5 unless given
  --json           one JSON value with the result of every run
`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1" },
    topology: { type: "string", default: "dense5" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`--runs takes a whole number from 1 on, not "${values.runs}"\n`);
  process.exit(2);
}

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
process.once("SIGTERM", () => interrupted.abort());

const results = [];
for (let run = 1; run <= runs && !interrupted.signal.aborted; run++) {
  const result = await networkTest({
    topology: values.topology,
    log: (line) => process.stderr.write(`run ${run}: ${line}\n`),
    signal: interrupted.signal,
  });
  results.push({ ...result, blocks: Number(result.blocks) });
  const verdict = result.failures.length === 0 ? "as it must be" : `FAILED: ${result.failures.join("; ")}`;
  process.stderr.write(
    `run ${run}: ${result.accepted} payments accepted, ${result.confirmed} in all ledgers, ${result.blocks} blocks, ${result.seconds.toFixed(0)} s: ${verdict}\n`,
  );
}
const failed = results.filter(({ failures }) => failures.length > 0).length;
if (values.json)
  process.stdout.write(`${JSON.stringify({ runs: results.length, failed, results }, undefined, 2)}\n`);
else process.stdout.write(`${results.length} runs, ${failed} failed\n`);
process.exitCode = interrupted.signal.aborted ? 130 : failed > 0 ? 1 : 0;
