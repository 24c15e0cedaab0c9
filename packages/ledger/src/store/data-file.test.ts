import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sampleChain } from "../testing/sample-chain.ts";
import { LedgerStore } from "./ledger-store.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-data-file-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setUint32(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(offset, value, true);
  return changed;
}

test.each<[string, (good: Uint8Array) => Uint8Array, string]>([
  ["zeros", () => new Uint8Array(8192), "Corrupt"],
  ["a text", () => new TextEncoder().encode("hello ".repeat(20_000)), "Corrupt"],
  ["a file of 100 bytes", (good) => good.slice(0, 100), "Corrupt"],
  ["a file of one page", (good) => good.slice(0, 4096), "Corrupt"],
  ["a file of two pages", (good) => good.slice(0, 8192), "Corrupt"],
  ["a page size of nothing", (good) => setUint32(good, 48, 0), "Corrupt"],
  ["LMDB's format 1", () => setUint32(new Uint8Array(8192), 16, 0xbeefc0de), "VersionIncompatible"],
  ["LMDB's format 3", (good) => setUint32(good, 28, 3), "VersionIncompatible"],
])("a ledger file is refused that is %s", async (_name, change, code) => {
  const store = LedgerStore.open(folder, { create: true });
  for (const data of sampleChain({ blockCount: 3 })) store.appendBlock(data);
  await store.close();
  const file = join(folder, "data.mdb");
  const changed = change(Uint8Array.from(readFileSync(file)));
  writeFileSync(file, changed);
  for (const options of [{}, { readOnly: true }, { create: true }]) {
    expect(() => LedgerStore.open(folder, options)).toThrow(
      expect.objectContaining({ area: "store", code, data: expect.objectContaining({ file }) }),
    );
  }
  expect(Uint8Array.from(readFileSync(file))).toEqual(changed);
});

test("an empty ledger file is none, and is begun where that is asked for", async () => {
  writeFileSync(join(folder, "data.mdb"), "");
  for (const options of [{}, { readOnly: true }]) {
    expect(() => LedgerStore.open(folder, options)).toThrow(expect.objectContaining({ code: "NotFound" }));
  }
  await using store = LedgerStore.open(folder, { create: true });
  expect(store.blockCount()).toBe(0n);
});

test("a folder that cannot be made or read is named", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => LedgerStore.open(file, { create: true })).toThrow(
    expect.objectContaining({ code: "IO", data: { folder: file } }),
  );
  mkdirSync(join(folder, "data.mdb"));
  expect(() => LedgerStore.open(folder)).toThrow(expect.objectContaining({ code: "IO" }));
});
