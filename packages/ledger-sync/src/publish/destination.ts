import { fileURLToPath } from "node:url";
import type { Logger } from "@mobilecoin-ts/service";
import type { Clock } from "../clock.ts";
import { LedgerSyncError, type LedgerSyncErrorCodes } from "../error.ts";
import { fileDestination } from "./file-destination.ts";
import { type S3Credentials, s3Destination } from "./s3-destination.ts";

/** Where archive files are written to. Paths are relative, with forward slashes. */
export interface ArchiveDestination {
  /** For logs: without credentials. */
  readonly name: string;
  exists(path: string, signal?: AbortSignal): Promise<boolean>;
  /** The file's bytes, or undefined where there is none. */
  read(path: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Writes a file whole or not at all. */
  write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
}

export interface OpenDestinationOptions {
  /** For S3; by default `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` of the environment. */
  readonly credentials?: S3Credentials;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Uniform in [0, 1), for waits between retries. */
  readonly random?: () => number;
  readonly log?: Logger;
}

function refuse(code: LedgerSyncErrorCodes["distribution"], text: string): LedgerSyncError<"distribution"> {
  return new LedgerSyncError("distribution", code, text);
}

/**
 * The destination that a URL names: `file:///folder`, or `s3://bucket/prefix?region=…&endpoint=…` (03 section 2.8.2).
 *
 * @throws LedgerSyncError area `distribution`: `UrlParse`, `UnknownScheme`, `MissingPath`, `InvalidS3Region`,
 * `MissingCredentials`.
 */
export function openDestination(text: string, options: OpenDestinationOptions = {}): ArchiveDestination {
  if (!URL.canParse(text))
    throw refuse("UrlParse", `"${text}" is no URL; give file:///folder or s3://bucket/prefix`);
  const url = new URL(text);
  if (url.protocol === "file:") {
    if (url.pathname === "/" || url.pathname === "") throw refuse("MissingPath", `${text} names no folder`);
    return fileDestination(fileURLToPath(url));
  }
  if (url.protocol !== "s3:") throw refuse("UnknownScheme", `${text} is neither file:// nor s3://`);
  if (url.host === "") throw refuse("MissingPath", `${text} names no bucket`);
  const region = url.searchParams.get("region") ?? "us-east-1";
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region))
    throw refuse("InvalidS3Region", `"${region}" is no region of S3`);
  const endpoint = url.searchParams.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) {
    throw refuse("UrlParse", `the endpoint "${endpoint}" is no http or https URL`);
  }
  const { credentials = environmentCredentials(), ...rest } = options;
  return s3Destination(url, { ...rest, region, credentials });
}

function environmentCredentials(): S3Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    const text = "there are no credentials for S3; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    throw refuse("MissingCredentials", text);
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
