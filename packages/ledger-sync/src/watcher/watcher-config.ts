import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type AttestationRoot, INTEL_SGX_ROOT, parseTrustedIdentities } from "@mobilecoin-ts/attestation";
import { readAttestationRoot } from "@mobilecoin-ts/attestation/files";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { type MetadataSigners, parseMetadataSigners } from "@mobilecoin-ts/ledger";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { parse as parseToml } from "smol-toml";
import { LedgerSyncError, reasonOf } from "../error.ts";
import { type EvidenceJudge, evidenceJudge } from "./evidence-judge.ts";

/** One node that is watched. */
export interface WatchedSource {
  /** The archive that the node publishes to; ends in a slash. */
  readonly txSourceUrl: string;
  /** Where the node can be asked for evidence. */
  readonly consensusClientUrl: ServiceUri | undefined;
  /** Secret (32 bytes) that access tokens for the node are made with. */
  readonly authTokenSecret: Uint8Array | undefined;
}

/** What a watcher watches and what it trusts. */
export interface WatcherConfig {
  readonly sources: readonly WatchedSource[];
  /** Undefined where the configuration names no trusted enclaves. */
  readonly judgeEvidence: EvidenceJudge | undefined;
  /** Undefined where the configuration does not say who may sign metadata. */
  readonly metadataSigners: MetadataSigners | undefined;
}

const MEMBERS = ["sources", "metadata_signers", "attestation"];
const SOURCE_MEMBERS = ["tx_source_url", "consensus_client_url", "consensus_client_auth_token_secret"];
const ATTESTATION_MEMBERS = ["trusted_identities", "enclave", "root", "chain_id", "allow_debug", "strict"];

function invalid(text: string, cause?: unknown): LedgerSyncError<"watcher"> {
  return new LedgerSyncError("watcher", "InvalidConfig", text, { cause });
}

/**
 * Reads a watcher's configuration (TOML): the reference's `sources` list (03 section 2.13), and what is trusted. Files are
 * found from the configuration's folder.
 *
 * ```toml
 * metadata_signers = "metadata-signers.toml"       # 03 section 2.6.1; anyone may sign where it is left out
 *
 * [[sources]]
 * tx_source_url = "https://archive1.example/"
 * consensus_client_url = "mc://node1.example:443/" # optional
 *
 * [attestation]                                    # evidence is stored and not judged where it is left out
 * trusted_identities = "trusted-identities.json"   # 05 section 2.13
 * root = "development-root.pem"                    # Intel's where it is left out
 * ```
 *
 * `attestation` also takes `enclave` (a name in the file of identities, `consensus` by default), `chain_id` (`main` and
 * `test` refuse a development root), `allow_debug` and `strict`.
 *
 * @throws LedgerSyncError area `watcher`: `InvalidConfig`, naming the place or the file.
 */
export async function readWatcherConfig(file: string): Promise<WatcherConfig> {
  const root = tableOf(await parsed(file), file, MEMBERS);
  const folder = dirname(resolve(file));
  return {
    sources: sourcesOf(root.sources),
    judgeEvidence: await judgeOf(root.attestation, folder),
    metadataSigners: await signersOf(root.metadata_signers, folder),
  };
}

async function parsed(file: string): Promise<unknown> {
  const content = await textOf(file);
  try {
    return parseToml(content);
  } catch (cause) {
    throw invalid(`${file} is not valid TOML: ${reasonOf(cause)}`, cause);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw invalid(`${file} cannot be read; check its name and rights`, cause);
  }
}

function sourcesOf(value: unknown): WatchedSource[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid("there are no sources; add [[sources]] with a tx_source_url for each node to watch");
  }
  const sources = value.map((entry, i) => sourceOf(entry, `sources[${i}]`));
  const twice = sources.find(
    ({ txSourceUrl }, i) => sources.findIndex((other) => other.txSourceUrl === txSourceUrl) !== i,
  );
  if (twice !== undefined) throw invalid(`${twice.txSourceUrl} is listed twice`);
  return sources;
}

function sourceOf(value: unknown, place: string): WatchedSource {
  const source = tableOf(value, place, SOURCE_MEMBERS);
  const url = textAt(source.tx_source_url, `${place}.tx_source_url`);
  if (!URL.canParse(url)) throw invalid(`${place}.tx_source_url is no URL`);
  const client = source.consensus_client_url;
  const secret = source.consensus_client_auth_token_secret;
  return {
    txSourceUrl: url.endsWith("/") ? url : `${url}/`,
    consensusClientUrl:
      client === undefined ? undefined : clientUriOf(client, `${place}.consensus_client_url`),
    authTokenSecret:
      secret === undefined ? undefined : secretOf(secret, `${place}.consensus_client_auth_token_secret`),
  };
}

function clientUriOf(value: unknown, place: string): ServiceUri {
  try {
    return new ServiceUri("consensusClient", textAt(value, place));
  } catch (cause) {
    if (cause instanceof LedgerSyncError) throw cause;
    throw invalid(`${place} is no mc:// or insecure-mc:// URI`, cause);
  }
}

function secretOf(value: unknown, place: string): Uint8Array {
  const hex = textAt(value, place);
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw invalid(`${place} is not 64 hex digits`);
  return hexToBytes(hex);
}

async function judgeOf(value: unknown, folder: string): Promise<EvidenceJudge | undefined> {
  if (value === undefined) return undefined;
  const trust = tableOf(value, "attestation", ATTESTATION_MEMBERS);
  const file = resolve(folder, textAt(trust.trusted_identities, "attestation.trusted_identities"));
  const enclave = trust.enclave === undefined ? "consensus" : textAt(trust.enclave, "attestation.enclave");
  const text = await textOf(file);
  try {
    return evidenceJudge({
      identities: parseTrustedIdentities(text).forEnclave(enclave),
      root: await rootOf(trust.root, folder),
      ...(trust.chain_id === undefined ? {} : { chainId: textAt(trust.chain_id, "attestation.chain_id") }),
      ...(trust.allow_debug === undefined
        ? {}
        : { allowDebug: flagAt(trust.allow_debug, "attestation.allow_debug") }),
      ...(trust.strict === undefined ? {} : { strict: flagAt(trust.strict, "attestation.strict") }),
    });
  } catch (cause) {
    if (cause instanceof LedgerSyncError) throw cause;
    throw invalid(`what [attestation] trusts cannot be used: ${reasonOf(cause)}`, cause);
  }
}

async function rootOf(value: unknown, folder: string): Promise<AttestationRoot> {
  return value === undefined
    ? INTEL_SGX_ROOT
    : readAttestationRoot(resolve(folder, textAt(value, "attestation.root")));
}

async function signersOf(value: unknown, folder: string): Promise<MetadataSigners | undefined> {
  if (value === undefined) return undefined;
  const file = resolve(folder, textAt(value, "metadata_signers"));
  const text = await textOf(file);
  try {
    return parseMetadataSigners(file, text, filesBeside(dirname(file)));
  } catch (cause) {
    throw invalid(`${file}: ${reasonOf(cause)}`, cause);
  }
}

function filesBeside(folder: string) {
  return (path: string): string | undefined => {
    try {
      return readFileSync(resolve(folder, path), "utf8");
    } catch {
      return undefined;
    }
  };
}

function tableOf(value: unknown, place: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${place} is no table`);
  const table = Object.fromEntries(Object.entries(value));
  // A misspelt name must not leave something unchecked.
  const unknown = Object.keys(table).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`${place} has "${unknown}"; known are ${known.join(", ")}`);
  return table;
}

function textAt(value: unknown, place: string): string {
  if (typeof value !== "string" || value === "") throw invalid(`${place} is missing or no text`);
  return value;
}

function flagAt(value: unknown, place: string): boolean {
  if (typeof value !== "boolean") throw invalid(`${place} is neither true nor false`);
  return value;
}
