import { existsSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, compareBytes, concat, d, digest32, u64be, utf8 } from "@mobilecoin-ts/crypto";
import { type AttestationEvidence, type BlockSignature, blockSignatureCodec } from "@mobilecoin-ts/ledger";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { type Database, open, type RootDatabase } from "lmdb";
import { LedgerSyncError } from "../error.ts";
import { decodeStoredEvidence } from "./stored-evidence.ts";

type Table = Database<Uint8Array, Uint8Array>;

/** A source's signature of a block, and the file it came in. */
export interface SourcedSignature {
  readonly sourceUrl: string;
  readonly archiveFilename: string;
  readonly signature: BlockSignature;
}

/** A key that signed blocks, as one source has them. */
export interface SignerRecord {
  /** 32 bytes. */
  readonly signer: Uint8Array;
  readonly sourceUrl: string;
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** When the first of them was signed, Unix seconds. */
  readonly firstSignedAt: bigint;
  /** Number of blocks. */
  readonly blocks: number;
  /** All that was ever shown for the key. */
  readonly evidence: readonly AttestationEvidence[];
}

/** What broke a rule; see `Watcher`. */
export type ViolationKind =
  | "BlockMismatch"
  | "EvidenceInvalid"
  | "EvidenceMissing"
  | "InvalidBlock"
  | "MetadataMismatch"
  | "MetadataSigner"
  | "ParentMismatch"
  | "SignerNotInEvidence";

export interface Violation {
  readonly blockIndex: bigint;
  readonly sourceUrl: string;
  readonly kind: ViolationKind;
  /** One line for a person. */
  readonly detail: string;
}

export type Timestamp =
  | { readonly result: "TimestampFound"; readonly timestamp: bigint }
  | {
      readonly result: "WatcherBehind" | "Unavailable" | "BlockIndexOutOfBounds";
      readonly timestamp: bigint;
    };

const NO_TIMESTAMP = 2n ** 64n - 1n;
const FORMAT_VERSION = 20_210_127n;
const VERSION_KEY = utf8("version");
const URLS_KEY = utf8("tx_source_urls");

const signatureCodec: Codec<SourcedSignature> = message<SourcedSignature>("BlockSignatureData", {
  sourceUrl: f.nestedString(1),
  archiveFilename: f.nestedString(2),
  signature: f.message(3, blockSignatureCodec),
});
const versionCodec = message<{ readonly version: bigint }>("MetadataVersion", { version: f.uint64(1) });

function plain(value: Uint8Array): Uint8Array {
  return Uint8Array.from(value);
}

/** What a watcher knows, in an LMDB folder (03 section 2.13.1); the table of violations is this package's own. */
export class WatcherDb implements AsyncDisposable {
  readonly #root: RootDatabase<Uint8Array, Uint8Array>;
  readonly #config: Table;
  readonly #lastSynced: Table;
  readonly #signatures: Table;
  readonly #evidenceBySigner: Table;
  readonly #evidenceByHash: Table;
  readonly #pollQueue: Table;
  readonly #violations: Table;
  readonly #blockIds: Table;

  /**
   * @param urls the configured sources; they replace those of before. Without them the database must exist.
   * @throws LedgerSyncError `VersionIncompatible`, `NotFound`
   */
  constructor(folder: string, urls?: readonly string[]) {
    if (urls === undefined && !existsSync(join(folder, "data.mdb"))) {
      throw new LedgerSyncError(
        "watcher",
        "NotFound",
        `there is no watcher's database in ${folder}; fill it first: mobilecoin watcher sync`,
      );
    }
    this.#root = open<Uint8Array, Uint8Array>({
      path: folder,
      noSubdir: false,
      maxDbs: 12,
      keyEncoding: "binary",
      encoding: "binary",
    });
    const table = (name: string, dupSort = false): Table =>
      this.#root.openDB<Uint8Array, Uint8Array>({ name, dupSort, keyEncoding: "binary", encoding: "binary" });
    const metadata = table("watcher_db_metadata");
    this.#config = table("watcher_db:config", true);
    this.#lastSynced = table("watcher_db:last_synced");
    this.#signatures = table("watcher_db:block_signatures", true);
    this.#evidenceBySigner = table("watcher_db:verification_reports_by_block_signer", true);
    this.#evidenceByHash = table("watcher_db:verification_reports_by_hash");
    this.#pollQueue = table("watcher_db:verification_reports_poll_queue", true);
    this.#violations = table("watcher_db:violations", true);
    this.#blockIds = table("watcher_db:block_ids");
    const version = metadata.get(VERSION_KEY);
    if (version !== undefined && versionCodec.decode(plain(version)).version !== FORMAT_VERSION) {
      throw new LedgerSyncError(
        "watcher",
        "VersionIncompatible",
        `the watcher's database in ${folder} has another format`,
      );
    }
    this.#root.transactionSync(() => {
      metadata.putSync(VERSION_KEY, versionCodec.encode({ version: FORMAT_VERSION }));
      if (urls === undefined) return;
      this.#config.removeSync(URLS_KEY);
      for (const url of urls) this.#config.putSync(URLS_KEY, utf8(url));
    });
  }

  /** The configured sources. */
  get urls(): string[] {
    return [...this.#config.getValues(URLS_KEY)].map((url) => new TextDecoder().decode(url));
  }

  /** The newest block read from a source. */
  lastSynced(url: string): bigint | undefined {
    const value = this.#lastSynced.get(utf8(url));
    return value === undefined ? undefined : new DataView(plain(value).buffer).getBigUint64(0);
  }

  /** Stores all that came of one block of one source, in one transaction. */
  record(entry: {
    readonly sourceUrl: string;
    readonly blockIndex: bigint;
    readonly blockId: Uint8Array;
    readonly signature: SourcedSignature | undefined;
    readonly evidence: { readonly signer: Uint8Array; readonly bytes: Uint8Array } | undefined;
    /** Whether evidence for the signer is to be asked for, unless it was before. */
    readonly askForEvidence: boolean;
    readonly violations: readonly Violation[];
  }): void {
    const { sourceUrl, blockIndex, blockId, signature, evidence, askForEvidence, violations } = entry;
    this.#root.transactionSync(() => {
      this.#lastSynced.putSync(utf8(sourceUrl), u64be(blockIndex));
      this.#blockIds.putSync(concat(u64be(blockIndex), utf8(sourceUrl)), blockId);
      if (signature !== undefined)
        this.#signatures.putSync(u64be(blockIndex), signatureCodec.encode(signature));
      if (evidence !== undefined) this.#putEvidence(evidence.signer, sourceUrl, evidence.bytes);
      const signer = signature?.signature.signer;
      if (askForEvidence && signer !== undefined && !this.#wasAskedFor(signer, sourceUrl)) {
        this.#pollQueue.putSync(utf8(sourceUrl), signer);
      }
      for (const violation of violations) this.#addViolation(violation);
    });
  }

  #putEvidence(signer: Uint8Array, sourceUrl: string, bytes: Uint8Array): void {
    const hash = digest32("attestation_evidence", d.bytes, bytes);
    this.#evidenceByHash.putSync(hash, bytes);
    this.#evidenceBySigner.putSync(concat(signer, utf8(sourceUrl)), hash);
  }

  #wasAskedFor(signer: Uint8Array, sourceUrl: string): boolean {
    const key = concat(signer, utf8(sourceUrl));
    return [...this.#evidenceBySigner.getValues(key, { limit: 1 })].length > 0;
  }

  /** Signers (32 bytes each) of a source for which evidence is to be asked for. */
  queuedSigners(sourceUrl: string): Uint8Array[] {
    return [...this.#pollQueue.getValues(utf8(sourceUrl))].map(plain);
  }

  /**
   * Stores what a node showed when it was asked, and empties its queue: of the other signers it is noted that their
   * evidence cannot be had any more (03 section 2.13.3).
   */
  recordShown(sourceUrl: string, signer: Uint8Array, bytes: Uint8Array): void {
    this.#root.transactionSync(() => {
      this.#putEvidence(signer, sourceUrl, bytes);
      for (const queued of this.queuedSigners(sourceUrl)) {
        if (compareBytes(queued, signer) !== 0) this.#putEvidence(queued, sourceUrl, new Uint8Array(0));
      }
      this.#pollQueue.removeSync(utf8(sourceUrl));
    });
  }

  /** Notes a violation of a block that was not stored; the same one again is not noted twice. */
  addViolation(violation: Violation): void {
    this.#root.transactionSync(() => this.#addViolation(violation));
  }

  #addViolation({ blockIndex, sourceUrl, kind, detail }: Violation): void {
    // Values of tables with many per key must stay below LMDB's limit for them.
    const text = JSON.stringify({ sourceUrl: sourceUrl.slice(0, 500), kind, detail: detail.slice(0, 500) });
    this.#violations.putSync(u64be(blockIndex), utf8(text));
  }

  /** All violations, by block. */
  *violations(): Generator<Violation> {
    for (const { key, value } of this.#violations.getRange()) {
      const { sourceUrl, kind, detail } = JSON.parse(new TextDecoder().decode(value));
      yield { blockIndex: new DataView(plain(key).buffer).getBigUint64(0), sourceUrl, kind, detail };
    }
  }

  /** Every signer of blocks by source, with the evidence for it: those of the first blocks first. */
  signers(): SignerRecord[] {
    const found = new Map<string, { -readonly [K in keyof SignerRecord]: SignerRecord[K] }>();
    for (const { key, value } of this.#signatures.getRange()) {
      const blockIndex = new DataView(plain(key).buffer).getBigUint64(0);
      const { sourceUrl, signature } = signatureCodec.decode(plain(value));
      const name = `${bytesToHex(signature.signer)} ${sourceUrl}`;
      const record = found.get(name);
      if (record !== undefined) {
        record.lastBlock = blockIndex;
        record.blocks += 1;
        continue;
      }
      found.set(name, {
        signer: signature.signer,
        sourceUrl,
        firstBlock: blockIndex,
        lastBlock: blockIndex,
        firstSignedAt: signature.signedAt,
        blocks: 1,
        evidence: this.#evidence(signature.signer, sourceUrl),
      });
    }
    return [...found.values()];
  }

  #evidence(signer: Uint8Array, sourceUrl: string): AttestationEvidence[] {
    return [...this.#evidenceBySigner.getValues(concat(signer, utf8(sourceUrl)))].flatMap((hash) => {
      const stored = this.#evidenceByHash.get(hash);
      return (stored && decodeStoredEvidence(plain(stored))) ?? [];
    });
  }

  /** Signatures of a block by all sources. */
  signatures(blockIndex: bigint): SourcedSignature[] {
    return [...this.#signatures.getValues(u64be(blockIndex))].map((value) =>
      signatureCodec.decode(plain(value)),
    );
  }

  /** Id of a block as a source has it, 32 bytes. */
  blockId(blockIndex: bigint, url: string): Uint8Array | undefined {
    const value = this.#blockIds.get(concat(u64be(blockIndex), utf8(url)));
    return value === undefined ? undefined : plain(value);
  }

  /** When a block was made, Unix seconds: the earliest that any source says (03 section 2.13.4). */
  blockTimestamp(blockIndex: bigint, urls: readonly string[]): Timestamp {
    if (blockIndex === 0n || blockIndex === NO_TIMESTAMP) {
      return { result: "BlockIndexOutOfBounds", timestamp: NO_TIMESTAMP };
    }
    const times = this.signatures(blockIndex).map(({ signature }) => signature.signedAt);
    const first = times.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
    if (first !== undefined) return { result: "TimestampFound", timestamp: first };
    const behind = urls.some((url) => (this.lastSynced(url) ?? 0n) < blockIndex);
    return { result: behind ? "WatcherBehind" : "Unavailable", timestamp: NO_TIMESTAMP };
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
