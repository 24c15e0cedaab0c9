import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  ArchiveFetcher,
  type Block,
  type BlockData,
  DEFAULT_MERGE_BUCKETS,
  type FetchBytes,
  LedgerError,
} from "@mobilecoin-ts/ledger";

/** Where the contents of blocks are read from. Not trusted: whoever asks compares with the header it expects. */
export interface ContentsSource {
  /** For logs. */
  readonly name: string;
  /**
   * The block at an index, or undefined where the source has none.
   *
   * @param expected the header the block must have, where it is known.
   */
  fetchBlock(index: bigint, expected: Block | undefined, signal: AbortSignal): Promise<BlockData | undefined>;
}

/** Longest file of one block and of merged blocks that is read. */
const MAX_BLOCK_FILE_BYTES: number = 32 * 1024 * 1024;
const MAX_MERGED_FILE_BYTES: number = 256 * 1024 * 1024;

export interface ArchiveSourceOptions {
  /** By default the platform's. */
  readonly fetch?: typeof fetch;
  /** Sizes of merged files to try; none turns them off. */
  readonly mergeBuckets?: readonly bigint[];
}

/**
 * An archive at a `file:`, `http:`, `https:` or `s3:` URL; the last is read without credentials, over HTTPS or the
 * endpoint that the URL names (03 section 2.8.4).
 *
 * @throws LedgerError area `archive`: `UrlParse`, `UnknownScheme`.
 */
export function archiveSource(url: string, options: ArchiveSourceOptions = {}): ContentsSource {
  const base = readableUrl(url);
  const fetcher = new ArchiveFetcher({
    urls: [base],
    fetchBytes: limitedFetch(options.fetch ?? fetch),
    mergeBuckets: options.mergeBuckets ?? DEFAULT_MERGE_BUCKETS,
  });
  return {
    name: url,
    fetchBlock: (index, expected, signal) =>
      fetcher.block(index, { signal, ...(expected === undefined ? {} : { expected }) }),
  };
}

function readableUrl(text: string): string {
  if (!URL.canParse(text)) throw new LedgerError("archive", "UrlParse", `"${text}" is no URL`);
  const url = new URL(text);
  switch (url.protocol) {
    case "file:":
    case "http:":
    case "https:":
      return text;
    case "s3:":
      return s3ObjectUrl(url);
    default:
      throw new LedgerError("archive", "UnknownScheme", `"${text}" is no file, http, https or s3 URL`);
  }
}

/** Address of an S3 folder for readers without credentials: path-style, `endpoint` or Amazon's of the `region`. */
export function s3ObjectUrl(url: URL): string {
  const region = url.searchParams.get("region") ?? "us-east-1";
  const endpoint = url.searchParams.get("endpoint") ?? `https://s3.${region}.amazonaws.com`;
  return `${endpoint.replace(/\/+$/, "")}/${url.host}${url.pathname.replace(/\/+$/, "")}/`;
}

function limitedFetch(fetchUrl: typeof fetch): FetchBytes {
  return async (url, signal) => {
    const limit = url.pathname.includes("/merged-") ? MAX_MERGED_FILE_BYTES : MAX_BLOCK_FILE_BYTES;
    return url.protocol === "file:" ? readLimited(url, limit) : fetchLimited(fetchUrl, url, limit, signal);
  };
}

async function readLimited(url: URL, limit: number): Promise<Uint8Array | undefined> {
  const path = fileURLToPath(url);
  try {
    if ((await stat(path)).size > limit) throw tooLong(url, limit);
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new LedgerError("archive", "IO", `${url.href} cannot be read`, { cause, data: { url: url.href } });
  }
}

async function fetchLimited(
  fetchUrl: typeof fetch,
  url: URL,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    const response = await fetchUrl(url, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return undefined;
    }
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body) {
      length += part.length;
      if (length > limit) throw tooLong(url, limit);
      parts.push(part);
    }
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    signal?.throwIfAborted();
    throw new LedgerError("archive", "ReqwestError", `${url.href} cannot be fetched`, {
      cause,
      data: { url: url.href },
    });
  }
}

function tooLong(url: URL, limit: number): LedgerError<"archive"> {
  return new LedgerError("archive", "InvalidBlockReceived", `${url.href} is longer than ${limit} bytes`, {
    data: { url: url.href, limit },
  });
}
