/**
 * Makes this process use the kernel that counts field multiplications, for `fieldMultiplications()`:
 * `node --import ./packages/curve/scripts/counting.ts program.ts`.
 */
import { spawnSync } from "node:child_process";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("build-kernel.ts", import.meta.url));
const { status } = spawnSync(process.execPath, [script, "--counting"], { stdio: ["ignore", 2, 2] });
if (status !== 0) throw new Error("the counting kernel could not be made");

const ordinary = new URL("../src/generated/kernel.ts", import.meta.url).href;
const counting = new URL("../src/generated/counting-kernel.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url === ordinary ? { ...resolved, url: counting } : resolved;
  },
});
