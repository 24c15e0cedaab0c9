import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { breachesIn, checkLayers, importsOf } from "./layers.ts";

const exportsOf = (): string[] => [".", "./store", "./gen/*"];
const breaches = (path: string, source: string): string[] => breachesIn({ path, source }, exportsOf);

describe("layering check", () => {
  test("finds static, side-effect, re-exporting and dynamic imports", () => {
    const source = `import a from "a";\nimport "b";\nexport { c } from "c";\nconst d = await import("d");\nimport type {\n E } from "e";`;
    expect(importsOf(source)).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("allows a lower layer and its declared subpaths", () => {
    expect(breaches("packages/wire/src/a.ts", `import { x } from "@mobilecoin-ts/crypto";`)).toEqual([]);
    expect(breaches("apps/cli/src/a.ts", `import { x } from "@mobilecoin-ts/ledger/store";`)).toEqual([]);
    expect(breaches("apps/cli/src/a.ts", `import { x } from "@mobilecoin-ts/wire/gen/external_pb";`)).toEqual(
      [],
    );
  });

  test.each([
    ["a higher layer", "packages/curve/src/a.ts", `import { x } from "@mobilecoin-ts/crypto";`],
    ["the own package by name", "packages/wire/src/a.ts", `import { x } from "@mobilecoin-ts/wire";`],
    [
      "an undeclared subpath",
      "packages/ledger/src/a.ts",
      `import { x } from "@mobilecoin-ts/curve/src/field";`,
    ],
    ["a file of another package", "packages/wire/src/a.ts", `import { x } from "../../crypto/src/bytes.ts";`],
    [
      "a Node built-in in a browser package",
      "packages/crypto/src/a.ts",
      `import { readFileSync } from "node:fs";`,
    ],
    ["a bare Node built-in", "packages/ledger/src/a.ts", `import fs from "fs";`],
  ])("refuses %s", (_, path, source) => {
    expect(breaches(path, source)).toHaveLength(1);
  });

  test("lets tests and Node subpaths use built-ins", () => {
    const source = `import { readFileSync } from "node:fs";`;
    expect(breaches("packages/crypto/src/a.test.ts", source)).toEqual([]);
    expect(breaches("packages/ledger/src/store/a.ts", source)).toEqual([]);
  });

  test("holds in this repository", () => {
    expect(checkLayers(fileURLToPath(new URL("../..", import.meta.url)))).toEqual([]);
  });
});
