import { ConsensusError } from "../error.ts";

/** A value of a kind that no field of any document takes (a float, an undefined value). */
export const UNREADABLE: unique symbol = Symbol("unreadable");

/**
 * What CBOR, JSON and TOML have in common: the tree that shapes are read from and written to. Integers beyond 2^53-1
 * are `bigint`, smaller ones `number`; a `number` is always an integer.
 */
export type Document =
  | null
  | boolean
  | number
  | bigint
  | string
  | typeof UNREADABLE
  | Uint8Array
  | readonly Document[]
  | ReadonlyMap<string, Document>;

/** A place in a document where something else stands than its shape says. */
class ShapeError extends ConsensusError {
  readonly reason: string;
  readonly path: readonly string[];

  constructor(reason: string, path: readonly string[], cause: unknown) {
    const place = path.length === 0 ? "the document" : path.join(".").replaceAll(".[", "[");
    super("InvalidField", `${place} ${reason}`, cause);
    this.reason = reason;
    this.path = path;
  }
}

/** A refusal of the value at hand; the shapes around it add where it stands. The reason never quotes the value. */
export function refuseValue(reason: string, cause?: unknown): ConsensusError {
  return new ShapeError(reason, [], cause);
}

/** Runs `read`, adding a step to the place that a refusal names. */
export function at<T>(step: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(error.reason, [step, ...error.path], error.cause);
  }
}
