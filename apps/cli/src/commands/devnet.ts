import { rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import {
  DEVNET_ACCOUNT_COUNT,
  DEVNET_TEST_PHRASE,
  Devnet,
  devnetAccount,
  devnetAccountName,
  hasDevnetLedger,
} from "@mobilecoin-ts/devnet";
import { formatTokenAmount, Wallet } from "@mobilecoin-ts/sdk";
import type { Command } from "commander";
import { CliError, describeFailure } from "../cli-error.ts";
import { splitWords } from "../split-words.ts";
import { printLine, printTable, type Terminal } from "../terminal.ts";
import { type CommandContext, dataDirFor } from "../wallet-session.ts";
import { addDataDirOption, examples, type SharedOptions } from "./shared-options.ts";

interface DevnetCommandOptions extends SharedOptions {
  readonly fresh?: boolean;
  readonly prompt: boolean;
}

/** Runs one command line of the prompt. */
export type RunLine = (words: readonly string[], context: CommandContext) => Promise<void>;

/** `mobilecoin devnet` */
export function addDevnetCommand(program: Command, context: CommandContext, runLine: RunLine): void {
  addDataDirOption(program.command("devnet"))
    .description("run a local network: funded accounts, one node, and a prompt to pay from")
    .option("--fresh", "start over: deletes the ledger of the data folder (accounts are kept)")
    .option("--no-prompt", "no prompt: run until Ctrl-C")
    .addHelpText(
      "after",
      `${examples("mobilecoin devnet", "echo 'account balance devnet-0' | mobilecoin devnet")}
At the prompt, type any command without "mobilecoin": send --from devnet-0 --to alice --amount 12.5
Other terminals use the same commands in full; they find the running node by the data folder.
`,
    )
    .action(async (options: DevnetCommandOptions) => {
      if (context.running !== undefined)
        throw new CliError("the local network is running already: this is its prompt");
      const dataDir = dataDirFor(context, options.dataDir);
      if (options.fresh === true) await startOver(dataDir);
      const started = performance.now();
      const reopened = hasDevnetLedger(dataDir);
      await using devnet = await Devnet.start(dataDir);
      await introduce(context.terminal, devnet, reopened, performance.now() - started);
      const inner = { ...context, running: { dataDir, ledger: devnet.node } };
      await serve(inner, runLine, options.prompt);
      printLine(context.terminal, "The network has stopped; its ledger stays in the data folder.");
    });
}

async function startOver(dataDir: string): Promise<void> {
  if (!hasDevnetLedger(dataDir)) return;
  // Starting and stopping it proves that nobody else is using the ledger that is about to go.
  const devnet = await Devnet.start(dataDir);
  await devnet.close();
  rmSync(`${dataDir}/ledger`, { recursive: true });
}

async function introduce(
  terminal: Terminal,
  devnet: Devnet,
  reopened: boolean,
  milliseconds: number,
): Promise<void> {
  const seconds = (milliseconds / 1000).toFixed(1);
  const count = devnet.store.blockCount();
  const blocks = count === 1n ? "1 block" : `${count} blocks`;
  const state = reopened ? "reopened" : "made";
  printLine(
    terminal,
    `Local MobileCoin network ${state} in ${seconds} s: ${blocks}, node at ${devnet.address}.`,
  );
  printLine(terminal, `Data folder: ${devnet.dataDir}`);
  printLine(terminal);
  printLine(terminal, "Funded accounts, from a test phrase that everyone knows (never use it elsewhere):");
  printLine(terminal, `  ${DEVNET_TEST_PHRASE}`);
  const rows: string[][] = [];
  for (let index = 0; index < DEVNET_ACCOUNT_COUNT; index++) {
    const wallet = new Wallet({ account: devnetAccount(index), ledger: devnet.node });
    await wallet.sync();
    rows.push([`  ${devnetAccountName(index)}`, formatTokenAmount(wallet.balances().get(0n) ?? 0n)]);
  }
  printTable(terminal, rows);
  printLine(terminal);
}

/** Reads commands until the input ends, `exit`, or Ctrl-C. */
async function serve(context: CommandContext, runLine: RunLine, prompt: boolean): Promise<void> {
  if (!prompt) return untilInterrupted(context.terminal);
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: isTerminal ? process.stdout : undefined });
  lines.on("SIGINT", () => lines.close());
  const terminate = (): void => lines.close();
  process.once("SIGINT", terminate);
  process.once("SIGTERM", terminate);
  if (isTerminal) {
    printLine(
      context.terminal,
      'Try: send --from devnet-0 --to devnet-1 --amount 12.5   ("help" shows all, "exit" leaves)',
    );
    lines.setPrompt("mobilecoin> ");
    lines.prompt();
  }
  try {
    for await (const line of lines) {
      try {
        const words = splitWords(line);
        if (words[0] === "exit" || words[0] === "quit") break;
        if (words.length > 0) await runLine(words, context);
      } catch (failure) {
        // A failed command does not end the network; without a terminal the caller must hear of it.
        context.terminal.err.write(`${describeFailure(failure)}\n`);
        if (!isTerminal) process.exitCode = 1;
      }
      if (isTerminal) lines.prompt();
    }
  } finally {
    process.off("SIGINT", terminate);
    process.off("SIGTERM", terminate);
    lines.close();
  }
}

async function untilInterrupted(terminal: Terminal): Promise<void> {
  printLine(terminal, "Running; Ctrl-C stops it.");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
