export type EnclaveErrorCode =
  /** The program refused or failed; `remote` says why. */
  | "CallFailed"
  /** An input or output is longer than the call's limit. */
  | "TooLarge"
  /** Bytes that crossed the boundary are not what was declared. */
  | "Protocol"
  /** There is no such call. */
  | "UnknownCall"
  /** More calls are under way than the boundary takes. */
  | "Busy"
  /** The enclave has ended. */
  | "Ended"
  /** The enclave did not start. */
  | "StartFailed"
  /** The bundle could not be made. */
  | "Bundle"
  /** Sealed bytes are of another enclave or machine, or were changed. */
  | "Unseal"
  /** The host gave no evidence, or none that holds. */
  | "Evidence"
  /** What a quote is checked against could not be had. */
  | "Collateral";

/** A failure as an enclave told it. */
export interface RemoteFailure {
  readonly code: string;
  readonly message: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A failure at the boundary of an enclave. */
export class EnclaveError extends Error {
  readonly code: EnclaveErrorCode;
  readonly remote: RemoteFailure | undefined;

  constructor(
    code: EnclaveErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly remote?: RemoteFailure } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EnclaveError";
    this.code = code;
    this.remote = options.remote;
  }
}
