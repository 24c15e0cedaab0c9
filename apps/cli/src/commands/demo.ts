import type { Command } from "commander";
import { runDemo } from "../demo/run-demo.ts";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples } from "./shared-options.ts";

/** `mobilecoin demo` */
export function addDemoCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("demo")
    .description("the whole story, unattended: verify real blocks, pay privately, attack, get refused")
    .option("--archive <files...>", "archive files of real blocks to verify, in chain order")
    .addHelpText("after", examples("mobilecoin demo", "mobilecoin demo --archive 0000000000000001.pb"))
    .action(async ({ archive = [] }: { readonly archive?: readonly string[] }) => {
      await runDemo({ archives: archive, print: (line) => printLine(terminal, line) });
    });
}
