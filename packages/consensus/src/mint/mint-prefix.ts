import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import {
  MAX_TOMBSTONE_BLOCKS,
  MINT_NONCE_LENGTH,
  type MintConfigTxPrefix,
  type MintTxPrefix,
} from "@mobilecoin-ts/transaction";
import { ConsensusError } from "../error.ts";
import type { MintConfigRequest } from "./mint-config-file.ts";

/** The tombstone block of mint transactions that name none: the furthest a node accepts, less one (04 section 2.16). */
export function defaultMintTombstone(lastBlockIndex: bigint): bigint {
  return lastBlockIndex + MAX_TOMBSTONE_BLOCKS - 1n;
}

export interface MintPrefixOptions {
  /** For requests that name none. */
  readonly tombstoneBlock?: bigint | undefined;
  readonly random?: RandomBytes;
}

/** Whom to mint how much of what. */
export interface MintRequest {
  readonly tokenId: bigint;
  /** In smallest units of the token. */
  readonly amount: bigint;
  /** 32 bytes each, of the recipient's address. */
  readonly viewPublicKey: Uint8Array;
  readonly spendPublicKey: Uint8Array;
  /** 64 bytes; drawn where there is none. */
  readonly nonce?: Uint8Array | undefined;
  /** 0 counts as none. */
  readonly tombstoneBlock?: bigint | undefined;
}

/** @throws ConsensusError `MissingTombstone`, `InvalidField` (the nonce has another length) */
export function mintTxPrefix(request: MintRequest, options: MintPrefixOptions = {}): MintTxPrefix {
  const { tokenId, amount, viewPublicKey, spendPublicKey } = request;
  return {
    tokenId,
    amount,
    viewPublicKey,
    spendPublicKey,
    nonce: nonceOf(request.nonce, options),
    tombstoneBlock: tombstoneOf(request.tombstoneBlock, options),
    eFogHint: undefined,
  };
}

/** @throws ConsensusError `MissingTombstone`, `InvalidField` (the nonce has another length) */
export function mintConfigTxPrefix(
  request: MintConfigRequest,
  options: MintPrefixOptions = {},
): MintConfigTxPrefix {
  const { tokenId, configs, totalMintLimit } = request;
  return {
    tokenId,
    configs,
    nonce: nonceOf(request.nonce, options),
    tombstoneBlock: tombstoneOf(request.tombstoneBlock, options),
    totalMintLimit,
  };
}

function nonceOf(nonce: Uint8Array | undefined, { random = systemRandom }: MintPrefixOptions): Uint8Array {
  if (nonce === undefined) return random(MINT_NONCE_LENGTH);
  if (nonce.length === MINT_NONCE_LENGTH) return nonce;
  throw new ConsensusError(
    "InvalidField",
    `the nonce has ${nonce.length} bytes instead of ${MINT_NONCE_LENGTH}`,
  );
}

function tombstoneOf(requested: bigint | undefined, { tombstoneBlock }: MintPrefixOptions): bigint {
  if (requested !== undefined && requested !== 0n) return requested;
  if (tombstoneBlock !== undefined && tombstoneBlock !== 0n) return tombstoneBlock;
  throw new ConsensusError(
    "MissingTombstone",
    "no tombstone block is given, and none follows from a node's last block; name one",
  );
}
