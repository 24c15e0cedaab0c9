import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RandomBytes } from "@mobilecoin-ts/curve";
import { p256 } from "@noble/curves/nist.js";
import { AttestationError } from "../error.ts";
import {
  createDevelopmentRoot,
  DEVELOPMENT_NAME_PREFIX,
  DevelopmentAuthority,
  type DevelopmentAuthoritySecrets,
} from "../simulation/development-authority.ts";

/** Root certificate, PEM: what others are given to trust. */
export const DEVELOPMENT_CERTIFICATE_FILE = "development-root.pem";
/** Root certificate and private key (PKCS#8), PEM: for the simulated quoting enclaves of this machine alone. */
export const DEVELOPMENT_KEY_FILE = "development-root-with-key.pem";

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const KEY_BLOCK = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/;

export interface LoadDevelopmentAuthorityOptions {
  /** For the validity of a new root. */
  readonly now?: () => Date;
  readonly random?: RandomBytes;
}

/**
 * The development authority of a folder, made on first use (05 section 5.2). Several processes may start at once: one of
 * them makes it, all get the same. The file with the key is for its owner only (0600). Throws `InvalidTrust` when the
 * file is damaged or open to others.
 */
export async function loadOrCreateDevelopmentAuthority(
  folder: string,
  options: LoadDevelopmentAuthorityOptions = {},
): Promise<DevelopmentAuthority> {
  const { now = () => new Date(), random } = options;
  const path = join(folder, DEVELOPMENT_KEY_FILE);
  await mkdir(folder, { recursive: true });
  let text = await readIfThere(path);
  if (text === undefined) {
    const made = await createDevelopmentRoot({ now: now(), ...(random === undefined ? {} : { random }) });
    await createOnce(path, formatSecrets(made.secrets()));
    text = await readFile(path, "utf8");
  }
  await requirePrivate(path);
  const authority = new DevelopmentAuthority(parseSecrets(text, path));
  const certificate = new X509Certificate(authority.root.der).toString();
  const certificatePath = join(folder, DEVELOPMENT_CERTIFICATE_FILE);
  if ((await readIfThere(certificatePath)) !== certificate) await replace(certificatePath, certificate);
  return authority;
}

function formatSecrets({ certificate, privateKey }: DevelopmentAuthoritySecrets): string {
  const point = p256.getPublicKey(privateKey, false);
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: base64url(privateKey),
      x: base64url(point.subarray(1, 33)),
      y: base64url(point.subarray(33)),
    },
  });
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return `${new X509Certificate(certificate).toString()}${pem}`;
}

function parseSecrets(text: string, path: string): DevelopmentAuthoritySecrets {
  try {
    const certificate = new X509Certificate(CERTIFICATE_BLOCK.exec(text)?.[0] ?? "");
    const key = createPrivateKey(KEY_BLOCK.exec(text)?.[0] ?? "");
    const scalar = key.export({ format: "jwk" }).d;
    const isOurs = certificate.subject.startsWith(`CN=${DEVELOPMENT_NAME_PREFIX}`);
    if (scalar === undefined || !isOurs || !certificate.checkPrivateKey(key)) {
      throw new Error("certificate and key do not belong together");
    }
    return {
      certificate: Uint8Array.from(certificate.raw),
      privateKey: Uint8Array.from(Buffer.from(scalar, "base64url")),
    };
  } catch {
    // Without the cause: it could quote the key.
    throw new AttestationError(
      "InvalidTrust",
      `development authority ${path}: found no certificate with its key, wanted both: remove the file to have another made`,
    );
  }
}

async function requirePrivate(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new AttestationError(
      "InvalidTrust",
      `development authority ${path}: found mode ${(mode & 0o777).toString(8)}, wanted 600: others could forge evidence`,
    );
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts a whole file in place unless one is there. */
async function createOnce(path: string, content: string): Promise<void> {
  await viaTemporary(path, content, 0o600, async (temporary) => {
    try {
      await link(temporary, path);
    } catch (error) {
      // Another process was first; its authority counts.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  });
}

/** Puts a whole file in the place of whatever is there. */
async function replace(path: string, content: string): Promise<void> {
  await viaTemporary(path, content, 0o644, (temporary) => rename(temporary, path));
}

async function viaTemporary(
  path: string,
  content: string,
  mode: number,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}
