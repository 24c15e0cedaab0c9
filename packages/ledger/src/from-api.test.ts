import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import type * as Api from "@mobilecoin-ts/wire/gen/blockchain_pb";
import { ArchiveBlockSchema } from "@mobilecoin-ts/wire/gen/blockchain_pb";
import { NodeSchema, QuorumSetMemberSchema, QuorumSetSchema } from "@mobilecoin-ts/wire/gen/quorum_set_pb";
import { describe, expect, test } from "vitest";
import { decodeArchiveBlock, encodeArchiveBlock } from "./archive-block.ts";
import type { BlockData } from "./block-data.ts";
import { signBlockMetadata } from "./block-metadata.ts";
import { sampleChain } from "./testing/sample-chain.ts";

const data = sampleChain({ blockCount: 2 })[1] as BlockData;

/** Decodes the archive block after a change to its message, which the store form could not express. */
function decodeChanged(change: (message: Api.ArchiveBlockV1) => void): BlockData {
  const message = fromBinary(ArchiveBlockSchema, encodeArchiveBlock(data));
  change(message.block.value!);
  return decodeArchiveBlock(toBinary(ArchiveBlockSchema, message));
}

const NO_POINT = new Uint8Array(32).fill(0xff);
const NO_ED25519_KEY = new Uint8Array(32).fill(2);

describe("archive messages", () => {
  test("that were not changed are read", () => {
    expect(decodeChanged(() => {})).toEqual(data);
  });

  test("with DCAP evidence are read into plain records", () => {
    const attestationEvidence = {
      case: "dcapEvidence",
      value: {
        quote: Uint8Array.of(1),
        collateral: {
          pckCrlIssuerChain: [Uint8Array.of(1), new Uint8Array(0)],
          rootCaCrl: Uint8Array.of(2),
          pckCrl: Uint8Array.of(3),
          tcbInfoIssuerChain: [],
          tcbInfo: "5",
          qeIdentityIssuerChain: [],
          qeIdentity: "",
        },
        reportData: { nonce: Uint8Array.of(4), key: Uint8Array.of(5), customIdentity: new Uint8Array(0) },
      },
    } as const;
    const metadata = signBlockMetadata(
      { ...data.metadata!.contents, attestationEvidence },
      new Uint8Array(32),
    );
    expect(decodeArchiveBlock(encodeArchiveBlock({ ...data, metadata }))).toEqual({ ...data, metadata });
    const bare = signBlockMetadata(
      {
        ...data.metadata!.contents,
        attestationEvidence: {
          case: "dcapEvidence",
          value: { quote: undefined, collateral: undefined, reportData: undefined },
        },
      },
      new Uint8Array(32),
    );
    expect(decodeArchiveBlock(encodeArchiveBlock({ ...data, metadata: bare })).metadata).toEqual(bare);
  });

  test.each<[string, (message: Api.ArchiveBlockV1) => void, string, string | undefined]>([
    ["without a block", (m) => void delete m.block, "ArrayCastError", "block.id"],
    ["without an id", (m) => void delete m.block!.id, "ArrayCastError", "block.id"],
    ["without a parent", (m) => void delete m.block!.parentId, "ArrayCastError", "block.parent_id"],
    ["without a root", (m) => void delete m.block!.rootElement, "ArrayCastError", "block.root_element"],
    [
      "without a root hash",
      (m) => void delete m.block!.rootElement!.hash,
      "ArrayCastError",
      "block.root_element.hash",
    ],
    [
      "with a root over a range that ends before it starts",
      (m) => void Object.assign(m.block!.rootElement!.range!, { from: 9n }),
      "Other",
      "block.root_element.range",
    ],
    ["without a hash", (m) => void delete m.block!.contentsHash, "ArrayCastError", "block.contents_hash"],
    ["without contents", (m) => void delete m.blockContents, "InvalidContents", undefined],
    [
      "with an empty key image",
      (m) => void Object.assign(m.blockContents!.keyImages[0]!, { data: new Uint8Array(0) }),
      "ArrayCastError",
      "block_contents.key_images[0]",
    ],
    [
      "with an output without hint",
      (m) => void delete m.blockContents!.outputs[1]!.eFogHint,
      "ArrayCastError",
      "block_contents.outputs[1].e_fog_hint",
    ],
    [
      "with a target key that is no point",
      (m) => void Object.assign(m.blockContents!.outputs[0]!.targetKey!, { data: NO_POINT }),
      "KeyCastError",
      "block_contents.outputs[0].target_key",
    ],
    [
      "with a public key that is no point",
      (m) => void Object.assign(m.blockContents!.outputs[0]!.publicKey!, { data: NO_POINT }),
      "KeyCastError",
      "block_contents.outputs[0].public_key",
    ],
    [
      "signed by what is no key",
      (m) => void Object.assign(m.signature!.signer!, { data: NO_ED25519_KEY }),
      "KeyCastError",
      "signature.signer",
    ],
    [
      "with an empty signature",
      (m) => void delete m.signature!.signature,
      "ArrayCastError",
      "signature.signature",
    ],
    [
      "with metadata about nothing",
      (m) => void delete m.metadata!.contents,
      "ArrayCastError",
      "metadata.contents.block_id",
    ],
    [
      "with metadata of a node without a key",
      (m) => void delete m.metadata!.nodeKey,
      "KeyCastError",
      "metadata.node_key",
    ],
    [
      "with metadata without a signature",
      (m) => void delete m.metadata!.signature,
      "ArrayCastError",
      "metadata.signature",
    ],
    [
      "with a quorum of nodes without keys",
      (m) => {
        const node = create(NodeSchema, { responderId: "a:1" });
        const member = create(QuorumSetMemberSchema, { member: { case: "node", value: node } });
        m.metadata!.contents!.quorumSet = create(QuorumSetSchema, { threshold: 1, members: [member] });
      },
      "KeyCastError",
      "metadata.contents.quorum_set.members[0].node",
    ],
    [
      "with a quorum of nodes without a port, whatever else is wrong with the metadata",
      (m) => {
        const node = create(NodeSchema, {
          responderId: "a",
          publicKey: { data: hexToBytes("02".repeat(32)) },
        });
        const inner = create(QuorumSetSchema, {
          threshold: 9,
          members: [create(QuorumSetMemberSchema, { member: { case: "node", value: node } })],
        });
        const member = create(QuorumSetMemberSchema, { member: { case: "innerSet", value: inner } });
        m.metadata!.contents!.quorumSet = create(QuorumSetSchema, { threshold: 1, members: [member] });
        m.metadata!.contents!.responderId = "";
        m.metadata!.contents!.attestationEvidence = { case: undefined };
      },
      "InvalidContents",
      undefined,
    ],
    [
      "with metadata without a quorum set, which is valid but not what was signed",
      (m) => void delete m.metadata!.contents!.quorumSet,
      "InvalidSignature",
      "metadata",
    ],
  ])("are refused %s", (_, change, code, field) => {
    expect(() => decodeChanged(change)).toThrow(expect.objectContaining({ area: "conversion", code }));
    if (field === undefined) return;
    expect(() => decodeChanged(change)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ field }) }),
    );
  });
});
