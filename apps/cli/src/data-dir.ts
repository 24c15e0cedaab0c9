import { resolve } from "node:path";

/** Folder of the local network and its accounts: the option, else `MOBILECOIN_DATA_DIR`, else `./devnet-data`. */
export function dataDirOf(option: string | undefined): string {
  return resolve(option ?? process.env.MOBILECOIN_DATA_DIR ?? "devnet-data");
}
