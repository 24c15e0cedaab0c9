import { sha512 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "../bytes.ts";
import { hmacSha512 } from "../hkdf.ts";
import { NoiseCipherState } from "./cipher-state.ts";

const EMPTY = new Uint8Array(0);

/** Handshake hash, chaining key and handshake cipher (05 section 2.4). */
export class NoiseSymmetricState {
  #hash: Uint8Array;
  #chainingKey: Uint8Array;
  #cipher: NoiseCipherState | undefined;

  /** Starts from a protocol name of at most 64 bytes, padded with zeros rather than hashed. */
  constructor(protocolName: string) {
    const start = new Uint8Array(64);
    start.set(utf8(protocolName));
    this.#hash = start;
    this.#chainingKey = start.slice();
  }

  /** Handshake hash so far, 64 bytes; after the last message the channel binding. */
  get hash(): Uint8Array {
    return this.#hash.slice();
  }

  get hasKey(): boolean {
    return this.#cipher !== undefined;
  }

  mixHash(data: Uint8Array): void {
    this.#hash = sha512(concat(this.#hash, data));
  }

  mixKey(input: Uint8Array): void {
    const [chainingKey, key] = this.#derive(input);
    this.#chainingKey = chainingKey;
    this.#cipher = new NoiseCipherState(key.subarray(0, 32));
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const out = this.#cipher === undefined ? plaintext.slice() : this.#cipher.encrypt(this.#hash, plaintext);
    this.mixHash(out);
    return out;
  }

  /** Throws `MessageTooShort` or `Aead`. */
  decryptAndHash(data: Uint8Array): Uint8Array {
    const out = this.#cipher === undefined ? data.slice() : this.#cipher.decrypt(this.#hash, data);
    this.mixHash(data);
    return out;
  }

  /** Transport keys of 32 bytes: initiator to responder, then back. */
  split(): readonly [Uint8Array, Uint8Array] {
    const [first, second] = this.#derive(EMPTY);
    return [first.slice(0, 32), second.slice(0, 32)];
  }

  #derive(input: Uint8Array): readonly [Uint8Array, Uint8Array] {
    const secret = hmacSha512(this.#chainingKey, input);
    const first = hmacSha512(secret, Uint8Array.of(1));
    return [first, hmacSha512(secret, first, Uint8Array.of(2))];
  }
}
