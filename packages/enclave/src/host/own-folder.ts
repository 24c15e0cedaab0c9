import { lstatSync, mkdirSync } from "node:fs";
import { EnclaveError } from "../error.ts";

const OTHERS_MAY_WRITE = 0o022;

/**
 * Makes a folder, or takes the one there is if nobody but this user can put or swap files in it.
 *
 * @throws EnclaveError `Bundle`
 */
export function ownFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Not followed: a link in a folder of the system may be anybody's.
  const found = lstatSync(folder);
  const uid = process.getuid?.();
  const refusal = !found.isDirectory()
    ? "it is no folder"
    : uid !== undefined && found.uid !== uid
      ? "it belongs to another user"
      : uid !== undefined && (found.mode & OTHERS_MAY_WRITE) !== 0
        ? "others may write to it"
        : undefined;
  if (refusal !== undefined) {
    throw new EnclaveError(
      "Bundle",
      `${folder} is not used for bundles, because ${refusal}; remove it or name another folder`,
    );
  }
}
