import { access, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LedgerSyncError } from "../error.ts";
import type { ArchiveDestination } from "./destination.ts";

/** A folder. A file appears whole, and after a loss of power those written before it are there too. */
export function fileDestination(folder: string): ArchiveDestination {
  return {
    name: folder,
    exists: async (path) => {
      try {
        await access(join(folder, path));
        return true;
      } catch {
        return false;
      }
    },
    read: async (path) => {
      try {
        return new Uint8Array(await readFile(join(folder, path)));
      } catch (cause) {
        if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
        throw failed(join(folder, path), "read", cause);
      }
    },
    write: (path, bytes) => writeFileWhole(join(folder, path), bytes),
  };
}

/** Writes a file under another name, syncs it and renames it. @throws LedgerSyncError `DestinationWrite` */
export async function writeFileWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
    // Windows does not open folders; there a rename is journalled by itself.
    if (process.platform === "win32") return;
    await using handle = await open(dirname(path), "r");
    await handle.sync();
  } catch (cause) {
    throw failed(path, "written", cause);
  }
}

function failed(path: string, what: string, cause: unknown): LedgerSyncError<"distribution"> {
  const text = `${path} cannot be ${what}; check the folder's rights and space`;
  return new LedgerSyncError("distribution", "DestinationWrite", text, { cause, data: { file: path } });
}
