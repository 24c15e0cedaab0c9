/**
 * Compiles src/kernel (AssemblyScript) to one WebAssembly module and embeds it, base64, in src/generated/kernel.ts.
 * Does nothing when neither the sources, the compiler nor this script changed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const flags = [
  "--enable",
  "simd",
  "--enable",
  "bulk-memory",
  "--runtime",
  "stub",
  "--noAssert",
  "-O3",
  "--initialMemory",
  "8",
];

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const sources = `${packageRoot}src/kernel/`;
const generated = `${packageRoot}src/generated/`;
const target = `${generated}kernel.ts`;

/** Hash of all that decides the output. */
function inputHash(): string {
  const hash = createHash("sha256");
  hash.update(flags.join(" "));
  hash.update(asc.version);
  hash.update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(sources).sort()) {
    if (!name.endsWith(".ts")) continue;
    hash.update(`\0${name}\0`);
    hash.update(readFileSync(sources + name));
  }
  return hash.digest("hex");
}

function existingHash(): string | undefined {
  try {
    return /^\/\/ input ([0-9a-f]{64})$/m.exec(readFileSync(target, "utf8").slice(0, 1000))?.[1];
  } catch {
    return undefined;
  }
}

/** Compiles the kernel; `extraFlags` after the usual ones. */
export async function compileKernel(extraFlags: readonly string[] = []): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["src/kernel/index.ts", "--outFile", "kernel.wasm", "--baseDir", packageRoot, ...flags, ...extraFlags],
    {
      writeFile(name, contents) {
        if (name === "kernel.wasm" && typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`kernel does not compile\n${stderr.toString()}`);
  return binary;
}

async function build(): Promise<void> {
  const hash = inputHash();
  if (existingHash() === hash) {
    console.log("curve kernel: up to date");
    return;
  }
  const binary = await compileKernel();
  const text = `// Made by scripts/build-kernel.ts; do not edit.\n// input ${hash}\nexport const KERNEL_BASE64 =\n  "${Buffer.from(binary).toString("base64")}";\n`;
  mkdirSync(generated, { recursive: true });
  // Through a rename, so that nobody ever reads half a file.
  const temporary = `${target}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
  console.log(`curve kernel: compiled, ${binary.length} bytes`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
