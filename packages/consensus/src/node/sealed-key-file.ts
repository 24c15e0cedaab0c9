import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

/** Most bytes that a sealed key takes. */
const MAX_LENGTH = 64 * 1024;

/** The file that keeps an enclave's sealed block signing key between runs. Only the same enclave can open what is in it. */
export class SealedKeyFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What was sealed before; undefined on the first run. Throws the system's error where the file cannot be read. */
  read(): Uint8Array | undefined {
    if (!existsSync(this.path)) return undefined;
    const bytes = new Uint8Array(readFileSync(this.path));
    return bytes.length === 0 || bytes.length > MAX_LENGTH ? undefined : bytes;
  }

  /** Replaces the contents, at once or not at all. */
  write(sealed: Uint8Array): void {
    const next = `${this.path}.next`;
    const file = openSync(next, "w", 0o600);
    try {
      writeSync(file, sealed);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, this.path);
  }
}
