import { bytesToHex } from "@mobilecoin-ts/crypto";
import {
  type BlockData,
  blockCodec,
  blockContentsCodec,
  blockDataCodec,
  blockMetadataCodec,
  blockMetadataDigest,
  blockSignatureCodec,
  dcapEvidenceCodec,
  decodeArchiveBlock,
  decodeArchiveBlocks,
  encodeArchiveBlock,
  encodeArchiveBlocks,
  formatLightClientConfig,
  isBlockIdValid,
  isQuorumSetValid,
  LedgerError,
  makeChildBlock,
  makeOriginBlock,
  parseLightClientConfig,
  parseMetadataSigners,
  quorumSetCodec,
  requireBlockMetadata,
  signBlock,
  signBlockMetadata,
  verificationReportCodec,
} from "@mobilecoin-ts/ledger";
import { txOutCodec } from "@mobilecoin-ts/transaction";
import { WireError } from "@mobilecoin-ts/wire";
import {
  BlockContentsSchema,
  BlockMetadataSchema,
  BlockSchema,
  BlockSignatureSchema,
} from "../../../packages/wire/src/gen/blockchain_pb.ts";
import {
  DcapEvidenceSchema,
  TxOutSchema,
  VerificationReportSchema,
} from "../../../packages/wire/src/gen/external_pb.ts";
import { QuorumSetSchema } from "../../../packages/wire/src/gen/quorum_set_pb.ts";
import { ed25519Keys, points, randomBytes, recordSamplesOf } from "../corpus.ts";
import { messageTarget, refusesOnlyWith, type Target, textTarget } from "../target.ts";
import { mutateJson, mutateText } from "../text-mutation.ts";
import { codecTarget } from "./codec-target.ts";

const seed = randomBytes(32);
const outputs = recordSamplesOf(TxOutSchema, txOutCodec)
  .map((bytes) => txOutCodec.decode(bytes))
  .filter(({ maskedAmount }) => maskedAmount !== undefined);
const metadata = recordSamplesOf(BlockMetadataSchema, blockMetadataCodec)
  .map((bytes) => blockMetadataCodec.decode(bytes).contents)
  .map((contents) => signBlockMetadata(contents, seed));

/** A chain of three blocks, the later ones signed. */
function chain(): BlockData[] {
  const origin = makeOriginBlock(outputs.slice(0, 4));
  const blocks: BlockData[] = [{ ...origin, signature: undefined, metadata: undefined }];
  for (const version of [1, 3]) {
    const contents = {
      keyImages: points.slice(2, 4),
      outputs: outputs.slice(4 + version, 6 + version),
      validatedMintConfigTxs: [],
      mintTxs: [],
    };
    const block = makeChildBlock(blocks.at(-1)!.block, version, contents);
    const signed = metadata.find((candidate) => isAccepted(() => requireBlockMetadata(candidate)));
    blocks.push({ block, contents, signature: signBlock(block, seed, 1n), metadata: signed });
  }
  return blocks;
}

function isAccepted(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

const hexKey = bytesToHex(ed25519Keys[0]!);

function lightClientConfig(): string {
  const node = { kind: "node", node: { responderId: "a:1", publicKey: ed25519Keys[0]! } } as const;
  const innerSet = { kind: "innerSet", innerSet: { threshold: 1, members: [node] } } as const;
  return formatLightClientConfig({
    trustedValidatorSet: { threshold: 2, members: [node, innerSet] },
    trustedValidatorSetStartBlock: 10n,
    historicalValidatorSets: [{ start: 1n, end: 10n, validators: { threshold: 1, members: [node] } }],
    knownValidBlockIds: [randomBytes(32)],
  });
}

/** Blocks and their parts in both forms, and archive files. */
export function ledgerTargets(): Target[] {
  const blocks = chain();
  const errors = [WireError, LedgerError];
  return [
    codecTarget("Block", blockCodec, {
      schema: BlockSchema,
      weight: 60,
      also: (block, input) => {
        if ((input.length & 7) === 0) isBlockIdValid(block);
      },
    }),
    codecTarget("BlockContents", blockContentsCodec, { schema: BlockContentsSchema, weight: 20 }),
    codecTarget("BlockSignature", blockSignatureCodec, { schema: BlockSignatureSchema, weight: 60 }),
    codecTarget("BlockMetadata", blockMetadataCodec, {
      samples: metadata.map((record) => blockMetadataCodec.encode(record)),
      weight: 40,
      also: (record, input) => {
        if ((input.length & 7) === 0) blockMetadataDigest(record.contents);
      },
    }),
    codecTarget("BlockMetadata (wire form)", blockMetadataCodec, {
      schema: BlockMetadataSchema,
      weight: 40,
      form: "wire",
    }),
    codecTarget("BlockData", blockDataCodec, {
      samples: blocks.map((block) => blockDataCodec.encode(block)),
      weight: 10,
    }),
    codecTarget("QuorumSet", quorumSetCodec, {
      samples: recordSamplesOf(QuorumSetSchema, quorumSetCodec),
      weight: 60,
      also: (set) => void isQuorumSetValid(set),
    }),
    codecTarget("QuorumSet (wire form)", quorumSetCodec, {
      schema: QuorumSetSchema,
      weight: 60,
      form: "wire",
    }),
    codecTarget("VerificationReport", verificationReportCodec, {
      schema: VerificationReportSchema,
      weight: 40,
    }),
    codecTarget("DcapEvidence", dcapEvidenceCodec, { schema: DcapEvidenceSchema, weight: 40 }),
    messageTarget({
      name: "archive block",
      weight: 10,
      samples: blocks.map(encodeArchiveBlock),
      errors,
      decode: decodeArchiveBlock,
      encode: encodeArchiveBlock,
    }),
    messageTarget({
      name: "merged archive blocks",
      weight: 5,
      samples: [encodeArchiveBlocks(blocks), encodeArchiveBlocks([])],
      errors,
      decode: decodeArchiveBlocks,
      encode: encodeArchiveBlocks,
    }),
    messageTarget({
      name: "block metadata check",
      weight: 5,
      samples: metadata.map((record) => blockMetadataCodec.encode(record)),
      errors: [WireError],
      decode: (bytes) => blockMetadataCodec.decode(bytes),
      also: (record) => refusesOnlyWith([LedgerError], () => requireBlockMetadata(record)),
    }),
    textTarget({
      name: "light client configuration",
      weight: 20,
      samples: [lightClientConfig()],
      mutate: mutateJson,
      errors: [LedgerError],
      decode: parseLightClientConfig,
      encode: formatLightClientConfig,
    }),
    textTarget({
      name: "metadata signers (JSON)",
      weight: 20,
      samples: [
        JSON.stringify({ node: [{ pub_key: hexKey, first_block_index: 1, last_block_index: null }] }),
        JSON.stringify({ configs: [{ message_signing_pub_key: hexKey, first_block_index: 0 }] }),
      ],
      mutate: mutateJson,
      errors: [LedgerError],
      decode: (text) => parseMetadataSigners("signers.json", text),
    }),
    textTarget({
      name: "metadata signers (TOML)",
      weight: 20,
      samples: [`[[node]]\npub_key = "${hexKey}"\nfirst_block_index = 1\nlast_block_index = 2\n`],
      mutate: mutateText,
      errors: [LedgerError],
      decode: (text) => parseMetadataSigners("signers.toml", text),
    }),
  ];
}
