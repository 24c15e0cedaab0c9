import { setTimeout as sleep } from "node:timers/promises";
import { ConsensusError, type LastBlockInfo } from "@mobilecoin-ts/consensus";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { type NodeConnection, type OpenNode, openNode } from "../consensus-node.ts";
import { interruptible } from "../interruptible.ts";
import { printLine, type Terminal } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples, parseBlockIndex, parseSeconds } from "./shared-options.ts";

interface WaitOptions {
  /** Seconds between polls. */
  readonly period: number;
}

const NOTHING_CHANGED = "the tool only reads: nothing was changed";

/** `mobilecoin consensus-tool …`: where the nodes of a network are (04 section 2.16). */
export function addConsensusToolCommands(
  program: Command,
  { terminal }: CommandContext,
  open: OpenNode = openNode,
): void {
  const tool = program
    .command("consensus-tool")
    .description(
      "ask consensus nodes for their last block, or wait for it; nodes come from MC_PEER if none is named",
    )
    .addHelpText(
      "after",
      examples(
        "mobilecoin consensus-tool status insecure-mc://localhost:3200,insecure-mc://localhost:3201",
        "MC_PEER=insecure-mc://localhost:3200 mobilecoin consensus-tool wait-for-block --index 10",
        "mobilecoin consensus-tool wait-for-quiet insecure-mc://localhost:3200 --beyond-block 10",
      ),
    );

  withNodes(tool.command("status"))
    .description("print each node's last block index, minimum fees and block version")
    .action((uris: readonly string[]) =>
      overNodes(uris, async (nodes, signal) => {
        for (const { uri, client } of nodes) {
          const info = await client.lastBlockInfo(signal).catch((cause: unknown) => {
            signal.throwIfAborted();
            throw new CliError(`${uri} does not tell its status`, { cause });
          });
          printLine(terminal, `${uri}: ${formatStatus(info)}`);
        }
      }),
    );

  withNodes(tool.command("wait-for-block"))
    .description("wait until every node has a block")
    .requiredOption("--index <n>", "index of the block", parseBlockIndex)
    .option("--period <seconds>", "seconds between polls", parseSeconds, 1)
    .action((uris: readonly string[], { index, period }: WaitOptions & { readonly index: bigint }) =>
      overNodes(uris, async (nodes, signal) => {
        for (;;) {
          const last = await lastIndices(terminal, nodes, signal);
          if (last?.every((reached) => reached >= index)) return;
          await sleep(period * 1000, undefined, { signal });
        }
      }),
    );

  withNodes(tool.command("wait-for-quiet"))
    .description("wait until no node has a new block from one poll to the next; print the last block index")
    .option("--period <seconds>", "seconds between polls", parseSeconds, 40)
    .option("--beyond-block <n>", "wait for a block after this one, too", parseBlockIndex)
    .action(
      (uris: readonly string[], { period, beyondBlock }: WaitOptions & { readonly beyondBlock?: bigint }) =>
        overNodes(uris, async (nodes, signal) => {
          let before: readonly bigint[] | undefined;
          for (;;) {
            const last = await lastIndices(terminal, nodes, signal);
            const highest = last === undefined ? undefined : highestOf(last);
            const isQuiet =
              last !== undefined && before !== undefined && last.every((index, i) => index === before?.[i]);
            if (isQuiet && highest !== undefined && (beyondBlock === undefined || highest > beyondBlock)) {
              return printLine(terminal, highest.toString());
            }
            before = last;
            await sleep(period * 1000, undefined, { signal });
          }
        }),
    );

  async function overNodes(
    uris: readonly string[],
    use: (nodes: readonly NodeConnection[], signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    await using opened = new AsyncDisposableStack();
    const nodes = nodeUris(uris).map((uri) => opened.use(open(uri, "")));
    await interruptible(NOTHING_CHANGED, (signal) => use(nodes, signal));
  }
}

function withNodes(command: Command): Command {
  return command.argument(
    "[uris...]",
    "consensus nodes, separated by commas or spaces; MC_PEER unless given",
  );
}

function nodeUris(uris: readonly string[]): string[] {
  const named = (uris.length > 0 ? uris : [process.env.MC_PEER ?? ""]).flatMap((list) => list.split(","));
  const present = named.map((uri) => uri.trim()).filter((uri) => uri !== "");
  if (present.length > 0) return present;
  throw new CliError("no consensus node is named", {
    advice: "name one, such as insecure-mc://localhost:3200, or set MC_PEER",
  });
}

function highestOf(indices: readonly bigint[]): bigint {
  let highest = 0n;
  for (const index of indices) if (index > highest) highest = index;
  return highest;
}

/** Undefined where a node did not answer: it may be starting. A node that refuses ends the wait. */
async function lastIndices(
  terminal: Terminal,
  nodes: readonly NodeConnection[],
  signal: AbortSignal,
): Promise<readonly bigint[] | undefined> {
  const answers = await Promise.allSettled(nodes.map(({ client }) => client.lastBlockInfo(signal)));
  const indices: bigint[] = [];
  for (const [i, answer] of answers.entries()) {
    if (answer.status === "fulfilled") {
      indices.push(answer.value.index);
      continue;
    }
    signal.throwIfAborted();
    const { reason } = answer as { readonly reason: unknown };
    if (!(reason instanceof ConsensusError) || reason.code !== "NodeUnavailable") throw reason;
    terminal.err.write(`${nodes[i]?.uri}: ${reason.message}\n`);
  }
  return indices.length === nodes.length ? indices : undefined;
}

/** The reference's form: numbers with every digit. */
function formatStatus({ index, minimumFees, networkBlockVersion }: LastBlockInfo): string {
  const fees = [...minimumFees].map(([tokenId, fee]) => `    "${tokenId}": ${fee}`);
  return [
    "{",
    `  "block_index": ${index},`,
    fees.length === 0 ? '  "minimum_fees": {},' : `  "minimum_fees": {\n${fees.join(",\n")}\n  },`,
    `  "network_block_version": ${networkBlockVersion}`,
    "}",
  ].join("\n");
}
