import { describe, expect, test } from "vitest";
import { encodeArchiveBlock, encodeArchiveBlocks } from "./archive-block.ts";
import { ArchiveFetcher } from "./archive-fetcher.ts";
import { archiveBlockPath, mergedArchivePath } from "./archive-path.ts";
import { rebuilt, sampleChain } from "./testing/sample-chain.ts";

const chain = sampleChain({ blockCount: 5, outputsPerBlock: 1 });
const base = "https://archive.example/blocks";

/** An archive in memory that remembers what was asked of it. */
function archive(files: Readonly<Record<string, Uint8Array>>) {
  const asked: string[] = [];
  return {
    asked,
    fetchBytes: async (url: URL) => {
      asked.push(url.href);
      return files[url.href];
    },
  };
}

const single = (index: number, data = chain[index]!) => ({
  [`${base}/${archiveBlockPath(BigInt(index))}`]: encodeArchiveBlock(data),
});
const merged = (size: number, first: number) => ({
  [`${base}/${mergedArchivePath(BigInt(size), BigInt(first))}`]: encodeArchiveBlocks(
    chain.slice(first, first + size),
  ),
});

describe("archive fetcher", () => {
  test("reads many blocks with one request where a merged file begins", async () => {
    const { asked, fetchBytes } = archive({ ...merged(4, 0), ...single(4) });
    const fetcher = new ArchiveFetcher({ urls: [base], fetchBytes, mergeBuckets: [2n, 4n] });
    for (const [i, data] of chain.entries()) expect(await fetcher.block(BigInt(i))).toEqual(data);
    expect(asked).toEqual([
      `${base}/${mergedArchivePath(4n, 0n)}`,
      `${base}/${mergedArchivePath(4n, 4n)}`,
      `${base}/${mergedArchivePath(2n, 4n)}`,
      `${base}/${archiveBlockPath(4n)}`,
    ]);
    expect(await fetcher.block(5n)).toBeUndefined();
    const whole = new ArchiveFetcher({ urls: [base], fetchBytes, mergeBuckets: [4n] });
    expect(await Array.fromAsync(whole.blocks())).toEqual(chain);
    expect(await Array.fromAsync(whole.blocks(4n))).toEqual(chain.slice(4));
  });

  test("uses its sources in turn", async () => {
    const { asked, fetchBytes } = archive({});
    const fetcher = new ArchiveFetcher({ urls: ["https://a.example/", "https://b.example"], fetchBytes });
    for (const index of [1n, 2n, 3n]) await fetcher.block(index);
    expect(asked.map((url) => new URL(url).host)).toEqual(["a.example", "b.example", "a.example"]);
  });

  test("prefers single files to bad merged ones", async () => {
    const { fetchBytes } = archive({
      [`${base}/${mergedArchivePath(2n, 0n)}`]: Uint8Array.of(1, 2, 3),
      ...single(0),
    });
    const fetcher = new ArchiveFetcher({ urls: [base], fetchBytes, mergeBuckets: [2n] });
    expect(await fetcher.block(0n)).toEqual(chain[0]);
  });

  test.each([
    ["another block", single(1, chain[2])],
    ["no archive block", { [`${base}/${archiveBlockPath(1n)}`]: Uint8Array.of(60, 104, 116) }],
    ["an empty file", { [`${base}/${archiveBlockPath(1n)}`]: new Uint8Array(0) }],
  ])("refuses %s", async (_, files) => {
    const fetcher = new ArchiveFetcher({ urls: [base], ...archive(files) });
    await expect(fetcher.block(1n)).rejects.toMatchObject({ code: "InvalidBlockReceived" });
  });

  test("refuses a block other than the expected one, cached or not", async () => {
    const expected = rebuilt(chain[1]!, { cumulativeTxOutCount: 9n }).block;
    const files = { ...merged(2, 0), ...single(1) };
    const fetcher = new ArchiveFetcher({ urls: [base], ...archive(files), mergeBuckets: [2n] });
    await fetcher.block(0n);
    await expect(fetcher.block(1n, { expected })).rejects.toMatchObject({ code: "InvalidBlockReceived" });
    expect(await fetcher.block(1n, { expected: chain[1]!.block })).toEqual(chain[1]);
  });

  test("says what is wrong with its sources", () => {
    expect(() => new ArchiveFetcher({ urls: [] })).toThrow(
      expect.objectContaining({ code: "NoUrlsConfigured" }),
    );
    expect(() => new ArchiveFetcher({ urls: ["no url"] })).toThrow(
      expect.objectContaining({ code: "UrlParse" }),
    );
  });
});
