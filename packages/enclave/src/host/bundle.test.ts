import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleEnclave } from "./bundle.ts";

let folder: string;
let entry: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  entry = program("sources", "1");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program of two files in a folder of its own. */
function program(name: string, value: string): string {
  const sources = join(folder, name);
  mkdirSync(sources, { recursive: true });
  writeFileSync(join(sources, "value.ts"), `export const value: number = ${value};\n`);
  writeFileSync(
    join(sources, "main.ts"),
    'import { value } from "./value.ts";\nconsole.log(value as number);\n',
  );
  return join(sources, "main.ts");
}

const bundles = () => join(folder, "bundles");
const bundle = (main: string = entry) => bundleEnclave(main, { folder: bundles() });

describe("a bundle", () => {
  test("has the same hash wherever its sources lie, and another when they change", async () => {
    const first = await bundle();
    const elsewhere = await bundle(program("another/place", "1"));
    expect(elsewhere.sha256).toEqual(first.sha256);
    const other = await bundle(program("sources", "2"));
    expect(other.sha256).not.toEqual(first.sha256);
    expect(readFileSync(other.file, "utf8")).toContain("2");
  });

  test("is made once while nothing changes", async () => {
    const first = await bundle();
    const { ino } = statSync(first.file);
    expect(await bundle()).toEqual(first);
    expect(statSync(first.file).ino).toBe(ino);
  });

  test("is made again when a file that decides what imports mean appears", async () => {
    const { file } = await bundle();
    const { ino } = statSync(file);
    writeFileSync(join(folder, "sources/tsconfig.json"), "{}");
    await bundle();
    expect(statSync(file).ino).not.toBe(ino);
  });

  test("is made anew where the file was changed", async () => {
    const { file, sha256 } = await bundle();
    const code = readFileSync(file, "utf8");
    writeFileSync(file, "changed();\n");
    expect(await bundle()).toEqual({ file, sha256 });
    expect(readFileSync(file, "utf8")).toBe(code);
  });

  test.each(["", "[]", '{"key": 1}', '{"key":"1 esbuild 0","bundle":"00","inputs":{}}'])(
    "is made anew where its record is %j",
    async (text) => {
      const { file, sha256 } = await bundle();
      const record = readdirSync(bundles()).find((name) => name.endsWith(".json"));
      writeFileSync(join(bundles(), record!), text);
      expect(await bundle()).toEqual({ file, sha256 });
    },
  );

  test("is readable by its owner only, in a folder of the owner's", async () => {
    const { file } = await bundle();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(bundles()).mode & 0o777).toBe(0o700);
  });

  test.each<[string, () => void]>([
    ["others may write to", () => chmodSync(bundles(), 0o777)],
    [
      "is a link",
      () => {
        rmSync(bundles(), { recursive: true });
        mkdirSync(join(folder, "elsewhere"));
        symlinkSync(join(folder, "elsewhere"), bundles());
      },
    ],
  ])("is refused a folder that %s", async (_, spoil) => {
    await bundle();
    spoil();
    await expect(bundle()).rejects.toMatchObject({ name: "EnclaveError", code: "Bundle" });
  });

  test("of sources that do not hold together is refused with the reason", async () => {
    writeFileSync(entry, 'import "./missing.ts";\n');
    await expect(bundle()).rejects.toMatchObject({
      code: "Bundle",
      message: expect.stringContaining("missing.ts"),
    });
  });
});
