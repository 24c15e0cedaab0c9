import { CryptoError, utf8 } from "@mobilecoin-ts/crypto";
import { AttestationError, type SessionErrorCode } from "../error.ts";
import { MAX_AUTH_MESSAGE_BYTES } from "./messages.ts";

/** UTF-8 bytes of a responder id, which both sides mix first (05 section 2.3). Throws `InvalidResponderId`. */
export function prologueOf(responderId: string): Uint8Array {
  if (!responderId.includes(":")) {
    throw new AttestationError(
      "InvalidResponderId",
      `responder id: found ${JSON.stringify(responderId)}, wanted host:port`,
    );
  }
  return utf8(responderId);
}

/**
 * Runs the reading of a handshake message. The usual cause of a refused tag is a responder id that differs between the
 * sides, so the error names ours.
 */
export function readHandshake<T>(
  code: Extract<SessionErrorCode, "HandshakeRead" | "HandshakeWrite">,
  message: Uint8Array,
  responderId: string,
  act: () => T,
): T {
  if (message.length > MAX_AUTH_MESSAGE_BYTES) {
    throw new AttestationError(
      "MessageTooLong",
      `handshake: found a message of ${message.length} bytes, wanted at most ${MAX_AUTH_MESSAGE_BYTES}`,
      { data: { found: message.length, limit: MAX_AUTH_MESSAGE_BYTES } },
    );
  }
  try {
    return act();
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new AttestationError(
      code,
      `handshake under responder id ${responderId}: ${cause.message} (do both sides use this responder id?)`,
      { cause, data: { responderId } },
    );
  }
}
