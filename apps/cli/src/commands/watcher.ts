import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import {
  archiveSource,
  type EvidenceJudge,
  type EvidenceSource,
  grpcEvidenceSource,
  readWatcherConfig,
  type SignerRecord,
  type Violation,
  Watcher,
  type WatcherConfig,
  WatcherDb,
} from "@mobilecoin-ts/ledger-sync";
import {
  buildInfoRoutes,
  createLogger,
  type GrpcTransport,
  gracefulRun,
  grpcTransport,
  healthRoutes,
  startServer,
  tokenCredentials,
} from "@mobilecoin-ts/service";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { interruptible } from "../interruptible.ts";
import { printJson, printLine, printTable, type Terminal } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { addJsonOption, examples, parseBlockIndex, parseSeconds } from "./shared-options.ts";

/** Exit status where a rule is broken: neither success nor a failure of the command. */
const VIOLATIONS_FOUND = 3;
const GO_ON = "what was read stays; run the same command again to go on";

const CONFIG_HELP = `
The configuration (TOML; files are found from its folder):
  metadata_signers = "metadata-signers.toml"        who may sign metadata; left out: anyone
  [[sources]]                                       one for each node
  tx_source_url = "https://archive1.example/"
  consensus_client_url = "mc://node1.example:443/"  left out: evidence comes with metadata only
  [attestation]                                     left out: evidence is stored and not judged
  trusted_identities = "trusted-identities.json"    measurements of enclaves
  root = "development-root.pem"                     left out: Intel's
  chain_id = "main"                                 main and test refuse a development root
`;

interface WatchOptions {
  readonly sourcesPath: string;
  readonly watcherDb: string;
  readonly maxBlockHeight?: bigint;
  readonly log: string;
}

/** `mobilecoin watcher …`: what nodes say of their blocks, checked against what is trusted (03 section 2.13). */
export function addWatcherCommands(program: Command, { terminal }: CommandContext): void {
  const watcher = program
    .command("watcher")
    .description(
      "watch archives of nodes: that their blocks agree, and that block signatures, evidence and metadata are by whom is trusted",
    )
    .addHelpText(
      "after",
      examples(
        "mobilecoin watcher sync --sources-path watcher.toml --watcher-db ./watcher",
        "mobilecoin watcher report --watcher-db ./watcher",
      ) + CONFIG_HELP,
    );

  addJsonOption(addWatchOptions(watcher.command("sync")))
    .description(
      `read all blocks there are, check them and end; status ${VIOLATIONS_FOUND} where a rule is broken`,
    )
    .addHelpText("after", CONFIG_HELP)
    .action((options: WatchOptions & { readonly json?: boolean }) => sync(options, terminal));

  addWatchOptions(watcher.command("serve"))
    .description("read and check blocks as they come, and answer the gRPC health service")
    .option("--poll-interval <seconds>", "wait between looks for new blocks", parseSeconds, 1)
    .addOption(
      new Option("--client-listen-uri <uri>", "where to listen")
        .default(
          new ServiceUri("watcher", "insecure-watcher://0.0.0.0:3226/"),
          "insecure-watcher://0.0.0.0:3226/",
        )
        .argParser(parseWatcherUri),
    )
    .addHelpText("after", CONFIG_HELP)
    .action(serve);

  addJsonOption(watcher.command("report"))
    .description("print how far each archive was read, and every rule that was broken")
    .requiredOption("--watcher-db <folder>", "the watcher's database; a watcher may be writing to it")
    .addHelpText("after", examples("mobilecoin watcher report --watcher-db ./watcher --json"))
    .action((options: { readonly watcherDb: string; readonly json?: boolean }) => report(options, terminal));

  addJsonOption(addConfigOptions(watcher.command("verify")))
    .description(
      `judge all evidence in the database again, by what the configuration trusts now; status ${VIOLATIONS_FOUND} where a key is not vouched for`,
    )
    .addHelpText("after", CONFIG_HELP)
    .action((options: Pick<WatchOptions, "sourcesPath" | "watcherDb"> & { readonly json?: boolean }) =>
      verify(options, terminal),
    );
}

function addConfigOptions(command: Command): Command {
  return command
    .requiredOption("--sources-path <file>", "the configuration: what to watch and whom to trust")
    .requiredOption("--watcher-db <folder>", "the watcher's database");
}

function addWatchOptions(command: Command): Command {
  return addConfigOptions(command)
    .option("--max-block-height <n>", "last block to read", parseBlockIndex)
    .option("--log <filter>", "what to log", command.name() === "serve" ? "info" : "warn");
}

/** Connections to the nodes that can be asked for evidence, by the URL of their archive. */
class EvidenceNodes {
  readonly sources: ReadonlyMap<string, EvidenceSource>;
  readonly #transports: readonly GrpcTransport[];

  constructor({ sources }: WatcherConfig) {
    const nodes = sources.flatMap(({ txSourceUrl, consensusClientUrl: uri, authTokenSecret: secret }) => {
      if (uri === undefined) return [];
      // User name and password of the URI go along by themselves where there is no secret to make a token with.
      const token = secret && { credentials: tokenCredentials({ username: uri.username, secret }) };
      const transport = grpcTransport(uri, token ?? {});
      return [{ txSourceUrl, transport, ask: grpcEvidenceSource(uri.responderId, transport) }];
    });
    this.sources = new Map(nodes.map(({ txSourceUrl, ask }) => [txSourceUrl, ask]));
    this.#transports = nodes.map(({ transport }) => transport);
  }

  close(): void {
    for (const transport of this.#transports) transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

async function sync(options: WatchOptions & { readonly json?: boolean }, terminal: Terminal): Promise<void> {
  const config = await readConfig(options.sourcesPath);
  await using db = openDb(options.watcherDb, config);
  using nodes = new EvidenceNodes(config);
  const found: Violation[] = [];
  const watcher = watcherOf(options, config, db, nodes, (violation) => found.push(violation));
  const read = await interruptible(GO_ON, async (signal) => {
    let total = 0;
    for (;;) {
      const blocks = await watcher.syncOnce(signal);
      total += blocks;
      if (blocks === 0) return total;
    }
  });
  if (found.length > 0) process.exitCode = VIOLATIONS_FOUND;
  if (options.json) return printJson(terminal, { read, sources: sourcesOf(db), violations: found });
  printLine(terminal, `${read} blocks read.`);
  printSources(terminal, db);
  printViolations(terminal, found, "No rule is broken.");
  if (config.judgeEvidence === undefined) {
    printLine(terminal, "Evidence was not judged: the configuration has no [attestation].");
  }
}

async function serve(
  options: WatchOptions & { readonly pollInterval: number; readonly clientListenUri: ServiceUri },
): Promise<void> {
  const logger = createLogger({ name: "mc_watcher", level: options.log });
  const config = await readConfig(options.sourcesPath);
  await gracefulRun(
    async (keep, stop) => {
      const db = keep(openDb(options.watcherDb, config));
      keep(
        await startServer({
          listen: options.clientListenUri,
          logger,
          routes: (router) => {
            healthRoutes(router);
            buildInfoRoutes(router);
          },
        }),
      );
      const nodes = keep(new EvidenceNodes(config));
      const watching = watcherOf(options, config, db, nodes).run(stop, options.pollInterval * 1_000);
      keep({ close: () => watching });
    },
    { logger },
  );
}

async function report(
  options: { readonly watcherDb: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  await using db = new WatcherDb(options.watcherDb);
  const violations = [...db.violations()];
  if (options.json) return printJson(terminal, { sources: sourcesOf(db), violations });
  printSources(terminal, db);
  printViolations(terminal, violations, "No broken rule is recorded.");
}

async function verify(
  options: Pick<WatchOptions, "sourcesPath" | "watcherDb"> & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { judgeEvidence } = await readConfig(options.sourcesPath);
  if (judgeEvidence === undefined) {
    throw new CliError(
      `${options.sourcesPath} does not say which enclaves are trusted, so nothing can be judged`,
      {
        advice: "add [attestation] with trusted_identities; see: mobilecoin watcher verify --help",
      },
    );
  }
  await using db = new WatcherDb(options.watcherDb);
  const verdicts = db.signers().map((record) => ({ record, verdict: verdictOn(record, judgeEvidence) }));
  const refused = verdicts.filter(({ verdict }) => verdict !== "vouched for").length;
  if (refused > 0) process.exitCode = VIOLATIONS_FOUND;
  if (options.json) {
    return printJson(terminal, {
      signers: verdicts.map(({ record: { signer, evidence, ...record }, verdict }) => ({
        signer: bytesToHex(signer),
        ...record,
        evidence: evidence.length,
        verdict,
      })),
    });
  }
  printTable(terminal, [
    ["SIGNER", "BLOCKS", "ARCHIVE", "VERDICT"],
    ...verdicts.map(({ record, verdict }) => [
      bytesToHex(record.signer),
      `${record.firstBlock}-${record.lastBlock}`,
      record.sourceUrl,
      verdict,
    ]),
  ]);
  printLine(
    terminal,
    refused === 0
      ? `${verdicts.length} signers, each vouched for by a trusted enclave.`
      : `${refused} of ${verdicts.length} signers are not vouched for by a trusted enclave.`,
  );
}

/** One evidence that holds and names the key is enough. */
function verdictOn({ signer, evidence, firstSignedAt }: SignerRecord, judge: EvidenceJudge): string {
  let verdict: string = "no evidence";
  for (const entry of evidence) {
    try {
      if (compareBytes(judge(entry, firstSignedAt), signer) === 0) return "vouched for";
      verdict = "its evidence is about another key";
    } catch (error) {
      verdict = error instanceof Error ? error.message : String(error);
    }
  }
  return verdict;
}

async function readConfig(file: string): Promise<WatcherConfig> {
  try {
    return await readWatcherConfig(file);
  } catch (cause) {
    throw new CliError("the watcher's configuration cannot be used", {
      cause,
      advice: "its form is shown by: mobilecoin watcher --help",
    });
  }
}

function openDb(folder: string, { sources }: WatcherConfig): WatcherDb {
  return new WatcherDb(
    folder,
    sources.map(({ txSourceUrl }) => txSourceUrl),
  );
}

function watcherOf(
  { maxBlockHeight, log }: WatchOptions,
  { sources, judgeEvidence, metadataSigners }: WatcherConfig,
  db: WatcherDb,
  nodes: EvidenceNodes,
  onViolation?: (violation: Violation) => void,
): Watcher {
  return new Watcher({
    db,
    sources: sources.map(({ txSourceUrl }) => archiveSource(txSourceUrl)),
    evidenceSources: nodes.sources,
    log: createLogger({ name: "mc_watcher", level: log }),
    ...(judgeEvidence === undefined ? {} : { judgeEvidence }),
    ...(metadataSigners === undefined ? {} : { metadataSigners }),
    ...(maxBlockHeight === undefined ? {} : { maxBlockHeight }),
    ...(onViolation === undefined ? {} : { onViolation }),
  });
}

function sourcesOf(db: WatcherDb) {
  return db.urls.map((url) => ({ url, lastSynced: db.lastSynced(url) ?? null }));
}

function printSources(terminal: Terminal, db: WatcherDb): void {
  printTable(terminal, [
    ["LAST BLOCK", "ARCHIVE"],
    ...sourcesOf(db).map(({ url, lastSynced }) => [lastSynced === null ? "none" : `${lastSynced}`, url]),
  ]);
}

function printViolations(terminal: Terminal, violations: readonly Violation[], none: string): void {
  if (violations.length === 0) printLine(terminal, none);
  else
    printTable(terminal, [
      ["BLOCK", "RULE", "ARCHIVE", "DETAIL"],
      ...violations.map(({ blockIndex, kind, sourceUrl, detail }) => [
        `${blockIndex}`,
        kind,
        sourceUrl,
        detail,
      ]),
    ]);
}

function parseWatcherUri(text: string): ServiceUri {
  try {
    return new ServiceUri("watcher", text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "it is no watcher URI");
  }
}
