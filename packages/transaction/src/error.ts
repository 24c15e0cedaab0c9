import type { BuilderErrorCodes } from "./builder/error-codes.ts";
import type { ProofErrorCodes } from "./proofs/error-codes.ts";
import type { TxErrorCodes } from "./tx/error-codes.ts";
import type { TxOutErrorCodes } from "./tx-out/error-codes.ts";

/** Every rejection rule of part 02, by area; each code is named as the protocol names it. */
export type TransactionErrorCodes = TxOutErrorCodes & ProofErrorCodes & TxErrorCodes & BuilderErrorCodes;

export type TransactionErrorArea = keyof TransactionErrorCodes;

export interface TransactionErrorOptions {
  /** The inner rejection, where one rule reports another (`InvalidTransactionSignature` of a ring signature, ...). */
  readonly cause?: unknown;
  /** Counts, indices and versions that explain the rejection; never a secret, an address or an amount. */
  readonly data?: Readonly<Record<string, number | bigint | string>>;
}

/** A rejection by the rules of part 02: `area` names the rule book, `code` the rule. */
export class TransactionError<Area extends TransactionErrorArea = TransactionErrorArea> extends Error {
  readonly area: Area;
  readonly code: TransactionErrorCodes[Area];
  readonly data: Readonly<Record<string, number | bigint | string>>;

  constructor(
    area: Area,
    code: TransactionErrorCodes[Area],
    message: string,
    options: TransactionErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TransactionError";
    this.area = area;
    this.code = code;
    this.data = options.data ?? {};
  }
}
