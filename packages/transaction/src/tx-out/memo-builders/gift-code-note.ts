import { TransactionError } from "../../error.ts";
import { encodeNote } from "../memo-field.ts";
import { refuse } from "./memo-builder.ts";

/** Throws `BadInputs` for a note that does not fit its memo or has no UTF-8 form. */
export function requireGiftCodeNote(note: string, maxBytes: number): void {
  try {
    encodeNote(note, maxBytes);
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw refuse("BadInputs", `gift code note: ${cause.message}`, { cause, data: { max: maxBytes } });
  }
}
