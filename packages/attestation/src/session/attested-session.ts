import { CryptoError, type NoiseCipherState, type NoiseSession } from "@mobilecoin-ts/crypto";
import { AttestationError } from "../error.ts";
import type { AttestedMessage, NonceMessage } from "./messages.ts";

/**
 * A session as either side holds it (05 section 2.6). The messages of one direction are read in the order they were
 * encrypted, none missing; whoever lost one drops the session, nothing resynchronises it.
 */
export class AttestedSession {
  /** Final handshake hash, 64 bytes: the channel id of every message. */
  readonly binding: Uint8Array;
  readonly #writer: NoiseCipherState;
  readonly #reader: NoiseCipherState;

  constructor({ binding, writer, reader }: NoiseSession) {
    this.binding = binding;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Throws `ReKeyNeeded`. */
  encrypt(aad: Uint8Array, plaintext: Uint8Array): AttestedMessage {
    const data = translated(() => this.#writer.encrypt(aad, plaintext));
    return { aad, channelId: this.binding.slice(), data };
  }

  /** As `encrypt`, with the counter in the message. */
  encryptWithNonce(aad: Uint8Array, plaintext: Uint8Array): NonceMessage {
    const nonce = this.#writer.counter;
    return { ...this.encrypt(aad, plaintext), nonce };
  }

  /** Throws `Aead` or `ReKeyNeeded`; the session then stands where it stood. The channel id is not looked at. */
  decrypt({ aad, data }: Pick<AttestedMessage, "aad" | "data">): Uint8Array {
    return translated(() => this.#reader.decrypt(aad, data));
  }

  /**
   * Goes to the message's counter, also when it then fails with `Aead` or `ReKeyNeeded`. Gaps, another order and replay
   * pass here.
   */
  decryptWithNonce({ aad, data, nonce }: Pick<NonceMessage, "aad" | "data" | "nonce">): Uint8Array {
    this.#reader.setCounter(nonce);
    return this.decrypt({ aad, data });
  }
}

function translated<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    const code = cause.code === "ReKeyNeeded" ? "ReKeyNeeded" : "Aead";
    throw new AttestationError(code, `session message: ${cause.message}`, { cause });
  }
}
