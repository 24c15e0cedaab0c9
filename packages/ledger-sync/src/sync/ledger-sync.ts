import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import type { Block, BlockData, BlockMetadata } from "@mobilecoin-ts/ledger";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { type Clock, systemClock } from "../clock.ts";
import { LedgerSyncError, reasonOf } from "../error.ts";
import type { NetworkStateTracker } from "../network/network-state.ts";
import { type BlockSource, MAX_BLOCKS_PER_ANSWER } from "../sources/block-source.ts";
import { archiveSource, type ContentsSource } from "../sources/contents-source.ts";
import { downloadContents, SourceRotation } from "./download-contents.ts";
import { fetchHeaders } from "./fetch-headers.ts";
import { agreedHeaders, faultInHeaders } from "./header-agreement.ts";

/** First block version whose blocks are stored with metadata only. */
const METADATA_SINCE_VERSION = 3;

/** Blocks per attempt, as clients ask for them. A node's answer has at most 2000 (03 section 2.11). */
export const DEFAULT_SYNC_LIMIT = 10_000;

export interface LedgerSyncOptions {
  readonly store: LedgerStore;
  /**
   * Lets an empty ledger begin with the origin block that a quorum of peers names. By default the ledger must hold it
   * already: a consensus node has it from its operator.
   */
  readonly acceptOrigin?: boolean;
  readonly network: NetworkStateTracker;
  readonly peers: readonly BlockSource[];
  /** URLs of archives, or other sources of contents; none of them is trusted. */
  readonly archives: readonly (string | ContentsSource)[];
  readonly clock?: Clock;
  /** Uniform in [0, 1), for waits between retries. */
  readonly random?: () => number;
  readonly log?: Logger;
  /**
   * Metadata to store with a block. A consensus node makes its own; without this the fetched metadata is stored, whose
   * signature and block are checked.
   */
  readonly metadataFor?: (block: Block) => BlockMetadata | Promise<BlockMetadata>;
  /** Called after each appended block. */
  readonly onBlock?: (block: Block) => void;
}

export interface SyncResult {
  readonly appended: number;
  /** Index of the highest block that enough peers have. */
  readonly targetBlockIndex: bigint;
}

/**
 * Catches up with a network (03 section 2.12): a quorum of peers agrees on headers, any archive gives the contents,
 * which must be those the headers commit to. A source that lies, stalls or is dead costs time, never a wrong block.
 */
export class LedgerSync {
  readonly #options: LedgerSyncOptions;
  readonly #sources: SourceRotation;
  readonly #clock: Clock;
  readonly #log: Logger;

  /** @throws LedgerError area `archive`: `UrlParse`, `UnknownScheme` for a URL of an archive. */
  constructor(options: LedgerSyncOptions) {
    this.#options = options;
    this.#sources = new SourceRotation(
      options.archives.map((archive) => (typeof archive === "string" ? archiveSource(archive) : archive)),
    );
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLogger;
  }

  /** Whether enough peers are past the local ledger; an empty ledger is behind. */
  isBehind(): boolean {
    const count = this.#options.store.blockCount();
    return count === 0n || this.#options.network.isBehind(count - 1n);
  }

  /**
   * Appends up to `limit` blocks, each in one transaction of the database as soon as it and all before it are there.
   * Blocks that cannot follow (a key image spent twice) end the attempt, which still counts as a success.
   *
   * @throws LedgerSyncError area `sync`: `EmptyLedger`, `NoSafeBlocks` (peers that suffice do not agree on any new
   * block), `NoTransactionData` (no source has the contents of the first), `DBError`; the signal's reason. Blocks
   * appended before stay.
   */
  async attempt(limit: number = DEFAULT_SYNC_LIMIT, signal?: AbortSignal): Promise<SyncResult> {
    const { store, network, peers, acceptOrigin = false, random = Math.random } = this.#options;
    if (store.blockCount() === 0n && !acceptOrigin) {
      throw new LedgerSyncError("sync", "EmptyLedger", "the ledger lacks the origin block; import it first");
    }
    const answers = await fetchHeaders({
      peers,
      network,
      latest: latestOf(store),
      limit: Math.min(limit, MAX_BLOCKS_PER_ANSWER),
      clock: this.#clock,
      random,
      log: this.#log,
      signal,
    });
    const headers = agreedHeaders(network, answers);
    if (headers === undefined) {
      const text = `of ${peers.length} peers, ${answers.size} have new blocks; too few agree on any`;
      throw new LedgerSyncError("sync", "NoSafeBlocks", text, { data: { answers: answers.size } });
    }
    const target = headers.at(-1);
    if (target === undefined) throw new LedgerSyncError("sync", "EmptyBlockVec", "the agreed chain is empty");
    const appended = await this.#append(headers, signal);
    return { appended, targetBlockIndex: target.index };
  }

  async #append(headers: readonly Block[], signal: AbortSignal | undefined): Promise<number> {
    let received = 0;
    let appended = 0;
    await downloadContents(
      {
        headers,
        sources: this.#sources,
        objection: (data) => this.#objection(data),
        clock: this.#clock,
        log: this.#log,
        signal,
      },
      async (data) => {
        received += 1;
        const unsafe = this.#unsafe(data);
        if (unsafe !== undefined) {
          this.#log.error({ block: data.block.index.toString(), reason: unsafe }, "a block is not safe");
          return false;
        }
        await this.#appendOne(data);
        appended += 1;
        // Blocks may come faster than timers and calls get their turn.
        await new Promise(setImmediate);
        return true;
      },
    );
    if (received === 0) {
      const index = headers[0]!.index;
      throw new LedgerSyncError(
        "sync",
        "NoTransactionData",
        `no archive has the contents of block ${index}`,
        {
          data: { blockIndex: index },
        },
      );
    }
    return appended;
  }

  #objection({ block, metadata }: BlockData): string | undefined {
    if (this.#options.metadataFor !== undefined) return undefined;
    if (metadata === undefined) {
      return block.version >= METADATA_SINCE_VERSION ? "the metadata is missing" : undefined;
    }
    return compareBytes(metadata.contents.blockId, block.id) === 0
      ? undefined
      : "the metadata is about another block";
  }

  /** Step 8: why a block cannot follow the newest one, or undefined. Its id and contents are checked already. */
  #unsafe({ block, contents }: BlockData): string | undefined {
    const { store } = this.#options;
    // Somebody else may have appended meanwhile: the node that waits for this may have formed the block itself.
    if (faultInHeaders(latestOf(store), [block]) !== undefined) {
      return "it does not follow the newest block";
    }
    const seen = new Set<string>();
    for (const keyImage of contents.keyImages) {
      const key = bytesToHex(keyImage);
      if (seen.has(key) || store.keyImageBlockIndex(keyImage) !== undefined)
        return "it spends a key image again";
      seen.add(key);
    }
    return undefined;
  }

  async #appendOne({ block, contents, metadata }: BlockData): Promise<void> {
    const { store, metadataFor, onBlock } = this.#options;
    const stored = metadataFor === undefined ? metadata : await metadataFor(block);
    try {
      store.appendBlock({ block, contents, signature: undefined, metadata: stored });
    } catch (cause) {
      throw new LedgerSyncError("sync", "DBError", `the ledger refuses a block: ${reasonOf(cause)}`, {
        cause,
        data: { blockIndex: block.index },
      });
    }
    onBlock?.(block);
  }
}

function latestOf(store: LedgerStore): Block | undefined {
  return store.blockCount() === 0n ? undefined : store.latestBlock();
}
