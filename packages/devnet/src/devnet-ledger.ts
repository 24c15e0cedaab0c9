import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeOriginBlock } from "@mobilecoin-ts/ledger";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { blockVersion, createTxOut, fakeFogHint, TOTAL_MOB, UNITS_PER_MOB } from "@mobilecoin-ts/transaction";
import { DEVNET_ACCOUNT_COUNT, devnetAccount } from "./devnet-accounts.ts";
import { type NetworkPlan, nodeLedgerFolder } from "./network-plan.ts";

/** Outputs that each funded account holds in the origin block: enough for rings, and for payments side by side. */
export const OUTPUTS_PER_ACCOUNT = 16;

/** Gives every node a ledger that begins with the same origin block: all MOB, spread over the funded accounts. */
export async function writeOriginBlocks(plan: NetworkPlan): Promise<void> {
  const missing = plan.nodes.filter((node) => !existsSync(join(nodeLedgerFolder(node), "data.mdb")));
  if (missing.length === 0) return;
  const origin = missing.length === plan.nodes.length ? newOriginBlock() : await storedOriginBlock(plan);
  for (const node of missing) {
    mkdirSync(node.folder, { recursive: true });
    const store = LedgerStore.open(nodeLedgerFolder(node), { create: true });
    if (store.blockCount() === 0n) store.appendBlock(origin);
    await store.close();
  }
}

/** The origin block that the other nodes of the network have. */
async function storedOriginBlock(plan: NetworkPlan) {
  for (const node of plan.nodes) {
    if (!existsSync(join(nodeLedgerFolder(node), "data.mdb"))) continue;
    const store = LedgerStore.open(nodeLedgerFolder(node), { readOnly: true });
    try {
      if (store.blockCount() > 0n) return store.blockData(0n);
    } finally {
      await store.close();
    }
  }
  return newOriginBlock();
}

function newOriginBlock() {
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
  return { ...makeOriginBlock(txOuts), signature: undefined, metadata: undefined };
}
