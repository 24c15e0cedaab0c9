import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeArchiveBlock, encodeArchiveBlocks } from "../archive-block.ts";
import { archiveBlockPath, mergedArchivePath } from "../archive-path.ts";
import { sampleChain } from "../testing/sample-chain.ts";
import { exportArchive, nextBlockToExport, readArchiveFiles } from "./archive-folder.ts";
import { importArchive, openArchives } from "./import-archive.ts";
import { LedgerStore } from "./ledger-store.ts";
import { integerKey, LedgerTables } from "./tables.ts";
import { verifyLedger } from "./verify-ledger.ts";

const chain = sampleChain({ blockCount: 7, outputsPerBlock: 1 });
let folder: string;
let store: LedgerStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-archive-"));
  store = LedgerStore.open(join(folder, "ledger"), { create: true });
  for (const data of chain) store.appendBlock(data);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const archive = () => join(folder, "archive");
const fileOf = (index: bigint) => join(archive(), archiveBlockPath(index));

describe("archive folders", () => {
  test("hold what a ledger holds, in single and merged files", async () => {
    expect(await exportArchive(store, archive(), { mergeBuckets: [0n, 1n, 2n, 3n] })).toBe(7);
    expect(existsSync(join(archive(), mergedArchivePath(3n, 3n)))).toBe(true);
    expect(existsSync(join(archive(), mergedArchivePath(2n, 6n)))).toBe(false);
    expect(
      readdirSync(archive(), { recursive: true }).filter((name) => String(name).endsWith(".part")),
    ).toEqual([]);
    const paths = chain.map(({ block }) => fileOf(block.index));
    expect(await Array.fromAsync(readArchiveFiles(paths))).toEqual(chain);
    const merged = [join(archive(), mergedArchivePath(3n, 0n)), fileOf(3n)];
    expect(await Array.fromAsync(readArchiveFiles(merged))).toEqual(chain.slice(0, 4));
  });

  test("are continued where they end", async () => {
    const controller = new AbortController();
    const interrupted = exportArchive(store, archive(), {
      signal: controller.signal,
      onProgress: ({ blockIndex }) => blockIndex === 2n && controller.abort(new Error("stopped")),
    });
    await expect(interrupted).rejects.toThrow("stopped");
    expect(nextBlockToExport(store, archive())).toBe(3n);
    expect(await exportArchive(store, archive())).toBe(4);
    expect(await exportArchive(store, archive())).toBe(0);
  });

  test("are imported, also over HTTP and in several goes", async () => {
    await exportArchive(store, archive(), { mergeBuckets: [2n] });
    await using copy = LedgerStore.open(join(folder, "copy"), { create: true });
    expect(await importArchive(copy, openArchives([archive()]), { blockCount: 3n })).toBe(3);
    const server = await serve(archive());
    try {
      expect(await importArchive(copy, openArchives([server.url]))).toBe(4);
    } finally {
      server.close();
    }
    expect(copy.blockData(6n)).toEqual(chain[6]);
    expect(await verifyLedger(copy)).toMatchObject({ blocks: 7, lastBlockIndex: 6n, signatures: 7 });
  });

  test("stop an import at the first bad block, keeping those before it", async () => {
    await exportArchive(store, archive(), { mergeBuckets: [] });
    const bytes = await readFile(fileOf(4n));
    writeFileSync(fileOf(4n), bytes.subarray(0, bytes.length - 9));
    await using copy = LedgerStore.open(join(folder, "copy"), { create: true });
    await expect(importArchive(copy, openArchives([archive()]))).rejects.toMatchObject({
      code: "InvalidBlockReceived",
      message: expect.stringContaining("0000000000000004.pb"),
    });
    expect(copy.blockCount()).toBe(4n);
  });

  test("are left alone where they hold another chain or a damaged end", async () => {
    await exportArchive(store, archive());
    writeFileSync(fileOf(6n), encodeArchiveBlock(sampleChain({ blockCount: 1, seed: 9 })[0]!));
    await expect(exportArchive(store, archive())).rejects.toMatchObject({
      code: "DestinationMismatch",
      data: { file: fileOf(6n), blockIndex: 6n },
    });
    writeFileSync(fileOf(6n), "");
    await expect(exportArchive(store, archive())).rejects.toMatchObject({ code: "NotAnArchive" });
  });

  test("have a full bucket's merged file before its last block's own", async () => {
    const controller = new AbortController();
    const interrupted = exportArchive(store, archive(), {
      mergeBuckets: [3n],
      signal: controller.signal,
      onProgress: ({ blockIndex }) => blockIndex === 2n && controller.abort(new Error("stopped")),
    });
    await expect(interrupted).rejects.toThrow("stopped");
    expect(existsSync(join(archive(), mergedArchivePath(3n, 0n)))).toBe(true);
    await exportArchive(store, archive(), { mergeBuckets: [3n] });
    expect(existsSync(join(archive(), mergedArchivePath(3n, 3n)))).toBe(true);
  });

  test("name the bad block of a merged file, and why it is bad", async () => {
    const path = join(folder, "merged.pb");
    const bent = { ...chain[3]!, contents: chain[4]!.contents };
    writeFileSync(path, encodeArchiveBlocks([chain[2]!, bent]));
    await expect(Array.fromAsync(readArchiveFiles([path]))).rejects.toMatchObject({
      code: "NotAnArchive",
      message: expect.stringContaining("the contents are not those of the block"),
      data: { file: path, index: 3n },
    });
  });

  test("tell a file that cannot be read from one that is missing, and a mirror that does not answer", async () => {
    mkdirSync(fileOf(0n), { recursive: true });
    const read = openArchives([archive()]).block(0n);
    await expect(read).rejects.toMatchObject({ area: "archive", code: "IO" });
    expect(await openArchives([archive()]).block(1n)).toBeUndefined();
    const server = await serve(archive());
    server.close();
    await expect(openArchives([server.url]).block(1n)).rejects.toMatchObject({ code: "ReqwestError" });
  });

  test("name a file that cannot be read or written", async () => {
    const missing = join(folder, "missing.pb");
    await expect(Array.fromAsync(readArchiveFiles([missing]))).rejects.toMatchObject({
      area: "archive",
      code: "IO",
      data: { file: missing },
    });
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(exportArchive(store, file)).rejects.toMatchObject({ area: "archive", code: "IO" });
  });

  test("name a file that is no archive", async () => {
    const path = join(folder, "page.pb");
    writeFileSync(path, "<html>");
    await expect(Array.fromAsync(readArchiveFiles([path]))).rejects.toMatchObject({
      code: "NotAnArchive",
      data: { file: path },
    });
    expect(() => openArchives(["ftp://example.com/"])).toThrow(
      expect.objectContaining({ code: "UnknownScheme" }),
    );
  });
});

describe("ledger verification", () => {
  const indexes = [
    "keyImages",
    "txOutIndexByPublicKey",
    "txOutIndexByHash",
    "blockNumberByTxOutIndex",
    "merkleHashByRange",
  ] as const;
  test.each(indexes)("notices damage in any row of %s", async (name) => {
    await store.close();
    const path = join(folder, "ledger");
    const damage = async (change: (tables: LedgerTables) => void) => {
      const tables = new LedgerTables(path, false);
      tables.write(() => change(tables));
      await tables.close();
    };
    const tables = new LedgerTables(path, false);
    const rows = [...tables.entries(name)];
    await tables.close();
    // Seven leaves, then the four, two and one nodes over them.
    if (name === "merkleHashByRange") expect(rows).toHaveLength(14);
    for (const { key, value } of rows) {
      await damage((opened) => opened.put(name, key, new Uint8Array(value.length).fill(7)));
      const damaged = LedgerStore.open(path, { readOnly: true });
      await expect(verifyLedger(damaged)).rejects.toMatchObject({ code: "Corrupt" });
      await damaged.close();
      await damage((opened) => opened.put(name, key, value));
    }
    store = LedgerStore.open(path);
    await expect(verifyLedger(store)).resolves.toMatchObject({ blocks: 7 });
  });

  test("verifies what is appended meanwhile, too", async () => {
    const longer = sampleChain({ blockCount: 40, outputsPerBlock: 3 });
    const path = join(folder, "growing");
    await using writer = LedgerStore.open(path, { create: true });
    for (const data of longer.slice(0, 20)) writer.appendBlock(data);
    await using reader = LedgerStore.open(path, { readOnly: true });
    const rest = longer.slice(20);
    const summary = await verifyLedger(reader, {
      onProgress: () => {
        const data = rest.shift();
        if (data !== undefined) writer.appendBlock(data);
      },
    });
    expect(summary.blocks).toBeGreaterThan(20);
    await expect(verifyLedger(writer)).resolves.toMatchObject({ blocks: 40, txOuts: 120 });
  });

  test("notices a block that was replaced", async () => {
    await store.close();
    const tables = new LedgerTables(join(folder, "ledger"), false);
    const other = tables.get("blocks", integerKey(2n))!.slice();
    tables.write(() => tables.put("blocks", integerKey(3n), other));
    await tables.close();
    store = LedgerStore.open(join(folder, "ledger"));
    await expect(verifyLedger(store)).rejects.toMatchObject({ area: "chain", code: "BlockIndex" });
  });
});

async function serve(root: string): Promise<{ readonly url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    readFile(join(root, request.url ?? "")).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end("<html>not found</html>"),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
