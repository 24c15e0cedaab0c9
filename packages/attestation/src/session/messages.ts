import { type Codec, f, message } from "@mobilecoin-ts/wire";

/** A message of a session (`attest.Message`, 05 section 2.1). */
export interface AttestedMessage {
  /** Sent in clear, authenticated with the ciphertext. */
  readonly aad: Uint8Array;
  /** Which session: its 64-byte binding. */
  readonly channelId: Uint8Array;
  /** AES-256-GCM ciphertext and 16-byte tag. */
  readonly data: Uint8Array;
}

/** A message that carries the counter it was encrypted under (`attest.NonceMessage`). */
export interface NonceMessage extends AttestedMessage {
  readonly nonce: bigint;
}

const shared = { aad: f.bytes(1), channelId: f.bytes(2), data: f.bytes(3) };

export const attestedMessageCodec: Codec<AttestedMessage> = message<AttestedMessage>("Message", shared);

export const nonceMessageCodec: Codec<NonceMessage> = message<NonceMessage>("NonceMessage", {
  ...shared,
  nonce: f.fixed64(4),
});

/** One handshake message and nothing else (`attest.AuthMessage`). */
export const authMessageCodec: Codec<{ readonly data: Uint8Array }> = message<{ readonly data: Uint8Array }>(
  "AuthMessage",
  { data: f.bytes(1) },
);

/** Longest handshake message that is read; the longest in use has some 19 kB (05 section 3). */
export const MAX_AUTH_MESSAGE_BYTES = 64 * 1024;
