/**
 * Generates `src/gen` from `proto/`: messages, enums and service descriptors for gRPC. Works without network (buf and
 * the plugin come from node_modules) and does nothing when neither the definitions nor the tools changed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const protoFolder = join(folder, "proto");
const output = join(folder, "src/gen");
const stamp = join(output, ".inputs");

const bufManifest = fileURLToPath(import.meta.resolve("@bufbuild/buf/package.json"));
const pluginManifest = fileURLToPath(import.meta.resolve("@bufbuild/protoc-gen-es/package.json"));
const buf = join(dirname(bufManifest), "bin/buf");
const plugin = join(dirname(pluginManifest), "bin/protoc-gen-es");

const PLUGIN_OPTIONS = ["target=ts", "import_extension=ts", "erasable_syntax=true"];

const wanted = inputsHash();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) generate();

/** Everything the output depends on: definitions, options, this script, and the tools' versions. */
function inputsHash(): string {
  const hash = createHash("sha256")
    .update(PLUGIN_OPTIONS.join())
    .update(readFileSync(import.meta.filename));
  for (const manifest of [bufManifest, pluginManifest]) hash.update(readFileSync(manifest));
  for (const name of readdirSync(protoFolder).sort()) {
    hash.update(name).update(readFileSync(join(protoFolder, name)));
  }
  return hash.digest("hex");
}

function generate(): void {
  // Made elsewhere and put in place at the end: an interrupted run leaves what was there.
  const fresh = join(folder, "../../.state", `wire-gen-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  const template = {
    version: "v2",
    plugins: [{ local: [process.execPath, plugin], out: fresh, opt: PLUGIN_OPTIONS }],
  };
  const args = ["generate", "--template", JSON.stringify(template), protoFolder];
  const result = spawnSync(process.execPath, [buf, ...args], { cwd: folder, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write(
      `wire: buf could not generate code from ${protoFolder}; its message is above. If a tool is missing, install the ` +
        "packages again (npm ci).\n",
    );
    process.exit(1);
  }
  writeFileSync(join(fresh, ".inputs"), wanted);
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
}
