import { TransactionError } from "../../error.ts";

/** `area: code` of the rejection that `call` throws, then of its causes; empty where it throws nothing; for tests. */
export function rejectionsOf(call: () => unknown): string[] {
  try {
    call();
    return [];
  } catch (error) {
    if (!(error instanceof TransactionError)) throw error;
    return chainOf(error);
  }
}

/** `area: code` of an error and of its causes; for tests. */
export function chainOf(error: unknown): string[] {
  return error instanceof TransactionError ? [`${error.area}: ${error.code}`, ...chainOf(error.cause)] : [];
}
