/**
 * Compiles src/kernel (AssemblyScript) to WebAssembly and embeds it, base64, in src/generated/kernel.ts. Two forms of the
 * same module: with fused multiply-add (relaxed SIMD) for the engines that have it, and with integers for the others.
 * Does nothing when neither the sources, the compiler nor this script changed.
 *
 * With --counting: src/generated/counting-kernel.ts, the same but counting field multiplications (see counting.ts).
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

function existingHash(target: string): string | undefined {
  try {
    return /^\/\/ input ([0-9a-f]{64})$/m.exec(readFileSync(target, "utf8").slice(0, 1000))?.[1];
  } catch {
    return undefined;
  }
}

/** Compiles one form of the kernel, to count its field multiplications if so wanted. */
async function compile(form: keyof typeof forms, counting: boolean): Promise<Uint8Array> {
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
      ...(counting ? ["--use", "COUNTING=1"] : []),
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

/** Makes src/generated/kernel.ts, or counting-kernel.ts, if it is not up to date; says what it did. */
async function build(counting: boolean): Promise<string> {
  const name = counting ? "counting kernel" : "kernel";
  const target = `${generated}${counting ? "counting-kernel.ts" : "kernel.ts"}`;
  const hash = inputHash();
  if (existingHash(target) === hash) return `curve ${name}: up to date`;
  const fused = await compile("fused", counting);
  const integer = await compile("integer", counting);
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
  return `curve ${name}: compiled, ${fused.length} and ${integer.length} bytes`;
}

console.log(await build(process.argv.includes("--counting")));
