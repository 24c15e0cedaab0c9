import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { mintConfigTxFromApi, mintTxFromApi, TransactionError } from "@mobilecoin-ts/transaction";
import { ConsensusClientAPI, MintValidationResultCode } from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { ProposeTxResult as ApiResult } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import type { BlockchainConfig } from "../config/blockchain-config.ts";
import type { ConsensusValue } from "../messages/index.ts";
import type { ProposeTxResult } from "../propose-tx-result.ts";
import type { ByzantineLedger } from "./byzantine-ledger.ts";
import type { ConsensusEnclave } from "./consensus-enclave.ts";
import { isAttestationFailure, proposeRefusalOf } from "./enclave-failure.ts";
import { NodeError } from "./error.ts";
import { LruSet } from "./lru-set.ts";
import type { MintManager, MintRefusal } from "./mint-manager.ts";
import type { NodeLog } from "./node-log.ts";
import type { NodeMetrics } from "./node-metrics.ts";
import { activeMintConfigsToApi, signerSetToApi } from "./to-api.ts";
import type { TxManager } from "./tx-manager.ts";

/** Pending values from which on clients are turned away. */
const MAX_PENDING_VALUES = 500;

const CHANNEL_ID_LENGTH = 64;

/** What `GetNodeConfig` tells besides the tokens. */
export interface NodeIdentity {
  readonly mintingTrustRoot: Uint8Array;
  readonly blockSigningKey: Uint8Array;
  readonly messageSigningKey: Uint8Array;
  readonly peerResponderId: string;
  readonly clientResponderId: string;
}

export interface ClientServiceOptions {
  readonly enclave: Pick<ConsensusEnclave, "clientTxPropose" | "clientDiscard">;
  readonly store: LedgerStore;
  readonly txManager: TxManager;
  readonly mintManager: MintManager;
  readonly worker: ByzantineLedger;
  readonly config: BlockchainConfig;
  readonly identity: NodeIdentity;
  readonly checkChainId: (call: HandlerContext) => void;
  readonly authenticate: (call: HandlerContext) => unknown;
  /** Takes a value that was found valid: to the worker, and to the peers where it is a transaction. */
  readonly submit: (value: ConsensusValue) => void;
  readonly trackedSessions: number;
  readonly log: NodeLog;
  readonly metrics: NodeMetrics;
}

/** `consensus_client.ConsensusClientAPI` (04 section 2.9.2). */
export function addClientService(router: ConnectRouter, options: ClientServiceOptions): void {
  const { enclave, store, txManager, mintManager, worker, config, metrics, log } = options;
  const sessions = new LruSet(options.trackedSessions);
  const standing = () => ({ blockCount: store.blockCount(), blockVersion: config.blockVersion });
  const refusalToServe = (): ConnectError | undefined => {
    if (worker.pendingValues >= MAX_PENDING_VALUES) {
      return new ConnectError("Temporarily over capacity", Code.Unavailable);
    }
    return worker.isBehind
      ? new ConnectError("Temporarily not serving requests", Code.Unavailable)
      : undefined;
  };

  router.service(ConsensusClientAPI, {
    async clientTxPropose({ aad, channelId, data }, context) {
      // Only what can be a channel id: nobody may fill the memory with others, before anything else is checked.
      if (channelId.length === CHANNEL_ID_LENGTH) sessions.add(bytesToHex(channelId));
      metrics.count("add_tx_initiated");
      options.checkChainId(context);
      options.authenticate(context);
      const message = { aad, channelId, data };
      const unavailable = refusalToServe();
      if (unavailable !== undefined) {
        // The cipher's counter has to keep step with the client's all the same.
        await answering(enclave.clientDiscard(message));
        throw unavailable;
      }
      try {
        const txContext = await enclave.clientTxPropose(message);
        const start = performance.now();
        await txManager.insert(txContext);
        metrics.duration("well_formed_check_time", (performance.now() - start) / 1000);
        const refused = txManager.refusalOf(txContext.txHash);
        if (refused !== undefined) throw new NodeError("TransactionRefused", refused, { result: refused });
        options.submit({ kind: "txHash", hash: txContext.txHash });
        metrics.count("add_tx");
        return standing();
      } catch (error) {
        const refusal = proposeRefusalOf(error);
        if (refusal === undefined) throw statusOf(error);
        metrics.countRefusal(refusal.result);
        log.debug({ result: refusal.result }, "a proposed transaction is refused");
        return { ...standing(), result: resultCode(refusal.result), errMsg: refusal.message };
      }
    },

    proposeMintConfigTx(request, context) {
      metrics.count("propose_mint_config_tx_initiated");
      requireServing(context);
      const tx = converted(() => mintConfigTxFromApi(request));
      return answerMint(
        { kind: "mintConfigTx", tx },
        () => mintManager.refusalOfMintConfigTx(tx),
        () => metrics.count("propose_mint_config_tx"),
      );
    },

    proposeMintTx(request, context) {
      metrics.count("propose_mint_tx_initiated");
      requireServing(context);
      const tx = converted(() => mintTxFromApi(request));
      return answerMint(
        { kind: "mintTx", tx },
        () => mintManager.refusalOfMintTx(tx),
        () => metrics.count("propose_mint_tx"),
      );
    },

    getNodeConfig() {
      const { identity } = options;
      const tokens = [...config.fees].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        mintingTrustRoot: { data: identity.mintingTrustRoot },
        tokenConfigMap: Object.fromEntries(
          tokens.map(([tokenId, minimumFee]) => {
            const governors = config.governors.get(tokenId);
            const active = store.activeMintConfigs(tokenId);
            return [
              `${tokenId}`,
              {
                tokenId,
                minimumFee,
                ...(governors === undefined ? {} : { governors: signerSetToApi(governors) }),
                ...(active === undefined ? {} : { activeMintConfigs: activeMintConfigsToApi(active) }),
              },
            ];
          }),
        ),
        ...(config.governorsSignature === undefined
          ? {}
          : { governorsSignature: { data: config.governorsSignature } }),
        peerResponderId: identity.peerResponderId,
        clientResponderId: identity.clientResponderId,
        blockSigningKey: { data: identity.blockSigningKey },
        blockVersion: config.blockVersion,
        scpMessageSigningKey: { data: identity.messageSigningKey },
      };
    },
  });

  function requireServing(context: HandlerContext): void {
    options.checkChainId(context);
    options.authenticate(context);
    const unavailable = refusalToServe();
    if (unavailable !== undefined) throw unavailable;
  }

  function answerMint(value: ConsensusValue, refusalOf: () => MintRefusal | undefined, accepted: () => void) {
    let refusal: MintRefusal | undefined;
    try {
      refusal = refusalOf();
    } catch (error) {
      throw statusOf(error);
    }
    if (refusal !== undefined) return { ...standing(), result: mintResult(refusal) };
    options.submit(value);
    accepted();
    // No result at all stands for success.
    return standing();
  }
}

function mintResult({ code, detail }: MintRefusal) {
  return { code: MintValidationResultCode[code], ...detail };
}

function resultCode(result: ProposeTxResult): ApiResult {
  return ApiResult[result];
}

function converted<T>(convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof TransactionError)) throw error;
    throw new ConnectError(`Internal error: Invalid argument \`${error.message}\``, Code.Internal);
  }
}

async function answering(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    throw statusOf(error);
  }
}

/** The gRPC status of a failure that is not about the transaction. */
function statusOf(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  if (isAttestationFailure(error)) {
    return new ConnectError("Permission Denied (attestation)", Code.PermissionDenied);
  }
  const text = error instanceof Error ? error.message : "unknown";
  if (error instanceof NodeError && error.code === "OverCapacity") {
    return new ConnectError("Temporarily over capacity", Code.Unavailable);
  }
  if (error instanceof NodeError && error.code === "Ledger") {
    return new ConnectError(`Ledger error: ${text}`, Code.Internal);
  }
  return new ConnectError(`Internal error: ${text}`, Code.Internal);
}
