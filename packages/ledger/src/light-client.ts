import {
  bytesToHex,
  compareBytes,
  decodeEd25519PublicDer,
  encodeEd25519PublicDer,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { type TxOut, txOutEquals } from "@mobilecoin-ts/transaction";
import { base64 } from "@scure/base";
import { BLOCK_ID_LENGTH, type Block, blocksEqual, isBlockIdValid } from "./block.ts";
import { type BlockContents, blockContentsCodec, blockContentsHash } from "./block-contents.ts";
import type { BlockData } from "./block-data.ts";
import { type BlockMetadata, isBlockMetadataSignatureValid } from "./block-metadata.ts";
import { LedgerError, type LedgerErrorCodes } from "./error.ts";
import { parseExactJson, u64OfJson, u64ToJson } from "./exact-json.ts";
import type { QuorumSet, QuorumSetMember } from "./quorum-set.ts";

/** Nodes whose metadata signatures are believed, when enough of them agree. */
export type TrustedValidatorSet = QuorumSet;

/** A validator set that was in force for blocks `start` to `end - 1`. */
export interface HistoricalValidatorSet {
  readonly start: bigint;
  readonly end: bigint;
  readonly validators: TrustedValidatorSet;
}

export interface LightClientConfig {
  readonly trustedValidatorSet: TrustedValidatorSet;
  /** Index of the first block that the trusted set vouches for. */
  readonly trustedValidatorSetStartBlock: bigint;
  readonly historicalValidatorSets: readonly HistoricalValidatorSet[];
  /** Ids (32 bytes) that need no signatures. */
  readonly knownValidBlockIds: readonly Uint8Array[];
}

function refuse(
  code: LedgerErrorCodes["lightClient"],
  text: string,
  data: Readonly<Record<string, bigint | string>> = {},
): LedgerError<"lightClient"> {
  return new LedgerError("lightClient", code, text, { data });
}

/**
 * Checks that a quorum of validators signed for a block id (03 section 2.15); one bad metadata among them fails all.
 *
 * Nodes are told apart by key alone, and the quorum sets and evidence inside the metadata are not looked at.
 *
 * @throws LedgerError area `lightClient`: `BlockIdMismatch`, `BlockMetadataSignature`, `NotAQuorum`.
 */
export function verifyBlockIdSignatures(
  validators: TrustedValidatorSet,
  blockId: Uint8Array,
  metadata: readonly BlockMetadata[],
): void {
  for (const entry of metadata) {
    if (compareBytes(entry.contents.blockId, blockId) !== 0) {
      throw refuse("BlockIdMismatch", "metadata is about another block");
    }
    if (!isBlockMetadataSignatureValid(entry)) {
      throw refuse("BlockMetadataSignature", "the signature of metadata does not hold");
    }
  }
  const signers = new Set(metadata.map(({ nodeKey }) => bytesToHex(nodeKey)));
  if (!isSatisfied(validators, signers))
    throw refuse("NotAQuorum", "the signers are no quorum of the trusted validators");
}

function isSatisfied({ threshold, members }: QuorumSet, signers: ReadonlySet<string>): boolean {
  const satisfied = members.filter((member) => {
    if (member === undefined) return false;
    return member.kind === "node"
      ? signers.has(bytesToHex(member.node.publicKey))
      : isSatisfied(member.innerSet, signers);
  });
  return satisfied.length >= threshold;
}

/** Verifies blocks and outputs by the signatures of validators, without the chain between them. */
export class LightClientVerifier {
  readonly #config: LightClientConfig;
  readonly #knownIds: ReadonlySet<string>;

  constructor(config: LightClientConfig) {
    this.#config = config;
    this.#knownIds = new Set(config.knownValidBlockIds.map(bytesToHex));
  }

  /**
   * Verifies a header.
   *
   * @throws LedgerError area `lightClient`: `InvalidBlockId`, `NoMatchingValidatorSet`, or as `verifyBlockIdSignatures`.
   */
  verifyBlock(block: Block, metadata: readonly BlockMetadata[]): void {
    if (!isBlockIdValid(block)) throw refuse("InvalidBlockId", "the id is not that of the block");
    if (this.#knownIds.has(bytesToHex(block.id))) return;
    verifyBlockIdSignatures(this.#validatorsAt(block.index), block.id, metadata);
  }

  /** Verifies a header and the contents it commits to. Throws also `BlockContentHashMismatch`. */
  verifyBlockAndContents(block: Block, contents: BlockContents, metadata: readonly BlockMetadata[]): void {
    this.verifyBlock(block, metadata);
    const hash = blockContentsHash(contents);
    if (compareBytes(hash, block.contentsHash) !== 0) {
      throw refuse("BlockContentHashMismatch", "the contents are not those of the block", {
        hash: bytesToHex(hash),
      });
    }
  }

  /** Verifies that outputs stand in a block. Throws also `TxOutNotFound`. */
  verifyTxOutsInBlock(
    txOuts: readonly TxOut[],
    block: Block,
    contents: BlockContents,
    metadata: readonly BlockMetadata[],
  ): void {
    this.verifyBlockAndContents(block, contents, metadata);
    const missing = txOuts.find((txOut) => !contents.outputs.some((output) => txOutEquals(output, txOut)));
    if (missing !== undefined) {
      throw refuse("TxOutNotFound", "an output does not stand in the block", {
        publicKey: bytesToHex(missing.publicKey),
      });
    }
  }

  /** Verifies one block as several sources gave it. Throws also `NoBlockData`, `BlockDataMismatch`. */
  verifyBlockData(list: readonly BlockData[]): void {
    const [first, ...others] = list;
    if (first === undefined) throw refuse("NoBlockData", "there is no block to verify");
    const contents = blockContentsCodec.encode(first.contents);
    for (const other of others) {
      const same =
        blocksEqual(first.block, other.block) &&
        compareBytes(contents, blockContentsCodec.encode(other.contents)) === 0;
      if (!same) throw refuse("BlockDataMismatch", "the sources gave different blocks");
    }
    const metadata = list.flatMap((data) => (data.metadata === undefined ? [] : [data.metadata]));
    this.verifyBlockAndContents(first.block, first.contents, metadata);
  }

  #validatorsAt(index: bigint): TrustedValidatorSet {
    const { trustedValidatorSet, trustedValidatorSetStartBlock, historicalValidatorSets } = this.#config;
    if (index >= trustedValidatorSetStartBlock) return trustedValidatorSet;
    const historical = historicalValidatorSets.find(({ start, end }) => index >= start && index < end);
    if (historical === undefined) {
      throw refuse("NoMatchingValidatorSet", `no validators are configured for block ${index}`, { index });
    }
    return historical.validators;
  }
}

/**
 * Reads a light client's JSON configuration (03 section 2.15).
 *
 * @throws LedgerError `InvalidConfig` (area `lightClient`), naming the place.
 */
export function parseLightClientConfig(text: string): LightClientConfig {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (cause) {
    throw new LedgerError("lightClient", "InvalidConfig", "the configuration is not JSON", { cause });
  }
  const config = objectAt(value, "configuration");
  return {
    trustedValidatorSet: validatorsAt(config.trusted_validator_set, "trusted_validator_set"),
    trustedValidatorSetStartBlock: indexAt(
      config.trusted_validator_set_start_block,
      "trusted_validator_set_start_block",
    ),
    historicalValidatorSets: arrayAt(config.historical_validator_sets, "historical_validator_sets").map(
      (entry, i) => {
        const place = `historical_validator_sets[${i}]`;
        const [range, validators] = arrayAt(entry, place);
        const { start, end } = objectAt(range, place);
        return {
          start: indexAt(start, `${place}.start`),
          end: indexAt(end, `${place}.end`),
          validators: validatorsAt(validators, place),
        };
      },
    ),
    knownValidBlockIds: arrayAt(config.known_valid_block_ids, "known_valid_block_ids").map((id, i) =>
      blockIdAt(id, `known_valid_block_ids[${i}]`),
    ),
  };
}

/** Writes a configuration that `parseLightClientConfig` reads. */
export function formatLightClientConfig(config: LightClientConfig): string {
  return JSON.stringify(
    {
      trusted_validator_set: { quorum_set: quorumSetToJson(config.trustedValidatorSet) },
      trusted_validator_set_start_block: u64ToJson(config.trustedValidatorSetStartBlock),
      historical_validator_sets: config.historicalValidatorSets.map(({ start, end, validators }) => [
        { start: u64ToJson(start), end: u64ToJson(end) },
        { quorum_set: quorumSetToJson(validators) },
      ]),
      known_valid_block_ids: config.knownValidBlockIds.map(bytesToHex),
    },
    null,
    2,
  );
}

function quorumSetToJson({ threshold, members }: QuorumSet): unknown {
  return {
    threshold,
    members: members.flatMap((member) => (member === undefined ? [] : [memberToJson(member)])),
  };
}

function memberToJson(member: QuorumSetMember): unknown {
  if (member.kind === "innerSet") return { InnerSet: quorumSetToJson(member.innerSet) };
  const { responderId, publicKey } = member.node;
  return {
    Node: { responder_id: responderId, public_key: base64.encode(encodeEd25519PublicDer(publicKey)) },
  };
}

function invalid(place: string, reason: string, cause?: unknown): LedgerError<"lightClient"> {
  return new LedgerError("lightClient", "InvalidConfig", `${place}: ${reason}`, { cause, data: { place } });
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(place, "is no object");
  return Object.fromEntries(Object.entries(value));
}

function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(place, "is no list");
  return value;
}

function indexAt(value: unknown, place: string): bigint {
  const index = u64OfJson(value);
  if (index === undefined) throw invalid(place, "is no block index");
  return index;
}

function blockIdAt(value: unknown, place: string): Uint8Array {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/i.test(value)) {
    throw invalid(place, `is not ${2 * BLOCK_ID_LENGTH} hex digits`);
  }
  return hexToBytes(value);
}

function validatorsAt(value: unknown, place: string): TrustedValidatorSet {
  return quorumSetAt(objectAt(value, place).quorum_set, `${place}.quorum_set`, 1);
}

const MAX_QUORUM_SET_DEPTH = 100;

function quorumSetAt(value: unknown, place: string, depth: number): QuorumSet {
  if (depth > MAX_QUORUM_SET_DEPTH) throw invalid(place, "is nested too deeply");
  const { threshold, members } = objectAt(value, place);
  if (
    typeof threshold !== "number" ||
    !Number.isInteger(threshold) ||
    threshold < 0 ||
    threshold > 0xffff_ffff
  ) {
    throw invalid(`${place}.threshold`, "is no threshold");
  }
  return {
    threshold,
    members: arrayAt(members, `${place}.members`).map((member, i) =>
      memberAt(objectAt(member, `${place}.members[${i}]`), `${place}.members[${i}]`, depth),
    ),
  };
}

function memberAt(member: Readonly<Record<string, unknown>>, place: string, depth: number): QuorumSetMember {
  if (member.InnerSet !== undefined) {
    return { kind: "innerSet", innerSet: quorumSetAt(member.InnerSet, `${place}.InnerSet`, depth + 1) };
  }
  const node = objectAt(member.Node, `${place}.Node`);
  if (typeof node.responder_id !== "string") throw invalid(`${place}.Node.responder_id`, "is no text");
  if (typeof node.public_key !== "string") throw invalid(`${place}.Node.public_key`, "is no text");
  try {
    const publicKey = decodeEd25519PublicDer(base64.decode(node.public_key));
    return { kind: "node", node: { responderId: node.responder_id, publicKey } };
  } catch (cause) {
    throw invalid(`${place}.Node.public_key`, "is no base64 of an Ed25519 key in DER", cause);
  }
}
