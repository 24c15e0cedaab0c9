import { createClient, type Transport } from "@connectrpc/connect";
import { checkEd25519PublicKey } from "@mobilecoin-ts/crypto";
import { parseResponderId } from "@mobilecoin-ts/wire";
import { ConsensusClientAPI } from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { LedgerSyncError, reasonOf } from "../error.ts";

/** What a node calls itself, and the key that it signs metadata of blocks with. */
export interface NodeIdentity {
  /** `host:port` by which its peers know it. */
  readonly responderId: string;
  /** Ed25519 message-signing key, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/**
 * Asks a node over gRPC who it is (`GetNodeConfig`). Nothing but the connection vouches for the answer: ask over TLS, or
 * compare the keys with those that the operator publishes.
 *
 * @throws LedgerSyncError `Connection` (area `watcher`) for an answer that names no node; what the transport throws.
 */
export async function fetchNodeIdentity(transport: Transport, signal?: AbortSignal): Promise<NodeIdentity> {
  const client = createClient(ConsensusClientAPI, transport);
  const config = await client.getNodeConfig({}, signal === undefined ? {} : { signal });
  const publicKey = config.scpMessageSigningKey?.data ?? new Uint8Array(0);
  try {
    checkEd25519PublicKey(publicKey);
    return { responderId: parseResponderId(config.peerResponderId), publicKey };
  } catch (cause) {
    throw new LedgerSyncError(
      "watcher",
      "Connection",
      `the node does not say who it is: ${reasonOf(cause)}`,
      {
        cause,
      },
    );
  }
}
