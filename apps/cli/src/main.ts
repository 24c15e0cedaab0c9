#!/usr/bin/env node
import { CliError, describeFailure } from "./cli-error.ts";
import { runWords } from "./program.ts";

// Whoever reads our output may stop early (`| head`): that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const words = process.argv.slice(2);
try {
  await runWords(words.length === 0 ? ["--help"] : words, {
    terminal: { out: process.stdout, err: process.stderr },
  });
} catch (failure) {
  process.stderr.write(`${describeFailure(failure)}\n`);
  process.exitCode = failure instanceof CliError ? failure.exitCode : 1;
}
