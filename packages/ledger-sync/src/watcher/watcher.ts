import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import {
  type AttestationEvidence,
  archiveBlockPath,
  type BlockData,
  LedgerError,
  type MetadataSigners,
} from "@mobilecoin-ts/ledger";
import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { abortable, type Clock, systemClock, withTimeLimit } from "../clock.ts";
import { reasonOf } from "../error.ts";
import type { ContentsSource } from "../sources/contents-source.ts";
import { claimedSigner, type EvidenceSource } from "../sources/evidence-source.ts";
import type { EvidenceJudge } from "./evidence-judge.ts";
import { encodeStoredEvidence } from "./stored-evidence.ts";
import type { Violation, ViolationKind, WatcherDb } from "./watcher-db.ts";

export interface WatcherOptions {
  readonly db: WatcherDb;
  /** Named by their URLs, which are the keys of the database. */
  readonly sources: readonly ContentsSource[];
  /** Without one, evidence is stored and not judged. */
  readonly judgeEvidence?: EvidenceJudge;
  /** Nodes that can be asked for evidence where a block's metadata brings none, by the URL of their archive. */
  readonly evidenceSources?: ReadonlyMap<string, EvidenceSource>;
  /** Who may sign metadata; without it anyone may. */
  readonly metadataSigners?: MetadataSigners;
  /** Last block to read. */
  readonly maxBlockHeight?: bigint;
  readonly clock?: Clock;
  /** Unix seconds, for evidence that is shown now. */
  readonly unixTime?: () => bigint;
  readonly log?: Logger;
  readonly onViolation?: (violation: Violation) => void;
}

/** Rounds in one call, as in the reference. */
const MAX_ROUNDS = 1_000;
const FETCH_TIME_LIMIT_MS = 30_000;
const SIGNER_LENGTH = 32;

function secondsNow(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}

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
    await this.#askForEvidence(source.name, signal);
    return read;
  }

  /** Evidence of signers that no metadata vouches for (03 section 2.13.3). A node that fails is asked again later. */
  async #askForEvidence(sourceUrl: string, signal: AbortSignal | undefined): Promise<void> {
    const { db, evidenceSources } = this.#options;
    const ask = evidenceSources?.get(sourceUrl);
    const queued = db.queuedSigners(sourceUrl);
    if (ask === undefined || queued.length === 0) return;
    try {
      const shown = await withTimeLimit(
        this.#clock,
        FETCH_TIME_LIMIT_MS,
        signal,
        "it takes too long",
        (limited) => abortable(ask(limited), limited),
      );
      const signer = claimedSigner(shown);
      if (signer.length !== SIGNER_LENGTH) throw new Error("its evidence is about no block-signing key");
      db.recordShown(sourceUrl, signer, encodeStoredEvidence(shown));
      this.#judgeShown(sourceUrl, shown, signer, queued);
    } catch (error) {
      signal?.throwIfAborted();
      this.#log.warn({ source: sourceUrl, reason: reasonOf(error) }, "a node shows no evidence");
    }
  }

  #judgeShown(
    sourceUrl: string,
    shown: AttestationEvidence,
    signer: Uint8Array,
    queued: readonly Uint8Array[],
  ): void {
    const { db, judgeEvidence, unixTime = secondsNow } = this.#options;
    if (judgeEvidence === undefined) return;
    const firstBlocks = new Map(
      db
        .signers()
        .flatMap((record) =>
          record.sourceUrl === sourceUrl ? [[bytesToHex(record.signer), record.firstBlock] as const] : [],
        ),
    );
    for (const asked of queued) {
      const blockIndex = firstBlocks.get(bytesToHex(asked)) ?? 0n;
      let broken: Pick<Violation, "kind" | "detail"> | undefined;
      if (compareBytes(asked, signer) !== 0) {
        const detail = `nothing vouches for its signer ${bytesToHex(asked)}, whom the node no longer is`;
        broken = { kind: "EvidenceMissing", detail };
      } else {
        try {
          judgeEvidence(shown, unixTime());
        } catch (error) {
          broken = { kind: "EvidenceInvalid", detail: reasonOf(error) };
        }
      }
      if (broken === undefined) continue;
      const violation: Violation = { blockIndex, sourceUrl, ...broken };
      db.addViolation(violation);
      this.#tell([violation]);
    }
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
    const evidence = this.#checkTrust(sourceUrl, data, note);
    db.record({
      sourceUrl,
      blockIndex: block.index,
      blockId: block.id,
      signature: signature && { sourceUrl, archiveFilename: archiveBlockPath(block.index), signature },
      evidence,
      askForEvidence: evidence === undefined && this.#canAsk(sourceUrl),
      violations,
    });
    this.#tell(violations);
  }

  #canAsk(sourceUrl: string): boolean {
    return this.#options.evidenceSources?.has(sourceUrl) === true;
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
    sourceUrl: string,
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
      if (signature !== undefined && judgeEvidence !== undefined && !this.#canAsk(sourceUrl)) {
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
