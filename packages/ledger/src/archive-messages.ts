import { type Codec, type Field, type FieldsOf, f, message, type UnionOf } from "@mobilecoin-ts/wire";
import type * as Chain from "@mobilecoin-ts/wire/gen/blockchain_pb";
import type * as External from "@mobilecoin-ts/wire/gen/external_pb";
import type * as Quorum from "@mobilecoin-ts/wire/gen/quorum_set_pb";

/*
 * Archive files as messages of the API, with every absent field seen as absent. The codecs of the records fill gaps with
 * defaults, as the store does; the generated code would see the gaps but bounds nothing.
 */

type Shape<Message> = Omit<Message, "$unknown">;

function api<Message extends { readonly $typeName: string }>(
  name: Message["$typeName"],
  fields: FieldsOf<Omit<Message, "$typeName" | "$unknown">>,
): Codec<Shape<Message>> {
  const all = { $typeName: f.constant(name), ...fields };
  return message<Shape<Message>>(name, all as FieldsOf<Shape<Message>>);
}

const some = <T>(tag: number, codec: Codec<T> | (() => Codec<T>)) =>
  f.message(tag, codec, { optional: true });

/** The generated types have lists that can be written to. */
function mutable<T>(field: Field<readonly T[]>): Field<T[]> {
  return {
    ...field,
    initial: () => [],
    read: (...reading) => field.read(...reading) as T[],
  };
}

const list = <T>(tag: number, codec: Codec<T> | (() => Codec<T>)) => mutable(f.repeated(tag, codec));
const byteStrings = (tag: number) => mutable(f.repeatedBytes(tag));

interface BytesMessage<Name extends string> {
  readonly $typeName: Name;
  data: Uint8Array;
}

function bytes<Name extends string>(name: Name): Codec<BytesMessage<Name>> {
  const fields = { $typeName: f.constant(name), data: f.bytes(1) };
  return message<BytesMessage<Name>>(name, fields as FieldsOf<BytesMessage<Name>>);
}

type NoCase = { case: undefined; value?: undefined };

/** The generated code says `{ case: undefined }` where no member of a oneof is set. */
function oneof<Values extends object>(
  members: {
    readonly [Case in keyof Values]: Field<Values[Case] | undefined>;
  },
): Field<UnionOf<Values> | NoCase> {
  type Union = UnionOf<Values>;
  const union: Field<Union | undefined> = f.union<Values>(members);
  const selected = (value: Union | NoCase) => (value.case === undefined ? undefined : (value as Union));
  return {
    tags: union.tags,
    isOneof: true,
    initial: () => ({ case: undefined }),
    write: (writer, value, order) => union.write(writer, selected(value), order),
    read: (reader, tag, wireType, current, state) =>
      union.read(reader, tag, wireType, selected(current), state) ?? { case: undefined },
  };
}

const compressedRistretto = bytes("external.CompressedRistretto");
const ed25519Public = bytes("external.Ed25519Public");
const ed25519Signature = bytes("external.Ed25519Signature");
const encryptedFogHint = bytes("external.EncryptedFogHint");
const blockId = bytes("blockchain.BlockID");

const maskedAmount = api<External.MaskedAmount>("external.MaskedAmount", {
  commitment: some(1, compressedRistretto),
  maskedValue: f.fixed64(2),
  maskedTokenId: f.bytes(3),
});

const txOut = api<External.TxOut>("external.TxOut", {
  maskedAmount: oneof({ maskedAmountV1: some(1, maskedAmount), maskedAmountV2: some(6, maskedAmount) }),
  targetKey: some(2, compressedRistretto),
  publicKey: some(3, compressedRistretto),
  eFogHint: some(4, encryptedFogHint),
  eMemo: some(5, bytes("external.EncryptedMemo")),
});

const multiSig = api<External.Ed25519MultiSig>("external.Ed25519MultiSig", {
  signatures: list(1, ed25519Signature),
});

const signerSet: Codec<Shape<External.Ed25519SignerSet>> = api<External.Ed25519SignerSet>(
  "external.Ed25519SignerSet",
  {
    individualSigners: list(1, ed25519Public),
    multiSigners: list<External.Ed25519SignerSet>(3, () => signerSet),
    threshold: f.uint32(2),
  },
);

const mintTx = api<External.MintTx>("external.MintTx", {
  prefix: some(
    1,
    api<External.MintTxPrefix>("external.MintTxPrefix", {
      tokenId: f.uint64(1),
      amount: f.uint64(2),
      viewPublicKey: some(3, compressedRistretto),
      spendPublicKey: some(4, compressedRistretto),
      nonce: f.bytes(5),
      tombstoneBlock: f.uint64(6),
      eFogHint: some(7, encryptedFogHint),
    }),
  ),
  signature: some(2, multiSig),
});

const mintConfig = api<External.MintConfig>("external.MintConfig", {
  tokenId: f.uint64(1),
  signerSet: some(2, signerSet),
  mintLimit: f.uint64(3),
});

const mintConfigTx = api<External.MintConfigTx>("external.MintConfigTx", {
  prefix: some(
    1,
    api<External.MintConfigTxPrefix>("external.MintConfigTxPrefix", {
      tokenId: f.uint64(1),
      configs: list(2, mintConfig),
      nonce: f.bytes(3),
      tombstoneBlock: f.uint64(4),
      totalMintLimit: f.uint64(5),
    }),
  ),
  signature: some(2, multiSig),
});

const validatedMintConfigTx = api<External.ValidatedMintConfigTx>("external.ValidatedMintConfigTx", {
  mintConfigTx: some(1, mintConfigTx),
  signerSet: some(2, signerSet),
});

const block = api<Chain.Block>("blockchain.Block", {
  id: some(1, blockId),
  version: f.uint32(2),
  parentId: some(3, blockId),
  index: f.uint64(4),
  cumulativeTxoCount: f.uint64(5),
  rootElement: some(
    6,
    api<External.TxOutMembershipElement>("external.TxOutMembershipElement", {
      range: some(1, api<External.Range>("external.Range", { from: f.uint64(1), to: f.uint64(2) })),
      hash: some(2, bytes("external.TxOutMembershipHash")),
    }),
  ),
  contentsHash: some(7, bytes("blockchain.BlockContentsHash")),
});

const blockContents = api<Chain.BlockContents>("blockchain.BlockContents", {
  keyImages: list(1, bytes("external.KeyImage")),
  outputs: list(2, txOut),
  validatedMintConfigTxs: list(3, validatedMintConfigTx),
  mintTxs: list(4, mintTx),
});

const blockSignature = api<Chain.BlockSignature>("blockchain.BlockSignature", {
  signature: some(1, ed25519Signature),
  signer: some(2, ed25519Public),
  signedAt: f.uint64(3),
});

const quorumSet: Codec<Shape<Quorum.QuorumSet>> = api<Quorum.QuorumSet>("quorum_set.QuorumSet", {
  threshold: f.uint32(1),
  members: list(
    2,
    api<Quorum.QuorumSetMember>("quorum_set.QuorumSetMember", {
      member: oneof({
        node: some(
          1,
          api<Quorum.Node>("quorum_set.Node", {
            responderId: f.string(1),
            publicKey: some(2, ed25519Public),
          }),
        ),
        innerSet: some<Quorum.QuorumSet>(2, () => quorumSet),
      }),
    }),
  ),
});

const verificationReport = api<External.VerificationReport>("external.VerificationReport", {
  sig: some(
    1,
    api<External.VerificationSignature>("external.VerificationSignature", { contents: f.bytes(1) }),
  ),
  chain: byteStrings(2),
  httpBody: f.string(3),
});

const dcapEvidence = api<External.DcapEvidence>("external.DcapEvidence", {
  quote: some(1, bytes("external.Quote3")),
  collateral: some(
    2,
    api<External.Collateral>("external.Collateral", {
      pckCrlIssuerChain: byteStrings(1),
      rootCaCrl: f.bytes(2),
      pckCrl: f.bytes(3),
      tcbInfoIssuerChain: byteStrings(4),
      tcbInfo: f.string(5),
      qeIdentityIssuerChain: byteStrings(6),
      qeIdentity: f.string(7),
    }),
  ),
  reportData: some(
    3,
    api<External.EnclaveReportDataContents>("external.EnclaveReportDataContents", {
      nonce: f.bytes(1),
      key: f.bytes(2),
      customIdentity: f.bytes(3),
    }),
  ),
});

const blockMetadata = api<Chain.BlockMetadata>("blockchain.BlockMetadata", {
  contents: some(
    1,
    api<Chain.BlockMetadataContents>("blockchain.BlockMetadataContents", {
      blockId: some(1, blockId),
      quorumSet: some(2, quorumSet),
      responderId: f.string(4),
      attestationEvidence: oneof({
        verificationReport: some(3, verificationReport),
        dcapEvidence: some(5, dcapEvidence),
      }),
    }),
  ),
  nodeKey: some(2, ed25519Public),
  signature: some(3, ed25519Signature),
});

/** A single archive file (03 section 2.8.1). Only for reading. */
export const archiveBlockMessage: Codec<Chain.ArchiveBlock> = api<Chain.ArchiveBlock>(
  "blockchain.ArchiveBlock",
  {
    block: oneof({
      v1: some(
        1,
        api<Chain.ArchiveBlockV1>("blockchain.ArchiveBlockV1", {
          block: some(1, block),
          blockContents: some(2, blockContents),
          signature: some(3, blockSignature),
          metadata: some(4, blockMetadata),
        }),
      ),
    }),
  },
);

/** A merged archive file. Only for reading. */
export const archiveBlocksMessage: Codec<Chain.ArchiveBlocks> = api<Chain.ArchiveBlocks>(
  "blockchain.ArchiveBlocks",
  { blocks: list(1, archiveBlockMessage) },
);
