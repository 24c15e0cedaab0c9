import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import {
  clientResponderId,
  commandDevnet,
  DEVNET_ACCOUNT_COUNT,
  DEVNET_TEST_PHRASE,
  Devnet,
  devnetAccount,
  devnetAccountName,
  devnetStatus,
  hasNetworkPlan,
  type NetworkCommand,
  type NodeStatus,
  peerResponderId,
  removeNetwork,
  TOPOLOGIES,
} from "@mobilecoin-ts/devnet";
import { formatTokenAmount, Wallet } from "@mobilecoin-ts/sdk";
import type { Command } from "commander";
import { CliError, describeFailure } from "../cli-error.ts";
import { interruptible } from "../interruptible.ts";
import { splitWords } from "../split-words.ts";
import { printJson, printLine, printTable, type Terminal } from "../terminal.ts";
import { type CommandContext, dataDirFor } from "../wallet-session.ts";
import { agreementOf, statusRows } from "./devnet-status.ts";
import { addDataDirOption, addJsonOption, examples, type SharedOptions } from "./shared-options.ts";

interface DevnetCommandOptions extends SharedOptions {
  readonly nodes?: string;
  readonly topology?: string;
  readonly processes?: boolean;
  readonly fresh?: boolean;
  readonly prompt: boolean;
}

/** How often a status page is drawn again, milliseconds. */
const REFRESH_MS = 1000;

/** Clears the screen of a terminal and goes to its upper left corner. */
const CLEAR = "\u001b[2J\u001b[H";

/** Runs one command line of the prompt. */
export type RunLine = (words: readonly string[], context: CommandContext) => Promise<void>;

/** `mobilecoin devnet` and what can be done to a network that runs. */
export function addDevnetCommand(program: Command, context: CommandContext, runLine: RunLine): void {
  const devnetCommand = addDataDirOption(program.command("devnet"))
    .description(
      "run a local network: validators with simulated enclaves, funded accounts, and a prompt to pay from",
    )
    .option("--nodes <n>", "number of validators, all connected to all (default: 3)")
    .option("--topology <name>", `how they are connected: ${TOPOLOGIES.join(", ")}, denseN`)
    .option("--processes", "a process for each node, with its log in its folder (default: all in this one)")
    .option("--fresh", "start over: deletes the network of the data folder (accounts are kept)")
    .option("--no-prompt", "no prompt: show how the nodes are until Ctrl-C")
    .addHelpText(
      "after",
      `${examples(
        "mobilecoin devnet",
        "mobilecoin devnet --nodes 5 --processes --no-prompt",
        "echo 'account balance devnet-0' | mobilecoin devnet",
        "mobilecoin devnet kill-node node1",
      )}
At the prompt, type any command without "mobilecoin": send --from devnet-0 --to alice --amount 12.5
Other terminals use the same commands in full; they find the running network by the data folder.
`,
    )
    .action(async (options: DevnetCommandOptions) => {
      if (context.running !== undefined)
        throw new CliError("the local network is running already: this is its prompt");
      const dataDir = dataDirFor(context, options.dataDir);
      if (options.fresh === true) await removeNetwork(dataDir);
      const started = performance.now();
      const reopened = hasNetworkPlan(dataDir);
      const topology = topologyOption(options);
      await using devnet = await Devnet.start(dataDir, {
        ...(topology === undefined ? {} : { topology }),
        processes: options.processes === true,
        onNodeFailure: (node, error) =>
          context.terminal.err.write(
            `${node} has stopped: ${error instanceof Error ? error.message : "unknown"}\n`,
          ),
      });
      await introduce(context.terminal, devnet, reopened, performance.now() - started);
      const inner = { ...context, running: { dataDir, ledger: devnet.ledger } };
      await serve(inner, devnet, runLine, options.prompt);
      printLine(context.terminal, "The network has stopped; its ledgers stay in the data folder.");
    });
  addStatusCommand(devnetCommand, context);
  const control = (name: string, description: string, commandOf: (node: string) => NetworkCommand): void => {
    addDataDirOption(devnetCommand.command(`${name} <node>`))
      .description(description)
      .action(async (node: string, _options: SharedOptions, command: Command) => {
        await commandDevnet(dataDirOfCommand(context, command), commandOf(node));
        printLine(context.terminal, `Done: ${name} ${node}.`);
      });
  };
  control("stop-node", "stop a node of the running network in good order", (node) => ({
    command: "stop-node",
    node,
  }));
  control(
    "kill-node",
    "end a node of the running network without warning (SIGKILL, with --processes)",
    (node) => ({
      command: "kill-node",
      node,
    }),
  );
  control("start-node", "start a node that was stopped", (node) => ({ command: "start-node", node }));
  addDataDirOption(devnetCommand.command("partition <nodes...>"))
    .description("cut nodes off from all others; among themselves they stay connected")
    .action(async (nodes: string[], _options: SharedOptions, command: Command) => {
      await commandDevnet(dataDirOfCommand(context, command), { command: "partition", nodes });
      printLine(context.terminal, `Cut off: ${nodes.join(", ")}. Undo it with: mobilecoin devnet heal`);
    });
  addDataDirOption(devnetCommand.command("heal"))
    .description("connect all nodes again")
    .action(async (_options: SharedOptions, command: Command) => {
      await commandDevnet(dataDirOfCommand(context, command), { command: "heal" });
      printLine(context.terminal, "All nodes may reach each other again.");
    });
}

/** An option that parent and child both have is the parent's where it stands before the child's name. */
function dataDirOfCommand(context: CommandContext, command: Command): string {
  return dataDirFor(context, command.optsWithGlobals<SharedOptions>().dataDir);
}

function addStatusCommand(parent: Command, context: CommandContext): void {
  addJsonOption(addDataDirOption(parent.command("status")))
    .description("how the nodes of the running network are")
    .option("--watch", "keep showing it until Ctrl-C")
    .action(async (_options: SharedOptions, command: Command) => {
      const options = command.optsWithGlobals<SharedOptions & { readonly watch?: boolean }>();
      const dataDir = dataDirOfCommand(context, command);
      if (options.watch === true) {
        await interruptible("the network goes on", (signal) =>
          showStatus(context.terminal, () => devnetStatus(dataDir), signal),
        );
        return;
      }
      const nodes = await devnetStatus(dataDir);
      if (options.json === true) return printJson(context.terminal, nodes);
      printTable(context.terminal, statusRows(nodes));
      printLine(context.terminal, agreementOf(nodes));
    });
}

function topologyOption({ nodes, topology }: DevnetCommandOptions): string | undefined {
  if (nodes === undefined) return topology;
  if (topology !== undefined) {
    throw new CliError("--nodes and --topology are two ways to say the same", { advice: "give one of them" });
  }
  if (!/^[1-9]\d?$/.test(nodes)) {
    throw new CliError(`"${nodes}" is no number of nodes`, { advice: "give a number from 1 to 25" });
  }
  return nodes === "1" ? "single" : `dense${nodes}`;
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
  const { nodes, topology } = devnet.plan;
  const validators = nodes.length === 1 ? "1 validator" : `${nodes.length} validators (${topology})`;
  printLine(
    terminal,
    `Local MobileCoin network ${reopened ? "reopened" : "made"} in ${seconds} s: ${validators}, ${blocks}.`,
  );
  printTable(terminal, [
    ["node", "clients", "peers", "admin"],
    ...nodes.map((node) => [
      node.name,
      `insecure-mc://${clientResponderId(node)}/`,
      `insecure-mcp://${peerResponderId(node)}/`,
      `insecure-mca://localhost:${node.adminPort}/`,
    ]),
  ]);
  printLine(
    terminal,
    `Data folder: ${devnet.dataDir} (addresses and keys in ${join(devnet.dataDir, "network.json")})`,
  );
  printLine(terminal);
  printLine(terminal, "Funded accounts, from a test phrase that everyone knows (never use it elsewhere):");
  printLine(terminal, `  ${DEVNET_TEST_PHRASE}`);
  const rows: string[][] = [];
  for (let index = 0; index < DEVNET_ACCOUNT_COUNT; index++) {
    const wallet = new Wallet({ account: devnetAccount(index), ledger: devnet.ledger });
    await wallet.sync();
    rows.push([`  ${devnetAccountName(index)}`, formatTokenAmount(wallet.balances().get(0n) ?? 0n)]);
  }
  printTable(terminal, rows);
  printLine(terminal);
}

/** Reads commands until the input ends, `exit`, or Ctrl-C. */
async function serve(
  context: CommandContext,
  devnet: Devnet,
  runLine: RunLine,
  prompt: boolean,
): Promise<void> {
  if (!prompt) return untilInterrupted(context.terminal, devnet);
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: isTerminal ? process.stdout : undefined });
  lines.on("SIGINT", () => lines.close());
  const terminate = (): void => lines.close();
  process.once("SIGINT", terminate);
  process.once("SIGTERM", terminate);
  if (isTerminal) {
    printLine(
      context.terminal,
      'Try: send --from devnet-0 --to devnet-1 --amount 12.5   ("help" shows all, "devnet status" the nodes, "exit" leaves)',
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

async function untilInterrupted(terminal: Terminal, devnet: Devnet): Promise<void> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (process.stdout.isTTY === true) {
    await showStatus(terminal, () => devnet.status(), stopped.signal);
  } else {
    printLine(terminal, "Running; Ctrl-C stops it.");
    await new Promise<void>((resolve) => stopped.signal.addEventListener("abort", () => resolve()));
  }
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}

/** A page of how the nodes are, drawn again every second; lines below each other where there is no terminal. */
async function showStatus(
  terminal: Terminal,
  status: () => Promise<readonly NodeStatus[]>,
  signal: AbortSignal,
): Promise<void> {
  const isTerminal = process.stdout.isTTY === true;
  while (!signal.aborted) {
    const nodes = await status();
    if (isTerminal) terminal.out.write(CLEAR);
    printTable(terminal, statusRows(nodes));
    printLine(terminal, agreementOf(nodes));
    if (isTerminal) printLine(terminal, "Ctrl-C leaves.");
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, REFRESH_MS);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
