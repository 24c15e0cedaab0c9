import {
  CryptoError,
  checkEd25519PublicKey,
  MAX_SIGNER_SET_DEPTH,
  type SignerSet,
} from "@mobilecoin-ts/crypto";
import type * as Api from "@mobilecoin-ts/wire/gen/external_pb";
import { ENCRYPTED_FOG_HINT_LENGTH } from "../tx-out/tx-out.ts";
import { type ApiBytes, apiOptional, apiPublicKey, apiWrapped, refuseApi } from "./api-fields.ts";
import type { MintConfigTx, MintTx, ValidatedMintConfigTx } from "./mint-tx.ts";

const NO_BYTES = new Uint8Array(0);
const ED25519_SIGNATURE_LENGTH = 64;
const NOBODY: SignerSet = { individualSigners: [], multiSigners: [], threshold: 0 };

function ed25519Public(message: ApiBytes, field: string): Uint8Array {
  const bytes = apiWrapped(message, 32, field);
  try {
    checkEd25519PublicKey(bytes);
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw refuseApi("KeyCastError", field, "is no Ed25519 key", cause);
  }
  return bytes;
}

/**
 * @throws TransactionError area `conversion`: `ArrayCastError`, `KeyCastError`, `Other` (nested more deeply than the
 * ledger form allows).
 */
export function signerSetFromApi(message: Api.Ed25519SignerSet | undefined, field = "signer_set"): SignerSet {
  return signerSetAtDepth(message, field, 1);
}

function signerSetAtDepth(
  message: Api.Ed25519SignerSet | undefined,
  field: string,
  depth: number,
): SignerSet {
  if (message === undefined) return NOBODY;
  if (depth > MAX_SIGNER_SET_DEPTH) throw refuseApi("Other", "signer_set", "is nested too deeply");
  return {
    individualSigners: message.individualSigners.map((key, i) =>
      ed25519Public(key, `${field}.individual_signers[${i}]`),
    ),
    multiSigners: message.multiSigners.map((nested, i) =>
      signerSetAtDepth(nested, `${field}.multi_signers[${i}]`, depth + 1),
    ),
    threshold: message.threshold,
  };
}

function multiSig(message: Api.Ed25519MultiSig | undefined, field: string): Uint8Array[] {
  return (message?.signatures ?? []).map((signature, i) =>
    apiWrapped(signature, ED25519_SIGNATURE_LENGTH, `${field}.signatures[${i}]`),
  );
}

/** @throws TransactionError area `conversion`: `ArrayCastError`, `KeyCastError`. An empty hint counts as absent. */
export function mintTxFromApi({ prefix, signature }: Api.MintTx): MintTx {
  return {
    prefix: {
      tokenId: prefix?.tokenId ?? 0n,
      amount: prefix?.amount ?? 0n,
      viewPublicKey: apiPublicKey(prefix?.viewPublicKey, "prefix.view_public_key"),
      spendPublicKey: apiPublicKey(prefix?.spendPublicKey, "prefix.spend_public_key"),
      nonce: prefix?.nonce ?? NO_BYTES,
      tombstoneBlock: prefix?.tombstoneBlock ?? 0n,
      eFogHint: apiOptional(prefix?.eFogHint, ENCRYPTED_FOG_HINT_LENGTH, "prefix.e_fog_hint"),
    },
    signature: multiSig(signature, "signature"),
  };
}

/** @throws TransactionError area `conversion`: `ArrayCastError`, `KeyCastError`, `Other`. */
export function mintConfigTxFromApi(message: Api.MintConfigTx | undefined, field = ""): MintConfigTx {
  const { prefix, signature } = message ?? {};
  return {
    prefix: {
      tokenId: prefix?.tokenId ?? 0n,
      configs: (prefix?.configs ?? []).map(({ tokenId, signerSet, mintLimit }, i) => ({
        tokenId,
        signerSet: signerSetFromApi(signerSet, `${field}prefix.configs[${i}].signer_set`),
        mintLimit,
      })),
      nonce: prefix?.nonce ?? NO_BYTES,
      tombstoneBlock: prefix?.tombstoneBlock ?? 0n,
      totalMintLimit: prefix?.totalMintLimit ?? 0n,
    },
    signature: multiSig(signature, `${field}signature`),
  };
}

/** @throws TransactionError area `conversion`: `ArrayCastError`, `KeyCastError`, `Other`. */
export function validatedMintConfigTxFromApi(message: Api.ValidatedMintConfigTx): ValidatedMintConfigTx {
  return {
    mintConfigTx: mintConfigTxFromApi(message.mintConfigTx, "mint_config_tx."),
    signerSet: signerSetFromApi(message.signerSet),
  };
}
