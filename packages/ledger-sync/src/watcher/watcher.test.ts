import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AttestationEvidence,
  archiveBlockPath,
  encodeArchiveBlock,
  MetadataSigners,
} from "@mobilecoin-ts/ledger";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fileDestination } from "../publish/file-destination.ts";
import { archiveSource } from "../sources/contents-source.ts";
import type { EvidenceSource } from "../sources/evidence-source.ts";
import { serveArchive } from "../testing/archive-server.ts";
import { fakeArchive, never } from "../testing/fake-sources.ts";
import { sampleChain } from "../testing/sample-chain.ts";
import { Watcher, type WatcherOptions } from "./watcher.ts";
import { WatcherDb } from "./watcher-db.ts";

const chain = sampleChain(6);
let folder: string;
let db: WatcherDb;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watcher-"));
  db = new WatcherDb(join(folder, "db"), ["a/", "b/"]);
});

afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sample blocks have evidence that says nothing: here it vouches for whoever signed. */
const judgeAll = (signers: readonly (Uint8Array | undefined)[]) => {
  let next = 1;
  return () => signers[next++]!;
};
const signersOf = (blocks: typeof chain) => blocks.map(({ signature }) => signature?.signer);
const watch = (options: Omit<WatcherOptions, "db">) => new Watcher({ db, ...options }).syncOnce();

test("an honest archive leaves signatures, timestamps and no violations", async () => {
  const sources = [fakeArchive("a/", chain)];
  expect(await watch({ sources, judgeEvidence: judgeAll(signersOf(chain)) })).toBe(5);
  expect([...db.violations()]).toEqual([]);
  expect(db.lastSynced("a/")).toBe(5n);
  expect(db.signatures(3n)).toEqual([
    { sourceUrl: "a/", archiveFilename: archiveBlockPath(3n), signature: chain[3]!.signature },
  ]);
  expect(db.blockTimestamp(3n, ["a/"])).toEqual({ result: "TimestampFound", timestamp: 3n });
  expect(db.blockTimestamp(0n, ["a/"]).result).toBe("BlockIndexOutOfBounds");
  expect(db.blockTimestamp(9n, ["a/"]).result).toBe("WatcherBehind");
});

test("each broken rule is recorded, and the reading goes on", async () => {
  const other = sampleChain(6, { seed: 9 });
  const lying = chain.map((data, i) => (i === 3 ? other[3]! : data));
  lying[4] = { ...lying[4]!, metadata: chain[1]!.metadata };
  lying[5] = { ...lying[5]!, metadata: undefined };
  const judgeEvidence = () => new Uint8Array(32);
  await watch({ sources: [fakeArchive("a/", chain)] });
  const sources = [fakeArchive("a/", chain), fakeArchive("b/", lying)];
  await watch({ sources, judgeEvidence, metadataSigners: new MetadataSigners() });
  const kinds = [...db.violations()].map(({ blockIndex, kind }) => `${blockIndex} ${kind}`);
  for (const expected of [
    "1 SignerNotInEvidence",
    "1 MetadataSigner",
    "3 ParentMismatch",
    "3 BlockMismatch",
    "4 ParentMismatch",
    "4 MetadataMismatch",
    "5 EvidenceMissing",
  ]) {
    expect(kinds).toContain(expected);
  }
});

test("evidence that does not hold is recorded with its reason", async () => {
  const judgeEvidence = () => {
    throw new Error("quote: found a debug enclave");
  };
  await watch({ sources: [fakeArchive("a/", chain.slice(0, 2))], judgeEvidence });
  expect([...db.violations()]).toEqual([
    { blockIndex: 1n, sourceUrl: "a/", kind: "EvidenceInvalid", detail: "quote: found a debug enclave" },
  ]);
});

test("a bad signature stalls its source, once recorded; others go on, and it resumes when mended", async () => {
  const archive = join(folder, "archive");
  for (const data of chain)
    await fileDestination(archive).write(archiveBlockPath(data.block.index), encodeArchiveBlock(data));
  const forged = {
    ...chain[3]!,
    signature: { ...chain[3]!.signature!, signature: chain[2]!.signature!.signature },
  };
  writeFileSync(join(archive, archiveBlockPath(3n)), encodeArchiveBlock(forged));
  const source = archiveSource(`${pathToFileURL(archive).href}/`, { mergeBuckets: [] });
  const sources = [source, fakeArchive("b/", chain)];
  await watch({ sources });
  await watch({ sources });
  expect(db.lastSynced(source.name)).toBe(2n);
  expect(db.lastSynced("b/")).toBe(5n);
  const found = [...db.violations()];
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ blockIndex: 3n, kind: "InvalidBlock" });
  writeFileSync(join(archive, archiveBlockPath(3n)), encodeArchiveBlock(chain[3]!));
  await db.close();
  db = new WatcherDb(join(folder, "db"), ["a/"]);
  await watch({ sources });
  expect(db.lastSynced(source.name)).toBe(5n);
});

test("archives over HTTP that truncate, drop or refuse yield nothing", async () => {
  const archive = join(folder, "archive");
  for (const data of chain)
    await fileDestination(archive).write(archiveBlockPath(data.block.index), encodeArchiveBlock(data));
  await using truncating = await serveArchive(archive, (bytes) => bytes.subarray(0, bytes.length / 2));
  await using dropping = await serveArchive(archive, () => "drop");
  await using refusing = await serveArchive(archive, () => 500);
  await using honest = await serveArchive(archive);
  const sources = [truncating, dropping, refusing, honest].map(({ url }) => archiveSource(url));
  await watch({ sources });
  expect(sources.map(({ name }) => db.lastSynced(name))).toEqual([undefined, undefined, undefined, 5n]);
});

test("a source that hangs does not hold up the others", async () => {
  const stop = new AbortController();
  const sources = [fakeArchive("a/", chain, never), fakeArchive("b/", chain)];
  const running = new Watcher({ db, sources }).run(stop.signal, 1);
  await vi.waitFor(() => expect(db.lastSynced("b/")).toBe(5n));
  stop.abort();
  await running;
  expect(db.lastSynced("a/")).toBeUndefined();
});

describe("signers that no metadata vouches for", () => {
  const bare = chain.map((data) => ({ ...data, metadata: undefined }));
  const signerAt = (index: number) => bare[index]!.signature!.signer;
  const shownFor = (signer: Uint8Array): AttestationEvidence => ({
    case: "dcapEvidence",
    value: {
      quote: Uint8Array.of(1),
      collateral: undefined,
      reportData: { nonce: new Uint8Array(16), key: new Uint8Array(32), customIdentity: signer },
    },
  });
  const askingFor = (ask: EvidenceSource): Pick<WatcherOptions, "sources" | "evidenceSources"> => ({
    sources: [fakeArchive("a/", bare.slice(0, 4))],
    evidenceSources: new Map([["a/", ask]]),
  });

  test("are asked for at the node, which can vouch for one", async () => {
    const shown = shownFor(signerAt(3));
    const judgeEvidence = () => signerAt(3);
    await watch({ ...askingFor(async () => shown), judgeEvidence });
    expect(db.queuedSigners("a/")).toEqual([]);
    expect(db.signers().map(({ evidence }) => evidence)).toEqual([[], [], [shown]]);
    const found = [...db.violations()].map(({ blockIndex, kind }) => `${blockIndex} ${kind}`);
    expect(found).toEqual(["1 EvidenceMissing", "2 EvidenceMissing"]);
  });

  test("stay queued while the node fails or shows nothing of use", async () => {
    const asked: string[] = [];
    const failing = async () => {
      asked.push("failing");
      throw new Error("no connection");
    };
    await watch(askingFor(failing));
    await watch(askingFor(async () => shownFor(new Uint8Array(0))));
    expect(db.queuedSigners("a/")).toHaveLength(3);
    await watch(askingFor(async () => shownFor(signerAt(1))));
    await watch(askingFor(failing));
    expect(asked).toEqual(["failing"]);
    expect([...db.violations()]).toEqual([]);
  });

  test("are recorded where the evidence does not hold", async () => {
    const judgeEvidence = () => {
      throw new Error("quote: found a debug enclave");
    };
    const one = { ...askingFor(async () => shownFor(signerAt(1))), maxBlockHeight: 1n };
    await watch({ ...one, judgeEvidence });
    expect([...db.violations()]).toMatchObject([{ blockIndex: 1n, kind: "EvidenceInvalid" }]);
  });
});
