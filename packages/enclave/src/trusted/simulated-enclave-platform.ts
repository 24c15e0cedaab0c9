import { simulatedPlatform } from "@mobilecoin-ts/attestation";
import { concat, utf8 } from "@mobilecoin-ts/crypto";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { SimulatedSettings } from "../settings.ts";
import type { EnclavePlatform } from "./environment.ts";

const SEAL_LABEL = "mobilecoin-ts enclave seal";

/** The sealing key of a purpose, from a machine's (or processor's) root key and the enclave's measurement. */
export function deriveSealKey(root: Uint8Array, mrEnclave: Uint8Array, purpose: string): Uint8Array {
  return hkdf(sha256, root, mrEnclave, concat(utf8(`${SEAL_LABEL} `), utf8(purpose)), 32);
}

/** A platform outside of hardware, as the loader describes it. */
export function simulatedEnclavePlatform(settings: SimulatedSettings): EnclavePlatform {
  const { mrEnclave, mrSigner, productId, securityVersion, debug, sealRoot, root } = settings;
  const quoting = simulatedPlatform({
    mrEnclave,
    mrSigner,
    productId,
    securityVersion,
    debug,
    root: { der: root, kind: "development" },
  });
  return {
    createReport: (reportData) => quoting.createReport(reportData),
    mrEnclave: quoting.mrEnclave,
    attestationRoot: quoting.attestationRoot,
    allowDebug: quoting.allowDebug,
    sealKey: (purpose) => deriveSealKey(sealRoot, mrEnclave, purpose),
  };
}
