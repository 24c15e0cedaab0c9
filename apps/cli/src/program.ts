import { Command, CommanderError } from "commander";
import { addAccountCommands } from "./commands/account.ts";
import { addAdminGatewayCommand } from "./commands/admin-gateway.ts";
import { addAttestCommands } from "./commands/attest.ts";
import { addConsensusNodeCommand } from "./commands/consensus-node.ts";
import { addConsensusToolCommands } from "./commands/consensus-tool.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDevnetCommand } from "./commands/devnet.ts";
import { addEnclaveCommands } from "./commands/enclave.ts";
import { addLedgerCommands } from "./commands/ledger.ts";
import { addLedgerDistributionCommand } from "./commands/ledger-distribution.ts";
import { addLedgerSyncCommand } from "./commands/ledger-sync.ts";
import { addLightClientCommands } from "./commands/light-client.ts";
import { addMintClientCommands } from "./commands/mint-client.ts";
import { addPaymentCommands } from "./commands/payment.ts";
import { addSignerCommands } from "./commands/signer.ts";
import { addWatcherCommands } from "./commands/watcher.ts";
import type { CommandContext } from "./wallet-session.ts";

const VERSION = "0.1.0";

/** The `mobilecoin` command over a terminal; at the prompt of a running devnet, over its ledger. */
function buildProgram(context: CommandContext): Command {
  const program = new Command("mobilecoin")
    .description("MobileCoin in TypeScript: a local network, wallets, ledgers and offline signing")
    .version(VERSION)
    .showHelpAfterError("(add --help for what can be said)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out.write(text),
      writeErr: (text) => context.terminal.err.write(text),
    });
  // Subcommands take their output and exit settings from the program they are added to.
  addDevnetCommand(program, context, runWords);
  addAccountCommands(program, context);
  addPaymentCommands(program, context);
  addLedgerCommands(program, context);
  addLedgerDistributionCommand(program, context);
  addLedgerSyncCommand(program, context);
  addLightClientCommands(program, context);
  addWatcherCommands(program, context);
  addSignerCommands(program, context);
  addMintClientCommands(program, context);
  addConsensusToolCommands(program, context);
  addAdminGatewayCommand(program, context);
  addEnclaveCommands(program, context);
  addConsensusNodeCommand(program, context);
  addAttestCommands(program, context);
  addDemoCommand(program, context);
  return program;
}

/** Runs one command line. Help and version are no failures; a usage error was already written out. */
export async function runWords(words: readonly string[], context: CommandContext): Promise<void> {
  try {
    await buildProgram(context).parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.exitCode = 2;
      return;
    }
    throw error;
  }
}
