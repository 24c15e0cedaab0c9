import type { QuotingPlatform } from "../session/quoting-platform.ts";
import type { AttestationRoot } from "../verify/roots.ts";
import { type SimulatedReportFields, simulatedReportBody } from "./measurement.ts";

export interface SimulatedPlatformOptions extends Omit<SimulatedReportFields, "reportData"> {
  /** Root of the development authority. */
  readonly root: AttestationRoot;
}

/** A processor that reports whatever enclave it is told, for programs that run outside of hardware. */
export function simulatedPlatform({ root, ...fields }: SimulatedPlatformOptions): QuotingPlatform {
  return {
    createReport: (reportData) => simulatedReportBody({ ...fields, reportData }),
    mrEnclave: fields.mrEnclave,
    attestationRoot: root,
    allowDebug: fields.debug === true,
  };
}
