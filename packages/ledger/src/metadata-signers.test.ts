import { bytesToHex, encodeEd25519PublicDer, encodePem } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import type { BlockData } from "./block-data.ts";
import { type MetadataSigners, parseMetadataSigners } from "./metadata-signers.ts";
import { sampleChain } from "./testing/sample-chain.ts";

const [, second, third] = sampleChain({ blockCount: 3 }) as [BlockData, BlockData, BlockData];
const metadata = second.metadata!;
const hex = bytesToHex(metadata.nodeKey);
const pem = encodePem("PUBLIC KEY", encodeEd25519PublicDer(metadata.nodeKey));

const outcome = (signers: MetadataSigners, data = second, index = data.block.index) => {
  try {
    signers.validate(data.metadata!, index);
    return "valid";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("metadata signers", () => {
  test.each([
    ["hex in TOML", "signers.toml", `[[node]]\npub_key = "${hex}"\nfirst_block_index = 0\n`],
    ["PEM in TOML", "signers.toml", `[[node]]\npub_key = """${pem}"""\nfirst_block_index = 0\n`],
    [
      "hex in JSON under older names",
      "s.json",
      JSON.stringify({ configs: [{ message_signing_pub_key: hex, first_block_index: 0 }] }),
    ],
    [
      "a PEM file",
      "s.json",
      JSON.stringify({ node: [{ pub_key: " key.pem ", first_block_index: 0, last_block_index: null }] }),
    ],
  ])("reads %s", (_, name, text) => {
    const signers = parseMetadataSigners(name, text, (path) => (path === "key.pem" ? pem : undefined));
    expect(outcome(signers)).toBe("valid");
    expect(outcome(signers, third)).toBe("UnknownPubKey");
  });

  test("keeps to the ranges of a key, both ends included", () => {
    const node = [
      { pub_key: hex, first_block_index: 5, last_block_index: 6 },
      { pub_key: hex, first_block_index: 9 },
    ];
    const signers = parseMetadataSigners("s.json", JSON.stringify({ node }));
    const indices = [4n, 5n, 6n, 7n, 9n, 1000n];
    expect(indices.map((index) => outcome(signers, second, index))).toEqual([
      "InvalidPubKey",
      "valid",
      "valid",
      "InvalidPubKey",
      "valid",
      "valid",
    ]);
  });

  test("refuses what was changed after signing", () => {
    const signers = parseMetadataSigners(
      "s.json",
      JSON.stringify({ node: [{ pub_key: hex, first_block_index: 0 }] }),
    );
    const changed = { ...metadata, contents: { ...metadata.contents, blockId: third.block.id } };
    expect(outcome(signers, { ...second, metadata: changed })).toBe("Signature");
  });

  test.each([
    ["an unknown extension", "signers.yaml", "", "UnrecognizedExtension"],
    ["broken TOML", "s.toml", "[[node", "InvalidConfig"],
    ["broken JSON", "s.json", "{", "InvalidConfig"],
    ["no list", "s.json", "{}", "InvalidConfig"],
    [
      "a negative index",
      "s.json",
      JSON.stringify({ node: [{ pub_key: hex, first_block_index: -1 }] }),
      "InvalidConfig",
    ],
    [
      "a key that is none",
      "s.json",
      JSON.stringify({ node: [{ pub_key: "key", first_block_index: 0 }] }),
      "InvalidPubKeyValue",
    ],
    [
      "hex that is no key",
      "s.json",
      JSON.stringify({ node: [{ pub_key: "02".repeat(32), first_block_index: 0 }] }),
      "InvalidPubKeyValue",
    ],
    [
      "a private key",
      "s.json",
      JSON.stringify({ node: [{ pub_key: pem.replaceAll("PUBLIC", "PRIVATE"), first_block_index: 0 }] }),
      "InvalidPemTag",
    ],
  ])("refuses %s", (_, name, text, code) => {
    expect(() => parseMetadataSigners(name, text)).toThrow(expect.objectContaining({ code }));
  });
});
