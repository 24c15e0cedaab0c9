import { WireError } from "@mobilecoin-ts/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeArchiveBlock,
  decodeArchiveBlocks,
  encodeArchiveBlock,
  encodeArchiveBlocks,
} from "./archive-block.ts";
import { archiveBlockPath, mergedArchivePath } from "./archive-path.ts";
import type { BlockData } from "./block-data.ts";
import { LedgerError } from "./error.ts";
import { rebuilt, sampleChain } from "./testing/sample-chain.ts";

const chain = sampleChain({ blockCount: 3 });
const [origin, second, third] = chain as [BlockData, BlockData, BlockData];

describe("archive blocks", () => {
  test("read back as they were written", () => {
    for (const data of chain) expect(decodeArchiveBlock(encodeArchiveBlock(data))).toEqual(data);
    expect(decodeArchiveBlocks(encodeArchiveBlocks(chain))).toEqual(chain);
    expect(decodeArchiveBlocks(encodeArchiveBlocks([]))).toEqual([]);
    const bare = { ...second, signature: undefined, metadata: undefined };
    expect(decodeArchiveBlock(encodeArchiveBlock(bare))).toEqual(bare);
  });

  test.each<[string, BlockData, string]>([
    ["an unknown version", rebuilt(second, { version: 5 }), "UnsupportedBlockVersion"],
    ["another block's signature", { ...second, signature: third.signature }, "InvalidSignature"],
    ["metadata changed after signing", tampered(second), "InvalidSignature"],
    ["other contents", { ...second, contents: third.contents }, "InvalidContents"],
    [
      "a wrong id",
      { ...second, block: { ...second.block, id: third.block.id }, signature: undefined },
      "InvalidContents",
    ],
    [
      "an output without an amount",
      rebuilt(second, {}, { outputs: [{ ...second.contents.outputs[0]!, maskedAmount: undefined }] }),
      "ObjectMissing",
    ],
  ])("refuse %s", (_, data, code) => {
    expect(() => decodeArchiveBlock(encodeArchiveBlock(data))).toThrow(
      expect.objectContaining({ area: "conversion", code }),
    );
  });

  test("refuse what is empty", () => {
    expect(() => decodeArchiveBlock(new Uint8Array(0))).toThrow(
      expect.objectContaining({ code: "ObjectMissing" }),
    );
  });

  test("merged, must be a chain", () => {
    expect(() => decodeArchiveBlocks(encodeArchiveBlocks([origin, third]))).toThrow(
      expect.objectContaining({ code: "InvalidContents", data: { index: 2n } }),
    );
  });

  test("altered anywhere, are refused with a typed error or differ only where nothing is signed", () => {
    const bytes = encodeArchiveBlock(second);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
        const altered = bytes.with(position, bytes[position]! ^ change);
        try {
          const data = decodeArchiveBlock(altered);
          expect(data.block).toEqual(second.block);
          expect(data.contents).toEqual(second.contents);
        } catch (error) {
          expect(error instanceof LedgerError || error instanceof WireError).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});

function tampered(data: BlockData): BlockData {
  const metadata = data.metadata!;
  return {
    ...data,
    metadata: { ...metadata, contents: { ...metadata.contents, responderId: "elsewhere:1" } },
  };
}

describe("archive paths", () => {
  test("of merged files start at a multiple of their size", () => {
    expect(mergedArchivePath(100n, 200n)).toBe("merged-100/00/00/00/00/00/00/00/00000000000000c8.pb");
    expect(() => mergedArchivePath(100n, 150n)).toThrow(RangeError);
    expect(() => archiveBlockPath(1n << 64n)).toThrow(RangeError);
    expect(() => archiveBlockPath(-1n)).toThrow(RangeError);
  });
});
