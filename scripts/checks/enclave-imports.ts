/**
 * The trust boundary of docs/architecture.md: a trusted program (packages/x/src/enclave) and every file of its package
 * that it reaches import no host code, no package that needs a network or files, and no Node built-in but the allowed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix, relative } from "node:path";
import { importsOf } from "./layers.ts";

const SCOPE = "@mobilecoin-ts/";

/** Folders of a package's `src` that are the host's. */
const HOST_FOLDERS = ["node", "server", "enclave-host"] as const;

const ALLOWED_BUILTINS: ReadonlySet<string> = new Set(["node:crypto"]);

/** Entries of this repository that have no network and no files of their own. */
const ALLOWED_ENTRIES: ReadonlySet<string> = new Set(
  [
    "curve",
    "crypto",
    "wire",
    "account",
    "transaction",
    "ledger",
    "scp",
    "attestation",
    "enclave/trusted",
    "enclave/declaration",
  ].map((entry) => SCOPE + entry),
);

/** Libraries of pure computation. */
const ALLOWED_LIBRARIES = ["@noble/", "@scure/", "cborg"] as const;

/** Every breach by the trusted files `entries`; paths are from the root, `read` gives a file's source. */
export function enclaveBreaches(entries: readonly string[], read: (path: string) => string): string[] {
  const breaches: string[] = [];
  const seen = new Set(entries);
  for (const path of seen) {
    for (const specifier of importsOf(read(path))) {
      if (!specifier.startsWith(".")) {
        if (!isAllowed(specifier)) breaches.push(`${path} is in an enclave and imports ${specifier}`);
        continue;
      }
      const target = posix.join(posix.dirname(path), specifier);
      if (isHostFile(target)) breaches.push(`${path} is in an enclave and imports ${target}, host code`);
      // A set grows while it is walked: files that trusted files reach are in the enclave too.
      else seen.add(target);
    }
  }
  return breaches;
}

function isAllowed(specifier: string): boolean {
  if (isBuiltin(specifier)) return ALLOWED_BUILTINS.has(specifier);
  if (specifier.startsWith(SCOPE)) return ALLOWED_ENTRIES.has(specifier);
  return ALLOWED_LIBRARIES.some((library) => specifier.startsWith(library));
}

function isHostFile(path: string): boolean {
  const [, , src, folder] = path.split("/");
  return src === "src" && HOST_FOLDERS.some((host) => host === folder);
}

/** All breaches under the repository root. */
export function checkEnclaveImports(root: string): string[] {
  const entries = readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name, "src/enclave"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  return enclaveBreaches(entries, (path) => readFileSync(join(root, path), "utf8"));
}
