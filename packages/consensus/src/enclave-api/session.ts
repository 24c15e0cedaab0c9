import type { EnclaveReportDataContents } from "@mobilecoin-ts/ledger";
import { type Codec, f, message } from "@mobilecoin-ts/wire";

/** A report to be quoted, and what its report data commits to (05 section 2.15). */
export interface NewReport {
  /** Report body, 384 bytes. */
  readonly report: Uint8Array;
  readonly contents: EnclaveReportDataContents;
}

export const newReportCodec: Codec<NewReport> = message<NewReport>("NewReport", {
  report: f.bytes(1),
  contents: f.message(
    2,
    message<EnclaveReportDataContents>("EnclaveReportDataContents", {
      nonce: f.bytes(1),
      key: f.bytes(2),
      customIdentity: f.bytes(3),
    }),
  ),
});

/** A responder's part of a handshake: what goes back to the initiator, and the session that now exists. */
export interface AcceptedHandshake {
  readonly response: Uint8Array;
  readonly channelId: Uint8Array;
}

export const acceptedHandshakeCodec: Codec<AcceptedHandshake> = message<AcceptedHandshake>(
  "AcceptedHandshake",
  {
    response: f.bytes(1),
    channelId: f.bytes(2),
  },
);

/** Names a session. */
export interface Channel {
  readonly channelId: Uint8Array;
}

export const channelCodec: Codec<Channel> = message<Channel>("Channel", { channelId: f.bytes(1) });

/** A peer to begin a handshake with, by the responder id it is dialled at, without any digest. */
export interface PeerAddress {
  readonly responderId: string;
}

export const peerAddressCodec: Codec<PeerAddress> = message<PeerAddress>("PeerAddress", {
  responderId: f.string(1),
});

/** A peer's answer to the handshake that was begun with it. */
export interface PeerResponse extends PeerAddress {
  readonly response: Uint8Array;
}

export const peerResponseCodec: Codec<PeerResponse> = message<PeerResponse>("PeerResponse", {
  responderId: f.string(1),
  response: f.bytes(2),
});
