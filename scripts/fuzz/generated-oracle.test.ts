import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import {
  blockCodec,
  blockContentsCodec,
  blockDataCodec,
  blockMetadataCodec,
  blockSignatureCodec,
} from "@mobilecoin-ts/ledger";
import {
  mintConfigTxCodec,
  mintTxCodec,
  receiptCodec,
  signedContingentInputCodec,
  signerSetCodec,
  txCodec,
  txOutCodec,
  validatedMintConfigTxCodec,
} from "@mobilecoin-ts/transaction";
import type { Codec } from "@mobilecoin-ts/wire";
import { describe, expect, test } from "vitest";
import {
  ArchiveBlockV1Schema,
  BlockContentsSchema,
  BlockMetadataSchema,
  BlockSchema,
  BlockSignatureSchema,
} from "../../packages/wire/src/gen/blockchain_pb.ts";
import {
  Ed25519SignerSetSchema,
  MintConfigTxSchema,
  MintTxSchema,
  ReceiptSchema,
  SignedContingentInputSchema,
  TxOutSchema,
  TxSchema,
  ValidatedMintConfigTxSchema,
} from "../../packages/wire/src/gen/external_pb.ts";
import { samplesOf } from "./corpus.ts";

/** Samples in wire form as the declared codec writes them. */
function wireForms<T>(codec: Codec<T>, schema: DescMessage): Uint8Array[] {
  const decode = (bytes: Uint8Array) => codec.decode(bytes, { form: "wire" });
  return samplesOf(schema, decode).map((bytes) => codec.encode(decode(bytes), "wire"));
}

/** Tags of the outermost fields, in the order they stand, repetitions once. */
function tagOrder(bytes: Uint8Array): number[] {
  const reader = new BinaryReader(bytes);
  const tags: number[] = [];
  while (reader.pos < reader.len) {
    const [tag, wireType] = reader.tag();
    if (tags.at(-1) !== tag) tags.push(tag);
    reader.skip(wireType, tag);
  }
  return tags;
}

/** The declared codec and the generated code read what the other writes, nothing unknown, nothing lost. */
function agreement<T>(name: string, codec: Codec<T>, schema: DescMessage) {
  test(name, () => {
    for (const own of wireForms(codec, schema)) {
      const generated = fromBinary(schema, own);
      expect(generated.$unknown).toBeUndefined();
      const written = toBinary(schema, generated);
      expect(written.length).toBe(own.length);
      const back = codec.encode(codec.decode(written, { form: "wire" }), "wire");
      expect(bytesToHex(back)).toBe(bytesToHex(own));
    }
  });
}

describe("declared codecs and generated code read each other", () => {
  agreement("TxOut", txOutCodec, TxOutSchema);
  agreement("Tx", txCodec, TxSchema);
  agreement("SignedContingentInput", signedContingentInputCodec, SignedContingentInputSchema);
  agreement("Receipt", receiptCodec, ReceiptSchema);
  agreement("Ed25519SignerSet", signerSetCodec, Ed25519SignerSetSchema);
  agreement("MintTx", mintTxCodec, MintTxSchema);
  agreement("MintConfigTx", mintConfigTxCodec, MintConfigTxSchema);
  agreement("ValidatedMintConfigTx", validatedMintConfigTxCodec, ValidatedMintConfigTxSchema);
  agreement("Block", blockCodec, BlockSchema);
  agreement("BlockContents", blockContentsCodec, BlockContentsSchema);
  agreement("BlockSignature", blockSignatureCodec, BlockSignatureSchema);
  agreement("BlockMetadata", blockMetadataCodec, BlockMetadataSchema);
  // BlockData has the fields of an archive block's first version.
  agreement("BlockData", blockDataCodec, ArchiveBlockV1Schema);
});

test("the wire form has the reference's order of fields where it is not that of the tags", () => {
  for (const bytes of wireForms(txOutCodec, TxOutSchema)) {
    expect(tagOrder(bytes).join()).toMatch(/^2,3,4(,5)?(,[16])?$/);
  }
  for (const bytes of wireForms(signerSetCodec, Ed25519SignerSetSchema)) {
    expect(tagOrder(bytes).join()).toMatch(/^(1,?)?(3,?)?2?$/);
  }
  for (const bytes of wireForms(blockMetadataCodec, BlockMetadataSchema)) {
    const { contents } = blockMetadataCodec.decode(bytes, { form: "wire" });
    const evidence = { verificationReport: "3", dcapEvidence: "5" };
    const last =
      contents.attestationEvidence === undefined ? "" : evidence[contents.attestationEvidence.case];
    const reader = new BinaryReader(bytes);
    expect(reader.tag()[0]).toBe(1);
    const name = contents.responderId === "" ? "" : "4";
    expect(tagOrder(reader.bytes()).join()).toBe(["1", "2", name, last].filter(Boolean).join());
  }
});
