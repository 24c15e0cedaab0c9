export {
  AttestationError,
  type AttestationErrorCode,
  type AttestationErrorOptions,
  type ConversionErrorCode,
  type SessionErrorCode,
} from "./error.ts";
