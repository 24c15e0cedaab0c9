import {
  type Digestible,
  d,
  digest32,
  ed25519Sign,
  ed25519VerifyStrict,
  Transcript,
} from "@mobilecoin-ts/crypto";
import type { Message } from "@mobilecoin-ts/scp";
import { ConsensusError } from "../error.ts";
import type { ConsensusValue } from "./consensus-value.ts";
import { messageDigestible } from "./message-digestible.ts";

/** A statement about a slot as nodes send it to one another (04 section 2.7). */
export interface ConsensusMessage {
  readonly message: Message<ConsensusValue>;
  /** Id of the block before the slot's, 32 bytes: binds the statement to one chain. */
  readonly previousBlockId: Uint8Array;
  /** Ed25519 signature of `consensusMessageDigest` by the sender's key, 64 bytes. */
  readonly signature: Uint8Array;
}

const PEER_MESSAGE = new Transcript("peer-message");

/** What the sender signs, 32 bytes. */
export function consensusMessageDigest(
  message: Message<ConsensusValue>,
  previousBlockId: Uint8Array,
): Uint8Array {
  const transcript = PEER_MESSAGE.clone();
  messageDigestible.full(transcript, "scp_msg", message);
  d.bytes.full(transcript, "prev_block_id", previousBlockId);
  return transcript.challenge("digest32", 32);
}

/**
 * Signs a statement.
 *
 * @param previousBlockId id of block `slotIndex − 1`, 32 bytes.
 * @param seed private key of `message.sender`, 32 bytes.
 * @throws ConsensusError `ZeroSlot`
 */
export function signConsensusMessage(
  message: Message<ConsensusValue>,
  previousBlockId: Uint8Array,
  seed: Uint8Array,
): ConsensusMessage {
  if (message.slotIndex === 0n) throw new ConsensusError("ZeroSlot", "slot 0 has no block before it to name");
  const signature = ed25519Sign(seed, consensusMessageDigest(message, previousBlockId));
  return { message, previousBlockId, signature };
}

/**
 * Whether the signature is the sender's. Who the sender is, nothing here says: quorum sets name it by the same key.
 * Verification is strict: what is crafted is valid for all nodes or for none.
 */
export function verifyConsensusMessage({ message, previousBlockId, signature }: ConsensusMessage): boolean {
  return ed25519VerifyStrict(
    message.sender.publicKey,
    consensusMessageDigest(message, previousBlockId),
    signature,
  );
}

const consensusMessageDigestible: Digestible<ConsensusMessage> = d.struct<ConsensusMessage>("ConsensusMsg", [
  ["scp_msg", messageDigestible, { key: "message" }],
  ["prev_block_id", d.bytes, { key: "previousBlockId" }],
  ["signature", d.ed25519Signature],
]);

/** By which a node knows a message it has already passed on, 32 bytes. Local: no other node sees it. */
export function consensusMessageHash(message: ConsensusMessage): Uint8Array {
  return digest32("broadcast", consensusMessageDigestible, message);
}
