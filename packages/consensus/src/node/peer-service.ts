import { createHash } from "node:crypto";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { parseResponderId } from "@mobilecoin-ts/wire";
import { ConsensusMsgResult, ConsensusPeerAPI } from "@mobilecoin-ts/wire/gen/consensus_peer_pb";
import type { TxContext } from "../enclave-api/index.ts";
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  decodeTxProposeAad,
  encodeConsensusMessage,
  type TxProposeAad,
  verifyConsensusMessage,
} from "../messages/index.ts";
import type { ByzantineLedger } from "./byzantine-ledger.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { isAttestationFailure } from "./enclave-failure.ts";
import { NodeError } from "./error.ts";
import { LruMap } from "./lru-map.ts";
import type { Peers } from "./peers.ts";
import type { TxManager } from "./tx-manager.ts";

const TX_HASH_LENGTH = 32;

/** Hashes in one `GetTxs` request; the reference asks for 100 together. */
const MAX_TX_HASHES = 1000;

/** Messages remembered as good, by the digest of their bytes. */
const MAX_VERIFIED = 2_000;

/** Longer ones are not remembered; those of an honest network stay below. */
const MAX_VERIFIED_LENGTH = 64 * 1024;

const NO_BYTES = new Uint8Array(0);

export interface PeerServiceOptions {
  readonly enclave: Pick<ConsensusEnclave, "peerTxPropose">;
  readonly store: LedgerStore;
  readonly txManager: TxManager;
  readonly worker: ByzantineLedger;
  readonly peers: Peers;
  /** Takes a transaction that a peer sent; never throws. */
  readonly accept: (context: TxContext, route: TxProposeAad | undefined) => Promise<void>;
}

/** `consensus_peer.ConsensusPeerAPI` (04 section 2.9.3). */
export function addPeerService(router: ConnectRouter, options: PeerServiceOptions): void {
  const { enclave, store, txManager, worker, peers } = options;
  const verified = new LruMap<ConsensusMessage>(MAX_VERIFIED);
  router.service(ConsensusPeerAPI, {
    async peerTxPropose({ aad, channelId, data }) {
      const { contexts } = await orRefuse(() => enclave.peerTxPropose({ aad, channelId, data }));
      const route = routeOf(aad);
      await Promise.all(contexts.map((context) => options.accept(context, route)));
      return { blockCount: store.blockCount() };
    },

    sendConsensusMsg({ fromResponderId, payload }) {
      const from = parsed("from_responder_id", () => parseResponderId(fromResponderId));
      // In a mesh every message comes from every peer: what was found good once need not be read and verified again.
      const digest = createHash("sha256").update(payload).digest("base64");
      const known = verified.get(digest);
      const message = known ?? parsed("consensus_msg", () => decodeConsensusMessage(payload));
      if (!peers.has(from)) return { result: ConsensusMsgResult.UnknownPeer };
      if (peers.isBlocked(from)) throw new ConnectError("the peer is cut off", Code.Unavailable);
      if (known !== undefined) {
        worker.receiveAgain(known, from);
      } else {
        if (!verifyConsensusMessage(message)) throw invalid("InvalidConsensusMsgSignature");
        accept(message, from);
        if (payload.length <= MAX_VERIFIED_LENGTH) verified.set(digest, message);
      }
      peers.heardFrom(from);
      return { result: ConsensusMsgResult.Ok };
    },

    getLatestMsg() {
      const message = worker.highestIssuedMessage;
      return { payload: message === undefined ? NO_BYTES : encodeConsensusMessage(message) };
    },

    async getTxs({ channelId, txHashes }) {
      if (txHashes.length > MAX_TX_HASHES || txHashes.some(({ length }) => length !== TX_HASH_LENGTH)) {
        throw new ConnectError("tx_hash: ", Code.InvalidArgument);
      }
      const missing = txManager.missing(txHashes);
      if (missing.length > 0)
        return { payload: { case: "txHashesNotInCache", value: { txHashes: missing } } };
      try {
        const value = await txManager.encryptForPeer(txHashes, NO_BYTES, channelId);
        return { payload: { case: "success", value } };
      } catch (error) {
        throw new ConnectError(`Internal error: ${describe(error)}`, Code.Internal);
      }
    },
  });

  function accept(message: ConsensusMessage, from: string): void {
    if (!worker.receive(message, from)) {
      throw new ConnectError("send_consensus_msg: InternalError", Code.Internal);
    }
  }
}

/** Where a transaction came from; undefined counts as if it had been submitted here. */
function routeOf(aad: Uint8Array): TxProposeAad | undefined {
  try {
    return decodeTxProposeAad(aad);
  } catch {
    return undefined;
  }
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw invalid(what);
  }
}

function invalid(what: string): ConnectError {
  return new ConnectError(`send_consensus_msg: ${what}`, Code.InvalidArgument);
}

async function orRefuse<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isAttestationFailure(error)) {
      throw new ConnectError("Permission Denied (attestation)", Code.PermissionDenied);
    }
    throw new ConnectError(`Internal error: ${describe(error)}`, Code.Internal);
  }
}

function describe(error: unknown): string {
  return error instanceof NodeError || error instanceof Error ? error.message : "unknown";
}
