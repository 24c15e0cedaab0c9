import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { equalBytes } from "@mobilecoin-ts/crypto";
import { AttestationError } from "../error.ts";
import { type AttestationRoot, INTEL_SGX_ROOT } from "../verify/roots.ts";

/** A file with one certificate in PEM, and nothing else. */
const ONE_PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

const INTEL_COMMON_NAME = "CN=Intel SGX Root CA";

/**
 * A root of trust from a file with one certificate, PEM or DER. Intel's is recognised byte by byte; any other is a
 * development root, which is trusted in place of Intel's and never for chains with coins of value. Throws `InvalidTrust`
 * when the file holds no certificate, or one that only bears Intel's name; the system's error when it cannot be read.
 */
export async function readAttestationRoot(file: string): Promise<AttestationRoot> {
  const content = await readFile(file);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(content);
    // The library looks for PEM anywhere, and would take the first certificate of a quote for a root.
    if (!equalBytes(content, certificate.raw) && !ONE_PEM.test(content.toString("utf8"))) {
      throw new TypeError("the file holds more than a certificate");
    }
  } catch (cause) {
    throw new AttestationError(
      "InvalidTrust",
      `attestation root ${file}: found no certificate, wanted one in PEM or DER`,
      { cause },
    );
  }
  const der = Uint8Array.from(certificate.raw);
  if (equalBytes(der, INTEL_SGX_ROOT.der)) return INTEL_SGX_ROOT;
  if (certificate.subject.split("\n").includes(INTEL_COMMON_NAME)) {
    throw new AttestationError(
      "InvalidTrust",
      `attestation root ${file}: found Intel's name on another certificate, wanted Intel's own or a development root`,
    );
  }
  return { der, kind: "development" };
}
