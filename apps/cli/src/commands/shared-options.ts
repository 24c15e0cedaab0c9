import type { Command } from "commander";

/** Options that most commands share. */
export interface SharedOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function addDataDirOption(command: Command): Command {
  return command.option(
    "--data-dir <folder>",
    "folder of the local network and its accounts (default: $MOBILECOIN_DATA_DIR, or ./devnet-data)",
  );
}

export function addJsonOption(command: Command): Command {
  return command.option("--json", "print one JSON value; amounts are decimal strings in the smallest unit");
}

/** The part of a help text that shows how a command is used. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;
}
