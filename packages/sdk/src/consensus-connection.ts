import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  AttestedClient,
  type AttestedClientOptions,
  type VerifiedEvidence,
} from "@mobilecoin-ts/attestation";
import { PROPOSE_TX_RESULTS } from "@mobilecoin-ts/consensus";
import { type Tx, txCodec } from "@mobilecoin-ts/transaction";
import { AttestedApi } from "@mobilecoin-ts/wire/gen/attest_pb";
import { ConsensusClientAPI } from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import { SdkError } from "./error.ts";
import type { ProposeOutcome } from "./ledger-access.ts";
import { TaskQueue } from "./task-queue.ts";

const NO_AAD = new Uint8Array(0);

/** How long a call may take, milliseconds. */
const CALL_TIMEOUT_MS = 30_000;

/** Waits before a transaction is proposed again to a node that lacks outputs its rings use, milliseconds. */
const BEHIND_DELAYS_MS = [20, 50, 100, 200, 400, 800, 1600];

export interface ConsensusConnectionOptions {
  /** A gRPC or gRPC-web transport to the node's client address. */
  readonly transport: Transport;
  /** Responder id of the node's client side, `host:port`; both sides put it into the handshake. */
  readonly responderId: string;
  /** Judges the node's evidence; throws where the enclave is not one that is trusted. */
  readonly verify: AttestedClientOptions["verify"];
  /** The network's name; empty where it is not to be compared. */
  readonly chainId?: string;
  /** The value of an `authorization` header, for nodes that ask for one. */
  readonly authorization?: () => string;
}

/** What a node tells about the chain without attestation. */
export interface LastBlockInfo {
  readonly blockIndex: bigint;
  /** Minimum fee of each token that may pay fees, in its smallest unit, by token id. */
  readonly minimumFees: ReadonlyMap<bigint, bigint>;
  readonly blockVersion: number;
}

/**
 * A wallet's connection to a consensus node: transactions go to the node's enclave through an attested channel, so that
 * nobody on the way, its operator included, sees them before they are in a block (04 section 2.9.2, 05 section 2.6).
 */
export class ConsensusConnection {
  readonly responderId: string;
  readonly #options: ConsensusConnectionOptions;
  readonly #client: AttestedClient;
  readonly #attestation;
  readonly #api;
  readonly #blockchain;
  /** Messages of one session have to arrive in the order they were encrypted. */
  readonly #queue = new TaskQueue();
  #evidence: VerifiedEvidence | undefined;

  constructor(options: ConsensusConnectionOptions) {
    this.responderId = options.responderId;
    this.#options = options;
    this.#client = new AttestedClient({ responderId: options.responderId, verify: options.verify });
    this.#attestation = createClient(AttestedApi, options.transport);
    this.#api = createClient(ConsensusClientAPI, options.transport);
    this.#blockchain = createClient(BlockchainAPI, options.transport);
  }

  /** What the node's enclave proved about itself; undefined before the first call that needs it. */
  get evidence(): VerifiedEvidence | undefined {
    return this.#evidence;
  }

  async lastBlockInfo(): Promise<LastBlockInfo> {
    const info = await this.#blockchain.getLastBlockInfo({}, this.#callOptions());
    const fees = Object.entries(info.minimumFees).map(([id, fee]): [bigint, bigint] => [BigInt(id), fee]);
    return {
      blockIndex: info.index,
      // Nodes of old versions know one fee only, and 0 stands for unknown.
      minimumFees: new Map(
        fees.length > 0 ? fees : info.mobMinimumFee > 0n ? [[0n, info.mobMinimumFee]] : [],
      ),
      blockVersion: info.networkBlockVersion,
    };
  }

  /**
   * Proposes a transaction. A session that the node has lost is made anew, once.
   *
   * @throws AttestationError where the node's enclave is not trusted; SdkError `NodeUnavailable` (retryable) where the
   * node does not answer or turns clients away; the transaction may have been accepted all the same where the answer
   * was lost.
   */
  async propose(tx: Tx): Promise<ProposeOutcome> {
    for (let tried = 0; ; tried++) {
      const outcome = await this.#proposeAttested(tx);
      const delay = BEHIND_DELAYS_MS[tried];
      // The proofs are from a node that is a block ahead of this one: it will have that block in a moment.
      if (outcome.accepted || outcome.result !== "LedgerTxOutIndexOutOfBounds" || delay === undefined)
        return outcome;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  #proposeAttested(tx: Tx): Promise<ProposeOutcome> {
    return this.#queue.run(async () => {
      try {
        return await this.#proposeOnce(tx);
      } catch (error) {
        if (!(error instanceof ConnectError) || error.code !== Code.PermissionDenied)
          throw unavailable(error);
      }
      try {
        return await this.#proposeOnce(tx);
      } catch (error) {
        throw unavailable(error);
      }
    });
  }

  async #proposeOnce(tx: Tx): Promise<ProposeOutcome> {
    if (!this.#client.isAttested) await this.#attest();
    const message = this.#client.encrypt(NO_AAD, txCodec.encode(tx));
    try {
      const { result, blockCount, errMsg } = await this.#api.clientTxPropose(message, this.#callOptions());
      if (Number(result) === PROPOSE_TX_RESULTS.Ok) return { accepted: true, blockCount };
      return { accepted: false, result: nameOf(Number(result)), message: errMsg };
    } catch (error) {
      // The counters of the two sides may differ from here on.
      this.#client.drop();
      throw error;
    }
  }

  /** Makes sure of an attested channel, and tells what the enclave proved about itself. Throws as `propose`. */
  attest(): Promise<VerifiedEvidence> {
    return this.#queue.run(async () => {
      if (this.#evidence === undefined || !this.#client.isAttested) await this.#attest();
      return this.#evidence as VerifiedEvidence;
    });
  }

  async #attest(): Promise<void> {
    const data = this.#client.authRequest();
    const response = await this.#attestation.auth({ data }, this.#callOptions());
    this.#evidence = this.#client.processAuthResponse(response.data);
  }

  #callOptions() {
    const { chainId = "", authorization } = this.#options;
    const headers: Record<string, string> = {};
    if (chainId !== "") headers["chain-id"] = chainId;
    if (authorization !== undefined) headers.authorization = authorization();
    return { headers, timeoutMs: CALL_TIMEOUT_MS };
  }

  /** Forgets the session. The transport is its owner's to close. */
  close(): void {
    this.#client.drop();
  }
}

function nameOf(result: number): string {
  return Object.entries(PROPOSE_TX_RESULTS).find(([, code]) => code === result)?.[0] ?? `result ${result}`;
}

function unavailable(error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  return new SdkError("NodeUnavailable", `the consensus node did not take the request: ${error.rawMessage}`, {
    cause: error,
    retryable: error.code !== Code.Unauthenticated && error.code !== Code.FailedPrecondition,
    data: { code: Code[error.code] },
  });
}
