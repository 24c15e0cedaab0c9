import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Where Gramine keeps what an enclave asks the processor (05 section 5.1). */
export const ATTESTATION_FOLDER = "/dev/attestation";

/** Gramine's attestation files by name. Reading and writing are synchronous: there is one set for the process. */
export interface AttestationFiles {
  /** @throws where there is no such file */
  read(name: string): Uint8Array;
  write(name: string, bytes: Uint8Array): void;
}

/** The files of a folder. */
export function attestationFilesIn(folder: string): AttestationFiles {
  return {
    read: (name) => new Uint8Array(readFileSync(join(folder, name))),
    write: (name, bytes) => {
      // Opened, written once and closed: Gramine takes each write for the whole value.
      const file = openSync(join(folder, name), "r+");
      try {
        writeSync(file, bytes);
      } finally {
        closeSync(file);
      }
    },
  };
}
