import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { INTEL_SGX_ROOT } from "@mobilecoin-ts/attestation";
import { EnclaveError } from "../error.ts";
import type { EnclavePlatform } from "../trusted/environment.ts";
import { deriveSealKey } from "../trusted/simulated-enclave-platform.ts";

const REPORT_BODY_LENGTH = 384;
const MR_ENCLAVE_OFFSET = 64;
const TARGET_INFO_LENGTH = 512;
const SEAL_KEY_LENGTH = 16;

/** Where Gramine keeps what an enclave asks the processor (05 section 5.1). */
export const ATTESTATION_FOLDER = "/dev/attestation";

/**
 * The platform of a program under Gramine on SGX, through Gramine's attestation files. The calls are synchronous, which
 * keeps writing report data and reading the report together: the files are one for the whole process.
 *
 * @throws EnclaveError `StartFailed` where the files are not those of a DCAP enclave.
 */
export function gramineEnclavePlatform(folder: string = ATTESTATION_FOLDER): EnclavePlatform {
  const kind = readText(join(folder, "attestation_type"));
  if (kind !== "dcap") {
    throw new EnclaveError(
      "StartFailed",
      `the enclave is not under Gramine with DCAP attestation (found ${kind === "" ? "nothing" : kind}); set sgx.remote_attestation = "dcap" in its manifest`,
    );
  }
  const targetInfo = read(join(folder, "my_target_info"), TARGET_INFO_LENGTH);
  writeOnce(join(folder, "target_info"), targetInfo);
  const createReport = (reportData: Uint8Array): Uint8Array => {
    writeOnce(join(folder, "user_report_data"), reportData);
    return read(join(folder, "report"), REPORT_BODY_LENGTH).slice(0, REPORT_BODY_LENGTH);
  };
  const mrEnclave = createReport(new Uint8Array(64)).slice(MR_ENCLAVE_OFFSET, MR_ENCLAVE_OFFSET + 32);
  return {
    createReport,
    mrEnclave,
    attestationRoot: INTEL_SGX_ROOT,
    allowDebug: false,
    sealKey: (purpose) =>
      deriveSealKey(read(join(folder, "keys/_sgx_mrenclave"), SEAL_KEY_LENGTH), mrEnclave, purpose),
  };
}

/** Whether this process is a Gramine enclave with DCAP attestation. */
export function isUnderSgx(folder: string = ATTESTATION_FOLDER): boolean {
  return readText(join(folder, "attestation_type")) === "dcap";
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function read(path: string, atLeast: number): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path));
  if (bytes.length < atLeast) {
    throw new EnclaveError(
      "StartFailed",
      `${path} has ${bytes.length} bytes, not ${atLeast}: Gramine has no SGX here`,
    );
  }
  return bytes;
}

function writeOnce(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes);
  } finally {
    closeSync(file);
  }
}
