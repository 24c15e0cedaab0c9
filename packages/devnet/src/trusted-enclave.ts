import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  MITIGATED_HARDENING_ADVISORIES,
  ownIdentity,
  type TrustedIdentity,
} from "@mobilecoin-ts/attestation";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { DevnetError } from "./error.ts";

/** The file by which wallets know the network's enclaves, in the format for trusted identities (05 section 2.13). */
function trustedIdentitiesFile(dataDir: string): string {
  return join(dataDir, "trusted-identities.json");
}

/** Writes down which consensus enclave this version of the network runs. */
export function writeTrustedEnclave(dataDir: string, mrEnclave: Uint8Array): void {
  const consensus = {
    MRENCLAVE: bytesToHex(mrEnclave),
    mitigated_config_advisories: [],
    mitigated_hardening_advisories: MITIGATED_HARDENING_ADVISORIES,
  };
  writeFileSync(
    trustedIdentitiesFile(dataDir),
    `${JSON.stringify({ devnet: { consensus } }, undefined, 2)}\n`,
  );
}

/** The consensus enclave that a network's wallets trust. @throws DevnetError `NotADevnet` */
export function readTrustedEnclave(dataDir: string): TrustedIdentity {
  const file = trustedIdentitiesFile(dataDir);
  try {
    const mrEnclave = /"MRENCLAVE": "([0-9a-f]{64})"/.exec(readFileSync(file, "utf8"))?.[1];
    if (mrEnclave !== undefined) return ownIdentity(hexToBytes(mrEnclave));
  } catch (cause) {
    throw new DevnetError(
      "NotADevnet",
      `${file} cannot be read; start the network once: mobilecoin devnet`,
      cause,
    );
  }
  throw new DevnetError(
    "NotADevnet",
    `${file} names no consensus enclave; start the network once: mobilecoin devnet`,
  );
}
