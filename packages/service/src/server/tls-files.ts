import { type FSWatcher, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { ServiceError } from "../error.ts";
import type { Logger } from "../logger.ts";

/** Paths of a server's certificate chain and private key, both PEM. */
export interface TlsFiles {
  readonly chainFile: string;
  readonly keyFile: string;
}

export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** After a change, files are given this long to be written to their end. */
const SETTLE_MS = 100;

/** Reads both files and sees that they belong together. @throws ServiceError `TlsFiles` */
export function readTlsFiles(files: TlsFiles): TlsMaterial {
  try {
    const material = {
      cert: readFileSync(files.chainFile, "utf8"),
      key: readFileSync(files.keyFile, "utf8"),
    };
    createSecureContext(material);
    return material;
  } catch (cause) {
    throw new ServiceError(
      "TlsFiles",
      `the certificate chain ${files.chainFile} and the key ${files.keyFile} cannot be used: ${
        cause instanceof Error ? cause.message : "unknown reason"
      }; give PEM files that belong together (tls-chain, tls-key)`,
      cause,
    );
  }
}

/** Calls back with new material whenever the files changed and are usable; until then the old stays in force. */
export class TlsFileWatcher {
  readonly #watchers: FSWatcher[];
  #timer: NodeJS.Timeout | undefined;

  constructor(files: TlsFiles, onChange: (material: TlsMaterial) => void, logger: Logger) {
    // Folders are watched, not files: certificates are commonly renewed by a rename or by moving a link.
    const folders = new Set([dirname(files.chainFile), dirname(files.keyFile)]);
    const reload = () => {
      try {
        onChange(readTlsFiles(files));
        logger.info("TLS certificate and key loaded again");
      } catch (error) {
        logger.warn(
          { reason: error instanceof Error ? error.message : "unknown" },
          "kept the TLS certificate in use",
        );
      }
    };
    this.#watchers = [...folders].map((folder) =>
      watch(folder, { persistent: false }, () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(reload, SETTLE_MS).unref();
      }).on("error", (error) => logger.warn({ reason: error.message }, "TLS files are no longer watched")),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }
}
