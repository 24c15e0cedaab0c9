import { NoiseHandshake } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { AttestationError } from "../error.ts";
import type { VerifiedEvidence } from "../verify/verified-evidence.ts";
import { AttestedSession } from "./attested-session.ts";
import { decodeResponderPayload } from "./evidence-payload.ts";
import { type EvidenceVerifier, verifyRemote } from "./evidence-verifier.ts";
import { prologueOf, readHandshake } from "./handshake-errors.ts";
import type { AttestedMessage, NonceMessage } from "./messages.ts";

export interface AttestedClientOptions {
  /** The server's responder id, byte for byte as the server is configured (05 section 2.3). */
  readonly responderId: string;
  readonly verify: EvidenceVerifier;
  readonly random?: RandomBytes;
}

type State =
  | { readonly kind: "unattested" }
  | { readonly kind: "pending"; readonly handshake: NoiseHandshake }
  | { readonly kind: "ready"; readonly session: AttestedSession };

const UNATTESTED: State = { kind: "unattested" };

/**
 * A client's side of a session with an enclave (05 sections 2.2 to 2.6), without transport. Calls on it are one after
 * another. When a call fails at the transport, or a reply does not decrypt, `drop` it and attest again: the counters no
 * longer agree.
 */
export class AttestedClient {
  readonly responderId: string;
  readonly #verify: EvidenceVerifier;
  readonly #random: RandomBytes;
  #state: State = UNATTESTED;

  /** Throws `InvalidResponderId`. */
  constructor({ responderId, verify, random = systemRandom }: AttestedClientOptions) {
    prologueOf(responderId);
    this.responderId = responderId;
    this.#verify = verify;
    this.#random = random;
  }

  get isAttested(): boolean {
    return this.#state.kind === "ready";
  }

  /** 64 bytes. Throws `InvalidState` without a session. */
  get channelId(): Uint8Array {
    return this.#session.binding.slice();
  }

  /** The first handshake message, 32 bytes (`AuthMessage.data`); starts over in any state. */
  authRequest(): Uint8Array {
    const handshake = new NoiseHandshake({
      pattern: "NX",
      role: "initiator",
      prologue: prologueOf(this.responderId),
      random: this.#random,
    });
    const request = handshake.write(new Uint8Array(0));
    this.#state = { kind: "pending", handshake };
    return request;
  }

  /**
   * Takes the answer and judges the server. Throws `InvalidState`, `MessageTooLong`, `HandshakeRead`,
   * `AttestationEvidenceDeserialization`, `BadRemoteIdentity` or `AttestationEvidenceVerification`; the handshake is
   * then spent, the next begins with a new request.
   */
  processAuthResponse(response: Uint8Array): VerifiedEvidence {
    const state = this.#state;
    this.#state = UNATTESTED;
    if (state.kind !== "pending") {
      throw new AttestationError(
        "InvalidState",
        `handshake: found ${state.kind}, wanted a request under way`,
      );
    }
    const { handshake } = state;
    const payload = readHandshake("HandshakeRead", response, this.responderId, () =>
      handshake.read(response),
    );
    const evidence = decodeResponderPayload(payload);
    // The second message of NX holds the key, so it was read.
    const staticKey = handshake.remoteStaticKey!;
    const verified = verifyRemote(this.#verify, evidence, staticKey, this.responderId);
    this.#state = { kind: "ready", session: new AttestedSession(handshake.finish()) };
    return verified;
  }

  /** Throws `InvalidState` or `ReKeyNeeded`. */
  encrypt(aad: Uint8Array, plaintext: Uint8Array): AttestedMessage {
    return this.#session.encrypt(aad, plaintext);
  }

  /** Under the aad that the reply carries. Throws `InvalidState`, `Aead` or `ReKeyNeeded`. */
  decrypt(message: AttestedMessage): Uint8Array {
    return this.#session.decrypt(message);
  }

  /** As `encrypt`, with the counter in the message: what a router sends a store. */
  encryptWithNonce(aad: Uint8Array, plaintext: Uint8Array): NonceMessage {
    return this.#session.encryptWithNonce(aad, plaintext);
  }

  /** Under the counter that the message carries. Throws as `decrypt`. */
  decryptWithNonce(message: NonceMessage): Uint8Array {
    return this.#session.decryptWithNonce(message);
  }

  /** Forgets session and handshake. */
  drop(): void {
    this.#state = UNATTESTED;
  }

  get #session(): AttestedSession {
    if (this.#state.kind !== "ready") {
      throw new AttestationError(
        "InvalidState",
        `session: found ${this.#state.kind}, wanted an attested one`,
      );
    }
    return this.#state.session;
  }
}
