import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeOriginBlock } from "@mobilecoin-ts/ledger";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { blockVersion, createTxOut, fakeFogHint, TOTAL_MOB, UNITS_PER_MOB } from "@mobilecoin-ts/transaction";
import { DEVNET_ACCOUNT_COUNT, devnetAccount } from "./devnet-accounts.ts";
import { DevnetError } from "./error.ts";

/** Outputs that each funded account holds in the origin block: enough for rings, and for payments side by side. */
export const OUTPUTS_PER_ACCOUNT = 16;

/** The ledger's folder within a data folder. */
export function ledgerFolder(dataDir: string): string {
  return join(dataDir, "ledger");
}

/** Whether a data folder holds the ledger of a local network. */
export function hasDevnetLedger(dataDir: string): boolean {
  return existsSync(join(ledgerFolder(dataDir), "data.mdb"));
}

/** The ledger of a data folder; made with all MOB spread over the funded accounts where there is none. */
export function openDevnetLedger(dataDir: string): LedgerStore {
  mkdirSync(dataDir, { recursive: true });
  const store = LedgerStore.open(ledgerFolder(dataDir), { create: true });
  if (store.blockCount() > 0n) return store;
  const outputs = DEVNET_ACCOUNT_COUNT * OUTPUTS_PER_ACCOUNT;
  const value = (TOTAL_MOB * UNITS_PER_MOB) / BigInt(outputs);
  const recipients = Array.from(
    { length: DEVNET_ACCOUNT_COUNT },
    (_, i) => devnetAccount(i).defaultSubaddress,
  );
  const txOuts = recipients.flatMap((recipient) =>
    Array.from({ length: OUTPUTS_PER_ACCOUNT }, () => {
      const amount = { value, tokenId: 0n };
      return createTxOut({ blockVersion: blockVersion(0), amount, recipient, eFogHint: fakeFogHint() }).txOut;
    }),
  );
  store.appendBlock({ ...makeOriginBlock(txOuts), signature: undefined, metadata: undefined });
  return store;
}

/** The ledger of a data folder for reading; another process may be appending to it. Throws `NotADevnet`. */
export function readDevnetLedger(dataDir: string): LedgerStore {
  if (!hasDevnetLedger(dataDir)) {
    throw new DevnetError(
      "NotADevnet",
      `there is no local network in ${dataDir}; make one with: mobilecoin devnet`,
    );
  }
  return LedgerStore.open(ledgerFolder(dataDir), { readOnly: true });
}
