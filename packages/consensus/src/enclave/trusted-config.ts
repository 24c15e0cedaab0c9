import { bytesToHex, checkEd25519PublicKey, d, digest32, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { type FeeMap, feeMapDigest } from "@mobilecoin-ts/transaction";
import {
  type BlockchainConfig,
  blockchainConfigDigest,
  DEFAULT_MINTING_TRUST_ROOT,
  validateBlockchainConfig,
} from "../config/blockchain-config.ts";
import type { EnclaveInit } from "../enclave-api/index.ts";
import type { RecipientKeys } from "../enclave-outputs.ts";
import { ConsensusError } from "../error.ts";
import type { BlockchainRules } from "../form-block.ts";

/** Whom fees are paid to on networks that name nobody else (04 section 2.14.1). */
export const DEFAULT_FEE_RECIPIENT: RecipientKeys = {
  spendPublicKey: hexToBytes("26b507c63124a2f5e940b4fb89e4b2bb0a2078ed0c8e551ad59268b9646ec241"),
  viewPublicKey: hexToBytes("5222a1e9ae32d21c23114a5ce6bb39e0cb56aea350d4619d43b1207061b10346"),
};

/** What an enclave holds its network to from `init` on. */
export interface TrustedConfig {
  readonly rules: BlockchainRules;
  readonly fees: FeeMap;
  /** 32 bytes; what `Tx.feeMapDigest` is compared with. */
  readonly feeMapDigest: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly mintingTrustRoot: Uint8Array;
  /** What responder ids of peers have behind them in handshakes, with its dash. */
  readonly peerIdSuffix: string;
}

/**
 * Checks what the host wants the network's rules to be (04 section 2.14.1).
 *
 * @throws ConsensusError `FeePublicAddress`, `ParseMintingTrustRootPublicKey`, and what `validateBlockchainConfig` throws
 */
export function trustConfig(init: EnclaveInit): TrustedConfig {
  const {
    config,
    feeRecipient = DEFAULT_FEE_RECIPIENT,
    mintingTrustRoot = DEFAULT_MINTING_TRUST_ROOT,
  } = init;
  requireKeys(feeRecipient);
  requireTrustRoot(mintingTrustRoot);
  validateBlockchainConfig(config, mintingTrustRoot);
  const { blockVersion, fees, governors } = config;
  return {
    rules: { blockVersion, fees, governors, feeRecipient },
    fees,
    feeMapDigest: feeMapDigest(fees),
    mintingTrustRoot,
    peerIdSuffix: peerIdSuffix(config, feeRecipient, mintingTrustRoot),
  };
}

function requireKeys({ viewPublicKey, spendPublicKey }: RecipientKeys): void {
  for (const key of [viewPublicKey, spendPublicKey]) {
    if (Point.tryDecode(key) === undefined) {
      throw new ConsensusError(
        "FeePublicAddress",
        "the fee recipient's keys are not two public keys; correct them",
      );
    }
  }
}

function requireTrustRoot(trustRoot: Uint8Array): void {
  try {
    checkEd25519PublicKey(trustRoot);
  } catch (cause) {
    throw new ConsensusError(
      "ParseMintingTrustRootPublicKey",
      "the minting trust root is no Ed25519 public key; correct it",
      cause,
    );
  }
}

interface Constants extends RecipientKeys {
  readonly mintingTrustRoot: Uint8Array;
}

const constantsDigestible = d.struct<Constants>("NetworkConstants", [
  ["fee_spend_public_key", d.bytes, { key: "spendPublicKey" }],
  ["fee_view_public_key", d.bytes, { key: "viewPublicKey" }],
  ["minting_trust_root", d.bytes],
]);

/**
 * The configuration's digest. The reference fixes fee recipient and trust root when it is built, so that peers with
 * others are other programs; here the host names them, and peers with others fail the handshake by a second digest,
 * which is there only where they are not the usual ones.
 */
function peerIdSuffix(
  config: BlockchainConfig,
  recipient: RecipientKeys,
  mintingTrustRoot: Uint8Array,
): string {
  const digest = `-${bytesToHex(blockchainConfigDigest(config))}`;
  const constants = constantsKey(recipient, mintingTrustRoot);
  return constants === constantsKey(DEFAULT_FEE_RECIPIENT, DEFAULT_MINTING_TRUST_ROOT)
    ? digest
    : `${digest}-${constants}`;
}

function constantsKey(
  { spendPublicKey, viewPublicKey }: RecipientKeys,
  mintingTrustRoot: Uint8Array,
): string {
  const constants = { spendPublicKey, viewPublicKey, mintingTrustRoot };
  return bytesToHex(digest32("mc-network-constants", constantsDigestible, constants));
}
