import {
  defaultMintTombstone,
  type MintTransaction,
  mergeMintTransactions,
  mintConfigTxPrefix,
  mintTransactionHash,
  mintTxPrefix,
  parseMintConfigFile,
  parseTokensConfig,
  signGovernors,
  signMintTransaction,
  withGovernorsSignature,
  withSignatures,
} from "@mobilecoin-ts/consensus";
import { bytesToHex, ed25519VerifyStrict, hexToBytes } from "@mobilecoin-ts/crypto";
import { MINT_NONCE_LENGTH } from "@mobilecoin-ts/transaction";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { type OpenNode, openNode } from "../consensus-node.ts";
import { interruptible } from "../interruptible.ts";
import {
  parseFile,
  readMintRecipient,
  readMintTransaction,
  readPublicKey,
  readSignature,
  readSigningKey,
  readTextFile,
  writeMintTransaction,
  writeTextFile,
} from "../mint-files.ts";
import { printJson, printLine, type Terminal } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples } from "./shared-options.ts";

interface SigningOptions {
  readonly signingKey: readonly string[];
  readonly signature: readonly string[];
}

interface NodeOptions {
  readonly node: string;
  readonly chainId: string;
}

interface ConfigOptions {
  readonly mintConfigTxFile: string;
}

interface MintOptions {
  readonly recipient: string;
  readonly tokenId: bigint;
  readonly amount: bigint;
  readonly nonce?: Uint8Array;
  readonly tombstone?: bigint;
}

interface GenerateOptions extends SigningOptions {
  readonly out: string;
  readonly tombstoneFromNode?: string;
  readonly chainId: string;
}

interface TxFileOptions {
  readonly txFile: string;
}

const MAYBE_ACCEPTED =
  "the node may have accepted the transaction all the same: look for its nonce before trying again";

/** `mobilecoin mint-client …`: who may mint, and minting (04 section 2.16). */
export function addMintClientCommands(
  program: Command,
  { terminal }: CommandContext,
  open: OpenNode = openNode,
): void {
  const mint = program
    .command("mint-client")
    .description("make, sign and submit mint transactions and mint configurations; sign governors")
    .addHelpText(
      "after",
      examples(
        "mobilecoin mint-client generate-and-submit-mint-config-tx --node insecure-mc://localhost:3200 --mint-config-tx-file config.json --signing-key governor.pem",
        "mobilecoin mint-client generate-and-submit-mint-tx --node insecure-mc://localhost:3200 --recipient <address> --token-id 1 --amount 1000000 --signing-key minter.pem",
        "mobilecoin mint-client sign-governors --tokens tokens.json --signing-key trust-root.pem --output-json signed-tokens.json",
      ),
    );

  withNode(withSigning(withConfigFile(mint.command("generate-and-submit-mint-config-tx"))))
    .description("replace a token's mint configurations: make the transaction, sign it, give it to a node")
    .action((options: ConfigOptions & SigningOptions & NodeOptions) =>
      generateAndSubmit(options, (tombstoneBlock) => configTransaction(options, tombstoneBlock)),
    );

  withGenerating(withConfigFile(mint.command("generate-mint-config-tx")))
    .description("write a mint configuration transaction to a file, for others to sign")
    .action((options: ConfigOptions & GenerateOptions) =>
      generate(options, (tombstoneBlock) => configTransaction(options, tombstoneBlock)),
    );

  withConfigFile(mint.command("hash-mint-config-tx"))
    .description("print the nonce and the hash of a mint configuration, to be signed elsewhere")
    .action((options: ConfigOptions) => printHash(terminal, configTransaction(options, undefined)));

  withNode(withTxFiles(mint.command("submit-mint-config-tx")))
    .description("give a mint configuration transaction to a node; signatures of several files come together")
    .action((options: NodeOptions & { readonly txFile: readonly string[] }) =>
      submitFiles(options, "mintConfigTx"),
    );

  withNode(withSigning(withMint(mint.command("generate-and-submit-mint-tx"))))
    .description("mint: make the transaction, sign it, give it to a node")
    .action((options: MintOptions & SigningOptions & NodeOptions) =>
      generateAndSubmit(options, (tombstoneBlock) => mintTransaction(options, tombstoneBlock)),
    );

  withGenerating(withMint(mint.command("generate-mint-tx")))
    .description("write a mint transaction to a file, for others to sign")
    .action((options: MintOptions & GenerateOptions) =>
      generate(options, (tombstoneBlock) => mintTransaction(options, tombstoneBlock)),
    );

  withMint(mint.command("hash-mint-tx"))
    .description("print the nonce and the hash of a mint transaction, to be signed elsewhere")
    .action((options: MintOptions) => printHash(terminal, mintTransaction(options, undefined)));

  withNode(withTxFiles(mint.command("submit-mint-tx")))
    .description("give a mint transaction to a node; signatures of several files come together")
    .action((options: NodeOptions & { readonly txFile: readonly string[] }) =>
      submitFiles(options, "mintTx"),
    );

  withTxFile(mint.command("hash-tx-file"))
    .description("print the hash that the signers of a transaction file sign")
    .action(({ txFile }: TxFileOptions) =>
      printLine(terminal, bytesToHex(mintTransactionHash(readMintTransaction(txFile)))),
    );

  mint
    .command("sign-governors")
    .description("sign the governors of a tokens.json with the private key of the minting trust root")
    .requiredOption("--tokens <file>", "tokens.json")
    .requiredOption("--signing-key <file>", "private key of the trust root, PEM")
    .option("--output-json <file>", "write the tokens.json here, with the signature in it")
    .action(({ tokens, signingKey, outputJson }: GovernorsOptions) => {
      const { governors } = parseFile(tokens, parseTokensConfig);
      const signature = signGovernors(governors, readSigningKey(signingKey));
      printLine(terminal, `Signature: ${bytesToHex(signature)}`);
      if (outputJson !== undefined) {
        writeTextFile(outputJson, withGovernorsSignature(readTextFile(tokens), signature));
      }
    });

  withTxFile(mint.command("dump"))
    .description("show a transaction file: what it says, its hash and its signatures, bytes in hex")
    .action(({ txFile }: TxFileOptions) => printJson(terminal, describe(readMintTransaction(txFile))));

  withSigning(withTxFile(mint.command("sign")))
    .description("add signatures to a transaction file")
    .option("--out <file>", "file to write (default: the transaction file itself)")
    .action(({ txFile, out, ...signing }: TxFileOptions & SigningOptions & { readonly out?: string }) => {
      const signed = signedBy(readMintTransaction(txFile), signing);
      writeMintTransaction(out ?? txFile, signed);
      printLine(terminal, `${out ?? txFile} has ${signed.tx.signature.length} signature(s).`);
    });

  withTxFile(mint.command("check-sig"))
    .description("tell which of some keys have signed a transaction file; fails unless all have")
    .requiredOption("--public-key <key...>", "public keys: 64 hex digits or PEM files")
    .action(({ txFile, publicKey }: TxFileOptions & { readonly publicKey: readonly string[] }) =>
      checkSignatures(terminal, readMintTransaction(txFile), publicKey),
    );

  /** `make` gets a tombstone block for requests that name none. */
  async function generateAndSubmit(
    options: SigningOptions & NodeOptions,
    make: (tombstoneBlock: bigint) => MintTransaction,
  ): Promise<void> {
    await using connection = open(options.node, options.chainId);
    await interruptible(MAYBE_ACCEPTED, async (signal) => {
      const { index } = await connection.client.lastBlockInfo(signal);
      await submit(connection, signedBy(make(defaultMintTombstone(index)), options), signal);
    });
  }

  async function generate(
    options: GenerateOptions,
    make: (tombstoneBlock: bigint | undefined) => MintTransaction,
  ): Promise<void> {
    const tombstoneBlock = await tombstoneFromNode(options);
    const transaction = signedBy(make(tombstoneBlock), options);
    writeMintTransaction(options.out, transaction);
    printLine(terminal, `The transaction is in ${options.out}.`);
    printHash(terminal, transaction);
  }

  async function tombstoneFromNode({
    tombstoneFromNode: uri,
    chainId,
  }: GenerateOptions): Promise<bigint | undefined> {
    if (uri === undefined) return undefined;
    await using connection = open(uri, chainId);
    const { index } = await interruptible("nothing was written", (signal) =>
      connection.client.lastBlockInfo(signal),
    );
    return defaultMintTombstone(index);
  }

  async function submitFiles(
    options: NodeOptions & { readonly txFile: readonly string[] },
    kind: MintTransaction["kind"],
  ): Promise<void> {
    const [first, ...others] = options.txFile.map(readMintTransaction);
    if (first === undefined) throw new CliError("there is no transaction file to submit");
    for (const [i, transaction] of [first, ...others].entries()) {
      if (transaction.kind === kind) continue;
      throw new CliError(`${options.txFile[i]} holds a ${transaction.kind}, not a ${kind}`, {
        advice: "mint transactions and mint configurations have a submit command each",
      });
    }
    await using connection = open(options.node, options.chainId);
    await interruptible(MAYBE_ACCEPTED, (signal) =>
      submit(connection, mergeMintTransactions(first, ...others), signal),
    );
  }

  async function submit(
    { client, uri }: ReturnType<OpenNode>,
    transaction: MintTransaction,
    signal: AbortSignal,
  ): Promise<void> {
    // Refuses what nobody has signed.
    const proposal = await client.propose(mergeMintTransactions(transaction), signal);
    if (proposal.kind === "accepted") {
      printLine(terminal, `Accepted by ${uri} at block count ${proposal.blockCount}.`);
      printHash(terminal, transaction);
      return;
    }
    const detail = proposal.detail === undefined ? "" : ` (${proposal.detail})`;
    throw new CliError(`the node ${uri} refused the transaction: ${proposal.reason}${detail}`, {
      exitCode: proposal.code,
      advice: adviceOn(proposal.reason),
    });
  }
}

interface GovernorsOptions {
  readonly tokens: string;
  readonly signingKey: string;
  readonly outputJson?: string;
}

function withConfigFile(command: Command): Command {
  return command.addOption(
    new Option(
      "--mint-config-tx-file <file>",
      "JSON: token_id, configs [{mint_limit, minters}], total_mint_limit; optional nonce, tombstone_block, signer_identities",
    ).makeOptionMandatory(),
  );
}

function withMint(command: Command): Command {
  return command
    .requiredOption("--recipient <code>", "address code of the recipient")
    .requiredOption("--token-id <n>", "token to mint", readU64)
    .requiredOption("--amount <n>", "how much, in smallest units of the token", readU64)
    .option("--nonce <hex>", "128 hex digits, never used before (default: drawn)", readNonce)
    .option("--tombstone <block>", "block index from which on the transaction is invalid", readU64);
}

function withSigning(command: Command): Command {
  return command
    .addOption(new Option("--signing-key <file...>", "private keys to sign with, PEM").default([], "none"))
    .addOption(
      new Option(
        "--signature <signature...>",
        "signatures made elsewhere: 128 hex digits, PEM, or files of these",
      ).default([], "none"),
    );
}

function withNode(command: Command): Command {
  return withChainId(
    command.addOption(
      new Option("--node <uri>", "consensus node, mc://… or insecure-mc://…")
        .env("MC_CONSENSUS_URI")
        .makeOptionMandatory(),
    ),
  );
}

function withChainId(command: Command): Command {
  return command.addOption(
    new Option("--chain-id <id>", "refuse nodes of any other network").env("MC_CHAIN_ID").default(""),
  );
}

function withGenerating(command: Command): Command {
  return withChainId(
    withSigning(command)
      .requiredOption("--out <file>", "transaction file to write, JSON")
      .option(
        "--tombstone-from-node <uri>",
        "where no tombstone block is given, take it from a node's last block",
      ),
  );
}

function withTxFile(command: Command): Command {
  return command.requiredOption("--tx-file <file>", "transaction file, JSON");
}

function withTxFiles(command: Command): Command {
  return command.requiredOption("--tx-file <file...>", "transaction files, all of one transaction");
}

function readU64(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > 0xffff_ffff_ffff_ffffn) {
    throw new InvalidArgumentError("It is no whole number of 0 to 2^64-1.");
  }
  return BigInt(text);
}

function readNonce(text: string): Uint8Array {
  if (text.length !== 2 * MINT_NONCE_LENGTH || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new InvalidArgumentError(`It is not ${MINT_NONCE_LENGTH} bytes in hex.`);
  }
  return hexToBytes(text);
}

function configTransaction(
  { mintConfigTxFile }: ConfigOptions,
  tombstoneBlock: bigint | undefined,
): MintTransaction {
  const request = parseFile(mintConfigTxFile, parseMintConfigFile);
  return {
    kind: "mintConfigTx",
    tx: { prefix: mintConfigTxPrefix(request, { tombstoneBlock }), signature: [] },
  };
}

function mintTransaction(options: MintOptions, tombstoneBlock: bigint | undefined): MintTransaction {
  const { tokenId, amount, nonce } = options;
  const { viewPublicKey, spendPublicKey } = readMintRecipient(options.recipient);
  const request = {
    tokenId,
    amount,
    viewPublicKey,
    spendPublicKey,
    nonce,
    tombstoneBlock: options.tombstone,
  };
  return { kind: "mintTx", tx: { prefix: mintTxPrefix(request, { tombstoneBlock }), signature: [] } };
}

function signedBy(transaction: MintTransaction, { signingKey, signature }: SigningOptions): MintTransaction {
  return signingKey
    .map(readSigningKey)
    .reduce(signMintTransaction, withSignatures(transaction, signature.map(readSignature)));
}

function printHash(terminal: Terminal, transaction: MintTransaction): void {
  printLine(terminal, `Nonce: ${bytesToHex(transaction.tx.prefix.nonce)}`);
  printLine(terminal, `Hash: ${bytesToHex(mintTransactionHash(transaction))}`);
}

function describe(transaction: MintTransaction): unknown {
  return readable({
    kind: transaction.kind,
    hash: mintTransactionHash(transaction),
    prefix: transaction.tx.prefix,
    signatures: transaction.tx.signature,
  });
}

/** The same value with bytes in hex. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, readable(item)]));
}

function checkSignatures(terminal: Terminal, transaction: MintTransaction, keys: readonly string[]): void {
  const hash = mintTransactionHash(transaction);
  const left = new Set(transaction.tx.signature);
  const missing: string[] = [];
  for (const text of keys) {
    const key = readPublicKey(text);
    const found = transaction.tx.signature.find((signature) => ed25519VerifyStrict(key, hash, signature));
    if (found === undefined) missing.push(bytesToHex(key));
    else left.delete(found);
    printLine(terminal, `${found === undefined ? "not signed by" : "signed by"} ${bytesToHex(key)}`);
  }
  for (const signature of left) printLine(terminal, `by none of these keys: ${bytesToHex(signature)}`);
  if (missing.length === 0) return;
  throw new CliError(`${missing.length} of ${keys.length} keys have not signed the transaction`, {
    advice: "add their signatures with: mobilecoin mint-client sign",
  });
}

/** What to do about a node's refusal, by its name. */
function adviceOn(reason: string): string {
  switch (reason) {
    case "InvalidSignature":
    case "NoMatchingMintConfig":
      return "check that enough of the right keys have signed, and that the token's mint configuration is still in force";
    case "TombstoneBlockExceeded":
    case "TombstoneBlockTooFar":
      return "make the transaction anew with another tombstone block, and have it signed again";
    case "NonceAlreadyUsed":
      return "the transaction may have gone through already; otherwise make it anew with another nonce";
    case "AmountExceedsMintLimit":
      return "mint less, or have the governors raise the limit";
    case "NoGovernors":
      return "the node's tokens.json names no governors for the token; check the token id and the network";
    default:
      return "correct the transaction, and have it signed again";
  }
}
