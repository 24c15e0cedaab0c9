/** What can be wrong with bytes or arguments handed to this package. */
export type CurveErrorCode =
  | "SCALAR_LENGTH"
  | "SCALAR_NOT_CANONICAL"
  | "POINT_LENGTH"
  | "POINT_INVALID"
  | "UNIFORM_LENGTH"
  | "LENGTH_MISMATCH"
  | "INDEX_RANGE"
  | "DISPOSED";

/** The only error this package throws; `code` says which rule was broken. */
export class CurveError extends Error {
  readonly code: CurveErrorCode;
  constructor(code: CurveErrorCode, message: string) {
    super(message);
    this.name = "CurveError";
    this.code = code;
  }
}
