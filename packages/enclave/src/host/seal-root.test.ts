import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadOrCreateSealRoot } from "./seal-root.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seal-root-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a seal root is made once, for its owner only", () => {
  const root = loadOrCreateSealRoot(join(folder, "a/b"));
  expect(root.length).toBe(32);
  expect(loadOrCreateSealRoot(join(folder, "a/b"))).toEqual(root);
  expect(statSync(join(folder, "a/b/seal-root")).mode & 0o777).toBe(0o600);
  expect(loadOrCreateSealRoot(join(folder, "c"))).not.toEqual(root);
});

test("those who come at once all get the same", async () => {
  const module = fileURLToPath(new URL("./seal-root.ts", import.meta.url));
  const source = `
    const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(module)}).then(({ loadOrCreateSealRoot }) =>
      parentPort.once("message", () => parentPort.postMessage(loadOrCreateSealRoot(${JSON.stringify(folder)}))),
    ).then(() => parentPort.postMessage("ready"));`;
  const workers = Array.from({ length: 4 }, () => new Worker(source, { eval: true }));
  const said = (worker: Worker) => new Promise((resolve) => worker.once("message", resolve));
  await Promise.all(workers.map(said));
  const roots = workers.map(said);
  for (const worker of workers) worker.postMessage("go");
  const [first, ...others] = await Promise.all(roots);
  for (const other of others) expect(other).toEqual(first);
  await Promise.all(workers.map((worker) => worker.terminate()));
  expect(readdirSync(folder)).toEqual(["seal-root"]);
});

test.each([0, 31, 33])("a damaged file of %i bytes is not replaced, but told of", (length) => {
  writeFileSync(join(folder, "seal-root"), new Uint8Array(length));
  expect(() => loadOrCreateSealRoot(folder)).toThrow(
    expect.objectContaining({ code: "StartFailed", message: expect.stringContaining("seal-root") }),
  );
  expect(statSync(join(folder, "seal-root")).size).toBe(length);
});
