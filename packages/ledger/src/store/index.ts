export {
  type ExportArchiveOptions,
  exportArchive,
  nextBlockToExport,
  readArchiveFiles,
} from "./archive-folder.ts";
export { type ImportArchiveOptions, importArchive, openArchives } from "./import-archive.ts";
export { LEDGER_FORMAT_VERSION, LedgerStore, type OpenLedgerOptions } from "./ledger-store.ts";
export type { ActiveMintConfig, ActiveMintConfigs } from "./stored-records.ts";
export { blocksOf, verifyLedger } from "./verify-ledger.ts";
