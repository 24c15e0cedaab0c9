import { bytesToHex, concat } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import {
  accountInfoFile,
  amountCodec,
  blockVersion,
  DEFAULT_FEE_MAP,
  DEFAULT_MINIMUM_FEE,
  decodeUnsignedTx,
  deriveProofAtIndex,
  encodeUnsignedTx,
  formatMemo,
  impliedMerkleRoot,
  inputRulesCodec,
  LocalRingSigner,
  membershipElementCodec,
  membershipProofCodec,
  mintConfigCodec,
  mintConfigTxCodec,
  mintTxCodec,
  parseMemo,
  parseRangeProof,
  receiptCodec,
  ringMLSAGCodec,
  type SignerFile,
  sciKeyImage,
  serializeRangeProof,
  signedContingentInputCodec,
  signerSecretsFile,
  signerSetCodec,
  summarizeTx,
  TransactionBuilder,
  TransactionError,
  txCodec,
  txHash,
  txInCodec,
  txOutCodec,
  txOutHash,
  txOutRecordCodec,
  txoSyncRequestFile,
  txoSyncResponseFile,
  txPrefixCodec,
  txSignRequestFile,
  txSignResponseFile,
  txSummaryCodec,
  txSummaryUnblindingData,
  txSummaryUnblindingDataCodec,
  unmaskedAmountCodec,
  validatedMintConfigTxCodec,
  validateTransaction,
  verifyRange,
} from "@mobilecoin-ts/transaction";
import { WireError } from "@mobilecoin-ts/wire";
import { TestWorld } from "../../../packages/transaction/src/builder/testing-world.ts";
import {
  AmountSchema,
  Ed25519SignerSetSchema,
  InputRulesSchema,
  MintConfigSchema,
  MintConfigTxSchema,
  MintTxSchema,
  ReceiptSchema,
  RingMLSAGSchema,
  SignedContingentInputSchema,
  TxInSchema,
  TxOutMembershipElementSchema,
  TxOutMembershipProofSchema,
  TxOutSchema,
  TxPrefixSchema,
  TxSchema,
  UnmaskedAmountSchema,
  UnsignedTxSchema,
  ValidatedMintConfigTxSchema,
} from "../../../packages/wire/src/gen/external_pb.ts";
import { mutateBytes } from "../byte-mutation.ts";
import {
  acceptedBy,
  points,
  randomBytes,
  recordSamplesOf,
  samplesOf,
  scalars,
  vectorBytes,
} from "../corpus.ts";
import type { FuzzRandom } from "../random.ts";
import { bytesTarget, messageTarget, refusesOnlyWith, type Target, textTarget } from "../target.ts";
import { mutateJson } from "../text-mutation.ts";
import { codecTarget } from "./codec-target.ts";

const transactionErrors = [TransactionError];

/** Valid transactions of several block versions, each with the ledger it is valid in. */
const payments = ([0, 2, 4] as const).map((version) => {
  const world = new TestWorld(blockVersion(version), "fuzz", 24);
  const alice = world.account();
  const builder = new TransactionBuilder({
    blockVersion: world.blockVersion,
    fee: { value: DEFAULT_MINIMUM_FEE, tokenId: 0n },
    feeMap: DEFAULT_FEE_MAP,
    random: world.random,
  });
  const value = 3_000_000_000n;
  builder.addInput(world.credentials(world.fund(alice, { value, tokenId: 0n })));
  builder.setTombstoneBlock(200n);
  builder.addOutput({ value: value - DEFAULT_MINIMUM_FEE, tokenId: 0n }, world.account().defaultSubaddress);
  return { world, tx: builder.build(new LocalRingSigner(alice)) };
});

const txs = [
  ...payments.map(({ tx }) => txCodec.encode(tx)),
  ...vectorBytes("transactions/signed.jsonl", "tx"),
];
const rangeProofs = payments.flatMap(({ tx }) => [
  ...(tx.signature.rangeProofBytes.length > 0 ? [tx.signature.rangeProofBytes] : []),
  ...tx.signature.rangeProofs,
]);
const memos = [
  ...acceptedBy(
    parseMemo,
    Array.from({ length: 5 * 256 }, (_, type) => {
      const payload = new Uint8Array(66);
      payload.set([type >> 8, type & 255]);
      return payload;
    }),
  ),
  formatMemo({ kind: "giftCodeFunding", giftCodeHash: randomBytes(4), fee: 1n, note: "für dich" }),
];
const unsigned = samplesOf(UnsignedTxSchema, decodeUnsignedTx, 12);

const signerSets = { schema: Ed25519SignerSetSchema, weight: 60 };

/** Outputs, transactions, proofs, memos, minting, contingent inputs and the offline signer's files. */
export function transactionTargets(): Target[] {
  return [
    codecTarget("TxOut", txOutCodec, {
      schema: TxOutSchema,
      samples: vectorBytes("tx_outs/owned_tx_outs.jsonl", "tx_out"),
      weight: 250,
      also: (txOut, input) => {
        // Hashing costs more than decoding: a share of the inputs.
        if ((input.length & 7) === 0) txOutHash(txOut);
      },
    }),
    codecTarget("TxIn", txInCodec, { schema: TxInSchema, weight: 40 }),
    codecTarget("TxPrefix", txPrefixCodec, { schema: TxPrefixSchema, weight: 20 }),
    codecTarget("Tx", txCodec, { schema: TxSchema, samples: txs, weight: 30 }),
    codecTarget("RingMLSAG", ringMLSAGCodec, { schema: RingMLSAGSchema, weight: 60 }),
    codecTarget("InputRules", inputRulesCodec, { schema: InputRulesSchema, weight: 60 }),
    codecTarget("TxOutMembershipElement", membershipElementCodec, {
      schema: TxOutMembershipElementSchema,
      weight: 60,
    }),
    codecTarget("TxOutMembershipProof", membershipProofCodec, {
      schema: TxOutMembershipProofSchema,
      samples: vectorBytes("merkle/membership_proofs.jsonl", "proof"),
      weight: 60,
      also: (proof) => {
        refusesOnlyWith(transactionErrors, () => impliedMerkleRoot(proof));
        refusesOnlyWith(transactionErrors, () => deriveProofAtIndex(proof));
      },
    }),
    codecTarget("MintTx", mintTxCodec, {
      schema: MintTxSchema,
      samples: vectorBytes("minting/mint_tx.jsonl", "mint_tx"),
      weight: 60,
    }),
    codecTarget("MintConfig", mintConfigCodec, { schema: MintConfigSchema, weight: 30 }),
    codecTarget("MintConfigTx", mintConfigTxCodec, {
      schema: MintConfigTxSchema,
      samples: vectorBytes("minting/mint_config_tx.jsonl", "mint_config_tx"),
      weight: 30,
    }),
    codecTarget("ValidatedMintConfigTx", validatedMintConfigTxCodec, {
      schema: ValidatedMintConfigTxSchema,
      weight: 20,
    }),
    codecTarget("Ed25519SignerSet", signerSetCodec, signerSets),
    codecTarget("Amount", amountCodec, { schema: AmountSchema, weight: 60 }),
    codecTarget("UnmaskedAmount", unmaskedAmountCodec, { schema: UnmaskedAmountSchema, weight: 60 }),
    codecTarget("Receipt", receiptCodec, {
      schema: ReceiptSchema,
      samples: vectorBytes("receipts/receipts.jsonl", "receipt"),
      weight: 60,
    }),
    codecTarget("SignedContingentInput", signedContingentInputCodec, {
      schema: SignedContingentInputSchema,
      weight: 20,
      also: (sci) => refusesOnlyWith(transactionErrors, () => sciKeyImage(sci)),
    }),
    codecTarget("TxSummary", txSummaryCodec, {
      samples: payments.map(({ tx }) =>
        txSummaryCodec.encode(summarizeTx(tx.prefix, tx.signature.pseudoOutputCommitments)),
      ),
      weight: 60,
    }),
    codecTarget("TxSummaryUnblindingData", txSummaryUnblindingDataCodec, {
      samples: unsigned.map((bytes) => {
        const decoded = decodeUnsignedTx(bytes);
        const blindings = decoded.rings.map(() => Scalar.ONE);
        return txSummaryUnblindingDataCodec.encode(txSummaryUnblindingData(decoded, blindings));
      }),
      weight: 40,
    }),
    codecTarget("TxOutRecord", txOutRecordCodec, {
      samples: [
        txOutRecordCodec.encode({
          ...txOutRecordCodec.defaultValue(),
          targetKey: points[1]!,
          publicKey: points[2]!,
          maskedTokenId: { version: 2, bytes: randomBytes(8) },
        }),
        ...vectorBytes("tx_out_records/correct_tx_out_records.jsonl", "tx_out_record_hex_proto_bytes"),
      ],
      weight: 60,
    }),
    messageTarget({
      name: "UnsignedTx",
      weight: 20,
      samples: unsigned,
      errors: [WireError, TransactionError],
      decode: decodeUnsignedTx,
      encode: encodeUnsignedTx,
    }),
    bytesTarget({
      name: "memo",
      weight: 200,
      samples: memos,
      mutate: mutateBytes,
      errors: transactionErrors,
      decode: parseMemo,
      encode: formatMemo,
    }),
    bytesTarget({
      name: "range proof",
      weight: 100,
      samples: rangeProofs,
      mutate: mutateRangeProof,
      errors: transactionErrors,
      decode: parseRangeProof,
      encode: serializeRangeProof,
      canonical: true,
    }),
    bytesTarget({
      name: "range proof verification",
      weight: 4,
      samples: rangeProofs,
      mutate: mutateRangeProof,
      errors: transactionErrors,
      decode: parseRangeProof,
      also: (_, bytes) =>
        refusesOnlyWith(transactionErrors, () => verifyRange(bytes, [points[2]!, points[3]!], 0n)),
    }),
    ...payments.map(({ world, tx }) =>
      messageTarget({
        name: `transaction validation, block version ${world.blockVersion}`,
        weight: 3,
        samples: [txCodec.encode(tx)],
        errors: [WireError],
        decode: (bytes) => txCodec.decode(bytes),
        also: (candidate) => {
          txHash(candidate);
          const rootProofs = candidate.prefix.inputs.flatMap(({ proofs }) =>
            proofs.map(() => world.ledger.proof(0)),
          );
          const { blockIndex, blockVersion: version } = world;
          const context = { blockIndex, blockVersion: version, minimumFee: DEFAULT_MINIMUM_FEE, rootProofs };
          refusesOnlyWith(transactionErrors, () => validateTransaction(candidate, context));
        },
      }),
    ),
    ...signerFileTargets(),
  ];
}

/** Elements of 32 bytes exchanged, dropped and doubled, or bytes changed anywhere. */
function mutateRangeProof(random: FuzzRandom, sample: Uint8Array, other: Uint8Array): Uint8Array {
  if (random.once(2)) return mutateBytes(random, sample, other);
  const elements = Array.from({ length: sample.length / 32 }, (_, i) => sample.subarray(32 * i, 32 * i + 32));
  const lent = random.pick([random.pick(scalars), random.pick(points), new Uint8Array(32).fill(255)]);
  elements.splice(random.below(elements.length), random.below(3), ...new Array(random.below(3)).fill(lent));
  return concat(...elements);
}

function signerFileTargets(): Target[] {
  const hex = (length: number) => bytesToHex(randomBytes(length));
  const json = (record: object) => JSON.stringify(record);
  const requests = unsigned.map((bytes) => {
    const { txPrefix, rings, txOutUnblindingData, blockVersion: version } = decodeUnsignedTx(bytes);
    return txSignRequestFile.format({
      accountId: randomBytes(32),
      txPrefix,
      rings,
      disclosure: { kind: "unblindingData", outputs: txOutUnblindingData },
      blockVersion: version,
    });
  });
  const responses = recordSamplesOf(TxSchema, txCodec, "store", 4).map((bytes) =>
    txSignResponseFile.format({
      accountId: randomBytes(32),
      tx: { ...txCodec.decode(bytes), feeMapDigest: new Uint8Array(0) },
      txos: [{ txOutPublicKey: randomBytes(32), keyImage: randomBytes(32) }],
    }),
  );
  const synced = { tx_out_public_key: hex(32), key_image: hex(32) };
  const unsynced = { subaddress: "18446744073709551615", tx_out_public_key: hex(32) };
  return [
    signerFile("signer secrets file", signerSecretsFile, [json({ mnemonic: "a b c" })]),
    signerFile("account info file", accountInfoFile, [
      json({ view_private: hex(32), spend_public: hex(32), account_index: 7 }),
    ]),
    signerFile("output sync request", txoSyncRequestFile, [json({ account_id: hex(32), txos: [unsynced] })]),
    signerFile("output sync response", txoSyncResponseFile, [json({ account_id: hex(32), txos: [synced] })]),
    signerFile("sign request", txSignRequestFile, requests, 4),
    signerFile("sign response", txSignResponseFile, responses, 2),
  ];
}

function signerFile<T>(name: string, file: SignerFile<T>, samples: readonly string[], weight = 20): Target {
  return textTarget({
    name,
    weight,
    samples,
    mutate: mutateJson,
    errors: transactionErrors,
    decode: (text) => file.parse(text),
    encode: (value) => file.format(value),
  });
}
