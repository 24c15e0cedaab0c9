import { bytesToHex, hexToBytes, type SignerSet } from "@mobilecoin-ts/crypto";
import {
  DEFAULT_FEE_MAP,
  DEFAULT_MINIMUM_FEE,
  type FeeMap,
  type GovernorsMap,
  MOB_TOKEN_ID,
} from "@mobilecoin-ts/transaction";
import { refuseValue } from "../document/document.ts";
import { formatJson, parseJson } from "../document/json.ts";
import {
  bool,
  list,
  mapOf,
  optional,
  type Shape,
  struct,
  text,
  u64,
  withDefault,
} from "../document/shape.ts";
import { ConsensusError } from "../error.ts";
import {
  resolveSignerIdentity,
  type SignerIdentities,
  type SignerIdentity,
  signerIdentitiesShape,
  signerIdentityShape,
} from "./signer-identity.ts";

/** The tokens of a network, from tokens.json (04 section 2.15). */
export interface TokensConfig {
  readonly fees: FeeMap;
  readonly governors: GovernorsMap;
  /** 64 bytes. */
  readonly governorsSignature: Uint8Array | undefined;
}

/** The tokens of a node that is given no file: token 0 alone. */
export const DEFAULT_TOKENS_CONFIG: TokensConfig = {
  fees: DEFAULT_FEE_MAP,
  governors: new Map(),
  governorsSignature: undefined,
};

interface TokenEntry {
  readonly tokenId: bigint;
  readonly minimumFee: bigint | undefined;
  readonly allowAnyFee: boolean;
  readonly signerIdentities: SignerIdentities;
  readonly governors: SignerIdentity | undefined;
}

interface TokensFile {
  readonly governorsSignature: Uint8Array | undefined;
  readonly tokens: readonly TokenEntry[];
}

const SIGNATURE_FIELD = "governors_signature";

const signatureShape: Shape<Uint8Array | undefined> = {
  read(value) {
    const hex = optional(text).read(value);
    if (hex === undefined || hex === "") return undefined;
    if (!/^[0-9a-fA-F]{128}$/.test(hex)) throw refuseValue("is not 64 bytes in hex");
    return hexToBytes(hex);
  },
  write: (signature) => (signature === undefined ? null : bytesToHex(signature)),
};

const tokensFileShape: Shape<TokensFile> = struct<TokensFile>({
  governorsSignature: [SIGNATURE_FIELD, signatureShape],
  tokens: [
    "tokens",
    list(
      struct<TokenEntry>({
        tokenId: ["token_id", u64],
        minimumFee: ["minimum_fee", optional(u64)],
        allowAnyFee: ["allow_any_fee", withDefault(bool, () => false)],
        signerIdentities: ["signer_identities", signerIdentitiesShape],
        governors: ["governors", optional(signerIdentityShape)],
      }),
    ),
  ],
});

/** Bounds of the minimum fee of token 0, in picoMOB; the upper one is excluded. */
const MOB_FEE_BOUNDS = { from: 10_000n, below: 1_000_000_000_000n } as const;

/**
 * Reads tokens.json. The rules of 04 section 2.14.1 come on top: `validateBlockchainConfig`.
 *
 * @throws ConsensusError `Malformed`, `LimitExceeded`, `InvalidField`, `DuplicateTokenConfig`, `MissingMobConfig`,
 * `MissingMinimumFee`, `FeeOutOfBounds`, `AllowAnyFeeNotAllowed`, `MintConfigNotAllowed`, `InvalidSignerSet` (the cause
 * says why)
 */
export function parseTokensConfig(json: string): TokensConfig {
  const { tokens, governorsSignature } = tokensFileShape.read(parseJson(json));
  const fees = new Map<bigint, bigint>();
  const governors = new Map<bigint, SignerSet>();
  requireTokenIds(tokens.map(({ tokenId }) => tokenId));
  for (const token of tokens) {
    fees.set(token.tokenId, minimumFeeOf(token));
    const signerSet = governorsOf(token);
    if (signerSet !== undefined) governors.set(token.tokenId, signerSet);
  }
  return { fees, governors, governorsSignature };
}

/** The same file with a signature of its governors (64 bytes) put in. @throws ConsensusError `Malformed`, `InvalidField` */
export function withGovernorsSignature(json: string, signature: Uint8Array): string {
  const file = new Map(mapOf(parseJson(json)));
  file.set(SIGNATURE_FIELD, bytesToHex(signature));
  return formatJson(file);
}

function requireTokenIds(tokenIds: readonly bigint[]): void {
  const repeated = tokenIds.find((tokenId, i) => tokenIds.indexOf(tokenId) !== i);
  if (repeated !== undefined) {
    throw new ConsensusError("DuplicateTokenConfig", `token ${repeated} is configured twice; keep one entry`);
  }
  if (!tokenIds.includes(MOB_TOKEN_ID)) {
    throw new ConsensusError(
      "MissingMobConfig",
      "token 0 is not configured, and every network has it; add it",
    );
  }
}

function minimumFeeOf({ tokenId, minimumFee, allowAnyFee }: TokenEntry): bigint {
  const isMob = tokenId === MOB_TOKEN_ID;
  const fee = minimumFee ?? (isMob ? DEFAULT_MINIMUM_FEE : undefined);
  if (fee === undefined) {
    throw new ConsensusError("MissingMinimumFee", `token ${tokenId} has no minimum_fee; add one`);
  }
  if (allowAnyFee && !isMob) {
    throw new ConsensusError(
      "AllowAnyFeeNotAllowed",
      `allow_any_fee is set for token ${tokenId}, and means something for token 0 alone; remove it`,
    );
  }
  if (isMob && !allowAnyFee && (fee < MOB_FEE_BOUNDS.from || fee >= MOB_FEE_BOUNDS.below)) {
    throw new ConsensusError(
      "FeeOutOfBounds",
      `the minimum fee of token 0 is not of ${MOB_FEE_BOUNDS.from}..${MOB_FEE_BOUNDS.below - 1n}; correct it, or set allow_any_fee`,
    );
  }
  return fee;
}

function governorsOf({ tokenId, governors, signerIdentities }: TokenEntry): SignerSet | undefined {
  if (governors === undefined) return undefined;
  if (tokenId === MOB_TOKEN_ID) {
    throw new ConsensusError(
      "MintConfigNotAllowed",
      "token 0 has governors, and cannot be minted; remove them",
    );
  }
  try {
    return resolveSignerIdentity(governors, signerIdentities);
  } catch (cause) {
    if (!(cause instanceof ConsensusError)) throw cause;
    const reason = `the governors of token ${tokenId} are no signer set: ${cause.message}`;
    throw new ConsensusError("InvalidSignerSet", reason, cause);
  }
}
