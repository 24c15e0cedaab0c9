import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { build, version } from "esbuild";
import { EnclaveError } from "../error.ts";
import { ownFolder } from "./own-folder.ts";

/** A trusted program as one file; its hash is what a simulated enclave is measured by. */
export interface EnclaveBundle {
  /** Path of the file. */
  readonly file: string;
  /** SHA-256 of the file, 32 bytes. */
  readonly sha256: Uint8Array;
}

/** What a bundle may still ask the runtime for; everything else is in it. */
const RUNTIME_MODULES = ["node:*"];

/** Some libraries ask for built-ins with `require`. */
const BANNER =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);';

/** Raised whenever the way of bundling changes, so that no record of an older way is used. */
const RECORD_FORMAT = 1;

/** Files that decide which file an import means, in any folder above a source. */
const RESOLUTION_FILES = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];

export interface BundleOptions {
  /**
   * Folder to keep bundles in, which nobody else may write to; one of this user among the system's temporary files where
   * it is not given.
   */
  readonly folder?: string;
}

/** What a bundle was made of: SHA-256 of each file in hex, null for one that was not there. */
interface BundleRecord {
  readonly bundle: string;
  readonly inputs: Readonly<Record<string, string | null>>;
}

/**
 * Bundles a trusted program with all that it imports. The same sources give the same bytes, so the same measurement,
 * wherever they lie. A bundle whose sources are unchanged is taken from the folder, after its own hash was checked.
 *
 * @param entry path of the program's main file
 * @throws EnclaveError `Bundle`
 */
export async function bundleEnclave(entry: string, options: BundleOptions = {}): Promise<EnclaveBundle> {
  const main = resolve(entry);
  const folder = options.folder ?? join(tmpdir(), `mobilecoin-enclaves-${process.getuid?.() ?? 0}`);
  ownFolder(folder);
  const record = join(folder, `${hashOf(new TextEncoder().encode(main))}.json`);
  const known = bundleOfRecord(folder, readRecord(record));
  if (known !== undefined) return known;

  const { code, sources } = await bundled(main);
  const bundle = hashOf(code);
  const file = fileOf(folder, bundle);
  writeWhole(file, code);
  const inputs = Object.fromEntries(inputFiles(sources).map((path) => [path, hashOfFile(path)]));
  writeWhole(record, new TextEncoder().encode(JSON.stringify({ key: recordKey(), bundle, inputs })));
  return { file, sha256: bytesOf(bundle) };
}

const recordKey = (): string => `${RECORD_FORMAT} esbuild ${version}`;

const fileOf = (folder: string, bundle: string): string => join(folder, `${bundle}.mjs`);

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function hashOfFile(path: string): string | null {
  try {
    return hashOf(readFileSync(path));
  } catch {
    return null;
  }
}

/** What was bundled before, where every file is as it was; undefined where it has to be bundled again. */
function bundleOfRecord(folder: string, record: BundleRecord | undefined): EnclaveBundle | undefined {
  if (record === undefined) return undefined;
  const { bundle, inputs } = record;
  if (Object.entries(inputs).some(([path, hash]) => hashOfFile(path) !== hash)) return undefined;
  const file = fileOf(folder, bundle);
  return hashOfFile(file) === bundle ? { file, sha256: bytesOf(bundle) } : undefined;
}

function readRecord(path: string): BundleRecord | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof read !== "object" || read === null) return undefined;
    if (!("key" in read && "bundle" in read && "inputs" in read) || read.key !== recordKey())
      return undefined;
    const { bundle, inputs } = read;
    if (typeof bundle !== "string" || typeof inputs !== "object" || inputs === null) return undefined;
    return { bundle, inputs: Object.fromEntries(Object.entries(inputs)) };
  } catch {
    return undefined;
  }
}

/** Sources, and what decides where their imports lead. */
function inputFiles(sources: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const source of sources) {
    for (let folder = dirname(source); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  const resolution = [...folders].flatMap((folder) => RESOLUTION_FILES.map((name) => join(folder, name)));
  return [...sources, ...resolution];
}

/** Writes a file under its name only when it is whole. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const next = `${file}.${randomUUID()}`;
  writeFileSync(next, bytes, { mode: 0o600 });
  renameSync(next, file);
}

interface Bundled {
  readonly code: Uint8Array;
  /** Absolute paths of all that is in it. */
  readonly sources: readonly string[];
}

async function bundled(entry: string): Promise<Bundled> {
  const folder = dirname(entry);
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      // Paths in the bundle's comments are relative to it: a checkout elsewhere gives the same bytes.
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      target: "node22",
      external: RUNTIME_MODULES,
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      banner: { js: BANNER },
    });
    const [output] = outputFiles;
    if (output === undefined) throw new EnclaveError("Bundle", `bundling ${entry} gave no file`);
    return {
      code: output.contents,
      sources: Object.keys(metafile.inputs).map((path) => resolve(folder, path)),
    };
  } catch (cause) {
    if (cause instanceof EnclaveError) throw cause;
    const why = cause instanceof Error ? cause.message : "";
    throw new EnclaveError("Bundle", `${entry} could not be bundled: ${why}`, { cause });
  }
}
