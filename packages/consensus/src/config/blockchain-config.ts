import {
  type Digestible,
  d,
  digest32,
  ed25519Sign,
  ed25519VerifyStrict,
  hexToBytes,
  isValidSignerSet,
} from "@mobilecoin-ts/crypto";
import {
  type BlockVersion,
  type FeeMap,
  feeMapDigestible,
  type GovernorsMap,
  governorsMapDigest,
  governorsMapDigestible,
  MOB_TOKEN_ID,
  requireValidFeeMap,
  supports,
} from "@mobilecoin-ts/transaction";
import { ConsensusError } from "../error.ts";

/** Ed25519 public key (32 bytes) that puts governors in office on networks that name no other (04 section 2.14.1). */
export const DEFAULT_MINTING_TRUST_ROOT: Uint8Array = hexToBytes(
  "1f4fe69277ae2385e9ecd9dde5e42e9ea7907ef3982a63d9ce4118950b696e35",
);

/**
 * Private key of the default trust root, 32 bytes. Everybody knows it: it is for local networks and tests alone
 * (04 section 2.17).
 */
export const TEST_MINTING_TRUST_ROOT_SEED: Uint8Array = hexToBytes(
  "a80fdc86eefbd207184e15a8c5fa018b17409aacc07d2094b74ea734aafe7840",
);

/** What all nodes of a network must have in common: peers with another cannot connect (04 section 2.14.1). */
export interface BlockchainConfig {
  readonly fees: FeeMap;
  readonly governors: GovernorsMap;
  /** Ed25519 signature of the governors by the minting trust root, 64 bytes. */
  readonly governorsSignature?: Uint8Array | undefined;
  readonly blockVersion: BlockVersion;
}

const blockchainConfigDigestible: Digestible<BlockchainConfig> = d.struct<BlockchainConfig>(
  "BlockchainConfig",
  [
    ["fee_map", feeMapDigestible, { key: "fees" }],
    ["governors_map", governorsMapDigestible, { key: "governors" }],
    ["governors_signature", d.option(d.ed25519Signature)],
    ["block_version", d.newtype<BlockVersion>("BlockVersion", d.u32)],
  ],
);

/** 32 bytes; in lower-case hex behind a dash, the suffix of responder ids in handshakes between peers. */
export function blockchainConfigDigest(config: BlockchainConfig): Uint8Array {
  return digest32("mc-blockchain-config", blockchainConfigDigestible, config);
}

/** Signs governors with the private key (32 bytes) of a minting trust root. Returns 64 bytes. */
export function signGovernors(governors: GovernorsMap, trustRootSeed: Uint8Array): Uint8Array {
  return ed25519Sign(trustRootSeed, governorsMapDigest(governors));
}

/** @param trustRoot Ed25519 public key, 32 bytes. */
export function verifyGovernorsSignature(
  governors: GovernorsMap,
  signature: Uint8Array,
  trustRoot: Uint8Array,
): boolean {
  return ed25519VerifyStrict(trustRoot, governorsMapDigest(governors), signature);
}

/**
 * The rules an enclave holds a configuration to before it starts (04 section 2.14.1).
 *
 * @param trustRoot whose signature the governors need.
 * @throws TransactionError area `feeMap`: `InvalidFeeTooSmall`, `InvalidFeeNotDivisible`, `MissingFee`.
 * @throws ConsensusError `MobTokenNotAllowed`, `InvalidSignerSet`, `MissingGovernorsSignature`,
 * `InvalidGovernorsSignature`, `NestedMultiSigGovernorsNotSupported`
 */
export function validateBlockchainConfig(
  config: BlockchainConfig,
  trustRoot: Uint8Array = DEFAULT_MINTING_TRUST_ROOT,
): void {
  const { fees, governors, governorsSignature, blockVersion } = config;
  requireValidFeeMap(fees);
  for (const [tokenId, signerSet] of governors) {
    if (tokenId === MOB_TOKEN_ID) {
      throw new ConsensusError(
        "MobTokenNotAllowed",
        "token 0 has governors, and nobody may mint it; remove them",
      );
    }
    if (!isValidSignerSet(signerSet)) {
      throw new ConsensusError(
        "InvalidSignerSet",
        `the governors of token ${tokenId} have a threshold of 0, or above their number; correct it`,
      );
    }
  }
  if (governors.size > 0) requireGovernorsSignature(governors, governorsSignature, trustRoot);
  if (supports(blockVersion, "nestedMultisigs")) return;
  for (const [tokenId, { multiSigners }] of governors) {
    if (multiSigners.length > 0) {
      throw new ConsensusError(
        "NestedMultiSigGovernorsNotSupported",
        `the governors of token ${tokenId} are nested, which block version ${blockVersion} does not have`,
      );
    }
  }
}

function requireGovernorsSignature(
  governors: GovernorsMap,
  signature: Uint8Array | undefined,
  trustRoot: Uint8Array,
): void {
  if (signature === undefined) {
    throw new ConsensusError(
      "MissingGovernorsSignature",
      "governors are configured without the minting trust root's signature; have them signed (mint-client sign-governors)",
    );
  }
  if (!verifyGovernorsSignature(governors, signature, trustRoot)) {
    throw new ConsensusError(
      "InvalidGovernorsSignature",
      "the signature of the governors is not the minting trust root's, or is of other governors; have them signed anew",
    );
  }
}
