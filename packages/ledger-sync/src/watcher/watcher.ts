import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import { archiveBlockPath, type BlockData, LedgerError, type MetadataSigners } from "@mobilecoin-ts/ledger";
import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { abortable, type Clock, systemClock, withTimeLimit } from "../clock.ts";
import { reasonOf } from "../error.ts";
import type { ContentsSource } from "../sources/contents-source.ts";
import type { EvidenceJudge } from "./evidence-judge.ts";
import { encodeStoredEvidence } from "./stored-evidence.ts";
import type { Violation, ViolationKind, WatcherDb } from "./watcher-db.ts";

export interface WatcherOptions {
  readonly db: WatcherDb;
  /** Named by their URLs, which are the keys of the database. */
  readonly sources: readonly ContentsSource[];
  /** Without one, evidence is stored and not judged. */
  readonly judgeEvidence?: EvidenceJudge;
  /** Who may sign metadata; without it anyone may. */
  readonly metadataSigners?: MetadataSigners;
  /** Last block to read. */
  readonly maxBlockHeight?: bigint;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly onViolation?: (violation: Violation) => void;
}

/** Rounds in one call, as in the reference. */
const MAX_ROUNDS = 1_000;
const FETCH_TIME_LIMIT_MS = 30_000;

/**
 * Reads every block of several archives and checks what each node says of it (03 section 2.13): block signatures, that
 * they are made by keys that attested enclaves vouch for, metadata, and that all archives tell one chain. What breaks a
 * rule is recorded, and the reading goes on; a block that is not even valid is not passed over, its source is asked again.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLogger;
  }

  /**
   * Reads on in each source until it has no next block, or the last to read is reached; at most 1000 blocks of each.
   * @returns the number of blocks read, of all sources together.
   */
  async syncOnce(signal?: AbortSignal): Promise<number> {
    const counts = await Promise.all(this.#options.sources.map((source) => this.#readOn(source, signal)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Watches until the signal is aborted; a source that hangs does not hold up the others. */
  async run(signal: AbortSignal, pollIntervalMs = 1_000): Promise<void> {
    await Promise.all(
      this.#options.sources.map(async (source) => {
        while (!signal.aborted) {
          try {
            await this.#readOn(source, signal);
          } catch (error) {
            if (signal.aborted) return;
            this.#log.error({ source: source.name, reason: reasonOf(error) }, "watching failed");
          }
          await this.#clock.sleep(pollIntervalMs, signal).catch(() => {});
        }
      }),
    );
  }

  async #readOn(source: ContentsSource, signal: AbortSignal | undefined): Promise<number> {
    let read = 0;
    while (read < MAX_ROUNDS && (await this.#step(source, signal))) read += 1;
    return read;
  }

  /** Whether a block was read. */
  async #step(source: ContentsSource, signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    const { db, maxBlockHeight } = this.#options;
    // The stand-alone watcher begins with block 1: nobody signs the origin block.
    const index = (db.lastSynced(source.name) ?? 0n) + 1n;
    if (maxBlockHeight !== undefined && index > maxBlockHeight) return false;
    try {
      const data = await withTimeLimit(
        this.#clock,
        FETCH_TIME_LIMIT_MS,
        signal,
        "it takes too long",
        (limited) => abortable(source.fetchBlock(index, undefined, limited), limited),
      );
      if (data === undefined) return false;
      if (data.block.index !== index) throw new Error(`it gives block ${data.block.index}`);
      this.#take(source.name, data);
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      this.#log.warn({ source: source.name, block: index.toString(), reason: reasonOf(error) }, "no block");
      if (error instanceof LedgerError && error.code === "InvalidBlockReceived") {
        const detail =
          error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
        const violation: Violation = {
          blockIndex: index,
          sourceUrl: source.name,
          kind: "InvalidBlock",
          detail,
        };
        db.addViolation(violation);
        this.#tell([violation]);
      }
      return false;
    }
  }

  #take(sourceUrl: string, data: BlockData): void {
    const { db } = this.#options;
    const { block, signature } = data;
    const violations: Violation[] = [];
    const note = (kind: ViolationKind, detail: string) =>
      violations.push({ blockIndex: block.index, sourceUrl, kind, detail });
    this.#checkChain(sourceUrl, data, note);
    const evidence = this.#checkTrust(data, note);
    db.record({
      sourceUrl,
      blockIndex: block.index,
      blockId: block.id,
      signature: signature && { sourceUrl, archiveFilename: archiveBlockPath(block.index), signature },
      evidence,
      violations,
    });
    this.#tell(violations);
  }

  #checkChain(
    sourceUrl: string,
    { block }: BlockData,
    note: (kind: ViolationKind, detail: string) => void,
  ): void {
    const { db, sources } = this.#options;
    const parent = db.blockId(block.index - 1n, sourceUrl);
    if (parent !== undefined && compareBytes(parent, block.parentId) !== 0) {
      note("ParentMismatch", "it is no child of the block before it in the same archive");
    }
    for (const { name } of sources) {
      const other = db.blockId(block.index, name);
      if (other !== undefined && compareBytes(other, block.id) !== 0) {
        note("BlockMismatch", `${name} has block ${bytesToHex(other)}, this archive ${bytesToHex(block.id)}`);
      }
    }
  }

  /** The trust chain of 03 section 2.14: signature, key, evidence, measurement. The signature itself is checked already. */
  #checkTrust(
    { block, signature, metadata }: BlockData,
    note: (kind: ViolationKind, detail: string) => void,
  ): { readonly signer: Uint8Array; readonly bytes: Uint8Array } | undefined {
    const { judgeEvidence, metadataSigners } = this.#options;
    if (metadata !== undefined) {
      if (compareBytes(metadata.contents.blockId, block.id) !== 0) {
        note("MetadataMismatch", "its metadata is about another block");
      }
      try {
        metadataSigners?.validate(metadata, block.index);
      } catch (error) {
        note("MetadataSigner", reasonOf(error));
      }
    }
    const evidence = metadata?.contents.attestationEvidence;
    if (evidence === undefined) {
      if (signature !== undefined && judgeEvidence !== undefined) {
        note("EvidenceMissing", "it is signed, and nothing vouches for the signer");
      }
      return undefined;
    }
    if (judgeEvidence !== undefined) {
      try {
        const vouched = judgeEvidence(evidence, signature?.signedAt);
        if (signature !== undefined && compareBytes(vouched, signature.signer) !== 0) {
          note(
            "SignerNotInEvidence",
            `signed by ${bytesToHex(signature.signer)}, evidence for ${bytesToHex(vouched)}`,
          );
        }
      } catch (error) {
        note("EvidenceInvalid", reasonOf(error));
      }
    }
    return signature && { signer: signature.signer, bytes: encodeStoredEvidence(evidence) };
  }

  #tell(violations: readonly Violation[]): void {
    for (const violation of violations) {
      const { blockIndex, sourceUrl, kind, detail } = violation;
      this.#log.error(
        { block: blockIndex.toString(), source: sourceUrl, kind, detail },
        "a rule is violated",
      );
      this.#options.onViolation?.(violation);
    }
  }
}
