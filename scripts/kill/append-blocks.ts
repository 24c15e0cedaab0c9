/** Appends blocks to the ledger in a folder until it is killed, reporting each on standard output. */
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { numberedBlock } from "../../packages/ledger/src/testing/numbered-block.ts";

const store = LedgerStore.open(process.argv[2]!, { create: true });
let previous = store.blockCount() === 0n ? undefined : store.latestBlock();
process.stdout.write(`ready ${store.blockCount()}\n`);
for (;;) {
  const data = numberedBlock(previous);
  store.appendBlock(data);
  previous = data.block;
  process.stdout.write(`appended ${data.block.index}\n`);
}
