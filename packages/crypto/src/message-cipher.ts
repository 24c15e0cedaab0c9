import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { aesGcm } from "./aes-gcm.ts";
import { concat, equalBytes, readU64le, u64le } from "./bytes.ts";
import { CryptoError } from "./error.ts";

const NONCE_LENGTH = 12;
/** Key number (8) and nonce (12). */
const TRAILER_LENGTH = 20;
const NO_AAD = new Uint8Array(0);

/** Anything that turns values into bytes and back; the codecs of the wire package do. */
export interface MessageCodec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/**
 * Symmetric cipher with which an enclave parks messages in memory it does not trust (01 section 2.10). Keys live as
 * long as the object; a message is `ciphertext ‖ tag 16 ‖ LE64 key number ‖ nonce 12`.
 */
export class MessageCipher {
  readonly #random: RandomBytes;
  readonly #keys: Uint8Array[] = [];
  #nonce: MessageNonce;

  constructor(random: RandomBytes = systemRandom, nonce = new MessageNonce()) {
    this.#random = random;
    this.#nonce = nonce;
    this.#addKey();
  }

  encrypt(plaintext: Uint8Array): Uint8Array {
    if (this.#nonce.isExhausted) {
      this.#addKey();
      this.#nonce = new MessageNonce();
    }
    const keyNumber = this.#keys.length - 1;
    const nonce = this.#nonce.take();
    const ciphertext = aesGcm.encrypt(this.#keys[keyNumber]!, nonce, NO_AAD, plaintext);
    return concat(ciphertext, u64le(BigInt(keyNumber)), nonce);
  }

  /** Throws `TooShort`, `UnknownKey`, `MacFailure`. */
  decrypt(message: Uint8Array): Uint8Array {
    const trailer = message.length - TRAILER_LENGTH;
    if (trailer < 0) {
      throw new CryptoError("TooShort", `a message has at least 20 bytes, got ${message.length}`, {
        data: { found: message.length, required: TRAILER_LENGTH },
      });
    }
    const keyNumber = readU64le(message, trailer);
    const key = keyNumber < BigInt(this.#keys.length) ? this.#keys[Number(keyNumber)] : undefined;
    if (key === undefined) throw new CryptoError("UnknownKey", "the message names a key of another process");
    try {
      return aesGcm.decrypt(key, message.slice(trailer + 8), NO_AAD, message.subarray(0, trailer));
    } catch (cause) {
      throw new CryptoError("MacFailure", "the message was altered", { cause });
    }
  }

  #addKey(): void {
    let key = this.#random(32);
    while (this.#keys.some((earlier) => equalBytes(earlier, key))) key = this.#random(32);
    this.#keys.push(key);
  }
}

/** A `MessageCipher` for values of one type. */
export class TypedMessageCipher<T> {
  readonly #cipher: MessageCipher;
  readonly #codec: MessageCodec<T>;

  constructor(codec: MessageCodec<T>, cipher = new MessageCipher()) {
    this.#codec = codec;
    this.#cipher = cipher;
  }

  encrypt(value: T): Uint8Array {
    return this.#cipher.encrypt(this.#codec.encode(value));
  }

  /** Throws `TooShort`, `UnknownKey`, `MacFailure`, or `Prost` when the plaintext does not decode. */
  decrypt(message: Uint8Array): T {
    const plaintext = this.#cipher.decrypt(message);
    try {
      return this.#codec.decode(plaintext);
    } catch (cause) {
      throw new CryptoError("Prost", "the decrypted message does not decode", { cause });
    }
  }
}

/** Twelve bytes that count up, little-endian, from zero; exhausted when all are ff. */
export class MessageNonce {
  readonly #bytes: Uint8Array;

  constructor(start: Uint8Array = new Uint8Array(NONCE_LENGTH)) {
    this.#bytes = start.slice();
  }

  get isExhausted(): boolean {
    return this.#bytes.every((byte) => byte === 0xff);
  }

  /** The current value; the next call returns the one after it. */
  take(): Uint8Array {
    const current = this.#bytes.slice();
    for (let i = 0; i < NONCE_LENGTH; i++) {
      this.#bytes[i]! += 1;
      if (this.#bytes[i] !== 0) break;
    }
    return current;
  }
}
