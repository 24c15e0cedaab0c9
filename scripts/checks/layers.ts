/**
 * The layering rule (docs/architecture.md): packages import only from packages listed before them, only through a
 * declared entry point, and the wallet-side packages use no Node built-in outside tests and declared Node subpaths.
 */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";

/** Lowest layer first. */
const LAYERS = [
  "packages/curve",
  "packages/crypto",
  "packages/wire",
  "packages/account",
  "packages/transaction",
  "packages/ledger",
  "packages/scp",
  "packages/attestation",
  "packages/enclave",
  "packages/service",
  "packages/ledger-sync",
  "packages/consensus",
  "packages/sdk",
  "packages/devnet",
  "apps/cli",
] as const;

/** Packages that run in a browser, and the folders in them that are Node-only subpaths. */
const BROWSER_SAFE: ReadonlyMap<string, readonly string[]> = new Map([
  ["packages/curve", []],
  ["packages/crypto", []],
  ["packages/wire", []],
  ["packages/account", []],
  ["packages/transaction", []],
  ["packages/ledger", ["src/store/"]],
  ["packages/scp", []],
  ["packages/attestation", ["src/files/"]],
  ["packages/consensus", ["src/enclave/", "src/enclave-host/", "src/node/"]],
  ["packages/sdk", []],
]);

const SCOPE = "@mobilecoin-ts/";
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
const BUILTINS = new Set(builtinModules);

/** Module specifiers a source file imports or re-exports. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
}

export interface SourceFile {
  /** Path from the repository root, with forward slashes. */
  readonly path: string;
  readonly source: string;
}

/** Every breach of the rule in one file, as a sentence. */
export function breachesIn(file: SourceFile, exportsOf: (layer: string) => readonly string[]): string[] {
  const layer = LAYERS.find((candidate) => file.path.startsWith(`${candidate}/`));
  if (layer === undefined) return [];
  const inside = file.path.slice(layer.length + 1);
  const isTest = inside.endsWith(".test.ts") || inside.includes("/testing/") || !inside.startsWith("src/");
  const nodeFolders = BROWSER_SAFE.get(layer);
  const breaches: string[] = [];
  for (const specifier of importsOf(file.source)) {
    if (specifier.startsWith(SCOPE)) {
      const [name = "", ...rest] = specifier.slice(SCOPE.length).split("/");
      const target = LAYERS.find((candidate) => candidate.endsWith(`/${name}`));
      if (target === undefined || LAYERS.indexOf(target) >= LAYERS.indexOf(layer)) {
        breaches.push(`${file.path} imports ${specifier}, which is not a lower layer`);
      } else if (!isExported(rest.join("/"), exportsOf(target))) {
        breaches.push(`${file.path} imports ${specifier}, which ${target} does not export`);
      }
    } else if (specifier.startsWith("..") && escapes(inside, specifier)) {
      breaches.push(`${file.path} reaches out of its package by ${specifier}`);
    } else if (isBuiltin(specifier) && !isTest && nodeFolders !== undefined) {
      if (!nodeFolders.some((folder) => inside.startsWith(folder))) {
        breaches.push(`${file.path} uses ${specifier}, but ${layer} must run in a browser`);
      }
    }
  }
  return breaches;
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || BUILTINS.has(specifier);
}

function isExported(subpath: string, entries: readonly string[]): boolean {
  const wanted = subpath === "" ? "." : `./${subpath}`;
  return entries.some((entry) =>
    entry.endsWith("/*") ? wanted.startsWith(entry.slice(0, -1)) : entry === wanted,
  );
}

function escapes(inside: string, specifier: string): boolean {
  const depth = inside.split("/").length - 1;
  const ups = specifier.split("/").filter((part) => part === "..").length;
  return ups > depth;
}

/** All breaches under the repository root. */
export function checkLayers(root: string): string[] {
  const exportsOf = (layer: string): string[] => {
    const manifest: { exports?: Record<string, string> } = JSON.parse(
      readFileSync(join(root, layer, "package.json"), "utf8"),
    );
    return Object.keys(manifest.exports ?? {});
  };
  return LAYERS.flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("node_modules"),
      )
      .filter((entry) => !relative(root, entry.parentPath).startsWith("packages/curve/src/kernel"))
      .flatMap((entry) => {
        const path = relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
        return breachesIn({ path, source: readFileSync(join(root, path), "utf8") }, exportsOf);
      }),
  );
}
