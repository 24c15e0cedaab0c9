/** `npm run kill-test [-- --kills N]`: kills a process that appends blocks, and checks what is left every time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killTest } from "./kill/kill-test.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write("usage: npm run kill-test [-- --kills N]   (default 100)\n");
  process.exit(0);
}
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  process.stderr.write(`--kills takes a whole number from 1 on, not "${values.kills}"\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "kill-test-"));
try {
  const result = await killTest({
    folder,
    kills,
    random: Math.random,
    onKill: (done, blockCount) => {
      if (done % 10 === 0) process.stdout.write(`${done} kills, ${blockCount} blocks, ledger valid\n`);
    },
  });
  process.stdout.write(
    `${result.kills} kills survived: ${result.blockCount} blocks, the whole chain verified; ` +
      `${result.blocksAhead} times the last block was stored before it was reported\n`,
  );
} catch (error) {
  process.stderr.write(`kill test failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
