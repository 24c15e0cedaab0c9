import { bytesToHex } from "@mobilecoin-ts/crypto";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import {
  archiveSource,
  catchUp,
  followLedger,
  grpcBlockSource,
  networkOfPeers,
  parseQuorumSet,
} from "@mobilecoin-ts/ledger-sync";
import { createLogger, grpcTransport } from "@mobilecoin-ts/service";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { readNodeUri } from "../consensus-node.ts";
import { interruptible } from "../interruptible.ts";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples, parseSeconds } from "./shared-options.ts";

interface SyncOptions {
  readonly ledgerDb: string;
  readonly peer: readonly string[];
  readonly txSourceUrl: readonly string[];
  readonly quorumSet?: string;
  readonly pollInterval: number;
  readonly once: boolean;
  readonly log: string;
}

/** `mobilecoin ledger-sync`: a verified copy of a network's ledger, kept in step (03 sections 2.11 and 2.12). */
export function addLedgerSyncCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("ledger-sync")
    .description(
      "follow a network into a ledger folder: nodes that make a quorum agree on the blocks, any archive gives their contents, and everything is verified",
    )
    .requiredOption(
      "--ledger-db <folder>",
      "the ledger; made where there is none, gone on with where there is",
    )
    .requiredOption("--peer <uri...>", "consensus node, such as mc://node1.example:443/; may be repeated")
    .requiredOption(
      "--tx-source-url <url...>",
      "archive with the contents of blocks (file:, http:, https:, s3:); not trusted; may be repeated",
    )
    .option(
      "--quorum-set <json>",
      '{"threshold":n,"members":[{"type":"Node","args":"host:port"},{"type":"InnerSet","args":{…}}]} (default: all peers have to agree)',
    )
    .option("--poll-interval <seconds>", "wait between polls while the ledger is in step", parseSeconds, 5)
    .option("--once", "catch up with what there is and end", false)
    .option("--log <filter>", "what to log", "info")
    .addHelpText(
      "after",
      examples(
        "mobilecoin ledger-sync --ledger-db ./ledger --peer mc://node1.example:443/ --peer mc://node2.example:443/ \\\n      --tx-source-url https://archive1.example/ --tx-source-url https://archive2.example/",
        "mobilecoin ledger-sync --ledger-db ./ledger --once --peer insecure-mc://localhost:3200/ \\\n      --tx-source-url file:///srv/devnet-data/nodes/node0/archive/",
      ),
    )
    .action((options: SyncOptions) => sync(options, terminal));
}

async function sync(options: SyncOptions, terminal: CommandContext["terminal"]): Promise<void> {
  const log = createLogger({ name: "mc_ledger_sync", level: options.log });
  const uris = options.peer.map(readNodeUri);
  const names = uris.map(({ responderId }) => responderId);
  const network = networkOfPeers(
    names,
    options.quorumSet === undefined ? undefined : parseQuorumSet(options.quorumSet),
  );
  const archives = options.txSourceUrl.map((url) => archiveSource(url));
  await using store = LedgerStore.open(options.ledgerDb, { create: true });
  using opened = new DisposableStack();
  const peers = uris.map((uri, i) => {
    const transport = grpcTransport(uri);
    opened.defer(() => transport.close());
    return grpcBlockSource(names[i]!, transport);
  });
  await interruptible("the blocks appended stay; run the same command again to go on", async (signal) => {
    const follow = {
      store,
      acceptOrigin: true,
      network,
      peers,
      archives,
      log,
      signal,
      pollIntervalMs: options.pollInterval * 1_000,
      onBlock: ({ index, id }: { readonly index: bigint; readonly id: Uint8Array }) =>
        log.debug({ block: index.toString(), id: bytesToHex(id) }, "block appended"),
    };
    if (!options.once) return followLedger(follow);
    try {
      const appended = await catchUp(follow);
      const last = bytesToHex(store.latestBlock().id);
      printLine(
        terminal,
        `${appended} blocks appended; the ledger has ${store.blockCount()}, the last is ${last}.`,
      );
    } catch (cause) {
      signal.throwIfAborted();
      throw new CliError("the ledger is not in step with the network", {
        cause,
        advice: `it has ${store.blockCount()} blocks, all verified; check the peers and archives that the log names, and run the same command again`,
      });
    }
  });
}
