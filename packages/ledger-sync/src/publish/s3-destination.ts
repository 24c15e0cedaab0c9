import { type Logger, silentLogger } from "@mobilecoin-ts/service";
import { AwsClient } from "aws4fetch";
import { type Clock, systemClock, withTimeLimit } from "../clock.ts";
import { reasonOf } from "../error.ts";
import { s3ObjectUrl } from "../sources/contents-source.ts";
import type { ArchiveDestination } from "./destination.ts";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3DestinationOptions {
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Logger;
}

const FIRST_RETRY_DELAY_MS = 10;
const MAX_RETRY_DELAY_MS = 60_000;
const REQUEST_TIME_LIMIT_MS = 60_000;

/** Headers that are no part of the file: readable by all, and cached for as long as anyone likes. */
const OBJECT_HEADERS = { "x-amz-acl": "public-read", "content-type": "application/octet-stream" };

/**
 * A folder of an S3-compatible store, addressed path-style. What fails is tried again without end, waiting longer each
 * time (03 section 2.8.2): an archive must not lack a block because the store was away.
 */
export function s3Destination(url: URL, options: S3DestinationOptions): ArchiveDestination {
  const { region, credentials, clock = systemClock, random = Math.random, log = silentLogger } = options;
  const fetchUrl = options.fetch ?? fetch;
  const base = s3ObjectUrl(url);
  const aws = new AwsClient({ ...credentials, service: "s3", region, retries: 0 });

  const attempt = (method: string, path: string, body: Uint8Array | undefined, signal?: AbortSignal) =>
    withTimeLimit(clock, REQUEST_TIME_LIMIT_MS, signal, "the store takes too long", async (limited) => {
      const request = await aws.sign(new URL(path, base).href, {
        method,
        ...(body === undefined ? {} : { body: Uint8Array.from(body), headers: OBJECT_HEADERS }),
      });
      const response = await fetchUrl(request, { signal: limited });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return bytes;
      if (response.status === 404 && method !== "PUT") return undefined;
      throw new Error(`the store answers ${response.status}${codeIn(bytes)}`);
    });

  const request = async (
    method: string,
    path: string,
    body: Uint8Array | undefined,
    signal?: AbortSignal,
  ) => {
    for (let failures = 0; ; failures++) {
      try {
        return await attempt(method, path, body, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const delayMs = Math.min(FIRST_RETRY_DELAY_MS * 2 ** Math.min(failures, 30), MAX_RETRY_DELAY_MS);
        log.warn({ method, path, failures, reason: reasonOf(error) }, "the store is tried again");
        await clock.sleep(delayMs * (0.5 + random() / 2), signal);
      }
    }
  };

  return {
    name: base,
    exists: async (path, signal) => (await request("HEAD", path, undefined, signal)) !== undefined,
    read: (path, signal) => request("GET", path, undefined, signal),
    write: async (path, bytes, signal) => {
      await request("PUT", path, bytes, signal);
    },
  };
}

/** The error code in an answer of the store, for the log. */
function codeIn(bytes: Uint8Array): string {
  const found = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(new TextDecoder().decode(bytes.subarray(0, 4_096)));
  return found === null ? "" : `, ${found[1]}`;
}
