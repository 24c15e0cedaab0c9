import type { PublicAddress } from "@mobilecoin-ts/account";
import { ed25519PublicKey, Hc128Rng } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import {
  type BlockVersion,
  blockVersion,
  createTxOut,
  fakeFogHint,
  keyImageOf,
  TOTAL_MOB,
  type TxOut,
  UNITS_PER_MOB,
} from "@mobilecoin-ts/transaction";
import { type Block, makeChildBlock, makeOriginBlock } from "./block.ts";
import type { BlockData } from "./block-data.ts";
import { type BlockMetadata, signBlockMetadata } from "./block-metadata.ts";
import { signBlock } from "./block-signature.ts";
import type { QuorumNode } from "./quorum-set.ts";

/** Seed of sample ledgers where none is given: 32 times 33. */
export const DEFAULT_SAMPLE_LEDGER_SEED: Uint8Array = new Uint8Array(32).fill(33);

/** A sample ledger has at least as many outputs, so that rings can be made. */
const MIN_SAMPLE_OUTPUTS = 16n;

export interface SampleBlocksOptions {
  /** Of outputs, and of blocks after the origin block. */
  readonly blockVersion: BlockVersion;
  readonly blockCount: number;
  readonly recipients: readonly PublicAddress[];
  /** Tokens 0 to this, each in turn; more than 1 from block version 3 on. */
  readonly tokenCount: number;
  /** Outputs for each recipient, token and block. */
  readonly outputsPerRecipient: number;
  /** Of every output, in smallest units. */
  readonly amount: bigint;
  readonly random: Hc128Rng;
  /** The block they follow; an origin block comes first unless given. */
  readonly previous?: Block;
}

/** Generated blocks with outputs that really belong to the recipients, and with a key image that belongs to nobody. */
export function* sampleBlocks(options: SampleBlocksOptions): Generator<BlockData> {
  const { random } = options;
  let previous = options.previous;
  for (let i = 0; i < options.blockCount; i++) {
    const outputs = sampleOutputs(options);
    const { block, contents } =
      previous === undefined ? makeOriginBlock(outputs) : sampleChildBlock(previous, outputs, options);
    const signature = signBlock(block, random.bytes(32), block.index);
    yield { block, contents, signature, metadata: sampleMetadata(block, random) };
    previous = block;
  }
}

function sampleOutputs(options: SampleBlocksOptions): TxOut[] {
  const { recipients, outputsPerRecipient, tokenCount, random } = options;
  const draw = (length: number) => random.bytes(length);
  return recipients.flatMap((recipient) =>
    Array.from({ length: outputsPerRecipient * tokenCount }, (_, i) => {
      const txPrivateKey = Scalar.random(draw);
      return createTxOut({
        blockVersion: options.blockVersion,
        amount: { value: options.amount, tokenId: BigInt(i % tokenCount) },
        recipient,
        eFogHint: fakeFogHint(draw),
        txPrivateKey,
      }).txOut;
    }),
  );
}

function sampleChildBlock(
  previous: Block,
  outputs: readonly TxOut[],
  { random, blockVersion }: SampleBlocksOptions,
) {
  const keyImages = [keyImageOf(Scalar.fromBigInt(random.nextU64()))];
  const contents = { keyImages, outputs, validatedMintConfigTxs: [], mintTxs: [] };
  return { block: makeChildBlock(previous, blockVersion, contents), contents };
}

/** The reference's test node with this number; its key comes from its number. */
export function testQuorumNode(number: number): QuorumNode {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number);
  const publicKey = ed25519PublicKey(new Hc128Rng(seed).bytes(32));
  return { responderId: `node${number}.test.com:8443`, publicKey };
}

function sampleMetadata(block: Block, random: Hc128Rng): BlockMetadata {
  const seed = random.bytes(32);
  const nodeCount = uniformU32(random, 1, 42);
  const threshold = uniformU32(random, 1, nodeCount);
  const chainLength = uniformU32(random, 2, 41);
  return signBlockMetadata(
    {
      blockId: block.id,
      quorumSet: {
        threshold,
        members: Array.from({ length: nodeCount }, (_, i) => ({
          kind: "node" as const,
          node: testQuorumNode(i),
        })),
      },
      attestationEvidence: {
        case: "verificationReport",
        value: {
          // The reference means to fill these with random bytes, but fills an empty buffer.
          signature: new Uint8Array(0),
          chain: Array.from({ length: chainLength }, () => new Uint8Array(0)),
          httpBody: "testing",
        },
      },
      responderId: "test.mobilecoin.com:443",
    },
    seed,
  );
}

/** An integer of `low..high`, both included, by widening multiplication with rejection (03 section 2.10). */
function uniformU32(random: Hc128Rng, low: number, high: number): number {
  const range = BigInt(high - low + 1);
  const zone = ((range << BigInt(Math.clz32(Number(range)))) - 1n) & 0xffff_ffffn;
  for (;;) {
    const product = BigInt(random.nextU32()) * range;
    if ((product & 0xffff_ffffn) <= zone) return low + Number(product >> 32n);
  }
}

export interface SampleLedgerOptions {
  /** Default subaddresses, in the order of their key files. */
  readonly recipients: readonly PublicAddress[];
  /** Outputs for each recipient, token and block. */
  readonly outputsPerRecipient?: number;
  readonly blockCount?: number;
  /** 32 bytes. */
  readonly seed?: Uint8Array;
  readonly maxTokenId?: number;
}

/**
 * The blocks of a sample ledger, the same as the reference's tool makes from the same addresses and seed (03 section
 * 2.10): all MOB there are, spread evenly.
 *
 * @throws RangeError for fewer than 16 outputs.
 */
export function sampleLedger(options: SampleLedgerOptions): Generator<BlockData> {
  const { recipients, outputsPerRecipient = 100, blockCount = 1, maxTokenId = 0 } = options;
  const tokenCount = maxTokenId + 1;
  const total =
    BigInt(recipients.length) * BigInt(outputsPerRecipient) * BigInt(blockCount) * BigInt(tokenCount);
  if (total < MIN_SAMPLE_OUTPUTS) {
    throw new RangeError(`a sample ledger has at least ${MIN_SAMPLE_OUTPUTS} outputs, not ${total}`);
  }
  return sampleBlocks({
    blockVersion: blockVersion(maxTokenId === 0 ? 0 : 3),
    blockCount,
    recipients,
    tokenCount,
    outputsPerRecipient,
    amount: (TOTAL_MOB / total) * UNITS_PER_MOB,
    random: new Hc128Rng(options.seed ?? DEFAULT_SAMPLE_LEDGER_SEED),
  });
}
