import {
  bytesToHex,
  checkEd25519PublicKey,
  decodeEd25519PublicDer,
  decodePem,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { parse as parseToml } from "smol-toml";
import { type BlockMetadata, isBlockMetadataSignatureValid } from "./block-metadata.ts";
import { LedgerError, type LedgerErrorCodes } from "./error.ts";
import { parseExactJson, u64OfJson } from "./exact-json.ts";

/** Blocks `first` to `last`, both included; no `last` is no end. */
export interface BlockIndexRange {
  readonly first: bigint;
  readonly last: bigint | undefined;
}

function refuse(
  code: LedgerErrorCodes["metadataSigners"],
  text: string,
  cause?: unknown,
): LedgerError<"metadataSigners"> {
  return new LedgerError("metadataSigners", code, text, { cause });
}

/** Which keys may sign metadata of which blocks (MCIP 43, 03 section 2.6.1). */
export class MetadataSigners {
  readonly #ranges = new Map<string, BlockIndexRange[]>();

  /** Adds a range for an Ed25519 key (32 bytes); a key may have several. */
  add(publicKey: Uint8Array, range: BlockIndexRange): void {
    const key = bytesToHex(publicKey);
    const ranges = this.#ranges.get(key);
    if (ranges === undefined) this.#ranges.set(key, [range]);
    else ranges.push(range);
  }

  /**
   * Checks metadata of a block; returns where it holds. The attestation evidence is not examined.
   *
   * @throws LedgerError area `metadataSigners`: `UnknownPubKey`, `InvalidPubKey` (a key of other blocks), `Signature`.
   */
  validate(metadata: BlockMetadata, blockIndex: bigint): void {
    const ranges = this.#ranges.get(bytesToHex(metadata.nodeKey));
    if (ranges === undefined)
      throw refuse("UnknownPubKey", "the metadata is signed by a key that is not configured");
    if (
      !ranges.some(({ first, last }) => blockIndex >= first && (last === undefined || blockIndex <= last))
    ) {
      throw refuse("InvalidPubKey", `the key is not configured for block ${blockIndex}`);
    }
    if (!isBlockMetadataSignatureValid(metadata))
      throw refuse("Signature", "the signature of the metadata does not hold");
  }
}

/** Reads a text file that a configuration names, or gives undefined where there is none. */
export type ReadTextFile = (path: string) => string | undefined;

/**
 * Reads `metadata-signers.toml` or `.json`: the extension of `fileName` decides.
 *
 * @param readFile finds PEM files by the path written in the configuration, relative to its folder.
 * @throws LedgerError area `metadataSigners`: `UnrecognizedExtension`, `InvalidConfig`, `InvalidPubKeyValue`,
 * `InvalidPemTag`.
 */
export function parseMetadataSigners(
  fileName: string,
  text: string,
  readFile: ReadTextFile = () => undefined,
): MetadataSigners {
  const root = parseRoot(fileName, text);
  const entries = root.node ?? root.configs;
  if (!Array.isArray(entries)) throw refuse("InvalidConfig", 'there is no list "node"');
  const signers = new MetadataSigners();
  for (const [i, entry] of entries.entries()) {
    const fields = asObject(entry, `node[${i}]`);
    const publicKey = readPublicKey(
      fields.pub_key ?? fields.message_signing_pub_key,
      `node[${i}].pub_key`,
      readFile,
    );
    signers.add(publicKey, {
      first: readIndex(fields.first_block_index, `node[${i}].first_block_index`),
      last:
        fields.last_block_index === undefined || fields.last_block_index === null
          ? undefined
          : readIndex(fields.last_block_index, `node[${i}].last_block_index`),
    });
  }
  return signers;
}

function parseRoot(fileName: string, text: string): Readonly<Record<string, unknown>> {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1];
  if (extension !== "toml" && extension !== "json") {
    throw refuse("UnrecognizedExtension", `${fileName} ends neither in .toml nor in .json`);
  }
  try {
    return asObject(
      extension === "toml" ? parseToml(text, { integersAsBigInt: true }) : parseExactJson(text),
      "the file",
    );
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    throw refuse("InvalidConfig", `${fileName} is not valid ${extension.toUpperCase()}`, cause);
  }
}

function asObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse("InvalidConfig", `${place} is no table`);
  }
  return Object.fromEntries(Object.entries(value));
}

function readIndex(value: unknown, place: string): bigint {
  const index = u64OfJson(value);
  if (index === undefined) throw refuse("InvalidConfig", `${place} is no block index`);
  return index;
}

/** A value names a PEM file, or is PEM, or is hex: tried in this order. */
function readPublicKey(value: unknown, place: string, readFile: ReadTextFile): Uint8Array {
  if (typeof value !== "string") throw refuse("InvalidPubKeyValue", `${place} is missing`);
  const trimmed = value.trim();
  const file = trimmed.includes("\n") ? undefined : readFile(trimmed);
  if (file !== undefined) return keyOfPem(file, place);
  if (trimmed.includes("-----BEGIN")) return keyOfPem(trimmed, place);
  if (/^[0-9a-f]{64}$/i.test(trimmed)) {
    const key = hexToBytes(trimmed);
    try {
      checkEd25519PublicKey(key);
      return key;
    } catch (cause) {
      throw refuse("InvalidPubKeyValue", `${place} is no Ed25519 key`, cause);
    }
  }
  throw refuse("InvalidPubKeyValue", `${place} is no PEM file, no PEM text and not 64 hex digits`);
}

function keyOfPem(text: string, place: string): Uint8Array {
  const label = /-----BEGIN ([^-]+)-----/.exec(text)?.[1];
  if (label !== undefined && label !== "PUBLIC KEY") {
    throw refuse("InvalidPemTag", `${place} is a PEM of ${label}, not of a PUBLIC KEY`);
  }
  try {
    return decodeEd25519PublicDer(decodePem("PUBLIC KEY", text));
  } catch (cause) {
    throw refuse("InvalidPubKeyValue", `${place} is no PEM of an Ed25519 public key`, cause);
  }
}
