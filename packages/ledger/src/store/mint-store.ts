import { compareBytes, concat, u64be, verifyMultiSig } from "@mobilecoin-ts/crypto";
import {
  type MintConfig,
  type MintTx,
  mintConfigCodec,
  mintTxPrefixHash,
  type ValidatedMintConfigTx,
} from "@mobilecoin-ts/transaction";
import type { BlockContents } from "../block-contents.ts";
import { LedgerError } from "../error.ts";
import {
  type ActiveMintConfig,
  type ActiveMintConfigs,
  activeMintConfigsCodec,
  mintConfigTxListCodec,
  mintTxListCodec,
} from "./stored-records.ts";
import { integerKey, type LedgerTables, readIntegerKey, type TableName } from "./tables.ts";

type NonceTable = Extract<TableName, "mintConfigNonces" | "mintTxNonces">;

function nonceKey({ nonce, tokenId }: { readonly nonce: Uint8Array; readonly tokenId: bigint }): Uint8Array {
  return concat(nonce, u64be(tokenId));
}

function sameConfig(a: MintConfig, b: MintConfig): boolean {
  return compareBytes(mintConfigCodec.encode(a), mintConfigCodec.encode(b)) === 0;
}

/** What the ledger keeps of minting: configurations in force, amounts minted, nonces used (03 section 2.9.2). */
export class MintStore {
  readonly #tables: LedgerTables;

  constructor(tables: LedgerTables) {
    this.#tables = tables;
  }

  /** The configurations in force for a token. */
  activeMintConfigs(tokenId: bigint): ActiveMintConfigs | undefined {
    const value = this.#tables.get("activeMintConfigs", integerKey(tokenId));
    return value === undefined ? undefined : activeMintConfigsCodec.decode(value);
  }

  /** The configurations in force for all tokens, by token id. */
  allActiveMintConfigs(): ReadonlyMap<bigint, ActiveMintConfigs> {
    return new Map(
      [...this.#tables.entries("activeMintConfigs")].map(({ key, value }) => [
        readIntegerKey(key),
        activeMintConfigsCodec.decode(value),
      ]),
    );
  }

  validatedMintConfigTxs(blockIndex: bigint): readonly ValidatedMintConfigTx[] {
    const value = this.#tables.get("mintConfigTxsByBlock", integerKey(blockIndex));
    return value === undefined ? [] : mintConfigTxListCodec.decode(value).txs;
  }

  mintTxs(blockIndex: bigint): readonly MintTx[] {
    const value = this.#tables.get("mintTxsByBlock", integerKey(blockIndex));
    return value === undefined ? [] : mintTxListCodec.decode(value).txs;
  }

  /** The block that used this nonce for a mint configuration of the token. */
  mintConfigNonceBlock(nonce: Uint8Array, tokenId: bigint): bigint | undefined {
    return this.#nonceBlock("mintConfigNonces", nonce, tokenId);
  }

  /** The block that used this nonce for a mint of the token. */
  mintNonceBlock(nonce: Uint8Array, tokenId: bigint): bigint | undefined {
    return this.#nonceBlock("mintTxNonces", nonce, tokenId);
  }

  #nonceBlock(table: NonceTable, nonce: Uint8Array, tokenId: bigint): bigint | undefined {
    const value = this.#tables.get(table, nonceKey({ nonce, tokenId }));
    return value === undefined ? undefined : readIntegerKey(value);
  }

  /** Throws `DuplicateMintTx`, `DuplicateMintConfigTx` for nonces of earlier blocks. */
  requireFreshNonces({ mintTxs, validatedMintConfigTxs }: BlockContents): void {
    for (const { prefix } of mintTxs) {
      if (this.mintNonceBlock(prefix.nonce, prefix.tokenId) !== undefined) {
        throw new LedgerError("store", "DuplicateMintTx", "the nonce of a mint transaction was used before");
      }
    }
    for (const { mintConfigTx } of validatedMintConfigTxs) {
      if (this.mintConfigNonceBlock(mintConfigTx.prefix.nonce, mintConfigTx.prefix.tokenId) !== undefined) {
        throw new LedgerError(
          "store",
          "DuplicateMintConfigTx",
          "the nonce of a mint configuration was used before",
        );
      }
    }
  }

  /** Inside a transaction. Mints come first: a configuration never allows a mint of its own block. */
  writeBlock(blockIndex: bigint, { mintTxs, validatedMintConfigTxs }: BlockContents): void {
    const key = integerKey(blockIndex);
    this.#tables.put("mintTxsByBlock", key, mintTxListCodec.encode({ txs: mintTxs }));
    for (const mintTx of mintTxs) this.#writeMintTx(blockIndex, mintTx);
    this.#tables.put(
      "mintConfigTxsByBlock",
      key,
      mintConfigTxListCodec.encode({ txs: validatedMintConfigTxs }),
    );
    for (const { mintConfigTx } of validatedMintConfigTxs) {
      const { prefix } = mintConfigTx;
      if (prefix.configs.some(({ tokenId }) => tokenId !== prefix.tokenId)) {
        throw new LedgerError("store", "InvalidMintConfig", "a mint configuration is for another token", {
          data: { tokenId: prefix.tokenId },
        });
      }
      this.#writeNonce("mintConfigNonces", blockIndex, prefix);
      this.#writeActive(prefix.tokenId, {
        configs: prefix.configs.map((mintConfig) => ({ mintConfig, totalMinted: 0n })),
        mintConfigTx,
      });
    }
  }

  #writeMintTx(blockIndex: bigint, mintTx: MintTx): void {
    const { active, position, total } = this.#chooseConfig(mintTx);
    this.#updateTotalMinted(mintTx.prefix.tokenId, active, active.configs[position]!.mintConfig, total);
    this.#writeNonce("mintTxNonces", blockIndex, mintTx.prefix);
  }

  /**
   * Charges `total` to the first configuration that equals the chosen one, as the reference does: where a transaction
   * lists the same configuration twice and the first is full, the second is chosen but the first is written.
   */
  #updateTotalMinted(tokenId: bigint, active: ActiveMintConfigs, chosen: MintConfig, total: bigint): void {
    const position = active.configs.findIndex(({ mintConfig }) => sameConfig(mintConfig, chosen));
    const before = active.configs[position]!;
    if (total < before.totalMinted) {
      throw new LedgerError(
        "store",
        "TotalMintedAmountCannotDecrease",
        "what was minted under a configuration cannot become less",
        { data: { tokenId, total, minted: before.totalMinted } },
      );
    }
    // The limits were checked when it was chosen, and charging the first of equals adds no more than that.
    const configs = active.configs.with(position, { ...before, totalMinted: total });
    this.#writeActive(tokenId, { ...active, configs });
  }

  /**
   * The configuration a mint transaction would be charged to.
   *
   * @throws LedgerError area `store`: `NotFound` (no configuration in force, or none that it satisfies),
   * `MintLimitExceeded`, `InvalidMintConfig`.
   */
  activeMintConfigForMintTx(mintTx: MintTx): ActiveMintConfig {
    const { active, position } = this.#chooseConfig(mintTx);
    return active.configs[position]!;
  }

  #chooseConfig({ prefix, signature }: MintTx): {
    readonly active: ActiveMintConfigs;
    readonly position: number;
    /** Minted under the chosen configuration, this amount included. */
    readonly total: bigint;
  } {
    const { tokenId, amount } = prefix;
    const active = this.activeMintConfigs(tokenId);
    if (active === undefined) throw noConfig(tokenId);
    const sum = active.configs.reduce((minted, { totalMinted }) => minted + totalMinted, 0n);
    const { totalMintLimit, configs } = active.mintConfigTx.prefix;
    if (sum + amount > totalMintLimit) {
      throw limitExceeded(tokenId, amount, sum, totalMintLimit);
    }
    const consistent =
      configs.length === active.configs.length &&
      configs.every((config, i) => sameConfig(config, active.configs[i]!.mintConfig));
    if (!consistent) {
      throw new LedgerError(
        "store",
        "InvalidMintConfig",
        "the configurations in force are not those of their transaction",
        {
          data: { tokenId },
        },
      );
    }
    const digest = mintTxPrefixHash(prefix);
    let refusal = noConfig(tokenId);
    for (const [position, { mintConfig, totalMinted }] of active.configs.entries()) {
      if (verifyMultiSig(mintConfig.signerSet, digest, signature) === undefined) continue;
      const total = totalMinted + amount;
      if (total <= mintConfig.mintLimit) return { active, position, total };
      refusal = limitExceeded(tokenId, amount, totalMinted, mintConfig.mintLimit);
    }
    throw refusal;
  }

  #writeActive(tokenId: bigint, active: ActiveMintConfigs): void {
    this.#tables.put("activeMintConfigs", integerKey(tokenId), activeMintConfigsCodec.encode(active));
  }

  #writeNonce(
    table: NonceTable,
    blockIndex: bigint,
    prefix: { readonly nonce: Uint8Array; readonly tokenId: bigint },
  ): void {
    const key = nonceKey(prefix);
    if (this.#tables.get(table, key) !== undefined) {
      throw new LedgerError("store", "KeyExist", "a nonce stands twice in one block");
    }
    this.#tables.put(table, key, integerKey(blockIndex));
  }
}

function noConfig(tokenId: bigint): LedgerError<"store"> {
  return new LedgerError("store", "NotFound", "no mint configuration in force allows the mint transaction", {
    data: { tokenId },
  });
}

/** Mints are public: their amounts may be told. */
function limitExceeded(tokenId: bigint, amount: bigint, minted: bigint, limit: bigint): LedgerError<"store"> {
  return new LedgerError("store", "MintLimitExceeded", "more would be minted than the configuration allows", {
    data: { tokenId, amount, minted, limit },
  });
}
