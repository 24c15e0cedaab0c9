/** `npm run hostile`: malformed, oversized, replayed and out-of-order requests against running nodes. */
import { parseArgs } from "node:util";
import { hostileRequests } from "./hostile/run.ts";

const USAGE = `usage: npm run -s hostile -- [--requests N] [--seed S] [--from N] [--json]

Attacks the client, peer and admin ports of a node, and a second node that asks for credentials, while a wallet pays over
a session of its own. Fails where a node ends, logs a fault, holds ever more memory or handles, leaves a request or a
health check without an answer, puts the wallet's session out of step, or tells an unauthenticated caller anything.

  --requests N   how many (default 100000)
  --seed S       what they follow from (default 1)
  --from N       number of the first one, to make those of a failure again
  --json         one JSON value with the counts
`;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const [requests, seed, from] = [values.requests, values.seed, values.from].map(Number);
if (
  requests === undefined ||
  seed === undefined ||
  from === undefined ||
  ![requests, seed, from].every((value) => Number.isInteger(value) && value >= 0) ||
  requests < 1
) {
  process.stderr.write(
    `--requests takes a whole number from 1 on, --seed and --from one from 0 on\n\n${USAGE}`,
  );
  process.exit(2);
}

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
process.once("SIGTERM", () => interrupted.abort());
const report = await hostileRequests({
  requests,
  seed,
  from,
  log: (line) => process.stderr.write(`${line}\n`),
  signal: interrupted.signal,
});
if (values.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
else {
  for (const [kind, outcomes] of Object.entries(report.answers)) {
    const counts = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
    process.stdout.write(`${kind}: ${counts.map(([outcome, count]) => `${outcome} ${count}`).join(", ")}\n`);
  }
  const { payments, health } = report;
  process.stdout.write(
    `${report.requests} requests in ${report.seconds.toFixed(0)} s; ${payments.confirmed} payments confirmed over ` +
      `${payments.handshakes} session (median ${payments.medianMs} ms, slowest ${payments.slowestMs} ms); health checks: ` +
      `median ${health.medianMs} ms, slowest ${health.slowestMs} ms\n` +
      `${report.failures.length} failures (seed ${report.seed})\n`,
  );
}
process.exitCode = interrupted.signal.aborted ? 130 : report.failures.length > 0 ? 1 : 0;
