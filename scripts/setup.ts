/** Makes what is generated and not committed: the curve kernel and the protobuf code. Each step skips itself when up to date. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const steps = [
  { name: "curve kernel", script: "packages/curve/scripts/build-kernel.ts" },
  { name: "protobuf code", script: "packages/wire/scripts/generate.ts" },
];

for (const step of steps) {
  const result = spawnSync(process.execPath, [step.script], { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) {
    process.stderr.write(`set-up: making the ${step.name} failed (${step.script}).\n`);
    process.exit(1);
  }
}
