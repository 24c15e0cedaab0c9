/** Why a service could not be set up or could not go on. */
export type ServiceErrorCode =
  /** The address cannot be listened on. */
  | "Listen"
  /** A certificate or key file is missing or unusable. */
  | "TlsFiles"
  /** The file of certificate authorities is missing or unusable. */
  | "CaBundle"
  /** A log filter is not of the form `level,target=level,…`. */
  | "LogFilter"
  /** A bounded queue is full. */
  | "QueueFull"
  /** The queue, runner or connection was closed. */
  | "Closed"
  /** The shared secret of the access tokens is unusable. */
  | "TokenSecret"
  /** An operation was still failing when its retries were used up; `cause` is the last failure. */
  | "RetriesExhausted";

/** A refusal by the service layer. The message says what happened, why, and what to do; it never holds a secret. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ServiceError";
    this.code = code;
  }
}
