import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { EnclaveError } from "../error.ts";

/** A trusted program as one file; its hash is what a simulated enclave is measured by. */
export interface EnclaveBundle {
  /** Path of the file. */
  readonly file: string;
  /** SHA-256 of the file, 32 bytes. */
  readonly sha256: Uint8Array;
}

/** What a bundle may still ask the runtime for; everything else is in it. */
const RUNTIME_MODULES = ["node:*"];

export interface BundleOptions {
  /** Folder to keep bundles in; a folder of the system for temporary files where it is not given. */
  readonly folder?: string;
}

/**
 * Bundles a trusted program with all that it imports. The same sources give the same bytes, so the same measurement.
 *
 * @param entry path of the program's main file
 * @throws EnclaveError `Bundle`
 */
export async function bundleEnclave(entry: string, options: BundleOptions = {}): Promise<EnclaveBundle> {
  const code = await bundled(entry);
  const sha256 = new Uint8Array(createHash("sha256").update(code).digest());
  const folder = options.folder ?? join(tmpdir(), `mobilecoin-enclaves-${process.getuid?.() ?? 0}`);
  // Its name is its hash, but a folder of the system is anybody's: what is there already is compared.
  const file = join(folder, `${Buffer.from(sha256).toString("hex")}.mjs`);
  if (!existsSync(file) || !readFileSync(file).equals(code)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const next = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(next, code, { mode: 0o600 });
    renameSync(next, file);
  }
  return { file, sha256 };
}

async function bundled(entry: string): Promise<Uint8Array> {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node22",
      external: RUNTIME_MODULES,
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      // Some libraries ask for built-ins with `require`.
      banner: {
        js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
      },
    });
    const [output] = outputFiles;
    if (output === undefined) throw new EnclaveError("Bundle", `bundling ${entry} gave no file`);
    return output.contents;
  } catch (cause) {
    if (cause instanceof EnclaveError) throw cause;
    throw new EnclaveError(
      "Bundle",
      `${entry} could not be bundled: ${cause instanceof Error ? cause.message : ""}`,
      {
        cause,
      },
    );
  }
}
