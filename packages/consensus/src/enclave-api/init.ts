import { type BlockVersion, blockVersion, signerSetCodec } from "@mobilecoin-ts/transaction";
import { type Codec, type Field, f, mapped, message } from "@mobilecoin-ts/wire";
import type { BlockchainConfig } from "../config/blockchain-config.ts";
import type { RecipientKeys } from "../enclave-outputs.ts";

/** What an enclave is told before anything else (04 section 2.14.1). */
export interface EnclaveInit {
  /** `host:port` that peers dial the node at. */
  readonly peerResponderId: string;
  /** `host:port` that clients dial the node at. */
  readonly clientResponderId: string;
  /** What an earlier run of the same enclave returned; a new key is made where it is not given. */
  readonly sealedBlockSigningKey?: Uint8Array | undefined;
  readonly config: BlockchainConfig;
  /** Whom fees are paid to, where it is not the network's usual recipient. */
  readonly feeRecipient?: RecipientKeys | undefined;
  /** Ed25519 public key (32 bytes) that signs governors, where it is not the usual one. */
  readonly mintingTrustRoot?: Uint8Array | undefined;
}

/** Who the enclave is after `init`. */
export interface EnclaveIdentity {
  /** The block signing key for the host to keep; only the same enclave on the same machine can open it. */
  readonly sealedBlockSigningKey: Uint8Array;
  /** Ed25519 public key that the enclave signs blocks with, 32 bytes. */
  readonly blockSigningKey: Uint8Array;
  /** X25519 public key of the enclave in handshakes, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** The peer responder id as handshakes between peers have it: with the digest of the configuration behind it. */
  readonly peerResponderIdWithDigest: string;
}

interface FeeEntry {
  readonly tokenId: bigint;
  readonly fee: bigint;
}

const feeEntryCodec = message<FeeEntry>("FeeEntry", { tokenId: f.uint64(1), fee: f.uint64(2) });

const governorsEntryCodec = message<{
  readonly tokenId: bigint;
  readonly signerSet: ReturnType<typeof signerSetCodec.defaultValue>;
}>("GovernorsEntry", { tokenId: f.uint64(1), signerSet: f.message(2, signerSetCodec) });

const versionNumber = f.uint32(4);

const versionField: Field<BlockVersion> = {
  ...versionNumber,
  initial: () => blockVersion(0),
  read: (reader, tag, wireType, current, state) =>
    blockVersion(versionNumber.read(reader, tag, wireType, current, state)),
};

interface ConfigMessage extends Omit<BlockchainConfig, "fees" | "governors"> {
  readonly fees: readonly FeeEntry[];
  readonly governors: readonly {
    readonly tokenId: bigint;
    readonly signerSet: ReturnType<typeof signerSetCodec.defaultValue>;
  }[];
}

const configCodec: Codec<BlockchainConfig> = mapped(
  message<ConfigMessage>("BlockchainConfig", {
    fees: f.repeated(1, feeEntryCodec),
    governors: f.repeated(2, governorsEntryCodec),
    governorsSignature: f.bytes(3, { optional: true }),
    blockVersion: versionField,
  }),
  ({ fees, governors, ...rest }) => ({
    ...rest,
    fees: new Map(fees.map(({ tokenId, fee }) => [tokenId, fee])),
    governors: new Map(governors.map(({ tokenId, signerSet }) => [tokenId, signerSet])),
  }),
  ({ fees, governors, governorsSignature, blockVersion: version }) => ({
    fees: [...fees].map(([tokenId, fee]) => ({ tokenId, fee })),
    governors: [...governors].map(([tokenId, signerSet]) => ({ tokenId, signerSet })),
    governorsSignature,
    blockVersion: version,
  }),
);

export const recipientKeysCodec: Codec<RecipientKeys> = message<RecipientKeys>("RecipientKeys", {
  spendPublicKey: f.bytes(1),
  viewPublicKey: f.bytes(2),
});

export const enclaveInitCodec: Codec<EnclaveInit> = message<EnclaveInit>("EnclaveInit", {
  peerResponderId: f.string(1),
  clientResponderId: f.string(2),
  sealedBlockSigningKey: f.bytes(3, { optional: true }),
  config: f.message(4, configCodec),
  feeRecipient: f.message(5, recipientKeysCodec, { optional: true }),
  mintingTrustRoot: f.bytes(6, { optional: true }),
});

export const enclaveIdentityCodec: Codec<EnclaveIdentity> = message<EnclaveIdentity>("EnclaveIdentity", {
  sealedBlockSigningKey: f.bytes(1),
  blockSigningKey: f.bytes(2),
  identityKey: f.bytes(3),
  peerResponderIdWithDigest: f.string(4),
});

/** The minimum fee of a token; undefined where the token pays no fees on this network. */
export interface MinimumFee {
  readonly fee?: bigint | undefined;
}

export const minimumFeeCodec: Codec<MinimumFee> = message<MinimumFee>("MinimumFee", {
  fee: f.uint64(1, { optional: true }),
});

export const tokenIdCodec: Codec<{ readonly tokenId: bigint }> = message("TokenId", { tokenId: f.uint64(1) });
