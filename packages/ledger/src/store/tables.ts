import { readU64be, u64be } from "@mobilecoin-ts/crypto";
import { type Database, open, type RootDatabase } from "lmdb";

const NAMES = {
  metadata: "ledger_db_metadata",
  counts: "ledger_db:counts",
  blocks: "ledger_db:blocks",
  blockSignatures: "ledger_db:block_signatures",
  blockMetadata: "ledger_db:block_metadata",
  keyImages: "ledger_db:key_images",
  keyImagesByBlock: "ledger_db:key_images_by_block",
  txOutsByBlock: "ledger_db:tx_outs_by_block",
  blockNumberByTxOutIndex: "ledger_db:block_number_by_tx_out_index",
  txOutCounts: "tx_out_store:counts",
  txOutByIndex: "tx_out_store:tx_out_by_index",
  txOutIndexByHash: "tx_out_store:tx_out_index_by_hash",
  txOutIndexByPublicKey: "tx_out_store:tx_out_index_by_public_key",
  merkleHashByRange: "tx_out_store:merkle_hash_by_range",
  activeMintConfigs: "mint_config_store:active_mint_configs_by_token_id",
  mintConfigNonces: "mint_config_store:block_index_by_mint_config_tx_nonce_and_token_id",
  mintConfigTxsByBlock: "mint_config_store:validated_mint_config_txs_by_block",
  mintTxsByBlock: "mint_tx_store:set_txs_by_block",
  mintTxNonces: "mint_tx_store:block_index_by_mint_tx_nonce_and_token_id",
} as const;

export type TableName = keyof typeof NAMES;

const MAX_DATABASES = 19;

/** The named tables of a ledger (03 section 2.9) in one LMDB environment. */
export class LedgerTables {
  readonly #root: RootDatabase<Uint8Array, Uint8Array>;
  readonly #tables: ReadonlyMap<TableName, Database<Uint8Array, Uint8Array>>;

  constructor(folder: string, readOnly: boolean) {
    this.#root = open<Uint8Array, Uint8Array>({
      path: folder,
      // A folder may have a name with a dot, which would else be taken for a file.
      noSubdir: false,
      readOnly,
      maxDbs: MAX_DATABASES,
      keyEncoding: "binary",
      encoding: "binary",
    });
    this.#tables = new Map(
      (Object.entries(NAMES) as [TableName, string][]).map(([key, name]) => [
        key,
        this.#root.openDB<Uint8Array, Uint8Array>({ name, keyEncoding: "binary", encoding: "binary" }),
      ]),
    );
  }

  get(name: TableName, key: Uint8Array): Uint8Array | undefined {
    const value = this.#tables.get(name)!.get(key);
    // The library hands out Node.js buffers; a plain view keeps them out of records.
    return value === undefined ? undefined : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }

  /** Only inside `write`. */
  put(name: TableName, key: Uint8Array, value: Uint8Array): void {
    this.#tables.get(name)!.putSync(key, value);
  }

  /** Every key and value of a table, by ascending key. */
  *entries(name: TableName): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    for (const { key, value } of this.#tables.get(name)!.getRange()) {
      yield { key: Uint8Array.from(key), value: Uint8Array.from(value) };
    }
  }

  /** Runs `change` in one transaction: all of it is stored, or, when it throws, nothing. */
  write(change: () => void): void {
    this.#root.transactionSync(change);
  }

  /** Resolves when all that was written is on the disk. */
  async flush(): Promise<void> {
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

/** A u64 as the eight big-endian bytes that integer keys and counts have. */
export const integerKey = u64be;

/** The inverse of `integerKey`. */
export const readIntegerKey = readU64be;
