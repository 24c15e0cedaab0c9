import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { AttestationError } from "../error.ts";
import type { AttestationRoot } from "../session/verification.ts";

const INTEL_COMMON_NAME = "CN=Intel SGX Root CA";
/** SHA-256 of Intel's certificate (05 section 2.11). */
const INTEL_ROOT_SHA256 = "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3";

/**
 * A root of trust from a file with one certificate, PEM or DER. Intel's is recognised by its hash; any other is a
 * development root, which is trusted in place of Intel's and never for chains with coins of value. Throws `InvalidTrust`
 * when the file holds no certificate, or one that only bears Intel's name; the system's error when it cannot be read.
 */
export async function readAttestationRoot(file: string): Promise<AttestationRoot> {
  const content = await readFile(file);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(content);
  } catch (cause) {
    throw new AttestationError(
      "InvalidTrust",
      `attestation root ${file}: found no certificate, wanted one in PEM or DER`,
      { cause },
    );
  }
  const der = Uint8Array.from(certificate.raw);
  if (bytesToHex(sha256(der)) === INTEL_ROOT_SHA256) return { der, kind: "intel" };
  if (certificate.subject.split("\n").includes(INTEL_COMMON_NAME)) {
    throw new AttestationError(
      "InvalidTrust",
      `attestation root ${file}: found Intel's name on another certificate, wanted Intel's own or a development root`,
    );
  }
  return { der, kind: "development" };
}
