import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { MINT_NONCE_LENGTH, type MintConfig } from "@mobilecoin-ts/transaction";
import {
  resolveSignerIdentity,
  type SignerIdentities,
  type SignerIdentity,
  signerIdentitiesShape,
  signerIdentityShape,
} from "../config/signer-identity.ts";
import { refuseValue } from "../document/document.ts";
import { parseJson } from "../document/json.ts";
import { list, optional, type Shape, struct, text, u64 } from "../document/shape.ts";

/** Who shall be able to mint a token, and how much: what governors decide on. */
export interface MintConfigRequest {
  readonly tokenId: bigint;
  readonly configs: readonly MintConfig[];
  /** 64 bytes; drawn where there is none. */
  readonly nonce: Uint8Array | undefined;
  /** 0 counts as none. */
  readonly tombstoneBlock: bigint | undefined;
  readonly totalMintLimit: bigint;
}

interface ConfigEntry {
  readonly mintLimit: bigint;
  readonly minters: SignerIdentity;
}

interface MintConfigFile {
  readonly tokenId: bigint;
  readonly configs: readonly ConfigEntry[];
  readonly nonce: Uint8Array | undefined;
  readonly tombstoneBlock: bigint | undefined;
  readonly totalMintLimit: bigint;
  readonly signerIdentities: SignerIdentities;
}

const nonceShape: Shape<Uint8Array> = {
  read(value) {
    const hex = text.read(value);
    if (hex.length !== 2 * MINT_NONCE_LENGTH || !/^[0-9a-fA-F]*$/.test(hex)) {
      throw refuseValue(`is not ${MINT_NONCE_LENGTH} bytes in hex`);
    }
    return hexToBytes(hex);
  },
  write: bytesToHex,
};

const mintConfigFileShape: Shape<MintConfigFile> = struct<MintConfigFile>({
  tokenId: ["token_id", u64],
  configs: [
    "configs",
    list(
      struct<ConfigEntry>({
        mintLimit: ["mint_limit", u64],
        minters: ["minters", signerIdentityShape],
      }),
    ),
  ],
  nonce: ["nonce", optional(nonceShape)],
  tombstoneBlock: ["tombstone_block", optional(u64)],
  totalMintLimit: ["total_mint_limit", u64],
  signerIdentities: ["signer_identities", signerIdentitiesShape],
});

/**
 * Reads a mint configuration file (04 section 2.16).
 *
 * @throws ConsensusError `Malformed`, `LimitExceeded`, `InvalidField`, `UnknownSignerIdentity`, `NestingTooDeep`,
 * `SignerSetValidationFailed`
 */
export function parseMintConfigFile(json: string): MintConfigRequest {
  const { configs, signerIdentities, ...rest } = mintConfigFileShape.read(parseJson(json));
  return {
    ...rest,
    configs: configs.map(({ mintLimit, minters }) => ({
      tokenId: rest.tokenId,
      signerSet: resolveSignerIdentity(minters, signerIdentities),
      mintLimit,
    })),
  };
}
