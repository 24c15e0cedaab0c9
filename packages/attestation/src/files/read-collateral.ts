import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";

/** Where the parts of a collateral lie. */
export interface CollateralFiles {
  /** One certificate in DER or any number in PEM a file; leaf first over all files. */
  readonly pckCrlIssuerChain: readonly string[];
  /** DER. */
  readonly rootCaCrl: string;
  /** DER. */
  readonly pckCrl: string;
  readonly tcbInfoIssuerChain: readonly string[];
  /** Signed JSON, taken to the byte. */
  readonly tcbInfo: string;
  readonly qeIdentityIssuerChain: readonly string[];
  readonly qeIdentity: string;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Collateral from files, as another implementation's simulation or a caching service leaves it. Throws `InvalidContents`
 * where certificates were expected and none is there, the system's error when a file cannot be read.
 */
export async function readCollateral(files: CollateralFiles): Promise<Collateral> {
  return {
    pckCrlIssuerChain: await readChain(files.pckCrlIssuerChain),
    rootCaCrl: new Uint8Array(await readFile(files.rootCaCrl)),
    pckCrl: new Uint8Array(await readFile(files.pckCrl)),
    tcbInfoIssuerChain: await readChain(files.tcbInfoIssuerChain),
    tcbInfo: await readFile(files.tcbInfo, "utf8"),
    qeIdentityIssuerChain: await readChain(files.qeIdentityIssuerChain),
    qeIdentity: await readFile(files.qeIdentity, "utf8"),
  };
}

async function readChain(files: readonly string[]): Promise<Uint8Array[]> {
  return (await Promise.all(files.map(readCertificates))).flat();
}

async function readCertificates(file: string): Promise<Uint8Array[]> {
  const content = await readFile(file);
  const blocks = content.toString("latin1").match(PEM_CERTIFICATE);
  try {
    return (blocks ?? [content]).map((block) => Uint8Array.from(new X509Certificate(block).raw));
  } catch (cause) {
    throw new AttestationError(
      "InvalidContents",
      `collateral ${file}: found no certificate, wanted one in DER or some in PEM`,
      { cause, data: { field: file } },
    );
  }
}
