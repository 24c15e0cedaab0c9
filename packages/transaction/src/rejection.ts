import { TransactionError, type TransactionErrorArea, type TransactionErrorCodes } from "./error.ts";

/** Runs `attempt` and reports a rejection inside it as `code` of `area`, the inner rejection as its cause. */
export function rejectedAs<Area extends TransactionErrorArea, T>(
  area: Area,
  code: TransactionErrorCodes[Area],
  attempt: () => T,
): T {
  try {
    return attempt();
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new TransactionError(area, code, `${code}: ${cause.message}`, { cause });
  }
}

/** The rejection inside `attempt`, or undefined where there is none. Other failures pass through. */
export function rejectionOf(attempt: () => void): TransactionError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof TransactionError) return error;
    throw error;
  }
}
