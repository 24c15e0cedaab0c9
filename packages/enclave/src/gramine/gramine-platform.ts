import { INTEL_SGX_ROOT, REPORT_BODY_LENGTH } from "@mobilecoin-ts/attestation";
import { EnclaveError } from "../error.ts";
import type { EnclavePlatform } from "../trusted/environment.ts";
import { deriveSealKey } from "../trusted/simulated-enclave-platform.ts";
import { ATTESTATION_FOLDER, type AttestationFiles, attestationFilesIn } from "./attestation-files.ts";

const MR_ENCLAVE_OFFSET = 64;
const TARGET_INFO_LENGTH = 512;
const REPORT_DATA_LENGTH = 64;
const SEAL_KEY_LENGTH = 16;
/** Header and report body of a quote. */
const QUOTE_AT_LEAST = 48 + REPORT_BODY_LENGTH;

/**
 * The platform of a program under Gramine on SGX, through Gramine's attestation files. The calls are synchronous, which
 * keeps writing report data and reading report and quote together: the files are one for the whole process.
 *
 * The quote over a report is read at once and kept for the host to fetch, because only the enclave can read it. The
 * host names no report data, so it can have nothing quoted but what the program itself reported.
 *
 * @throws EnclaveError `StartFailed` where the files are not those of a DCAP enclave.
 */
export function gramineEnclavePlatform(
  files: AttestationFiles = attestationFilesIn(ATTESTATION_FOLDER),
): EnclavePlatform {
  const kind = attestationType(files);
  if (kind !== "dcap") {
    throw new EnclaveError(
      "StartFailed",
      `the enclave is not under Gramine with DCAP attestation (found ${kind === "" ? "nothing" : kind}); set sgx.remote_attestation = "dcap" in its manifest`,
    );
  }
  files.write("target_info", read(files, "my_target_info", TARGET_INFO_LENGTH));
  const report = (reportData: Uint8Array): Uint8Array => {
    if (reportData.length !== REPORT_DATA_LENGTH) {
      throw new EnclaveError(
        "Protocol",
        `report data has ${REPORT_DATA_LENGTH} bytes, not ${reportData.length}`,
      );
    }
    files.write("user_report_data", reportData);
    return read(files, "report", REPORT_BODY_LENGTH).slice(0, REPORT_BODY_LENGTH);
  };
  const own = report(new Uint8Array(REPORT_DATA_LENGTH));
  const mrEnclave = own.slice(MR_ENCLAVE_OFFSET, MR_ENCLAVE_OFFSET + 32);
  let lastQuote: Uint8Array | undefined;
  return {
    createReport: (reportData) => {
      const body = report(reportData);
      lastQuote = read(files, "quote", QUOTE_AT_LEAST);
      return body;
    },
    lastQuote: () => lastQuote,
    mrEnclave,
    attestationRoot: INTEL_SGX_ROOT,
    allowDebug: false,
    sealKey: (purpose) =>
      deriveSealKey(read(files, "keys/_sgx_mrenclave", SEAL_KEY_LENGTH), mrEnclave, purpose),
  };
}

/** Whether this process is a Gramine enclave with DCAP attestation. */
export function isUnderSgx(files: AttestationFiles = attestationFilesIn(ATTESTATION_FOLDER)): boolean {
  return attestationType(files) === "dcap";
}

function attestationType(files: AttestationFiles): string {
  try {
    return new TextDecoder().decode(files.read("attestation_type")).trim();
  } catch {
    return "";
  }
}

function read(files: AttestationFiles, name: string, atLeast: number): Uint8Array {
  const bytes = files.read(name);
  if (bytes.length < atLeast) {
    throw new EnclaveError(
      "StartFailed",
      `${ATTESTATION_FOLDER}/${name} has ${bytes.length} bytes, not ${atLeast}: Gramine has no SGX here`,
    );
  }
  return bytes;
}
