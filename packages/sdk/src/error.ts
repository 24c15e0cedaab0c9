export type SdkErrorCode =
  | "AmountFormat"
  | "AmountTooLarge"
  | "InsufficientFunds"
  | "NodeUnavailable"
  | "WouldNeedDefragmentation"
  | "NotEnoughMixins"
  | "Rejected"
  | "TombstonePassed"
  | "UnknownToken";

/** A failure of the wallet: what happened (`message`), which kind (`code`), and whether trying again can help. */
export class SdkError extends Error {
  readonly code: SdkErrorCode;
  readonly retryable: boolean;
  /** Counts, block indices and rule names that explain the failure; never a secret, an address or an amount. */
  readonly data: Readonly<Record<string, string | number | bigint>>;

  constructor(
    code: SdkErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly retryable?: boolean;
      readonly data?: Readonly<Record<string, string | number | bigint>>;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SdkError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.data = options.data ?? {};
  }
}
