import { readFileSync } from "node:fs";
import {
  encodePrintable,
  generateMnemonic,
  type KeyFile,
  parseKeyFile,
  shortAddressHash,
} from "@mobilecoin-ts/account";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { DEVNET_TEST_PHRASE, devnetAccountName } from "@mobilecoin-ts/devnet";
import { formatTokenAmount } from "@mobilecoin-ts/sdk";
import type { Command } from "commander";
import { AccountStore, type NamedAccount } from "../account-store.ts";
import { CliError } from "../cli-error.ts";
import { printJson, printLine, printTable } from "../terminal.ts";
import { type CommandContext, dataDirFor, withWallet } from "../wallet-session.ts";
import { addDataDirOption, addJsonOption, examples, type SharedOptions } from "./shared-options.ts";

function addressCode({ key }: NamedAccount): string {
  return encodePrintable({ kind: "publicAddress", address: key.defaultSubaddress });
}

/** `mobilecoin account …` */
export function addAccountCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const account = program.command("account").description("make, import and look at accounts");

  addDataDirOption(account.command("new <name>"))
    .description("make an account from a new phrase, shown once")
    .addHelpText("after", examples("mobilecoin account new alice"))
    .action((name: string, options: SharedOptions) => {
      const mnemonic = generateMnemonic();
      const store = new AccountStore(dataDirFor(context, options.dataDir));
      const made = store.add(name, { kind: "mnemonic", mnemonic, accountIndex: 0 });
      printLine(terminal, `Account "${name}" is made. Its phrase, shown this once:`);
      printLine(terminal);
      printLine(terminal, `  ${mnemonic}`);
      printLine(terminal);
      printLine(terminal, "Write it down and show it to nobody: who has it, has the money.");
      printLine(terminal, `Address: ${addressCode(made)}`);
    });

  addDataDirOption(account.command("import <name>"))
    .description("import an account from a phrase (asked on standard input) or a key file")
    .option("--file <path>", "a key file, <name>.json, of this or the reference implementation")
    .option("--index <n>", "account index of the phrase", "0")
    .addHelpText(
      "after",
      examples(
        "mobilecoin account import alice < phrase.txt",
        "mobilecoin account import bob --file account_keys_0.json",
      ),
    )
    .action((name: string, options: SharedOptions & { readonly file?: string; readonly index: string }) => {
      if (options.file === undefined && context.running !== undefined) {
        throw new CliError("the prompt cannot ask for a phrase", {
          advice: `in another terminal: mobilecoin account import ${name}; or give --file`,
        });
      }
      const keyFile = options.file === undefined ? phraseFromInput(options.index) : keyFileAt(options.file);
      const store = new AccountStore(dataDirFor(context, options.dataDir));
      const imported = store.add(name, keyFile);
      printLine(terminal, `Account "${name}" is imported.`);
      printLine(terminal, `Address: ${addressCode(imported)}`);
    });

  addJsonOption(addDataDirOption(account.command("list")))
    .description("list the accounts of the data folder")
    .action((options: SharedOptions) => {
      const store = new AccountStore(dataDirFor(context, options.dataDir));
      const accounts = store.names().map((name) => ({ name, address: addressCode(store.open(name)) }));
      if (options.json) return printJson(terminal, accounts);
      printTable(
        terminal,
        accounts.map(({ name, address }) => [name, address]),
      );
      printLine(
        terminal,
        `${devnetAccountName(0)} and its like are funded; their phrase is public: ${DEVNET_TEST_PHRASE}`,
      );
    });

  addJsonOption(addDataDirOption(account.command("address <name>")))
    .description("show the address code to be paid at")
    .addHelpText("after", examples("mobilecoin account address alice"))
    .action((name: string, options: SharedOptions) => {
      const found = new AccountStore(dataDirFor(context, options.dataDir)).open(name);
      const address = addressCode(found);
      const hash = bytesToHex(shortAddressHash(found.key.defaultSubaddress));
      if (options.json) return printJson(terminal, { name, address, shortAddressHash: hash });
      printLine(terminal, address);
    });

  addJsonOption(addDataDirOption(account.command("balance <name>")))
    .description("show what an account holds, found by its view key")
    .addHelpText("after", examples("mobilecoin account balance devnet-0"))
    .action(async (name: string, options: SharedOptions) => {
      await withWallet(context, { account: name, ...options }, async (wallet) => {
        const balances = [...wallet.balances()].sort(([a], [b]) => (a < b ? -1 : 1));
        if (options.json) {
          const json = balances.map(([tokenId, value]) => ({ tokenId, value }));
          return printJson(terminal, { name, blockCount: wallet.blockCount, balances: json });
        }
        if (balances.length === 0) printLine(terminal, formatTokenAmount(0n));
        for (const [tokenId, value] of balances) printLine(terminal, formatTokenAmount(value, tokenId));
      });
    });
}

function phraseFromInput(index: string): KeyFile {
  if (!/^\d+$/.test(index) || Number(index) > 0xffff_ffff) {
    throw new CliError(`"${index}" is no account index`, {
      advice: "give a whole number, 0 unless you know better",
    });
  }
  const mnemonic = readFileSync(0, "utf8").trim();
  if (mnemonic === "") {
    throw new CliError("there is no phrase on standard input", {
      advice:
        "type the words and end with Ctrl-D, or redirect a file: mobilecoin account import alice < phrase.txt",
    });
  }
  return { kind: "mnemonic", mnemonic, accountIndex: Number(index) };
}

function keyFileAt(path: string): KeyFile {
  try {
    return parseKeyFile(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CliError(`${path} cannot be read as a key file`, { cause });
  }
}
