import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleEnclave } from "./bundle.ts";

test("the same sources give the same bundle, and a file that was changed is made anew", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    const entry = join(folder, "main.ts");
    writeFileSync(entry, "console.log(1 as number);\n");
    const { file, sha256 } = await bundleEnclave(entry, { folder });
    const code = readFileSync(file, "utf8");
    writeFileSync(file, "changed();\n");
    const again = await bundleEnclave(entry, { folder });
    expect(again).toEqual({ file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(code);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
