import type { AttestationRoot } from "../verify/roots.ts";

/** What a trusted program has of the processor, or of its simulation, to prove what it is. */
export interface QuotingPlatform {
  /** A report body of 384 bytes about this program over 64 bytes of its choice (05 section 2.8). */
  createReport(reportData: Uint8Array): Uint8Array;
  /** Measurement of this program, 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** The root that this program's own evidence and its peers' ends in. */
  readonly attestationRoot: AttestationRoot;
  /** Whether evidence of debug enclaves counts: simulation only. */
  readonly allowDebug: boolean;
}
