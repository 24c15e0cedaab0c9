import { LedgerError } from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import {
  type BlockVersion,
  type GovernorsMap,
  type MintConfigTx,
  type MintTx,
  TransactionError,
  validateMintConfigTx,
  validateMintTx,
} from "@mobilecoin-ts/transaction";
import type { ConfiguredMintTx } from "../form-block.ts";

/** Names of `MintValidationResultCode` (04 section 2.9), but for `Ok`. */
type MintRefusalCode =
  | "InvalidBlockVersion"
  | "InvalidTokenId"
  | "InvalidNonceLength"
  | "InvalidSignerSet"
  | "InvalidSignature"
  | "TombstoneBlockExceeded"
  | "TombstoneBlockTooFar"
  | "AmountExceedsMintLimit"
  | "NoGovernors"
  | "NonceAlreadyUsed"
  | "NoMatchingMintConfig"
  | "MintingToFogNotSupported";

/** Why a mint or mint configuration transaction may not be appended now. */
export interface MintRefusal {
  readonly code: MintRefusalCode;
  /** The token id, nonce length or block version that the code is about, by the name of its field on the wire. */
  readonly detail?:
    | { readonly tokenId: bigint }
    | { readonly nonceLength: bigint }
    | { readonly blockVersion: number };
}

/** Validates mint transactions against the ledger and the network's governors (04 section 2.13). */
export class MintManager {
  readonly #store: LedgerStore;
  readonly #governors: GovernorsMap;
  readonly #blockVersion: BlockVersion;

  constructor(store: LedgerStore, governors: GovernorsMap, blockVersion: BlockVersion) {
    this.#store = store;
    this.#governors = governors;
    this.#blockVersion = blockVersion;
  }

  /** Undefined where the transaction may be appended now. */
  refusalOfMintConfigTx(tx: MintConfigTx): MintRefusal | undefined {
    const { tokenId, nonce } = tx.prefix;
    if (this.#store.mintConfigNonceBlock(nonce, tokenId) !== undefined) return { code: "NonceAlreadyUsed" };
    const governors = this.#governors.get(tokenId);
    if (governors === undefined) return { code: "NoGovernors", detail: { tokenId } };
    return refusalIn(() => validateMintConfigTx(tx, governors, this.#context()));
  }

  /** Undefined where the transaction may be appended now. */
  refusalOfMintTx(tx: MintTx): MintRefusal | undefined {
    const { tokenId, nonce } = tx.prefix;
    if (this.#store.mintNonceBlock(nonce, tokenId) !== undefined) return { code: "NonceAlreadyUsed" };
    return refusalIn(() => {
      const { mintConfig } = this.#store.activeMintConfigForMintTx(tx);
      validateMintTx(tx, mintConfig, this.#context());
    });
  }

  /** A mint transaction with the configuration in force that it is charged to; undefined where there is none. */
  configured(mintTx: MintTx): ConfiguredMintTx | undefined {
    const active = this.#store.activeMintConfigs(mintTx.prefix.tokenId);
    if (active === undefined) return undefined;
    try {
      const { mintConfig } = this.#store.activeMintConfigForMintTx(mintTx);
      return { mintTx, mintConfigTx: active.mintConfigTx, mintConfig };
    } catch (error) {
      if (error instanceof LedgerError) return undefined;
      throw error;
    }
  }

  #context() {
    return { blockVersion: this.#blockVersion, blockIndex: this.#store.blockCount() };
  }
}

function refusalIn(validate: () => void): MintRefusal | undefined {
  try {
    validate();
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) {
      if (error.code === "MintLimitExceeded") return { code: "AmountExceedsMintLimit" };
      if (error.code === "NotFound") return { code: "NoMatchingMintConfig" };
    }
    if (!(error instanceof TransactionError) || error.area !== "mint") throw error;
    return mintRefusalOf(error as TransactionError<"mint">);
  }
}

function mintRefusalOf(error: TransactionError<"mint">): MintRefusal {
  const { tokenId, nonceLength, blockVersion } = error.data;
  switch (error.code) {
    case "InvalidTokenId":
      return typeof tokenId === "bigint" ? { code: error.code, detail: { tokenId } } : { code: error.code };
    case "InvalidNonceLength":
      return { code: error.code, detail: { nonceLength: BigInt(nonceLength ?? 0) } };
    case "InvalidBlockVersion":
      return { code: error.code, detail: { blockVersion: Number(blockVersion ?? 0) } };
    default:
      return { code: error.code };
  }
}
