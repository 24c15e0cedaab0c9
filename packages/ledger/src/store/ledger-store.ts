import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, compareBytes, readU64le, u64le, utf8 } from "@mobilecoin-ts/crypto";
import {
  MAX_BLOCK_VERSION,
  type MintTx,
  type TxOut,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@mobilecoin-ts/transaction";
import { type Block, blockCodec, isBlockIdValid, NO_PARENT_ID } from "../block.ts";
import { type BlockContents, blockContentsHash } from "../block-contents.ts";
import type { BlockData } from "../block-data.ts";
import { type BlockMetadata, blockMetadataCodec } from "../block-metadata.ts";
import { type BlockSignature, blockSignatureCodec } from "../block-signature.ts";
import { LedgerError, type LedgerErrorCodes } from "../error.ts";
import { BLOCK_COUNT_KEY } from "./count-keys.ts";
import { isDataFileBegun } from "./data-file.ts";
import { MintStore } from "./mint-store.ts";
import {
  type ActiveMintConfig,
  type ActiveMintConfigs,
  keyImageListCodec,
  metadataVersionCodec,
  type TxOutsByBlock,
  txOutsByBlockCodec,
} from "./stored-records.ts";
import { integerKey, LedgerTables, readIntegerKey } from "./tables.ts";
import { TxOutStore } from "./tx-out-store.ts";

/** Version of the table formats (03 section 2.9.4). */
export const LEDGER_FORMAT_VERSION = 20_220_921n;

/** First block version whose blocks must come with metadata. */
const METADATA_SINCE_VERSION = 3;

const VERSION_KEY = utf8("version");
const DATA_FILE = "data.mdb";

export interface OpenLedgerOptions {
  /** Opens for reading only; the ledger must exist. Another process may be appending to it. */
  readonly readOnly?: boolean;
  /** Makes an empty ledger where there is none. */
  readonly create?: boolean;
}

function refuse(
  code: LedgerErrorCodes["store"],
  text: string,
  data: Readonly<Record<string, number | bigint | string>> = {},
): LedgerError<"store"> {
  return new LedgerError("store", code, text, { data });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new LedgerError("store", "IO", `the folder ${folder} cannot be made; name another`, {
      cause,
      data: { folder },
    });
  }
}

/**
 * A ledger in an LMDB folder (03 section 2.9). A block is appended in one transaction, or not at all: whenever the
 * process is killed, the ledger stands at the last block appended or the one before. Reads that follow one another
 * without an `await` between them see one state of the ledger.
 */
export class LedgerStore {
  readonly #tables: LedgerTables;
  readonly #txOuts: TxOutStore;
  readonly #mints: MintStore;

  private constructor(tables: LedgerTables) {
    this.#tables = tables;
    this.#txOuts = new TxOutStore(tables);
    this.#mints = new MintStore(tables);
  }

  /**
   * Opens the ledger in a folder.
   *
   * @throws LedgerError area `store`: `NotFound` where there is none and `create` is not set, `VersionIncompatible`
   * where its format is another, `Corrupt` where its file is none of LMDB, `IO` where the folder cannot be made or read.
   */
  static open(folder: string, options: OpenLedgerOptions = {}): LedgerStore {
    const file = join(folder, DATA_FILE);
    const exists = existsSync(file) && isDataFileBegun(file);
    if (!exists && (options.readOnly === true || options.create !== true)) {
      throw refuse("NotFound", `there is no ledger in ${folder}`, { folder });
    }
    if (!exists) makeFolder(folder);
    const readOnly = options.readOnly === true;
    const store = new LedgerStore(new LedgerTables(folder, readOnly));
    store.#requireFormat(exists, readOnly);
    return store;
  }

  #requireFormat(exists: boolean, readOnly: boolean): void {
    const stored = this.#tables.get("metadata", VERSION_KEY);
    if (stored === undefined && readOnly) throw refuse("NotFound", "the folder holds no ledger yet");
    if (stored === undefined && exists && this.blockCount() > 0n) {
      throw refuse("VersionIncompatible", "the ledger does not name its format");
    }
    if (stored === undefined) {
      const version = {
        databaseFormatVersion: LEDGER_FORMAT_VERSION,
        createdByCrateVersion: "mobilecoin-ts",
      };
      this.#tables.write(() =>
        this.#tables.put("metadata", VERSION_KEY, metadataVersionCodec.encode(version)),
      );
      return;
    }
    const { databaseFormatVersion } = metadataVersionCodec.decode(stored);
    if (databaseFormatVersion !== LEDGER_FORMAT_VERSION) {
      throw refuse(
        "VersionIncompatible",
        `the ledger has format ${databaseFormatVersion}, this program reads ${LEDGER_FORMAT_VERSION}`,
        { found: databaseFormatVersion, required: LEDGER_FORMAT_VERSION },
      );
    }
  }

  /** Number of blocks; the next block has this index. */
  blockCount(): bigint {
    const value = this.#tables.get("counts", BLOCK_COUNT_KEY);
    return value === undefined ? 0n : readIntegerKey(value);
  }

  /** Number of TxOuts in all blocks. */
  txOutCount(): bigint {
    return this.#txOuts.count();
  }

  /** A block's header. @throws LedgerError `NotFound`. */
  block(index: bigint): Block {
    const value = this.#tables.get("blocks", integerKey(index));
    if (value === undefined) throw refuse("NotFound", `there is no block ${index}`, { index });
    return blockCodec.decode(value);
  }

  /** @throws LedgerError `NotFound` for an empty ledger. */
  latestBlock(): Block {
    const count = this.blockCount();
    if (count === 0n) throw refuse("NotFound", "the ledger is empty");
    return this.block(count - 1n);
  }

  blockSignature(index: bigint): BlockSignature | undefined {
    const value = this.#tables.get("blockSignatures", integerKey(index));
    return value === undefined ? undefined : blockSignatureCodec.decode(value);
  }

  blockMetadata(index: bigint): BlockMetadata | undefined {
    const value = this.#tables.get("blockMetadata", integerKey(index));
    return value === undefined ? undefined : blockMetadataCodec.decode(value);
  }

  /** @throws LedgerError `NotFound`. */
  blockContents(index: bigint): BlockContents {
    const { firstTxOutIndex, txOutCount } = this.#txOutsOfBlock(index);
    return {
      keyImages: this.keyImagesOfBlock(index),
      outputs: Array.from({ length: Number(txOutCount) }, (_, i) =>
        this.#txOuts.byIndex(firstTxOutIndex + BigInt(i)),
      ),
      validatedMintConfigTxs: this.#mints.validatedMintConfigTxs(index),
      mintTxs: this.#mints.mintTxs(index),
    };
  }

  /** A block with contents, and signature and metadata where they are stored. @throws LedgerError `NotFound`. */
  blockData(index: bigint): BlockData {
    return {
      block: this.block(index),
      contents: this.blockContents(index),
      signature: this.blockSignature(index),
      metadata: this.blockMetadata(index),
    };
  }

  /** Key images (32 bytes each) spent in a block. @throws LedgerError `NotFound`. */
  keyImagesOfBlock(index: bigint): readonly Uint8Array[] {
    const value = this.#tables.get("keyImagesByBlock", integerKey(index));
    if (value === undefined) throw refuse("NotFound", `there is no block ${index}`, { index });
    return keyImageListCodec.decode(value).keyImages;
  }

  /** Global index of the first output of a block. @throws LedgerError `NotFound`. */
  firstTxOutIndexOfBlock(index: bigint): bigint {
    return this.#txOutsOfBlock(index).firstTxOutIndex;
  }

  #txOutsOfBlock(index: bigint): TxOutsByBlock {
    const value = this.#tables.get("txOutsByBlock", integerKey(index));
    if (value === undefined) throw refuse("NotFound", `there is no block ${index}`, { index });
    return txOutsByBlockCodec.decode(value);
  }

  /** A TxOut by its global index. @throws LedgerError `NotFound`. */
  txOut(index: bigint): TxOut {
    return this.#txOuts.byIndex(index);
  }

  /** Global index of the TxOut with this hash (32 bytes). */
  txOutIndexByHash(hash: Uint8Array): bigint | undefined {
    return this.#txOuts.indexByHash(hash);
  }

  /** Global index of the TxOut with this public key (32 bytes). */
  txOutIndexByPublicKey(publicKey: Uint8Array): bigint | undefined {
    return this.#txOuts.indexByPublicKey(publicKey);
  }

  containsTxOutPublicKey(publicKey: Uint8Array): boolean {
    return this.#txOuts.indexByPublicKey(publicKey) !== undefined;
  }

  /** Index of the block that holds a TxOut. @throws LedgerError `NotFound`. */
  blockIndexOfTxOut(txOutIndex: bigint): bigint {
    const value = this.#tables.get("blockNumberByTxOutIndex", integerKey(txOutIndex));
    if (value === undefined)
      throw refuse("NotFound", `there is no TxOut ${txOutIndex}`, { index: txOutIndex });
    return readIntegerKey(value);
  }

  /** Index of the block that spent a key image (32 bytes). */
  keyImageBlockIndex(keyImage: Uint8Array): bigint | undefined {
    const value = this.#tables.get("keyImages", keyImage);
    return value === undefined ? undefined : readU64le(value);
  }

  /** Membership proofs, all of one state, in the order asked. @throws LedgerError `TxOutIndexOutOfBounds`. */
  membershipProofs(txOutIndices: readonly bigint[]): TxOutMembershipProof[] {
    return this.#txOuts.proofs(txOutIndices);
  }

  /**
   * The stored hash (32 bytes) of a node of the Merkle tree: level 0 has the leaves. @throws LedgerError `Corrupt` for a
   * node without a leaf under it, or one that is missing.
   */
  merkleNode(level: number, position: bigint): Uint8Array {
    return this.#txOuts.node(level, position);
  }

  /** Root of the tree over all TxOuts. @throws LedgerError `NoOutputs` (area `merkle`) for an empty ledger. */
  rootElement(): TxOutMembershipElement {
    return this.#txOuts.rootElement();
  }

  /** Mint configurations in force for a token. */
  activeMintConfigs(tokenId: bigint): ActiveMintConfigs | undefined {
    return this.#mints.activeMintConfigs(tokenId);
  }

  /** Mint configurations in force for all tokens, by token id. */
  allActiveMintConfigs(): ReadonlyMap<bigint, ActiveMintConfigs> {
    return this.#mints.allActiveMintConfigs();
  }

  /** The configuration a mint transaction would be charged to. Throws as `MintStore.activeMintConfigForMintTx`. */
  activeMintConfigForMintTx(mintTx: MintTx): ActiveMintConfig {
    return this.#mints.activeMintConfigForMintTx(mintTx);
  }

  /** The block that used this nonce (64 bytes) for a mint configuration of the token. */
  mintConfigNonceBlock(nonce: Uint8Array, tokenId: bigint): bigint | undefined {
    return this.#mints.mintConfigNonceBlock(nonce, tokenId);
  }

  /** The block that used this nonce (64 bytes) for a mint of the token. */
  mintNonceBlock(nonce: Uint8Array, tokenId: bigint): bigint | undefined {
    return this.#mints.mintNonceBlock(nonce, tokenId);
  }

  /**
   * Appends a block in one transaction (03 section 2.9.1). Not checked, as in the reference: cumulative TxOut count, root
   * element, signatures, and that the metadata is about this block; `verifyChain` checks them.
   *
   * @throws LedgerError area `store`, the first rule in the order there; `data.blockIndex` names the block. Nothing is
   * stored then.
   */
  appendBlock(data: BlockData): void {
    try {
      this.#requireAppendable(data);
      this.#tables.write(() => this.#write(data));
    } catch (cause) {
      if (!(cause instanceof LedgerError)) throw cause;
      const blockIndex = data.block.index;
      throw new LedgerError(cause.area, cause.code, `block ${blockIndex} is refused: ${cause.message}`, {
        cause,
        data: { ...cause.data, blockIndex },
      });
    }
  }

  #requireAppendable({ block, contents, metadata }: BlockData): void {
    this.#requireNext(block);
    const { outputs, keyImages, mintTxs, validatedMintConfigTxs } = contents;
    if (outputs.length === 0 && validatedMintConfigTxs.length === 0) {
      throw refuse("NoOutputs", "the block has neither outputs nor mint configurations");
    }
    if (outputs.length < mintTxs.length)
      throw refuse("TooFewOutputs", "the block has fewer outputs than mints");
    if (
      block.index !== 0n &&
      keyImages.length === 0 &&
      mintTxs.length === 0 &&
      validatedMintConfigTxs.length === 0
    ) {
      throw refuse("NoKeyImages", "the block spends and mints nothing");
    }
    if (compareBytes(block.contentsHash, blockContentsHash(contents)) !== 0) {
      throw refuse("InvalidBlockContents", "the contents are not those of the block");
    }
    if (outputs.some(({ maskedAmount }) => maskedAmount === undefined)) {
      throw refuse("MissingMaskedAmount", "an output has no amount that we know");
    }
    if (keyImages.some((keyImage) => this.keyImageBlockIndex(keyImage) !== undefined)) {
      throw refuse("KeyImageAlreadySpent", "the block spends a key image that is spent");
    }
    if (outputs.some(({ publicKey }) => this.containsTxOutPublicKey(publicKey))) {
      throw refuse("DuplicateOutputPublicKey", "the block has an output whose public key the ledger holds");
    }
    if (!isBlockIdValid(block)) {
      throw refuse("InvalidBlockID", "the id is not that of the block", { id: bytesToHex(block.id) });
    }
    this.#mints.requireFreshNonces(contents);
    if (block.version >= METADATA_SINCE_VERSION && metadata === undefined) {
      throw refuse("BlockMetadataRequired", `blocks of version ${block.version} must have metadata`);
    }
  }

  #requireNext({ version, index, parentId, id }: Block): void {
    const count = this.blockCount();
    if (count === 0n) {
      if (version !== 0)
        throw refuse("InvalidBlockVersion", "the first block must have version 0", { version });
      if (index !== 0n) throw refuse("InvalidBlockIndex", "the first block must have index 0", { index });
      if (compareBytes(parentId, NO_PARENT_ID) !== 0) {
        throw refuse("InvalidParentBlockID", "the first block has a parent", { id: bytesToHex(id) });
      }
      return;
    }
    const latest = this.block(count - 1n);
    if (version < latest.version || version > MAX_BLOCK_VERSION) {
      throw refuse(
        "InvalidBlockVersion",
        `a block of version ${version} cannot follow one of ${latest.version}`,
        {
          version,
        },
      );
    }
    if (index !== count)
      throw refuse("InvalidBlockIndex", `the next block has index ${count}, not ${index}`, { index });
    if (compareBytes(parentId, latest.id) !== 0) {
      throw refuse("InvalidParentBlockID", "the block is no child of the last one", {
        parentId: bytesToHex(parentId),
      });
    }
  }

  #write({ block, contents, signature, metadata }: BlockData): void {
    const key = integerKey(block.index);
    const firstTxOutIndex = this.txOutCount();
    // Not looked up again here: a key image twice within one block overwrites itself, as in the reference.
    for (const keyImage of contents.keyImages) this.#tables.put("keyImages", keyImage, u64le(block.index));
    this.#tables.put("keyImagesByBlock", key, keyImageListCodec.encode({ keyImages: contents.keyImages }));
    for (const [i, txOut] of contents.outputs.entries()) {
      this.#txOuts.push(txOut);
      this.#tables.put("blockNumberByTxOutIndex", integerKey(firstTxOutIndex + BigInt(i)), key);
    }
    const txOuts = { firstTxOutIndex, txOutCount: BigInt(contents.outputs.length) };
    this.#tables.put("txOutsByBlock", key, txOutsByBlockCodec.encode(txOuts));
    this.#mints.writeBlock(block.index, contents);
    this.#tables.put("blocks", key, blockCodec.encode(block));
    if (signature !== undefined)
      this.#tables.put("blockSignatures", key, blockSignatureCodec.encode(signature));
    if (metadata !== undefined) this.#tables.put("blockMetadata", key, blockMetadataCodec.encode(metadata));
    this.#tables.put("counts", BLOCK_COUNT_KEY, integerKey(block.index + 1n));
  }

  /**
   * Resolves when every block appended so far is on the disk: only then does it survive a loss of power. A kill of the
   * process loses nothing that `appendBlock` returned from.
   */
  async flush(): Promise<void> {
    await this.#tables.flush();
  }

  /** Waits for what is under way and releases the folder. */
  async close(): Promise<void> {
    await this.#tables.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
