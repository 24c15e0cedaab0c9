import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { hasNetworkPlan, newestLedgerFolder } from "@mobilecoin-ts/devnet";
import { archiveBlockPath, type BlockData, type ChainSummary, verifyChain } from "@mobilecoin-ts/ledger";
import {
  exportArchive,
  importArchive,
  LedgerStore,
  openArchives,
  readArchiveFiles,
  verifyLedger,
} from "@mobilecoin-ts/ledger/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { interruptible } from "../interruptible.ts";
import { Progress } from "../progress.ts";
import { printJson, printLine } from "../terminal.ts";
import { type CommandContext, dataDirFor } from "../wallet-session.ts";
import { addDataDirOption, addJsonOption, examples, type SharedOptions } from "./shared-options.ts";

const GO_ON = "run the same command again to go on";

/** `mobilecoin ledger …` */
export function addLedgerCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const ledger = program.command("ledger").description("verify, show, export and import ledgers");

  addJsonOption(addDataDirOption(ledger.command("verify [paths...]")))
    .description(
      "verify a ledger folder, an archive folder, or archive files in chain order; names the first bad block",
    )
    .addHelpText(
      "after",
      examples(
        "mobilecoin ledger verify",
        "mobilecoin ledger verify path/to/ledger",
        "mobilecoin ledger verify path/to/archive",
        "mobilecoin ledger verify 0000000000000001.pb 0000000000000002.pb",
      ),
    )
    .action(async (paths: readonly string[], options: SharedOptions) => {
      const progress = new Progress();
      const onProgress = ({ lastBlockIndex, txOuts }: ChainSummary) =>
        progress.show(`block ${lastBlockIndex}: ${txOuts} outputs verified`);
      const summary = await interruptible(GO_ON, (signal) =>
        verify(context, paths, options, { signal, onProgress }),
      );
      progress.done();
      if (options.json) return printJson(terminal, jsonOf(summary));
      if (summary.blocks === 0) return printLine(terminal, "there is no block to verify");
      printLine(terminal, `Blocks ${summary.firstBlockIndex} to ${summary.lastBlockIndex} are valid.`);
      printLine(terminal, `  ${summary.txOuts} outputs, ${summary.keyImages} key images`);
      printLine(
        terminal,
        `  ${summary.signatures} block signatures and ${summary.metadata} signed metadata hold`,
      );
      printLine(terminal, `  ${summary.rootElements} root elements agree with the recomputed tree`);
      printLine(terminal, `  last block id ${bytesToHex(summary.lastBlockId!)}`);
    });

  addJsonOption(addDataDirOption(ledger.command("show <block> [ledger]")))
    .description('show a block, or "latest"')
    .addHelpText(
      "after",
      examples("mobilecoin ledger show latest", "mobilecoin ledger show 3 path/to/ledger --json"),
    )
    .action(async (which: string, folder: string | undefined, options: SharedOptions) => {
      const data = await blockAt(context, which, folder, options);
      if (options.json) return printJson(terminal, describe(data));
      for (const [name, value] of Object.entries(describe(data))) {
        if (!Array.isArray(value)) printLine(terminal, `${name}: ${value}`);
        else
          for (const entry of value)
            printLine(terminal, `${name}: ${typeof entry === "string" ? entry : JSON.stringify(entry)}`);
      }
    });

  addDataDirOption(ledger.command("export <archive> [ledger]"))
    .description("write a ledger's blocks to an archive folder; goes on where an earlier export ended")
    .option(
      "--merge-buckets <sizes>",
      "sizes of merged files, in blocks, separated by commas",
      "100,1000,10000",
    )
    .addHelpText("after", examples("mobilecoin ledger export ./archive"))
    .action(
      async (
        archive: string,
        folder: string | undefined,
        options: SharedOptions & { mergeBuckets: string },
      ) => {
        await using store = await openLedger(context, folder, options);
        const progress = new Progress();
        const written = await interruptible(GO_ON, (signal) =>
          exportArchive(store, archive, {
            signal,
            mergeBuckets: options.mergeBuckets.split(",").filter(Boolean).map(readIndex),
            onProgress: ({ blockIndex, blockCount }) =>
              progress.show(`block ${blockIndex} of ${blockCount} written`),
          }),
        );
        progress.done();
        printLine(terminal, `${written} blocks written to ${archive}.`);
      },
    );

  ledger
    .command("import <ledger> <archives...>")
    .description(
      "append blocks from archive folders or URLs to a ledger, verifying each; goes on where the ledger ends",
    )
    .option("--blocks <n>", "stop when the ledger has this many blocks")
    .addHelpText(
      "after",
      examples(
        "mobilecoin ledger import ./ledger ./archive",
        "mobilecoin ledger import ./ledger https://example.com/archive/",
      ),
    )
    .action(async (folder: string, archives: readonly string[], options: { readonly blocks?: string }) => {
      await using store = LedgerStore.open(folder, { create: true });
      const progress = new Progress();
      const appended = await interruptible(GO_ON, (signal) =>
        importArchive(store, openArchives(archives), {
          signal,
          ...(options.blocks === undefined ? {} : { blockCount: readIndex(options.blocks) }),
          onProgress: ({ blockIndex }) => progress.show(`block ${blockIndex} appended`),
        }),
      );
      progress.done();
      printLine(terminal, `${appended} blocks appended; the ledger has ${store.blockCount()}.`);
    });
}

async function openLedger(
  context: CommandContext,
  folder: string | undefined,
  options: SharedOptions,
): Promise<LedgerStore> {
  if (folder !== undefined) return LedgerStore.open(folder, { readOnly: true });
  const dataDir = dataDirFor(context, options.dataDir);
  if (!hasNetworkPlan(dataDir)) {
    throw new CliError(`there is no ledger in ${dataDir}`, {
      advice: "name a ledger folder, or make a local network with: mobilecoin devnet",
    });
  }
  return LedgerStore.open(await newestLedgerFolder(dataDir), { readOnly: true });
}

async function blockAt(
  context: CommandContext,
  which: string,
  folder: string | undefined,
  options: SharedOptions,
): Promise<BlockData> {
  if (folder === undefined || !isArchiveFolder(folder)) {
    await using store = await openLedger(context, folder, options);
    return store.blockData(which === "latest" ? store.latestBlock().index : readIndex(which));
  }
  if (which === "latest") {
    throw new CliError("an archive does not say which block is its last", {
      advice: "name the block by its index",
    });
  }
  const data = await openArchives([folder]).block(readIndex(which));
  if (data === undefined) throw new CliError(`there is no block ${which} in the archive ${folder}`);
  return data;
}

interface VerifyOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (summary: ChainSummary) => void;
}

async function verify(
  context: CommandContext,
  paths: readonly string[],
  options: SharedOptions,
  verifyOptions: VerifyOptions,
): Promise<ChainSummary> {
  const [first, ...others] = paths;
  if (first !== undefined && others.length === 0 && isArchiveFolder(first)) {
    return verifyChain(openArchives([first]).blocks(0n, verifyOptions), verifyOptions);
  }
  if (first === undefined || (others.length === 0 && isFolder(first))) {
    await using store = await openLedger(context, first, options);
    return await verifyLedger(store, verifyOptions);
  }
  return verifyChain(readArchiveFiles(paths), verifyOptions);
}

/** An archive folder holds the file of the origin block. */
function isArchiveFolder(path: string): boolean {
  return existsSync(join(path, archiveBlockPath(0n)));
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function readIndex(text: string): bigint {
  if (!/^\d{1,20}$/.test(text.trim())) {
    throw new CliError(`"${text}" is no number of blocks`, { advice: "give a whole number from 0 on" });
  }
  return BigInt(text);
}

function jsonOf(summary: ChainSummary): object {
  const { lastBlockId } = summary;
  return { ...summary, lastBlockId: lastBlockId === undefined ? null : bytesToHex(lastBlockId) };
}

function describe({ block, contents, signature, metadata }: BlockData): Readonly<Record<string, unknown>> {
  return {
    index: block.index,
    id: bytesToHex(block.id),
    version: block.version,
    parentId: bytesToHex(block.parentId),
    cumulativeTxOutCount: block.cumulativeTxOutCount,
    rootElement: `${block.rootElement.range.from} to ${block.rootElement.range.to}: ${bytesToHex(block.rootElement.hash)}`,
    contentsHash: bytesToHex(block.contentsHash),
    keyImages: contents.keyImages.map(bytesToHex),
    outputs: contents.outputs.map(({ publicKey, targetKey, maskedAmount }) => ({
      publicKey: bytesToHex(publicKey),
      targetKey: bytesToHex(targetKey),
      commitment: maskedAmount === undefined ? null : bytesToHex(maskedAmount.commitment),
    })),
    mintTransactions: contents.mintTxs.length,
    mintConfigurations: contents.validatedMintConfigTxs.length,
    signer: signature === undefined ? "none" : bytesToHex(signature.signer),
    signedAt: signature === undefined ? "never" : new Date(Number(signature.signedAt) * 1000).toISOString(),
    node: metadata === undefined ? "unknown" : metadata.contents.responderId,
  };
}
