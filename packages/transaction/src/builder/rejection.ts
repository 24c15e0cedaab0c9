import { TransactionError, type TransactionErrorArea, type TransactionErrorCodes } from "../error.ts";

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
