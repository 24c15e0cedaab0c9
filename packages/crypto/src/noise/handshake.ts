import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { concat } from "../bytes.ts";
import { CryptoError, requireLength } from "../error.ts";
import { X25519_KEY_LENGTH, x25519PublicKey, x25519SharedSecret } from "../x25519.ts";
import { NoiseCipherState } from "./cipher-state.ts";
import { NoiseSymmetricState } from "./symmetric-state.ts";

type Token = "e" | "s" | "ee" | "es" | "se";

const PATTERNS = {
  NX: [["e"], ["e", "ee", "s", "es"]],
  IX: [
    ["e", "s"],
    ["e", "ee", "se", "s", "es"],
  ],
} as const satisfies Record<string, readonly (readonly Token[])[]>;

export type NoisePattern = keyof typeof PATTERNS;

export interface NoiseHandshakeOptions {
  readonly pattern: NoisePattern;
  readonly role: "initiator" | "responder";
  /** UTF-8 bytes of the responder id (05 section 2.3). */
  readonly prologue: Uint8Array;
  /** 32 bytes; for everyone but the initiator of NX, who has none. */
  readonly staticPrivateKey?: Uint8Array;
  /** Source of the 32-byte ephemeral private key. */
  readonly random?: RandomBytes;
}

/** What a finished handshake yields. */
export interface NoiseSession {
  /** Final handshake hash, 64 bytes: the channel id of the session. */
  readonly binding: Uint8Array;
  readonly writer: NoiseCipherState;
  readonly reader: NoiseCipherState;
}

/** One side of `Noise_NX_25519_AESGCM_SHA512` or `Noise_IX_25519_AESGCM_SHA512` (05 sections 2.2 and 2.4). */
export class NoiseHandshake {
  readonly #symmetric: NoiseSymmetricState;
  readonly #pattern: readonly (readonly Token[])[];
  readonly #initiator: boolean;
  readonly #static: Uint8Array | undefined;
  readonly #ephemeral: Uint8Array;
  #remoteStatic: Uint8Array | undefined;
  #remoteEphemeral: Uint8Array | undefined;
  #next = 0;
  #spent = false;

  /** Throws `MissingStaticKey`, `ExistingStaticKey` or `LengthMismatch`. */
  constructor(options: NoiseHandshakeOptions) {
    const { pattern, role, prologue, staticPrivateKey, random = systemRandom } = options;
    this.#initiator = role === "initiator";
    const needsStatic = !(pattern === "NX" && this.#initiator);
    if (needsStatic && staticPrivateKey === undefined) {
      throw new CryptoError("MissingStaticKey", "this side of the pattern has a static key");
    }
    if (!needsStatic && staticPrivateKey !== undefined) {
      throw new CryptoError("ExistingStaticKey", "the initiator of NX has no static key");
    }
    if (staticPrivateKey !== undefined) requireLength(staticPrivateKey, X25519_KEY_LENGTH, "static key");
    this.#static = staticPrivateKey?.slice();
    this.#ephemeral = random(X25519_KEY_LENGTH);
    this.#pattern = PATTERNS[pattern];
    this.#symmetric = new NoiseSymmetricState(`Noise_${pattern}_25519_AESGCM_SHA512`);
    this.#symmetric.mixHash(prologue);
  }

  /** Handshake hash so far, 64 bytes. */
  get hash(): Uint8Array {
    return this.#symmetric.hash;
  }

  /** Ephemeral public key the other side sent, once read; 32 bytes. */
  get remoteEphemeralKey(): Uint8Array | undefined {
    return this.#remoteEphemeral?.slice();
  }

  /** Static public key the other side proved or claimed, once read; 32 bytes. */
  get remoteStaticKey(): Uint8Array | undefined {
    return this.#remoteStatic?.slice();
  }

  /** The next message. Throws `WriteOutOfOrder` when it is not this side's turn. */
  write(payload: Uint8Array): Uint8Array {
    const tokens = this.#take(true);
    const parts = tokens.map((token) => {
      if (token === "e") {
        const key = x25519PublicKey(this.#ephemeral);
        this.#symmetric.mixHash(key);
        return key;
      }
      if (token === "s") return this.#symmetric.encryptAndHash(x25519PublicKey(this.#required(this.#static)));
      this.#mixSecret(token);
      return new Uint8Array(0);
    });
    return concat(...parts, this.#symmetric.encryptAndHash(payload));
  }

  /**
   * Payload of the other side's message. Throws `ReadOutOfOrder`, `MessageTooShort` or `Aead`; after the last two
   * the handshake is spent, and another needs a new ephemeral key (05 section 2.6).
   */
  read(message: Uint8Array): Uint8Array {
    const tokens = this.#take(false);
    let offset = 0;
    const take = (length: number) => {
      if (message.length - offset < length) {
        throw new CryptoError("MessageTooShort", "the handshake message ends within a key");
      }
      offset += length;
      return message.slice(offset - length, offset);
    };
    this.#spent = true;
    for (const token of tokens) {
      if (token === "e") {
        this.#remoteEphemeral = take(X25519_KEY_LENGTH);
        this.#symmetric.mixHash(this.#remoteEphemeral);
      } else if (token === "s") {
        const length = X25519_KEY_LENGTH + (this.#symmetric.hasKey ? 16 : 0);
        this.#remoteStatic = this.#symmetric.decryptAndHash(take(length));
      } else this.#mixSecret(token);
    }
    const payload = this.#symmetric.decryptAndHash(message.slice(offset));
    this.#spent = false;
    return payload;
  }

  /** Keys and binding, once: twice would repeat nonces. Throws `HandshakeNotComplete` at any other time. */
  finish(): NoiseSession {
    if (this.#spent || this.#next < this.#pattern.length) {
      throw new CryptoError("HandshakeNotComplete", "the handshake has not ended, or its session is taken");
    }
    this.#spent = true;
    const [forth, back] = this.#symmetric.split();
    const [writer, reader] = this.#initiator ? [forth, back] : [back, forth];
    return {
      binding: this.hash,
      writer: new NoiseCipherState(writer),
      reader: new NoiseCipherState(reader),
    };
  }

  #take(writing: boolean): readonly Token[] {
    const tokens = this.#pattern[this.#next];
    const mine = (this.#next % 2 === 0) === this.#initiator;
    if (this.#spent || tokens === undefined || mine !== writing) {
      const code = writing ? "WriteOutOfOrder" : "ReadOutOfOrder";
      throw new CryptoError(code, "not the turn of this handshake message");
    }
    this.#next += 1;
    return tokens;
  }

  #mixSecret(token: "ee" | "es" | "se"): void {
    const [initiators, responders] = token;
    const mine = this.#initiator ? initiators : responders;
    const theirs = this.#initiator ? responders : initiators;
    const own = this.#required(mine === "e" ? this.#ephemeral : this.#static);
    const remote = this.#required(theirs === "e" ? this.#remoteEphemeral : this.#remoteStatic);
    this.#symmetric.mixKey(x25519SharedSecret(own, remote));
  }

  #required(key: Uint8Array | undefined): Uint8Array {
    if (key === undefined) throw new CryptoError("MissingStaticKey", "the pattern lacks a key at this point");
    return key;
  }
}
