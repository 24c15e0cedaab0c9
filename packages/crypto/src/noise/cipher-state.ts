import { aesGcm } from "../aes-gcm.ts";
import { concat, requireU64, u64be } from "../bytes.ts";
import { CryptoError, requireLength } from "../error.ts";

const MAX_COUNTER = 0xffff_ffff_ffff_ffffn;
const MAX_BYTES = (1n << 56n) + 4n;
const TAG_LENGTH = 16;

/** One direction of AES-256-GCM under a 32-byte key with a counter for nonce (05 sections 2.4 and 2.6). */
export class NoiseCipherState {
  readonly #key: Uint8Array;
  #counter: bigint;
  #bytes = 0n;

  /** Throws `LengthMismatch` unless the key has 32 bytes, `IntegerOutOfRange` unless the counter is a u64. */
  constructor(key: Uint8Array, counter = 0n) {
    requireLength(key, 32, "cipher key");
    requireU64(counter);
    this.#key = key.slice();
    this.#counter = counter;
  }

  /** The counter the next message takes. */
  get counter(): bigint {
    return this.#counter;
  }

  /**
   * Goes on at another counter, for messages that carry theirs (05 section 2.6); the bytes so far still count. Throws
   * `IntegerOutOfRange` unless it is a u64. For a reader only: a writer set back would repeat nonces.
   */
  setCounter(counter: bigint): void {
    requireU64(counter);
    this.#counter = counter;
  }

  /** Ciphertext and 16-byte tag. Throws `ReKeyNeeded` at the last counter or past 2^56+4 bytes. */
  encrypt(aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    this.#requireRoom(plaintext.length);
    const sealed = aesGcm.encrypt(this.#key, this.#nonce(), aad, plaintext);
    this.#advance(plaintext.length);
    return sealed;
  }

  /** Throws `ReKeyNeeded`, `MessageTooShort` or `Aead`; the state is then as before. */
  decrypt(aad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    this.#requireRoom(0);
    if (ciphertext.length < TAG_LENGTH) {
      throw new CryptoError("MessageTooShort", "a ciphertext has at least its 16-byte tag");
    }
    let plaintext: Uint8Array;
    try {
      plaintext = aesGcm.decrypt(this.#key, this.#nonce(), aad, ciphertext);
    } catch (cause) {
      throw new CryptoError("Aead", "the tag does not match: altered, replayed or out of order", { cause });
    }
    this.#requireRoom(plaintext.length);
    this.#advance(plaintext.length);
    return plaintext;
  }

  #requireRoom(length: number): void {
    if (this.#counter === MAX_COUNTER || this.#bytes + BigInt(length) > MAX_BYTES) {
      throw new CryptoError("ReKeyNeeded", "the key has served its number of messages or bytes");
    }
  }

  #advance(length: number): void {
    this.#counter += 1n;
    this.#bytes += BigInt(length);
  }

  #nonce(): Uint8Array {
    return concat(new Uint8Array(4), u64be(this.#counter));
  }
}
