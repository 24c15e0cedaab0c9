import { readFile, writeFile } from "node:fs/promises";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import {
  type BlockData,
  blockDataCodec,
  encodeArchiveBlocks,
  formatLightClientConfig,
  LedgerError,
  type LightClientConfig,
  LightClientVerifier,
  parseLightClientConfig,
  type QuorumNode,
  type QuorumSet,
} from "@mobilecoin-ts/ledger";
import { archiveSource, fetchNodeIdentity, grpcBlockSource } from "@mobilecoin-ts/ledger-sync";
import { grpcTransport } from "@mobilecoin-ts/service";
import type { TxOut } from "@mobilecoin-ts/transaction";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { readNodeUri } from "../consensus-node.ts";
import { interruptible } from "../interruptible.ts";
import { printJson, printLine, type Terminal } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { addJsonOption, examples, parseBlockIndex } from "./shared-options.ts";

const NOTHING_CHANGED = "nothing was changed; run the same command again";

interface SourceOptions {
  readonly lightClientVerifierConfig: string;
  readonly txSourceUrl: readonly string[];
  readonly blockIndex: bigint;
  readonly json?: boolean;
}

/** `mobilecoin light-client …`: believing blocks for the signatures of a quorum, without a ledger (03 section 2.15). */
export function addLightClientCommands(program: Command, { terminal }: CommandContext): void {
  const lightClient = program
    .command("light-client")
    .description("verify blocks and outputs by the signatures of a quorum of validators, without a ledger")
    .addHelpText(
      "after",
      examples(
        "mobilecoin light-client generate-config --node mc://node1.example:443/ --node mc://node2.example:443/ > validators.json",
        "mobilecoin light-client verify-block --light-client-verifier-config validators.json --block-index 7 \\\n      --tx-source-url https://archive1.example/ --tx-source-url https://archive2.example/",
      ),
    );
  addGenerateConfig(lightClient, terminal);
  addFetchBlocks(lightClient, terminal);
  addVerifyBlock(lightClient, terminal);
  addVerifyTxOut(lightClient, terminal);
}

function addGenerateConfig(lightClient: Command, terminal: Terminal): void {
  lightClient
    .command("generate-config")
    .description(
      "ask nodes for their keys and write a configuration that trusts all of them together, from the last block on; compare the keys with those that the operators publish",
    )
    .requiredOption("--node <uri...>", "consensus node, such as mc://node1.example:443/; may be repeated")
    .option("--known-valid-block-id <hex...>", "id of a block that needs no signatures", parseBlockIds)
    .option(
      "--start-block <n>",
      "first block that the nodes are trusted for (default: the last block there is)",
      parseBlockIndex,
    )
    .option("--out-file <file>", "where to write it (default: the terminal)")
    .addHelpText(
      "after",
      examples("mobilecoin light-client generate-config --node insecure-mc://localhost:3200/"),
    )
    .action(
      async (options: {
        readonly node: readonly string[];
        readonly knownValidBlockId?: readonly Uint8Array[];
        readonly startBlock?: bigint;
        readonly outFile?: string;
      }) => {
        const config = await interruptible(NOTHING_CHANGED, (signal) => configOfNodes(options, signal));
        const text = `${formatLightClientConfig(config)}\n`;
        if (options.outFile === undefined) return void terminal.out.write(text);
        await writeFile(options.outFile, text);
        printLine(
          terminal,
          `${config.trustedValidatorSet.members.length} validators written to ${options.outFile}.`,
        );
      },
    );
}

async function configOfNodes(
  options: {
    readonly node: readonly string[];
    readonly knownValidBlockId?: readonly Uint8Array[];
    readonly startBlock?: bigint;
  },
  signal: AbortSignal,
): Promise<LightClientConfig> {
  const { node: uris, knownValidBlockId = [], startBlock } = options;
  const answers = await Promise.all(
    uris.map(readNodeUri).map(async (uri) => {
      const transport = grpcTransport(uri);
      try {
        const node = await fetchNodeIdentity(transport, signal);
        const { index } = await grpcBlockSource(node.responderId, transport).lastBlockInfo(signal);
        return { node, index };
      } catch (cause) {
        signal.throwIfAborted();
        throw new CliError(`${uri} does not tell its key and last block`, {
          cause,
          advice: "check that it is a consensus node's client address",
        });
      } finally {
        transport.close();
      }
    }),
  );
  const keys = new Set(answers.map(({ node }) => bytesToHex(node.publicKey)));
  if (keys.size !== answers.length) {
    throw new CliError("two of the addresses lead to nodes with one key, which would count twice", {
      advice: "name each node once",
    });
  }
  const highest = answers.map(({ index }) => index).sort((a, b) => (a < b ? 1 : -1))[0]!;
  return {
    trustedValidatorSet: {
      threshold: answers.length,
      members: answers.map(({ node }) => ({ kind: "node", node })),
    },
    trustedValidatorSetStartBlock: startBlock ?? highest,
    historicalValidatorSets: [],
    knownValidBlockIds: knownValidBlockId,
  };
}

type OutFileFormat = "archive-blocks-protobuf" | "json-block-data-bytes-array";

function addFetchBlocks(lightClient: Command, terminal: Terminal): void {
  const command = lightClient
    .command("fetch-blocks")
    .description("write one block, as each of several archives has it, to a file")
    .requiredOption("--out-file <file>", "where to write them")
    .addOption(
      new Option("--out-file-format <format>", "protobuf, or a JSON list of lists of bytes")
        .choices(["archive-blocks-protobuf", "json-block-data-bytes-array"] satisfies OutFileFormat[])
        .makeOptionMandatory(),
    )
    .option(
      "--light-client-verifier-config <file>",
      "validators; write nothing unless their signatures suffice",
    );
  addBlockOptions(command)
    .addHelpText(
      "after",
      examples(
        "mobilecoin light-client fetch-blocks --block-index 7 --tx-source-url https://archive1.example/ \\\n      --out-file block7.pb --out-file-format archive-blocks-protobuf",
      ),
    )
    .action(
      async (
        options: Omit<SourceOptions, "lightClientVerifierConfig"> & {
          readonly outFile: string;
          readonly outFileFormat: OutFileFormat;
          readonly lightClientVerifierConfig?: string;
        },
      ) => {
        const { lightClientVerifierConfig: config } = options;
        const verifier = config === undefined ? undefined : new LightClientVerifier(await readConfig(config));
        const blocks = await fetchFromAll(options, terminal);
        if (verifier !== undefined) verifyAll(verifier, blocks);
        const list = blocks.map(({ data }) => data);
        await writeFile(
          options.outFile,
          options.outFileFormat === "archive-blocks-protobuf"
            ? encodeArchiveBlocks(list)
            : JSON.stringify(list.map((data) => [...blockDataCodec.encode(data)])),
        );
        const verified = verifier === undefined ? "not verified against validators" : "verified";
        printLine(
          terminal,
          `Block ${options.blockIndex} of ${list.length} archives written to ${options.outFile}, ${verified}.`,
        );
      },
    );
}

function addVerifyBlock(lightClient: Command, terminal: Terminal): void {
  addVerifierOptions(
    lightClient
      .command("verify-block")
      .description("verify that a quorum of validators signed for a block and that its contents are its own"),
  ).action(async (options: SourceOptions) => {
    const { data, signers } = await fetchAndVerify(options, terminal);
    if (options.json) return printJson(terminal, { ...describe(data), signers });
    printLine(terminal, `Block ${data.block.index} is valid.`);
    printLine(terminal, `  id ${bytesToHex(data.block.id)}`);
    printLine(
      terminal,
      `  ${data.contents.outputs.length} outputs, ${data.contents.keyImages.length} key images`,
    );
    printLine(
      terminal,
      `  signed for by ${signers.length === 0 ? "nobody: its id is known" : signers.join(", ")}`,
    );
  });
}

function addVerifyTxOut(lightClient: Command, terminal: Terminal): void {
  addVerifierOptions(
    lightClient
      .command("verify-tx-out")
      .description("verify that an output stands in a block that a quorum of validators signed for")
      .requiredOption("--public-key <hex>", "public key of the output, 64 hex digits", parseKey),
  ).action(async (options: SourceOptions & { readonly publicKey: Uint8Array }) => {
    const { data, signers, verifier, blocks } = await fetchAndVerify(options, terminal);
    const wanted = bytesToHex(options.publicKey);
    const txOut = data.contents.outputs.find(({ publicKey }) => bytesToHex(publicKey) === wanted);
    if (txOut === undefined) {
      throw new CliError(`block ${data.block.index} is valid, but holds no output with this public key`, {
        advice: "check the key and the block index: an output stands in one block only",
      });
    }
    verifier.verifyTxOutsInBlock([txOut], data.block, data.contents, metadataOf(blocks));
    if (options.json) return printJson(terminal, { ...describe(data), signers, txOut: describeTxOut(txOut) });
    printLine(terminal, `The output stands in block ${data.block.index}, which is valid.`);
    for (const [name, value] of Object.entries(describeTxOut(txOut)))
      printLine(terminal, `  ${name} ${value}`);
    printLine(
      terminal,
      `  signed for by ${signers.length === 0 ? "nobody: its id is known" : signers.join(", ")}`,
    );
  });
}

function addBlockOptions(command: Command): Command {
  return command
    .requiredOption("--block-index <n>", "index of the block", parseBlockIndex)
    .requiredOption(
      "--tx-source-url <url...>",
      "archive (file:, http:, https:, s3:); each node signs in its own; may be repeated",
    );
}

function addVerifierOptions(command: Command): Command {
  return addJsonOption(
    addBlockOptions(
      command.requiredOption(
        "--light-client-verifier-config <file>",
        "the trusted validators, as generate-config writes them",
      ),
    ),
  ).addHelpText(
    "after",
    examples(
      `mobilecoin light-client ${command.name()} --light-client-verifier-config validators.json --block-index 7 \\\n      --tx-source-url https://archive1.example/ --tx-source-url https://archive2.example/${command.name() === "verify-tx-out" ? " \\\n      --public-key 9a7c…" : ""}`,
    ),
  );
}

interface SourcedBlock {
  readonly url: string;
  readonly data: BlockData;
}

interface VerifiedBlock {
  readonly verifier: LightClientVerifier;
  readonly blocks: readonly SourcedBlock[];
  readonly data: BlockData;
  /** Responder ids of the configured nodes that signed: what metadata says of itself proves nothing. */
  readonly signers: readonly string[];
}

async function fetchAndVerify(options: SourceOptions, terminal: Terminal): Promise<VerifiedBlock> {
  const config = await readConfig(options.lightClientVerifierConfig);
  const verifier = new LightClientVerifier(config);
  const blocks = await fetchFromAll(options, terminal);
  const data = verifyAll(verifier, blocks);
  const keys = new Set(metadataOf(blocks).map(({ nodeKey }) => bytesToHex(nodeKey)));
  const sets = [config.trustedValidatorSet, ...config.historicalValidatorSets.map((set) => set.validators)];
  const signers = sets
    .flatMap(nodesOf)
    .filter(({ publicKey }) => keys.has(bytesToHex(publicKey)))
    .map(({ responderId }) => responderId);
  return { verifier, blocks, data, signers: [...new Set(signers)] };
}

function nodesOf({ members }: QuorumSet): QuorumNode[] {
  return members.flatMap((member) => {
    if (member === undefined) return [];
    return member.kind === "node" ? [member.node] : nodesOf(member.innerSet);
  });
}

async function readConfig(file: string): Promise<LightClientConfig> {
  try {
    return parseLightClientConfig(await readFile(file, "utf8"));
  } catch (cause) {
    throw new CliError(`the validators in ${file} cannot be read`, {
      cause,
      advice: "write the file with: mobilecoin light-client generate-config",
    });
  }
}

/** The block as each archive has it; archives that do not have it, or have no valid one, are named and left out. */
async function fetchFromAll(
  { txSourceUrl, blockIndex }: Pick<SourceOptions, "txSourceUrl" | "blockIndex">,
  terminal: Terminal,
): Promise<SourcedBlock[]> {
  const sources = txSourceUrl.map((url) => archiveSource(url, { mergeBuckets: [] }));
  const blocks = await interruptible(NOTHING_CHANGED, (signal) =>
    Promise.all(
      sources.map(async (source): Promise<SourcedBlock | undefined> => {
        try {
          const data = await source.fetchBlock(blockIndex, undefined, signal);
          if (data?.block.index === blockIndex) return { url: source.name, data };
          const what =
            data === undefined ? "does not have it" : `gives block ${data.block.index} in its place`;
          terminal.err.write(`warning: ${source.name} ${what}\n`);
        } catch (error) {
          signal.throwIfAborted();
          terminal.err.write(`warning: ${source.name}: ${error instanceof Error ? error.message : error}\n`);
        }
        return undefined;
      }),
    ),
  );
  const found = blocks.filter((block) => block !== undefined);
  if (found.length === 0) {
    throw new CliError(`no archive gives block ${blockIndex}`, {
      advice: "check the URLs, and that the block exists already",
    });
  }
  return found;
}

function verifyAll(verifier: LightClientVerifier, blocks: readonly SourcedBlock[]): BlockData {
  try {
    verifier.verifyBlockData(blocks.map(({ data }) => data));
    return blocks[0]!.data;
  } catch (cause) {
    const ids = blocks.map(({ url, data: { block, metadata } }) => {
      const signer = metadata === undefined ? "no metadata" : `metadata of ${metadata.contents.responderId}`;
      return `${url} has ${bytesToHex(block.id)}, ${signer}`;
    });
    if (cause instanceof LedgerError && cause.code === "NoMatchingValidatorSet") {
      throw new CliError("the configuration does not say who is trusted for this block", {
        cause,
        advice: "lower trusted_validator_set_start_block, or add an entry to historical_validator_sets",
      });
    }
    throw new CliError("the block is not to be believed", {
      cause,
      advice: `${ids.join("\n  ")}\n  name an archive of each validator, and leave out one that differs only if you know that it is wrong`,
    });
  }
}

function metadataOf(blocks: readonly SourcedBlock[]) {
  return blocks.flatMap(({ data }) => (data.metadata === undefined ? [] : [data.metadata]));
}

function describe({ block, contents }: BlockData): Readonly<Record<string, unknown>> {
  return {
    index: block.index,
    id: bytesToHex(block.id),
    outputs: contents.outputs.length,
    keyImages: contents.keyImages.length,
  };
}

function describeTxOut({ publicKey, targetKey, maskedAmount }: TxOut): Readonly<Record<string, string>> {
  return {
    publicKey: bytesToHex(publicKey),
    targetKey: bytesToHex(targetKey),
    commitment: maskedAmount === undefined ? "none" : bytesToHex(maskedAmount.commitment),
  };
}

function parseKey(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError("Give 64 hex digits.");
  return hexToBytes(text);
}

function parseBlockIds(text: string, before: readonly Uint8Array[] = []): readonly Uint8Array[] {
  return [...before, parseKey(text)];
}
