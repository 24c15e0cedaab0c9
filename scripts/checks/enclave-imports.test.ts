import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkEnclaveImports, enclaveBreaches } from "./enclave-imports.ts";

const MAIN = "packages/consensus/src/enclave/main.ts";

function breaches(files: Record<string, string>): string[] {
  return enclaveBreaches([MAIN], (path) => files[path] ?? "");
}

describe("imports of enclaves", () => {
  test.each([
    "./parts.ts",
    "../enclave-api/index.ts",
    "@mobilecoin-ts/enclave/trusted",
    "@mobilecoin-ts/ledger",
    "@noble/hashes/sha2.js",
    "node:crypto",
  ])("may be %s", (specifier) => {
    expect(breaches({ [MAIN]: `import { x } from "${specifier}";` })).toEqual([]);
  });

  test.each([
    "../node/peers.ts",
    "../enclave-host/start.ts",
    "@mobilecoin-ts/enclave",
    "@mobilecoin-ts/ledger/store",
    "@mobilecoin-ts/attestation/files",
    "@mobilecoin-ts/service",
    "@connectrpc/connect",
    "node:fs",
    "fs",
  ])("may not be %s", (specifier) => {
    expect(breaches({ [MAIN]: `import { x } from "${specifier}";` })).toHaveLength(1);
  });

  test("are followed through files outside the folder", () => {
    const files = {
      [MAIN]: `export { x } from "../shared.ts";`,
      "packages/consensus/src/shared.ts": `import "./deeper.ts";`,
      "packages/consensus/src/deeper.ts": `import "node:net";`,
    };
    expect(breaches(files)).toEqual([
      "packages/consensus/src/deeper.ts is in an enclave and imports node:net",
    ]);
  });

  test("hold in this repository", () => {
    expect(checkEnclaveImports(fileURLToPath(new URL("../..", import.meta.url)))).toEqual([]);
  });
});
