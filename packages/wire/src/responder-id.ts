import { equalBytes } from "@mobilecoin-ts/crypto";
import { WireError } from "./error.ts";

/** A node's name: `host:port`. Only the colon is checked. @throws WireError `InvalidFormat` */
export function parseResponderId(text: string): string {
  if (!text.includes(":")) {
    throw new WireError("InvalidFormat", "is not of the form host:port", "responder id");
  }
  return text;
}

/** Who a consensus node is (01 section 2.16). */
export interface NodeId {
  readonly responderId: string;
  /** Ed25519 public key that signs its consensus messages, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Nodes are the same when their keys are, under whatever name they answer. */
export function nodeIdsEqual(a: NodeId, b: NodeId): boolean {
  return equalBytes(a.publicKey, b.publicKey);
}
