import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SealedKeyFile } from "./sealed-key-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("SealedKeyFile", () => {
  it("keeps binary contents, for the owner only, and leaves nothing else behind", () => {
    const file = new SealedKeyFile(join(folder, "key"));
    expect(file.read()).toBeUndefined();
    const sealed = Uint8Array.from({ length: 600 }, (_, i) => i & 0xff);
    file.write(new Uint8Array(3));
    file.write(sealed);
    expect(file.read()).toEqual(sealed);
    expect(statSync(file.path).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(["key"]);
  });

  it("takes an empty file, or one that is far too long, for none", () => {
    const file = new SealedKeyFile(join(folder, "key"));
    writeFileSync(file.path, "");
    expect(file.read()).toBeUndefined();
    writeFileSync(file.path, new Uint8Array(1 << 17));
    expect(file.read()).toBeUndefined();
  });
});
