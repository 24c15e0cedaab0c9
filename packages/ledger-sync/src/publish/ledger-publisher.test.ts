import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { archiveBlockPath, encodeArchiveBlock, mergedArchivePath } from "@mobilecoin-ts/ledger";
import { LedgerStore, openArchives } from "@mobilecoin-ts/ledger/store";
import S3rver from "s3rver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveSource } from "../sources/contents-source.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { sampleChain } from "../testing/sample-chain.ts";
import { type ArchiveDestination, openDestination } from "./destination.ts";
import { LedgerPublisher } from "./ledger-publisher.ts";

const chain = sampleChain(9);
let folder: string;
let store: LedgerStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-publisher-"));
  store = LedgerStore.open(join(folder, "ledger"), { create: true });
  for (const data of chain.slice(0, 7)) store.appendBlock(data);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const archive = () => join(folder, "archive");
const folderDestination = () => openDestination(pathToFileURL(archive()).href);
const mergeBuckets = [0n, 1n, 3n];

describe("publishing to a folder", () => {
  test("writes single and merged files, and goes on where it ended", async () => {
    const destination = folderDestination();
    expect(await new LedgerPublisher({ store, destination, mergeBuckets }).publishNew()).toBe(7);
    expect(existsSync(join(archive(), mergedArchivePath(3n, 3n)))).toBe(true);
    expect(existsSync(join(archive(), mergedArchivePath(3n, 6n)))).toBe(false);
    store.appendBlock(chain[7]!);
    store.appendBlock(chain[8]!);
    expect(await new LedgerPublisher({ store, destination, mergeBuckets }).publishNew()).toBe(2);
    expect(await Array.fromAsync(openArchives([archive()]).blocks())).toEqual(chain);
  });

  test("follows the ledger until it is stopped", async () => {
    const stop = new AbortController();
    const published: bigint[] = [];
    const publisher = new LedgerPublisher({
      store,
      destination: folderDestination(),
      clock: new FakeClock(),
      onPublished: (index) => {
        published.push(index);
        if (index === 6n) store.appendBlock(chain[7]!);
        if (index === 7n) setTimeout(() => store.appendBlock(chain[8]!), 60);
        if (index === 8n) stop.abort();
      },
    });
    await publisher.run(stop.signal);
    expect(published).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  });

  test("begins at the origin, at what comes, or where the state file says", async () => {
    const destination = folderDestination();
    const stateFile = join(folder, "state.json");
    const publish = (startFrom: "zero" | "next" | "last") =>
      new LedgerPublisher({ store, destination, startFrom, stateFile }).publishNew();
    expect(await publish("last")).toBe(7);
    expect(readFileSync(stateFile, "utf8")).toBe('{"next_block":7}\n');
    expect(await publish("last")).toBe(0);
    expect(await publish("next")).toBe(0);
    expect(await publish("zero")).toBe(7);
    store.appendBlock(chain[7]!);
    expect(await publish("last")).toBe(1);
    writeFileSync(stateFile, '{"next_block":99}');
    await expect(publish("last")).rejects.toMatchObject({ area: "distribution", code: "StateFile" });
    writeFileSync(stateFile, "{}");
    await expect(publish("last")).rejects.toMatchObject({ code: "StateFile" });
    await expect(
      new LedgerPublisher({ store, destination, startFrom: "last" }).publishNew(),
    ).rejects.toMatchObject({ code: "StateFile" });
  });

  test("leaves an archive of another chain alone", async () => {
    const destination = folderDestination();
    await new LedgerPublisher({ store, destination }).publishNew();
    const other = sampleChain(7, { seed: 9 })[6]!;
    await destination.write(archiveBlockPath(6n), encodeArchiveBlock(other));
    const publish = () => new LedgerPublisher({ store, destination }).publishNew();
    await expect(publish()).rejects.toMatchObject({ code: "DestinationMismatch" });
    await destination.write(archiveBlockPath(6n), new Uint8Array(0));
    await expect(publish()).rejects.toMatchObject({ code: "DestinationMismatch" });
  });

  test("interrupted anywhere, is completed by the next run", async () => {
    for (let writes = 0; writes < 10; writes++) {
      const inner = openDestination(pathToFileURL(join(folder, `archive-${writes}`)).href);
      let left = writes;
      const failing: ArchiveDestination = {
        ...inner,
        write: async (path, bytes) => {
          if (left-- === 0) throw new Error("killed");
          await inner.write(path, bytes);
        },
      };
      await new LedgerPublisher({ store, destination: failing, mergeBuckets }).publishNew().catch(() => {});
      await new LedgerPublisher({ store, destination: inner, mergeBuckets }).publishNew();
      for (const path of [mergedArchivePath(3n, 0n), mergedArchivePath(3n, 3n), archiveBlockPath(6n)]) {
        expect(await inner.exists(path)).toBe(true);
      }
    }
  });
});

describe("publishing to an S3-compatible store", () => {
  const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

  async function startStore(): Promise<{ readonly url: string; close(): Promise<void> }> {
    const server = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory: join(folder, "s3"),
      configureBuckets: [{ name: "blocks", configs: [] }],
    });
    const { port } = await server.run();
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  test("writes what readers without credentials then read", async () => {
    const s3 = await startStore();
    try {
      const url = `s3://blocks/node1/v1?region=eu-central-1&endpoint=${s3.url}`;
      const destination = openDestination(url, { credentials });
      expect(await destination.exists(archiveBlockPath(0n))).toBe(false);
      expect(await destination.read(archiveBlockPath(0n))).toBeUndefined();
      expect(await new LedgerPublisher({ store, destination, mergeBuckets }).publishNew()).toBe(7);
      expect(await destination.exists(mergedArchivePath(3n, 3n))).toBe(true);
      const reader = archiveSource(url, { mergeBuckets: [3n] });
      const read = await reader.fetchBlock(3n, undefined, new AbortController().signal);
      expect(read).toEqual(chain[3]);
      store.appendBlock(chain[7]!);
      expect(await new LedgerPublisher({ store, destination, mergeBuckets }).publishNew()).toBe(1);
      expect(await destination.read(archiveBlockPath(7n))).toEqual(encodeArchiveBlock(chain[7]!));
    } finally {
      await s3.close();
    }
  });

  test("waits for a store that is away, and is refused with a wrong key", async () => {
    const s3 = await startStore();
    let refusals = 0;
    let away = 3;
    const flaky: typeof fetch = async (input, init) => {
      if (away-- > 0) throw new TypeError("no connection");
      const response = await fetch(input, init);
      if (response.status === 403) refusals += 1;
      return response;
    };
    try {
      const url = `s3://blocks/x?endpoint=${s3.url}`;
      const destination = openDestination(url, { credentials, fetch: flaky });
      expect(await new LedgerPublisher({ store, destination }).publishNew()).toBe(7);
      expect(away).toBeLessThan(0);
      const stop = new AbortController();
      const wrong = openDestination(url, {
        credentials: { accessKeyId: "STRANGER", secretAccessKey: "other" },
        fetch: flaky,
      });
      const write = wrong.write("a", new Uint8Array(3), stop.signal);
      while (refusals < 3) await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort(new Error("stopped"));
      await expect(write).rejects.toThrow("stopped");
    } finally {
      await s3.close();
    }
  });
});

test.each([
  ["no url", "UrlParse"],
  ["ftp://host/x", "UnknownScheme"],
  ["file:///", "MissingPath"],
  ["s3:///x", "MissingPath"],
  ["s3://bucket/x?region=Ä", "InvalidS3Region"],
  ["s3://bucket/x?endpoint=host", "UrlParse"],
])("the destination %s is refused", (url, code) => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  expect(() => openDestination(url, { credentials })).toThrow(expect.objectContaining({ code }));
});

test("archives are read from files, http and s3 URLs only", () => {
  expect(() => archiveSource("gopher://x/")).toThrow(expect.objectContaining({ code: "UnknownScheme" }));
  expect(() => archiveSource("nothing")).toThrow(expect.objectContaining({ code: "UrlParse" }));
});
