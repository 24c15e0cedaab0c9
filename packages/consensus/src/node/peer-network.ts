import type { TxContext } from "../enclave-api/index.ts";
import type { ConsensusMessage } from "../messages/index.ts";

/** The peers of a node, as its worker sees them. */
export interface PeerNetwork {
  /** Sends a message to all peers but its issuer and `receivedFrom` (a responder id); once, however often it is asked. */
  broadcast(message: ConsensusMessage, receivedFrom: string): void;
  /**
   * Fetches transactions from the peer at `address` (`host:port`).
   *
   * @throws NodeError `NotInCache` naming what the peer does not have, `Peer` for every other failure.
   */
  fetchTxs(
    address: string,
    txHashes: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<readonly TxContext[]>;
}
