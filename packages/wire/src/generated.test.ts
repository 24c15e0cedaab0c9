import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Codec, f, fixedBytes, message } from "./codec.ts";
import { BlockMetadataContentsSchema } from "./gen/blockchain_pb.ts";
import { ProposeTxResult } from "./gen/consensus_common_pb.ts";
import {
  Ed25519SignerSetSchema,
  InputSecretSchema,
  SignatureRctBulletproofsSchema,
  TxPrefixSchema,
} from "./gen/external_pb.ts";
import { QuorumSetSchema } from "./gen/quorum_set_pb.ts";

// The generated code comes from the .proto files alone, so it is an oracle for the declared codecs. Bytes may differ
// in the order of fields, which no decoder minds; whole messages must not.

const key = fixedBytes("Ed25519Public", 32);
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);

/** Both decoders read what the other encoder wrote. */
function expectAgreement<T, Schema extends DescMessage>(
  codec: Codec<T>,
  schema: Schema,
  values: fc.Arbitrary<T>,
): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = codec.encode(value, "wire");
      const generated: MessageShape<Schema> = fromBinary(schema, bytes);
      expect(generated.$unknown).toBeUndefined();
      const written = toBinary(schema, generated);
      expect(written.length).toBe(bytes.length);
      expect(codec.decode(written, { form: "wire" })).toEqual(value);
    }),
  );
}

describe("declared codecs and generated code read each other", () => {
  test("signer sets, nested", () => {
    interface SignerSet {
      readonly individualSigners: readonly Uint8Array[];
      readonly multiSigners: readonly SignerSet[];
      readonly threshold: number;
    }
    const codec: Codec<SignerSet> = message<SignerSet>("Ed25519SignerSet", {
      individualSigners: f.repeated(1, key),
      multiSigners: f.repeated(3, () => codec),
      threshold: f.uint32(2, { required: true }),
    });
    const sets = (depth: number): fc.Arbitrary<SignerSet> =>
      fc.record({
        individualSigners: fc.array(keys, { maxLength: 3 }),
        multiSigners: depth === 0 ? fc.constant([]) : fc.array(sets(depth - 1), { maxLength: 2 }),
        threshold: u32,
      });
    expectAgreement(codec, Ed25519SignerSetSchema, sets(2));
  });

  test("quorum sets: a union of messages, responder ids bare", () => {
    type Member =
      | { readonly case: "node"; readonly value: { readonly responderId: string; readonly key: Uint8Array } }
      | { readonly case: "innerSet"; readonly value: QuorumSet };
    interface QuorumSet {
      readonly threshold: number;
      readonly members: readonly { readonly member: Member | undefined }[];
    }
    const node = message<Extract<Member, { case: "node" }>["value"]>("Node", {
      responderId: f.nestedString(1),
      key: f.message(2, key),
    });
    const member = message<{ readonly member: Member | undefined }>("QuorumSetMember", {
      member: f.union({
        node: f.message(1, node, { optional: true }),
        innerSet: f.message(2, () => codec, { optional: true }),
      }),
    });
    const codec: Codec<QuorumSet> = message<QuorumSet>("QuorumSet", {
      threshold: f.uint32(1, { required: true }),
      members: f.repeated(2, member),
    });
    const sets = (depth: number): fc.Arbitrary<QuorumSet> => {
      const nodes = fc.record({
        case: fc.constant("node" as const),
        value: fc.record({ responderId: fc.string({ unit: "grapheme" }), key: keys }),
      });
      const members: fc.Arbitrary<Member> =
        depth === 0
          ? nodes
          : fc.oneof(nodes, fc.record({ case: fc.constant("innerSet" as const), value: sets(depth - 1) }));
      return fc.record({
        threshold: u32,
        members: fc.array(fc.record({ member: fc.option(members, { nil: undefined }) }), { maxLength: 3 }),
      });
    };
    expectAgreement(codec, QuorumSetSchema, sets(2));
  });

  test("a union of a message and a number, default selected", () => {
    interface InputSecret {
      readonly keyData:
        | { readonly case: "onetimePrivateKey"; readonly value: Uint8Array }
        | { readonly case: "subaddressIndex"; readonly value: bigint }
        | undefined;
      readonly blinding: Uint8Array;
    }
    const codec = message<InputSecret>("InputSecret", {
      keyData: f.union({
        onetimePrivateKey: f.message(1, key, { optional: true }),
        subaddressIndex: f.fixed64(2, { optional: true }),
      }),
      blinding: f.message(4, key),
    });
    const secrets: fc.Arbitrary<InputSecret> = fc.record({
      keyData: fc.oneof(
        fc.constant(undefined),
        fc.record({ case: fc.constant("onetimePrivateKey" as const), value: keys }),
        fc.record({ case: fc.constant("subaddressIndex" as const), value: fc.oneof(fc.constant(0n), u64) }),
      ),
      blinding: keys,
    });
    expectAgreement(codec, InputSecretSchema, secrets);
  });

  test("packed numbers and repeated bytes", () => {
    interface Signature {
      readonly rangeProofs: readonly Uint8Array[];
      readonly rangeProofBytes: Uint8Array;
      readonly outputTokenIds: readonly bigint[];
    }
    const codec = message<Signature>("SignatureRctBulletproofs", {
      rangeProofBytes: f.bytes(3),
      rangeProofs: f.repeatedBytes(4),
      outputTokenIds: f.packedFixed64(6),
    });
    const signatures = fc.record({
      rangeProofBytes: fc.uint8Array(),
      rangeProofs: fc.array(fc.uint8Array()),
      outputTokenIds: fc.array(u64),
    });
    expectAgreement(codec, SignatureRctBulletproofsSchema, signatures);
  });

  test("varints and fixed-size numbers", () => {
    interface Prefix {
      readonly fee: bigint;
      readonly tombstoneBlock: bigint;
      readonly feeTokenId: bigint;
    }
    const codec = message<Prefix>("TxPrefix", {
      fee: f.uint64(3),
      tombstoneBlock: f.uint64(4),
      feeTokenId: f.fixed64(5),
    });
    expectAgreement(codec, TxPrefixSchema, fc.record({ fee: u64, tombstoneBlock: u64, feeTokenId: u64 }));
  });
});

describe("generated code", () => {
  test("holds oneofs as { case, value } and strings bare", () => {
    const contents = create(BlockMetadataContentsSchema, {
      responderId: "a:1",
      attestationEvidence: { case: "verificationReport", value: { httpBody: "{}" } },
    });
    const bytes = toBinary(BlockMetadataContentsSchema, contents);
    expect(fromBinary(BlockMetadataContentsSchema, bytes)).toEqual(contents);
  });

  test("has the reference's numbers of transaction errors", () => {
    expect(ProposeTxResult.ContainsSpentKeyImage).toBe(27);
    expect(ProposeTxResult.FeeMapDigestMismatch).toBe(55);
  });
});
