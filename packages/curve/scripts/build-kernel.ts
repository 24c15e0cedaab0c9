/**
 * Compiles src/kernel (AssemblyScript) to WebAssembly and embeds it, base64, in src/generated/kernel.ts. Two forms of the
 * same module: with fused multiply-add (relaxed SIMD) for the engines that have it, and with integers for the others.
 * Does nothing when neither the sources, the compiler nor this script changed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** Features of the two forms. */
const forms = { fused: "simd,relaxed-simd", integer: "simd" } as const;

const flags = ["--enable", "bulk-memory", "--runtime", "stub", "--noAssert", "-O3", "--initialMemory", "8"];

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const sources = `${packageRoot}src/kernel/`;
const generated = `${packageRoot}src/generated/`;
const target = `${generated}kernel.ts`;

/** Hash of all that decides the output. */
function inputHash(): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([forms, flags]));
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

/** Compiles one form of the kernel. */
export async function compileKernel(form: keyof typeof forms): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      "src/kernel/index.ts",
      "--outFile",
      "kernel.wasm",
      "--baseDir",
      packageRoot,
      "--enable",
      forms[form],
      ...flags,
    ],
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
  const fused = await compileKernel("fused");
  const integer = await compileKernel("integer");
  const text = [
    "// Made by scripts/build-kernel.ts; do not edit.",
    `// input ${hash}`,
    "/** The kernel with fused multiply-add. */",
    `export const FUSED_KERNEL = "${Buffer.from(fused).toString("base64")}";`,
    "/** The kernel with integers. */",
    `export const INTEGER_KERNEL = "${Buffer.from(integer).toString("base64")}";`,
    "",
  ].join("\n");
  mkdirSync(generated, { recursive: true });
  // Through a rename, so that nobody ever reads half a file.
  const temporary = `${target}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
  console.log(`curve kernel: compiled, ${fused.length} and ${integer.length} bytes`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
