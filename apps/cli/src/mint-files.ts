import { readFileSync, writeFileSync } from "node:fs";
import { AccountError, addressOfPrintable, type PublicAddress } from "@mobilecoin-ts/account";
import {
  ConsensusError,
  formatMintTransaction,
  type MintTransaction,
  parseMintTransaction,
  parseSignature,
} from "@mobilecoin-ts/consensus";
import {
  CryptoError,
  checkEd25519PublicKey,
  decodeEd25519PrivateDer,
  decodeEd25519PublicDer,
  decodePem,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { CliError } from "./cli-error.ts";

/** @throws CliError */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, {
      cause,
      advice: "check the path and your right to read it",
    });
  }
}

/** Reads a file with `parse`; a refusal names the file. */
export function parseFile<T>(path: string, parse: (text: string) => T): T {
  const text = readTextFile(path);
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof ConsensusError)) throw cause;
    throw new CliError(`${path} cannot be used`, { cause, advice: "correct the file" });
  }
}

/** @throws CliError */
export function writeTextFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new CliError(`${path} cannot be written`, {
      cause,
      advice: "check the folder and your right to write there",
    });
  }
}

export function readMintTransaction(path: string): MintTransaction {
  return parseFile(path, parseMintTransaction);
}

export function writeMintTransaction(path: string, transaction: MintTransaction): void {
  writeTextFile(path, formatMintTransaction(transaction));
}

/** An Ed25519 private key, 32 bytes, from a PEM file (PKCS#8). @throws CliError */
export function readSigningKey(path: string): Uint8Array {
  const pem = readTextFile(path);
  try {
    return decodeEd25519PrivateDer(decodePem("PRIVATE KEY", pem));
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new CliError(`${path} holds no Ed25519 private key`, {
      cause,
      advice: "give a PEM file, such as: openssl genpkey -algorithm ed25519 -out key.pem",
    });
  }
}

/** An Ed25519 public key, 32 bytes: 64 hex digits, or the path of a PEM file. @throws CliError */
export function readPublicKey(text: string): Uint8Array {
  const isHex = /^[0-9a-fA-F]{64}$/.test(text);
  const pem = isHex ? "" : readTextFile(text);
  try {
    if (!isHex) return decodeEd25519PublicDer(decodePem("PUBLIC KEY", pem));
    const key = hexToBytes(text);
    checkEd25519PublicKey(key);
    return key;
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new CliError(`${text} is no Ed25519 public key`, {
      cause,
      advice: "give 64 hex digits, or a PEM file, such as: openssl pkey -in key.pem -pubout -out key.pub.pem",
    });
  }
}

/** A signature, 64 bytes: 128 hex digits, PEM, or the path of a file with either. @throws CliError */
export function readSignature(text: string): Uint8Array {
  const isValue = /^[0-9a-fA-F]{128}$/.test(text) || text.startsWith("-----BEGIN");
  return isValue ? parseSignature(text) : parseFile(text, parseSignature);
}

/** Whom to mint to, from an address code. @throws CliError, for Fog addresses too. */
export function readMintRecipient(code: string): PublicAddress {
  let address: PublicAddress | undefined;
  try {
    address = addressOfPrintable(code.trim());
  } catch (cause) {
    if (!(cause instanceof AccountError)) throw cause;
    throw new CliError("the recipient is no valid address code", {
      cause,
      advice: "a code may have been cut when it was copied: copy it again",
    });
  }
  if (address === undefined) {
    throw new CliError("the recipient's code holds no address", { advice: "give the code of an address" });
  }
  if (address.fogReportUrl !== "") {
    throw new CliError(
      "the recipient's address uses Fog, and minting to it needs its Fog server's report, which this version cannot fetch",
      { advice: "mint to an address without Fog, and send it on from there" },
    );
  }
  return address;
}
