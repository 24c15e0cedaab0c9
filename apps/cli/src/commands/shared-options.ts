import { type Command, InvalidArgumentError } from "commander";

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

/** An argument that is the index of a block. */
export function parseBlockIndex(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) {
    throw new InvalidArgumentError("It is no block index.");
  }
  return BigInt(text);
}

/** An argument that is a time of up to a day. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds < 0 || seconds > 86_400) {
    throw new InvalidArgumentError("It is no number of seconds of a day.");
  }
  return seconds;
}
