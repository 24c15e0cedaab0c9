// Entry of every npm command. Plain JavaScript on purpose: it has to run on whatever Node.js the machine has
// (20 or later), before the pinned one is installed; everything after it is TypeScript on the pinned Node.js.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const pinnedNode = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
const installStamp = join(root, "node_modules/.mobilecoin-install");

const [task, ...args] = process.argv.slice(2);
const entries = {
  devnet: ["apps/cli/src/main.ts", "devnet"],
  mobilecoin: ["apps/cli/src/main.ts"],
  test: ["scripts/test.ts"],
  "test:conformance": ["scripts/test.ts", "--conformance"],
  bench: ["bench/main.ts"],
  fuzz: ["scripts/fuzz/main.ts"],
  "kill-test": ["scripts/kill-test.ts"],
  simulate: ["scripts/simulate.ts"],
  "network-test": ["scripts/network-test.ts"],
  hostile: ["scripts/hostile-requests.ts"],
  "bench:network": ["scripts/network-bench.ts"],
  setup: [],
};

const entry = entries[task ?? ""];
if (entry === undefined) {
  fail(`unknown task "${task ?? ""}"; one of: ${Object.keys(entries).join(", ")}`);
}
await install();
run(pinnedNode, ["scripts/setup.ts"], "Set-up");
if (entry.length > 0) {
  const result = spawnSync(pinnedNode, [...entry, ...args], { cwd: root, stdio: "inherit" });
  process.exit(result.status ?? 130);
}

async function install() {
  const wanted = manifestHash();
  if (existsSync(pinnedNode) && existsSync(installStamp) && readFileSync(installStamp, "utf8") === wanted)
    return;
  process.stderr.write("Installing packages (about a minute the first time) ...\n");
  const succeeded = await npmInstall();
  if (!succeeded || !existsSync(pinnedNode)) {
    fail(
      "the packages could not be installed. npm's own message is above; the usual reasons are no connection to the " +
        "package registry, a proxy that npm does not know of (npm config set proxy), or a full disk. Run the same " +
        "command again once that is mended.",
    );
  }
  writeFileSync(installStamp, wanted);
}

/**
 * Installs what the lockfile pins, telling every few seconds how far it has come: npm itself is silent where there is no
 * terminal. Not `npm ci`: that refuses a lockfile made where the registry lacks some other platform's binaries.
 */
function npmInstall() {
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm === undefined ? ["npm"] : [process.execPath, npm];
  const child = spawn(
    command,
    [...first, "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: npm === undefined && process.platform === "win32",
    },
  );
  const total = Object.keys(
    JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages,
  ).length;
  const start = Date.now();
  const ticker = setInterval(() => {
    const seconds = Math.round((Date.now() - start) / 1000);
    process.stderr.write(
      `  ${seconds} s: ${Math.min(installedCount(), total)} of at most ${total} packages\n`,
    );
  }, 5000);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      clearInterval(ticker);
      resolve(false);
    });
    child.once("close", (code) => {
      clearInterval(ticker);
      resolve(code === 0);
    });
  });
}

function installedCount() {
  const modules = join(root, "node_modules");
  if (!existsSync(modules)) return 0;
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .map((name) => (name.startsWith("@") ? readdirSync(join(modules, name)).length : 1))
    .reduce((sum, count) => sum + count, 0);
}

/** Changes whenever a lockfile or manifest does, so that a pull with new dependencies installs them. */
function manifestHash() {
  const hash = createHash("sha256");
  const manifests = ["package.json", "package-lock.json"];
  for (const group of ["packages", "apps"]) {
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)).sort() : []) {
      manifests.push(`${group}/${name}/package.json`);
    }
  }
  for (const manifest of manifests) {
    const path = join(root, manifest);
    if (existsSync(path)) hash.update(manifest).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function run(command, commandArgs, what) {
  const result = spawnSync(command, commandArgs, { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status !== 0)
    fail(`${what} failed (exit ${result.status ?? result.signal}); its message is above.`);
}

function fail(message) {
  process.stderr.write(`mobilecoin-ts: ${message}\n`);
  process.exit(1);
}
