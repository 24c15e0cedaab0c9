import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "@mobilecoin-ts/curve";
import { EnclaveError } from "../error.ts";

const LENGTH = 32;

/**
 * The key that stands in for the processor's sealing key on this machine: made on first use, readable by the owner
 * only. Whoever has it can open what simulated enclaves sealed here.
 *
 * @throws EnclaveError `StartFailed` where the file is not one that this function made.
 */
export function loadOrCreateSealRoot(folder: string): Uint8Array {
  const file = join(folder, "seal-root");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const next = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(next, systemRandom(LENGTH), { mode: 0o600, flush: true });
    try {
      // A link, not a renaming: of two processes that come at once, both use the file of the first.
      linkSync(next, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(next, { force: true });
    }
  }
  const root = new Uint8Array(readFileSync(file));
  if (root.length !== LENGTH) {
    throw new EnclaveError(
      "StartFailed",
      `${file} is no seal root; restore it, or remove it and everything that was sealed with it`,
    );
  }
  return root;
}
