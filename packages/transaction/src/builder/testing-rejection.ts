import { TransactionError } from "../error.ts";

/** What `call` throws; for tests. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** `area: code` of the rejection that `call` throws, then of its causes; for tests. */
export function rejections(call: () => unknown): string[] {
  const list: string[] = [];
  let current = thrown(call);
  while (current instanceof TransactionError) {
    list.push(`${current.area}: ${current.code}`);
    current = current.cause;
  }
  return list;
}
