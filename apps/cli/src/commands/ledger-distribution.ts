import { DEFAULT_MERGE_BUCKETS } from "@mobilecoin-ts/ledger";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { LedgerPublisher, openDestination, type StartFrom } from "@mobilecoin-ts/ledger-sync";
import { createLogger } from "@mobilecoin-ts/service";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { interruptible } from "../interruptible.ts";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples } from "./shared-options.ts";

interface DistributionOptions {
  readonly ledgerPath: string;
  readonly dest: string;
  readonly startFrom?: StartFrom;
  readonly stateFile?: string;
  readonly mergeBuckets: readonly bigint[];
  readonly once: boolean;
  readonly log: string;
}

/** `mobilecoin ledger-distribution`: publishes the blocks of a node's ledger as they come (03 section 2.8.2). */
export function addLedgerDistributionCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("ledger-distribution")
    .description("publish a ledger's blocks, as they come, to a folder or an S3-compatible store")
    .requiredOption("--ledger-path <folder>", "the ledger; a node may be writing to it")
    .requiredOption(
      "--dest <url>",
      "file:///folder, or s3://bucket/prefix?region=…&endpoint=… with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set",
    )
    .addOption(
      new Option(
        "--start-from <where>",
        "zero: the origin; next: only blocks to come; last: as the state file says (default: after the last block published)",
      ).choices(["zero", "next", "last"]),
    )
    .option("--state-file <file>", "keeps how far publishing got")
    .addOption(
      new Option("--merge-buckets <sizes>", "sizes of merged files, in blocks, with commas between")
        .argParser(parseBuckets)
        .default(DEFAULT_MERGE_BUCKETS, DEFAULT_MERGE_BUCKETS.join()),
    )
    .option("--once", "publish what is there and end", false)
    .option("--log <filter>", "what to log", "info")
    .addHelpText(
      "after",
      examples(
        "mobilecoin ledger-distribution --ledger-path node1/ledger --dest file:///srv/blocks",
        "mobilecoin ledger-distribution --ledger-path node1/ledger --dest 's3://blocks/node1?region=eu-central-1'",
      ),
    )
    .action((options: DistributionOptions) => distribute(options, terminal));
}

async function distribute(options: DistributionOptions, terminal: CommandContext["terminal"]): Promise<void> {
  const { startFrom, stateFile } = options;
  if (startFrom === "last" && stateFile === undefined) {
    throw new CliError("--start-from last needs --state-file", { exitCode: 2 });
  }
  const logger = createLogger({ name: "mc_ledger_distribution", level: options.log });
  await using store = LedgerStore.open(options.ledgerPath, { readOnly: true });
  const publisher = new LedgerPublisher({
    store,
    destination: openDestination(options.dest, { log: logger }),
    mergeBuckets: options.mergeBuckets,
    log: logger,
    ...(startFrom === undefined ? {} : { startFrom }),
    ...(stateFile === undefined ? {} : { stateFile }),
  });
  await interruptible("what was published stays; start again to go on", async (signal) => {
    if (options.once) printLine(terminal, `published ${await publisher.publishNew(signal)} blocks`);
    else await publisher.run(signal);
  });
}

function parseBuckets(text: string): readonly bigint[] {
  const sizes = text.split(",").map((part) => part.trim());
  if (!sizes.every((size) => /^[0-9]{1,9}$/.test(size))) {
    throw new InvalidArgumentError("give sizes in blocks with commas between, such as 100,1000,10000");
  }
  return sizes.map(BigInt);
}
