import { NoiseHandshake, type NoisePattern, x25519PublicKey } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import type { DcapEvidence, EnclaveReportDataContents } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";
import type { TrustedIdentity } from "../verify/trusted-identity.ts";
import type { VerifiedEvidence } from "../verify/verified-evidence.ts";
import { AttestedClient } from "./attested-client.ts";
import { AttestedSession } from "./attested-session.ts";
import { EvidenceCache } from "./evidence-cache.ts";
import { decodeInitiatorPayload, decodeResponderPayload } from "./evidence-payload.ts";
import { type EvidenceVerifier, evidenceVerifier, verifyRemote } from "./evidence-verifier.ts";
import { prologueOf, readHandshake } from "./handshake-errors.ts";
import { LruMap } from "./lru-map.ts";
import type { AttestedMessage, NonceMessage } from "./messages.ts";
import type { QuotingPlatform } from "./quoting-platform.ts";
import { notFound, SessionTable } from "./session-table.ts";

/** How many entries each table of an endpoint holds (05 section 2.7). */
export const SESSION_LIMITS = {
  pendingPeers: 64,
  peersEachWay: 64,
  clients: 10_000,
  frontends: 64,
  pendingBackends: 100,
  backends: 100,
} as const;

/** Hardening advisories that the enclaves of a network hold mitigated in one another. */
export const MITIGATED_HARDENING_ADVISORIES: readonly string[] = [
  "INTEL-SA-00334",
  "INTEL-SA-00615",
  "INTEL-SA-00657",
];

/** Trust in one measurement with the advisories of `MITIGATED_HARDENING_ADVISORIES`, and no configuration advisory. */
export function ownIdentity(mrEnclave: Uint8Array): TrustedIdentity {
  return {
    kind: "mrEnclave",
    mrEnclave,
    configAdvisories: [],
    hardeningAdvisories: [...MITIGATED_HARDENING_ADVISORIES],
  };
}

export interface AttestedEndpointOptions {
  readonly platform: QuotingPlatform;
  /** 32 bytes that evidence shall commit to besides the key: a block-signing key, an ingress key, 32 zeros. */
  readonly customIdentity?: Uint8Array;
  /** Under which clients (and routers) call. */
  readonly clientResponderId: string;
  /** Under which peers call; for consensus with `-<configuration digest>` behind it. Without it there are no peers. */
  readonly peerResponderId?: string;
  readonly random?: RandomBytes;
}

/** An answered handshake. */
export interface AcceptedHandshake {
  /** The second handshake message (`AuthMessage.data`). */
  readonly response: Uint8Array;
  /** 64 bytes. */
  readonly channelId: Uint8Array;
}

/** A handshake with a peer that this side began. */
export interface ConnectedPeer {
  readonly channelId: Uint8Array;
  readonly evidence: DcapEvidence;
  readonly verified: VerifiedEvidence;
}

/**
 * The trusted side of all attested traffic: what an enclave has of keys, evidence and sessions (05 sections 2.5 to 2.7
 * and 2.15). Nothing here waits or keeps time. The identity key lives as long as the object and never leaves it.
 */
export class AttestedEndpoint {
  readonly #privateKey: Uint8Array;
  readonly #identityKey: Uint8Array;
  readonly #clientResponderId: string;
  readonly #peerResponderId: string | undefined;
  readonly #random: RandomBytes;
  readonly #verify: EvidenceVerifier;
  readonly #evidence: EvidenceCache;
  readonly #clients = new SessionTable(SESSION_LIMITS.clients);
  readonly #frontends = new SessionTable(SESSION_LIMITS.frontends);
  readonly #outboundPeers = new SessionTable(SESSION_LIMITS.peersEachWay);
  readonly #inboundPeers = new SessionTable(SESSION_LIMITS.peersEachWay);
  readonly #pendingPeers = new LruMap<NoiseHandshake>(SESSION_LIMITS.pendingPeers);
  readonly #pendingBackends = new LruMap<AttestedClient>(SESSION_LIMITS.pendingBackends);
  readonly #backends = new LruMap<AttestedClient>(SESSION_LIMITS.backends);

  /** Throws `InvalidResponderId`, or `LengthMismatch` for a custom identity that is not 32 bytes. */
  constructor(options: AttestedEndpointOptions) {
    const { platform, customIdentity, clientResponderId, peerResponderId, random = systemRandom } = options;
    if (customIdentity !== undefined && customIdentity.length !== 32) {
      throw new AttestationError(
        "LengthMismatch",
        `endpoint: found a custom identity of ${customIdentity.length} bytes, wanted 32`,
        { data: { field: "custom_identity", found: customIdentity.length, required: 32 } },
      );
    }
    prologueOf(clientResponderId);
    if (peerResponderId !== undefined) prologueOf(peerResponderId);
    this.#clientResponderId = clientResponderId;
    this.#peerResponderId = peerResponderId;
    this.#random = random;
    this.#privateKey = random(32);
    this.#identityKey = x25519PublicKey(this.#privateKey);
    const identity = ownIdentity(platform.mrEnclave);
    this.#verify = evidenceVerifier({
      identities: [identity],
      root: platform.attestationRoot,
      allowDebug: platform.allowDebug,
      time: () => undefined,
    });
    this.#evidence = new EvidenceCache({
      platform,
      identity,
      identityKey: this.#identityKey,
      customIdentity: customIdentity ?? new Uint8Array(0),
      random,
    });
  }

  /** X25519 public key of every session of this endpoint, 32 bytes. */
  get identityKey(): Uint8Array {
    return this.#identityKey.slice();
  }

  /** A report body of 384 bytes to have quoted, and what it commits to. Pending until `cacheEvidence`. */
  newReport(): { readonly report: Uint8Array; readonly contents: EnclaveReportDataContents } {
    return this.#evidence.newReport();
  }

  /** Takes evidence made of `newReport` into use. Throws as `EvidenceCache.cache` does; the old evidence stays then. */
  cacheEvidence(evidence: DcapEvidence): void {
    this.#evidence.cache(evidence);
  }

  /** Throws `NoAttestationEvidenceAvailable`. */
  evidence(): DcapEvidence {
    return this.#evidence.current.evidence;
  }

  /** Answers a client's request. Throws `MessageTooLong`, `HandshakeWrite` or `NoAttestationEvidenceAvailable`. */
  clientAccept(authMessage: Uint8Array): AcceptedHandshake {
    return this.#acceptInto(this.#clients, authMessage);
  }

  /** Throws `NotFound`; or `Aead`, `ReKeyNeeded`, after which the session is as before. */
  clientDecrypt(message: AttestedMessage): Uint8Array {
    return this.#clients.require(message.channelId).decrypt(message);
  }

  /** Throws `NotFound` or `ReKeyNeeded`. */
  clientEncrypt(channelId: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): AttestedMessage {
    return this.#clients.require(channelId).encrypt(aad, plaintext);
  }

  /** Decrypts and forgets, so that the counters of a request that is turned away stay in step. Throws as `clientDecrypt`. */
  clientDiscard(message: AttestedMessage): void {
    this.clientDecrypt(message);
  }

  clientClose(channelId: Uint8Array): void {
    this.#clients.remove(channelId);
  }

  /**
   * The first message to a peer, under its responder id (for consensus with the digest behind it). Another call for the
   * same peer takes the place of the first. Throws `InvalidResponderId` or `NoAttestationEvidenceAvailable`.
   */
  peerInit(responderId: string): Uint8Array {
    const handshake = new NoiseHandshake({
      pattern: "IX",
      role: "initiator",
      prologue: prologueOf(responderId),
      staticPrivateKey: this.#privateKey,
      random: this.#random,
    });
    const request = handshake.write(this.#evidence.current.initiatorPayload);
    this.#pendingPeers.set(responderId, handshake);
    return request;
  }

  /**
   * Takes a peer's answer and judges the peer; the pending handshake is spent either way. Throws `InvalidState`,
   * `MessageTooLong`, `HandshakeRead`, `AttestationEvidenceDeserialization`, `BadRemoteIdentity` or
   * `AttestationEvidenceVerification`.
   */
  peerConnect(responderId: string, response: Uint8Array): ConnectedPeer {
    const handshake = this.#pendingPeers.take(responderId);
    if (handshake === undefined) throw noHandshake(responderId);
    const payload = readHandshake("HandshakeRead", response, responderId, () => handshake.read(response));
    const evidence = decodeResponderPayload(payload);
    // Peers run this very program, and its evidence is of this kind.
    if (evidence.case !== "dcapEvidence") {
      throw new AttestationError(
        "AttestationEvidenceDeserialization",
        `the handshake's payload: found no DCAP evidence of peer ${responderId}, wanted one`,
      );
    }
    const verified = verifyRemote(this.#verify, evidence, handshake.remoteStaticKey!, `peer ${responderId}`);
    const session = new AttestedSession(handshake.finish());
    this.#outboundPeers.add(session);
    return { channelId: session.binding.slice(), evidence: evidence.value, verified };
  }

  /**
   * Judges a peer that called and answers it. Throws `InvalidState` at an endpoint without peers, `MessageTooLong`,
   * `HandshakeWrite`, `AttestationEvidenceDeserialization`, `BadRemoteIdentity`, `AttestationEvidenceVerification` or
   * `NoAttestationEvidenceAvailable`.
   */
  peerAccept(authMessage: Uint8Array): AcceptedHandshake {
    if (this.#peerResponderId === undefined) {
      throw new AttestationError("InvalidState", "handshake: found no responder id for peers, wanted one");
    }
    const handshake = this.#responder("IX", this.#peerResponderId);
    const payload = readHandshake("HandshakeWrite", authMessage, this.#peerResponderId, () =>
      handshake.read(authMessage),
    );
    const evidence = decodeInitiatorPayload(payload);
    verifyRemote(
      this.#verify,
      { case: "dcapEvidence", value: evidence },
      handshake.remoteStaticKey!,
      "the calling peer",
    );
    return this.#answer(handshake, this.#inboundPeers);
  }

  /** For a session with a peer, whoever began it. Throws `NotFound` or `ReKeyNeeded`. */
  peerEncrypt(channelId: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): AttestedMessage {
    return this.#peer(channelId).encrypt(aad, plaintext);
  }

  /** Throws `NotFound`; or `Aead`, `ReKeyNeeded`, after which the session is as before. */
  peerDecrypt(message: AttestedMessage): Uint8Array {
    return this.#peer(message.channelId).decrypt(message);
  }

  peerClose(channelId: Uint8Array): void {
    if (!this.#inboundPeers.remove(channelId)) this.#outboundPeers.remove(channelId);
  }

  /** A store's answer to a router's request. Throws as `clientAccept`. */
  frontendAccept(authMessage: Uint8Array): AcceptedHandshake {
    return this.#acceptInto(this.#frontends, authMessage);
  }

  /** A router's message, under the counter it carries. Throws `NotFound`, `Aead` or `ReKeyNeeded`. */
  frontendDecrypt(message: NonceMessage): Uint8Array {
    return this.#frontends.require(message.channelId).decryptWithNonce(message);
  }

  /** Throws `NotFound` or `ReKeyNeeded`. */
  frontendEncrypt(channelId: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): NonceMessage {
    return this.#frontends.require(channelId).encryptWithNonce(aad, plaintext);
  }

  frontendClose(channelId: Uint8Array): void {
    this.#frontends.remove(channelId);
  }

  /** A router's request to a store, named as in the store's `store_uri`. Throws `InvalidResponderId`. */
  backendInit(responderId: string): Uint8Array {
    const client = new AttestedClient({ responderId, verify: this.#verify, random: this.#random });
    const request = client.authRequest();
    this.#pendingBackends.set(responderId, client);
    return request;
  }

  /** Takes a store's answer and judges the store, which runs this router's program. Throws as `AttestedClient`. */
  backendConnect(responderId: string, response: Uint8Array): VerifiedEvidence {
    const client = this.#pendingBackends.take(responderId);
    if (client === undefined) throw noHandshake(responderId);
    const verified = client.processAuthResponse(response);
    this.#backends.set(responderId, client);
    return verified;
  }

  /** The stores there are sessions with. */
  backendResponderIds(): string[] {
    return this.#backends.keys();
  }

  /** Throws `NotFound` or `ReKeyNeeded`. */
  backendEncrypt(responderId: string, aad: Uint8Array, plaintext: Uint8Array): NonceMessage {
    return this.#backend(responderId).encryptWithNonce(aad, plaintext);
  }

  /** A store's reply; its channel id is not looked at. Throws `NotFound`, `Aead` or `ReKeyNeeded`. */
  backendDecrypt(responderId: string, message: NonceMessage): Uint8Array {
    return this.#backend(responderId).decryptWithNonce(message);
  }

  backendClose(responderId: string): void {
    this.#backends.take(responderId);
  }

  #backend(responderId: string): AttestedClient {
    return this.#backends.get(responderId) ?? notFound();
  }

  #peer(channelId: Uint8Array): AttestedSession {
    return this.#inboundPeers.find(channelId) ?? this.#outboundPeers.require(channelId);
  }

  #responder(pattern: NoisePattern, responderId: string): NoiseHandshake {
    return new NoiseHandshake({
      pattern,
      role: "responder",
      prologue: prologueOf(responderId),
      staticPrivateKey: this.#privateKey,
      random: this.#random,
    });
  }

  #acceptInto(table: SessionTable, authMessage: Uint8Array): AcceptedHandshake {
    const handshake = this.#responder("NX", this.#clientResponderId);
    readHandshake("HandshakeWrite", authMessage, this.#clientResponderId, () => handshake.read(authMessage));
    return this.#answer(handshake, table);
  }

  #answer(handshake: NoiseHandshake, table: SessionTable): AcceptedHandshake {
    const response = handshake.write(this.#evidence.current.responderPayload);
    const session = new AttestedSession(handshake.finish());
    table.add(session);
    return { response, channelId: session.binding.slice() };
  }
}

function noHandshake(responderId: string): AttestationError {
  return new AttestationError(
    "InvalidState",
    `handshake with ${responderId}: found none pending, wanted one: it was answered, replaced or evicted`,
  );
}
