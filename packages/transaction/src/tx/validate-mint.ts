import { isValidSignerSet, type SignerSet, verifyMultiSig } from "@mobilecoin-ts/crypto";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import type { BlockVersion } from "../tx-out/block-version.ts";
import { firstVersionWith, MAX_BLOCK_VERSION, supports } from "../tx-out/block-version.ts";
import { MAX_TOMBSTONE_BLOCKS, MINT_NONCE_LENGTH, MOB_TOKEN_ID } from "../tx-out/constants.ts";
import {
  type MintConfig,
  type MintConfigTx,
  type MintTx,
  mintConfigTxPrefixHash,
  mintTxPrefixHash,
} from "./mint-tx.ts";

/** What a node knows when it validates a mint or mint configuration transaction. */
export interface MintValidationContext {
  readonly blockVersion: BlockVersion;
  /** Index of the block it would go into; undefined where the tombstone block is not to be checked. */
  readonly blockIndex?: bigint | undefined;
}

function refuse(
  code: TransactionErrorCodes["mint"],
  text: string,
  data: Readonly<Record<string, number | bigint>> = {},
): TransactionError<"mint"> {
  return new TransactionError("mint", code, text, { data });
}

function requireBlockVersion(blockVersion: BlockVersion): void {
  if (!supports(blockVersion, "mintTransactions") || blockVersion > MAX_BLOCK_VERSION) {
    throw refuse("InvalidBlockVersion", `block version ${blockVersion} has no minting`, {
      blockVersion,
      since: firstVersionWith("mintTransactions"),
    });
  }
}

function requireTokenId(tokenId: bigint): void {
  if (tokenId === MOB_TOKEN_ID) throw refuse("InvalidTokenId", "token 0 cannot be minted", { tokenId });
}

function requireNonce(nonce: Uint8Array): void {
  if (nonce.length !== MINT_NONCE_LENGTH) {
    throw refuse("InvalidNonceLength", `the nonce has ${nonce.length} bytes, needs ${MINT_NONCE_LENGTH}`, {
      nonceLength: nonce.length,
    });
  }
}

function requireTombstone(tombstoneBlock: bigint, blockIndex: bigint | undefined): void {
  if (blockIndex === undefined) return;
  if (blockIndex >= tombstoneBlock) {
    throw refuse("TombstoneBlockExceeded", `the transaction expired at block ${tombstoneBlock}`, {
      tombstoneBlock,
    });
  }
  if (tombstoneBlock > blockIndex + MAX_TOMBSTONE_BLOCKS) {
    throw refuse(
      "TombstoneBlockTooFar",
      `the tombstone block is more than ${MAX_TOMBSTONE_BLOCKS} blocks ahead`,
      {
        tombstoneBlock,
      },
    );
  }
}

function requireSignature(signerSet: SignerSet, digest: Uint8Array, signature: readonly Uint8Array[]): void {
  if (verifyMultiSig(signerSet, digest, signature) === undefined) {
    throw refuse("InvalidSignature", "the signatures do not satisfy the signer set");
  }
}

/**
 * Validates a mint configuration transaction against its token's governors (02 section 2.21); returns where it holds.
 * No configuration at all is allowed: it ends minting. How the limits relate to one another is not looked at.
 *
 * @throws TransactionError area `mint`: `InvalidBlockVersion`, `InvalidTokenId`, `InvalidSignerSet`,
 * `InvalidNonceLength`, `TombstoneBlockExceeded`, `TombstoneBlockTooFar`, `InvalidSignature`.
 */
export function validateMintConfigTx(
  tx: MintConfigTx,
  governors: SignerSet,
  context: MintValidationContext,
): void {
  const { prefix, signature } = tx;
  requireBlockVersion(context.blockVersion);
  requireTokenId(prefix.tokenId);
  for (const { tokenId, signerSet } of prefix.configs) {
    if (tokenId !== prefix.tokenId) {
      throw refuse("InvalidTokenId", "a configuration is for another token than the transaction", {
        tokenId,
      });
    }
    const nested = signerSet.multiSigners.length > 0 && !supports(context.blockVersion, "nestedMultisigs");
    if (nested || !isValidSignerSet(signerSet)) throw refuse("InvalidSignerSet", "a signer set is not valid");
  }
  requireNonce(prefix.nonce);
  requireTombstone(prefix.tombstoneBlock, context.blockIndex);
  requireSignature(governors, mintConfigTxPrefixHash(prefix), signature);
}

/**
 * Validates a mint transaction against one active mint configuration (02 section 2.21); returns where it holds. An
 * amount of 0 is allowed. What was minted before is the ledger's business.
 *
 * @throws TransactionError area `mint`: `InvalidBlockVersion`, `InvalidTokenId`, `InvalidNonceLength`,
 * `TombstoneBlockExceeded`, `TombstoneBlockTooFar`, `AmountExceedsMintLimit`, `InvalidSignature`,
 * `MintingToFogNotSupported`.
 */
export function validateMintTx(tx: MintTx, config: MintConfig, context: MintValidationContext): void {
  const { prefix, signature } = tx;
  requireBlockVersion(context.blockVersion);
  requireTokenId(prefix.tokenId);
  requireNonce(prefix.nonce);
  requireTombstone(prefix.tombstoneBlock, context.blockIndex);
  if (config.tokenId !== prefix.tokenId) {
    throw refuse("InvalidTokenId", "the configuration is for another token", { tokenId: prefix.tokenId });
  }
  if (prefix.amount > config.mintLimit)
    throw refuse("AmountExceedsMintLimit", "more than the configuration allows");
  requireSignature(config.signerSet, mintTxPrefixHash(prefix), signature);
  if (prefix.eFogHint !== undefined && !supports(context.blockVersion, "mintToFog")) {
    throw refuse(
      "MintingToFogNotSupported",
      `block version ${context.blockVersion} cannot mint to Fog addresses`,
    );
  }
}
