import { CliError } from "./cli-error.ts";

/** Splits a line of the prompt into words as a shell does: white space parts them, quotes of either kind hold together. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/"([^"]*)"|'([^']*)'|(["'])|([^\s"']+)/g)) {
    if (match[3] !== undefined) throw new CliError(`a quotation mark ${match[3]} is left open`);
    words.push(match[1] ?? match[2] ?? match[4] ?? "");
  }
  return words;
}
