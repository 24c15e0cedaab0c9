import { readFileSync, writeFileSync } from "node:fs";
import {
  accountInfoFile,
  createSignerSecrets,
  importSignerSecrets,
  type SignerFile,
  signerAccount,
  signerAccountInfo,
  signerSecretsFile,
  signTransaction,
  syncTxos,
  txoSyncRequestFile,
  txoSyncResponseFile,
  txSignRequestFile,
  txSignResponseFile,
} from "@mobilecoin-ts/transaction";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples } from "./shared-options.ts";

interface SignerOptions {
  readonly secretFile: string;
  readonly account: string;
  readonly input: string;
  readonly output: string;
}

/** `mobilecoin signer …`: the offline signer, whose files are those of the reference (02 section 2.20). */
export function addSignerCommands(program: Command, { terminal }: CommandContext): void {
  const signer = program
    .command("signer")
    .description("sign offline: keys stay on this machine, JSON files go back and forth")
    .addHelpText(
      "after",
      examples(
        "mobilecoin signer create --output mc_secrets.json",
        "mobilecoin signer get-account --output account.json",
        "mobilecoin signer sign-tx --input request.json --output signed.json",
      ),
    );

  signer
    .command("create")
    .description("make secrets from a new phrase")
    .requiredOption("--output <file>", "file to write, .json; never overwritten")
    .action(({ output }: SignerOptions) => writeNew(output, signerSecretsFile, createSignerSecrets()));

  signer
    .command("import <phrase...>")
    .description("make secrets from the words of a phrase")
    .requiredOption("--output <file>", "file to write, .json; never overwritten")
    .action((words: readonly string[], { output }: SignerOptions) =>
      writeNew(output, signerSecretsFile, importSignerSecrets(words.join(" "))),
    );

  withSecrets(signer.command("get-account"))
    .description("write what a view-only wallet needs to find the account's outputs")
    .requiredOption("--output <file>", "file to write, .json")
    .action((options: SignerOptions) => {
      const secrets = read(options.secretFile, signerSecretsFile);
      write(options.output, accountInfoFile, signerAccountInfo(secrets, accountIndex(options)));
    });

  withSecrets(signer.command("sync-txos"))
    .description("write the key images of outputs")
    .requiredOption("--input <file>", "request of the view-only wallet, .json")
    .requiredOption("--output <file>", "file to write, .json")
    .action((options: SignerOptions) => {
      const account = signerAccount(read(options.secretFile, signerSecretsFile), accountIndex(options));
      write(options.output, txoSyncResponseFile, syncTxos(account, read(options.input, txoSyncRequestFile)));
    });

  withSecrets(signer.command("sign-tx"))
    .description("sign a transaction that a view-only wallet has built")
    .requiredOption("--input <file>", "unsigned transaction, .json")
    .requiredOption("--output <file>", "file to write, .json")
    .action((options: SignerOptions) => {
      const account = signerAccount(read(options.secretFile, signerSecretsFile), accountIndex(options));
      write(
        options.output,
        txSignResponseFile,
        signTransaction(account, read(options.input, txSignRequestFile)),
      );
      printLine(terminal, `The signed transaction is in ${options.output}.`);
    });
}

function withSecrets(command: Command): Command {
  return command
    .option("--secret-file <file>", "secrets", "mc_secrets.json")
    .option("--account <n>", "account index of the phrase", "0");
}

function accountIndex({ account }: SignerOptions): number {
  if (!/^\d{1,10}$/.test(account)) throw new CliError(`"${account}" is no account index`);
  return Number(account);
}

function requireJson(path: string): void {
  if (!path.endsWith(".json")) {
    throw new CliError(`${path} does not end in .json`, {
      advice: "the signer's files are JSON and are named so",
    });
  }
}

function read<T>(path: string, file: SignerFile<T>): T {
  requireJson(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, { cause });
  }
  return file.parse(text);
}

function write<T>(path: string, file: SignerFile<T>, value: T): void {
  requireJson(path);
  writeFileSync(path, file.format(value));
}

/** Secrets are for their owner only, and never take the place of others. */
function writeNew<T>(path: string, file: SignerFile<T>, value: T): void {
  requireJson(path);
  try {
    writeFileSync(path, file.format(value), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw new CliError(`${path} cannot be written`, {
      cause,
      advice: "an existing file is never overwritten",
    });
  }
}
