import { CliError } from "./cli-error.ts";

/** Ctrl-C stops the work where it can be stopped, so that nothing is left half done. */
export async function interruptible<T>(
  advice: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new CliError("stopped", { advice, exitCode: 130 }));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
