/** A failure a person meets at the command line: what happened, and what to do about it. */
export class CliError extends Error {
  readonly advice: string | undefined;
  readonly exitCode: number;

  constructor(
    message: string,
    options: { readonly advice?: string; readonly exitCode?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CliError";
    this.advice = options.advice;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Text for a person: the message, the chain of causes, and the advice. */
export function describeFailure(failure: unknown): string {
  const lines: string[] = [];
  let current: unknown = failure;
  for (let depth = 0; current instanceof Error && depth < 8; depth++) {
    const code = "code" in current && typeof current.code === "string" ? ` [${current.code}]` : "";
    lines.push(`${depth === 0 ? "error: " : "  because: "}${current.message}${code}`);
    current = current.cause;
  }
  if (lines.length === 0) lines.push(`error: ${String(failure)}`);
  if (failure instanceof CliError && failure.advice !== undefined) lines.push(`  ${failure.advice}`);
  return lines.join("\n");
}
