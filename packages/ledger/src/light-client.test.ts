import { describe, expect, test } from "vitest";
import type { BlockData } from "./block-data.ts";
import { type BlockMetadata, signBlockMetadata } from "./block-metadata.ts";
import {
  formatLightClientConfig,
  type LightClientConfig,
  LightClientVerifier,
  parseLightClientConfig,
  verifyBlockIdSignatures,
} from "./light-client.ts";
import type { QuorumSet } from "./quorum-set.ts";
import { sampleChain } from "./testing/sample-chain.ts";

const [, second, third] = sampleChain({ blockCount: 3 }) as [BlockData, BlockData, BlockData];
const seed = (node: number) => new Uint8Array(32).fill(node);

function metadataOf(data: BlockData, node: number): BlockMetadata {
  return signBlockMetadata({ ...data.metadata!.contents, blockId: data.block.id }, seed(node));
}

function setOf(threshold: number, ...nodes: (number | QuorumSet)[]): QuorumSet {
  return {
    threshold,
    members: nodes.map((node) =>
      typeof node === "number"
        ? { kind: "node", node: { responderId: `n${node}:1`, publicKey: metadataOf(second, node).nodeKey } }
        : { kind: "innerSet", innerSet: node },
    ),
  };
}

const config: LightClientConfig = {
  trustedValidatorSet: setOf(2, 1, 2, setOf(1, 3, 4)),
  trustedValidatorSetStartBlock: 2n,
  historicalValidatorSets: [{ start: 1n, end: 2n, validators: setOf(1, 9) }],
  knownValidBlockIds: [],
};
const client = new LightClientVerifier(config);
const quorum = [metadataOf(third, 1), metadataOf(third, 4)];

describe("light client", () => {
  test.each<[string, number[], boolean]>([
    ["two nodes", [1, 2], true],
    ["a node and an inner set", [2, 3], true],
    ["an inner set alone, however full", [3, 4], false],
    ["one node twice", [1, 1], false],
    ["strangers", [7, 8], false],
    ["nobody", [], false],
  ])("counts %s", (_, nodes, holds) => {
    const verify = () =>
      verifyBlockIdSignatures(
        config.trustedValidatorSet,
        third.block.id,
        nodes.map((node) => metadataOf(third, node)),
      );
    if (holds) expect(verify).not.toThrow();
    else expect(verify).toThrow(expect.objectContaining({ code: "NotAQuorum" }));
  });

  test("fails all for one bad metadata", () => {
    const wrongBlock = [...quorum, metadataOf(second, 2)];
    expect(() => verifyBlockIdSignatures(config.trustedValidatorSet, third.block.id, wrongBlock)).toThrow(
      expect.objectContaining({ code: "BlockIdMismatch" }),
    );
    const forged = { ...quorum[0]!, signature: quorum[1]!.signature };
    expect(() =>
      verifyBlockIdSignatures(config.trustedValidatorSet, third.block.id, [...quorum, forged]),
    ).toThrow(expect.objectContaining({ code: "BlockMetadataSignature" }));
  });

  test("chooses validators by block index", () => {
    expect(() => client.verifyBlock(third.block, quorum)).not.toThrow();
    expect(() => client.verifyBlock(second.block, [metadataOf(second, 9)])).not.toThrow();
    const later = new LightClientVerifier({ ...config, trustedValidatorSetStartBlock: 3n });
    expect(() => later.verifyBlock(third.block, [metadataOf(third, 9)])).toThrow(
      expect.objectContaining({ code: "NoMatchingValidatorSet", data: { index: 2n } }),
    );
    const none = new LightClientVerifier({ ...config, historicalValidatorSets: [] });
    expect(() => none.verifyBlock(second.block, [metadataOf(second, 9)])).toThrow(
      expect.objectContaining({ code: "NoMatchingValidatorSet", data: { index: 1n } }),
    );
  });

  test("believes known ids without signatures, but only for the right block", () => {
    const knowing = new LightClientVerifier({ ...config, knownValidBlockIds: [third.block.id] });
    expect(() => knowing.verifyBlock(third.block, [])).not.toThrow();
    expect(() => knowing.verifyBlock({ ...third.block, index: 9n }, [])).toThrow(
      expect.objectContaining({ code: "InvalidBlockId" }),
    );
  });

  test("verifies contents and outputs", () => {
    const { block, contents } = third;
    expect(() => client.verifyTxOutsInBlock(contents.outputs, block, contents, quorum)).not.toThrow();
    expect(() => client.verifyBlockAndContents(block, second.contents, quorum)).toThrow(
      expect.objectContaining({ code: "BlockContentHashMismatch" }),
    );
    expect(() => client.verifyTxOutsInBlock(second.contents.outputs, block, contents, quorum)).toThrow(
      expect.objectContaining({ code: "TxOutNotFound" }),
    );
  });

  test("verifies one block from several sources", () => {
    const from = (node: number): BlockData => ({ ...third, metadata: metadataOf(third, node) });
    expect(() => client.verifyBlockData([from(1), from(2), { ...third, metadata: undefined }])).not.toThrow();
    expect(() => client.verifyBlockData([])).toThrow(expect.objectContaining({ code: "NoBlockData" }));
    expect(() => client.verifyBlockData([from(1), second])).toThrow(
      expect.objectContaining({ code: "BlockDataMismatch" }),
    );
  });

  test("reads the configuration it writes", () => {
    const text = formatLightClientConfig({ ...config, knownValidBlockIds: [third.block.id] });
    expect(parseLightClientConfig(text)).toEqual({ ...config, knownValidBlockIds: [third.block.id] });
  });

  test("keeps every digit of block indices", () => {
    const end = 2n ** 64n - 1n;
    const historicalValidatorSets = [{ ...config.historicalValidatorSets[0]!, end }];
    const text = formatLightClientConfig({ ...config, historicalValidatorSets });
    expect(text).toContain('"end": 18446744073709551615');
    expect(parseLightClientConfig(text).historicalValidatorSets[0]!.end).toBe(end);
    expect(() => parseLightClientConfig(text.replace("551615", "551616"))).toThrow(
      expect.objectContaining({ code: "InvalidConfig" }),
    );
  });

  test.each([
    ["{", "is not JSON"],
    ["[]", "configuration"],
    [formatLightClientConfig(config).replace('"threshold": 2', '"threshold": -2'), "threshold"],
    [formatLightClientConfig(config).replace(/"public_key": "[^"]+"/, '"public_key": "AAAA"'), "public_key"],
    [formatLightClientConfig(config).replace('"start": 1', '"start": "1"'), "start"],
    [
      formatLightClientConfig(config).replace(
        '"known_valid_block_ids": []',
        '"known_valid_block_ids": ["00"]',
      ),
      "known_valid",
    ],
  ])("refuses a bad configuration, naming the place", (text, place) => {
    expect(() => parseLightClientConfig(text)).toThrow(
      expect.objectContaining({ code: "InvalidConfig", message: expect.stringContaining(place) }),
    );
  });
});
