import type { AccountKey, PublicAddress } from "@mobilecoin-ts/account";
import { connectDevnet } from "@mobilecoin-ts/devnet";
import { type LedgerAccess, Wallet } from "@mobilecoin-ts/sdk";
import { AccountStore, type NamedAccount } from "./account-store.ts";
import { dataDirOf } from "./data-dir.ts";
import { interruptible } from "./interruptible.ts";
import { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** What commands share: a terminal, and, at the prompt of a running devnet, its ledger. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The network that runs in this process, where one does. */
  readonly running?: { readonly dataDir: string; readonly ledger: LedgerAccess };
}

/** The data folder that a command works on. */
export function dataDirFor(context: CommandContext, option: string | undefined): string {
  return option === undefined && context.running !== undefined ? context.running.dataDir : dataDirOf(option);
}

const INTERRUPTED = "a payment the node accepted may still go through: see mobilecoin activity <account>";

/** A synced wallet of a named account, while `use` runs. */
export async function withWallet<T>(
  context: CommandContext,
  options: { readonly account: string; readonly dataDir?: string },
  use: (wallet: Wallet, account: NamedAccount, store: AccountStore, signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const dataDir = dataDirFor(context, options.dataDir);
  const store = new AccountStore(dataDir);
  const account = store.open(options.account);
  if (context.running?.dataDir === dataDir)
    return use(await synced(account.key, context.running.ledger), account, store);
  return interruptible(INTERRUPTED, async (signal) => {
    await using connection = await connectDevnet(dataDir);
    return await use(await synced(account.key, connection.ledger, signal), account, store, signal);
  });
}

async function synced(account: AccountKey, ledger: LedgerAccess, signal?: AbortSignal): Promise<Wallet> {
  const wallet = new Wallet({ account, ledger });
  const progress = new Progress();
  await wallet.sync({
    onProgress: ({ blocks, of }) => progress.show(`scanning block ${blocks} of ${of}`),
    ...(signal === undefined ? {} : { signal }),
  });
  progress.done();
  return wallet;
}

/** The default address of every account here, by name: whom a history can name. */
export function contactsOf(store: AccountStore): ReadonlyMap<string, PublicAddress> {
  return new Map(store.names().map((name) => [name, store.open(name).key.defaultSubaddress]));
}
