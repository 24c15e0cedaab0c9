import { txOutMerkleLeaf } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { type Block, makeBlock, makeChildBlock } from "./block.ts";
import type { BlockData } from "./block-data.ts";
import { signBlock } from "./block-signature.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { rebuilt, sampleChain } from "./testing/sample-chain.ts";
import { ChainVerifier, verifyChain } from "./verify-chain.ts";

const chain = sampleChain({ blockCount: 4 });
const [origin, second, third] = chain as [BlockData, BlockData, BlockData, BlockData];

/** Gives every block the root element of the outputs before it, as a real network does. */
function withRootElements(
  blocks: readonly BlockData[],
  bend: (block: Block) => Block = (block) => block,
): BlockData[] {
  const tree = new MerkleTree();
  let previous: Block | undefined;
  return blocks.map((data) => {
    const block =
      previous === undefined
        ? data.block
        : bend(makeChildBlock(previous, data.block.version, data.contents, tree.rootElement()));
    previous = block;
    for (const output of data.contents.outputs) tree.push(txOutMerkleLeaf(output));
    return { ...data, block, signature: undefined, metadata: undefined };
  });
}

describe("chain verification", () => {
  test("accepts a chain from its origin and counts what it saw", async () => {
    const seen: bigint[] = [];
    const summary = await verifyChain(withRootElements(chain), {
      onProgress: ({ lastBlockIndex }) => seen.push(lastBlockIndex!),
    });
    expect(summary).toMatchObject({
      firstBlockIndex: 0n,
      lastBlockIndex: 3n,
      blocks: 4,
      txOuts: 8,
      keyImages: 3,
    });
    expect(summary.rootElements).toBe(3);
    expect(seen).toEqual([0n, 1n, 2n, 3n]);
  });

  test("accepts root elements that say nothing, as sample ledgers have", async () => {
    expect((await verifyChain(chain)).rootElements).toBe(0);
  });

  test("accepts a chain that begins in the middle", async () => {
    const summary = await verifyChain(chain.slice(2));
    expect([summary.firstBlockIndex, summary.signatures, summary.metadata]).toEqual([2n, 2, 2]);
  });

  test.each<[string, readonly BlockData[], string, bigint]>([
    ["a gap", [origin, third], "BlockIndex", 2n],
    ["another parent", [origin, rebuilt(second, { parentId: third.block.id })], "ParentBlockID", 1n],
    ["a first block with a parent", [rebuilt(origin, { parentId: third.block.id })], "ParentBlockID", 0n],
    ["a first block of another version", [rebuilt(origin, { version: 1 })], "BlockVersion", 0n],
    ["an unknown version", [origin, rebuilt(second, { version: 5 })], "BlockVersion", 1n],
    ["other contents", [origin, { ...second, contents: third.contents }], "ContentsHash", 1n],
    ["a wrong id", [origin, { ...second, block: { ...second.block, id: third.block.id } }], "BlockID", 1n],
    [
      "a count that does not add up",
      [origin, rebuilt(second, { cumulativeTxOutCount: 5n })],
      "CumulativeTxOutCount",
      1n,
    ],
    ["a wrong first count", [rebuilt(origin, { cumulativeTxOutCount: 5n })], "CumulativeTxOutCount", 0n],
    [
      "a double spend",
      [
        origin,
        second,
        {
          ...rebuilt(third, {}, { keyImages: second.contents.keyImages }),
          signature: undefined,
          metadata: undefined,
        },
      ],
      "KeyImageAlreadySpent",
      2n,
    ],
    [
      "an output twice",
      [origin, { ...rebuilt(second, {}, { outputs: origin.contents.outputs }), signature: undefined }],
      "DuplicateOutputPublicKey",
      1n,
    ],
    ["another's signature", [origin, { ...second, signature: third.signature }], "BlockSignature", 1n],
    ["another's metadata", [origin, { ...second, metadata: third.metadata }], "BlockMetadata", 1n],
  ])("names the block with %s", async (_, blocks, code, index) => {
    await expect(verifyChain(blocks)).rejects.toMatchObject({ area: "chain", code, data: { index } });
  });

  test("names the block with a wrong root element", async () => {
    const bent = withRootElements(chain, (block) =>
      block.index === 2n
        ? makeBlock(
            { ...block, rootElement: { ...block.rootElement, hash: new Uint8Array(32).fill(1) } },
            third.contents,
          )
        : block,
    );
    await expect(verifyChain(bent)).rejects.toMatchObject({ code: "RootElement", data: { index: 2n } });
  });

  test("refuses a version that goes back", async () => {
    const up = { ...rebuilt(second, { version: 1 }), signature: undefined, metadata: undefined };
    const down = { ...rebuilt(third, { parentId: up.block.id }), signature: undefined, metadata: undefined };
    await expect(verifyChain([origin, up, down])).rejects.toMatchObject({
      code: "BlockVersion",
      data: { index: 2n },
    });
  });

  test("stops when told", async () => {
    const controller = new AbortController();
    const stopped = verifyChain(chain, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  test("keeps what it verified before a bad block", () => {
    const verifier = new ChainVerifier();
    verifier.add(origin);
    expect(() => verifier.add(third)).toThrow();
    expect(verifier.summary.blocks).toBe(1);
    const seed = new Uint8Array(32).fill(3);
    const resigned = { ...second, signature: signBlock(second.block, seed, 5n) };
    verifier.add(resigned);
    expect(verifier.summary).toMatchObject({ blocks: 2, signatures: 2 });
  });
});
