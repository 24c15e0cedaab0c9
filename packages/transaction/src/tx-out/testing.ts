import { TransactionError } from "../error.ts";

/** `area: code` of the rejection that `call` throws, or what it threw or returned instead; for tests. */
export function rejection(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error instanceof TransactionError ? `${error.area}: ${error.code}` : error;
  }
}
