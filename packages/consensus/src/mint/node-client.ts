import { fromBinary } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import {
  type CallOptions,
  type Client,
  Code,
  ConnectError,
  createClient,
  type Transport,
} from "@connectrpc/connect";
import { MOB_TOKEN_ID, mintConfigTxCodec, mintTxCodec } from "@mobilecoin-ts/transaction";
import {
  ConsensusClientAPI,
  type MintValidationResult,
  MintValidationResultCode,
  MintValidationResultCodeSchema,
} from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import { MintConfigTxSchema, MintTxSchema } from "@mobilecoin-ts/wire/gen/external_pb";
import { ConsensusError } from "../error.ts";
import type { MintTransaction } from "./mint-transaction.ts";

/** What a node says about the end of its ledger. */
export interface LastBlockInfo {
  readonly index: bigint;
  /** By token id, in smallest units; a token whose fee the node does not know is not there. */
  readonly minimumFees: ReadonlyMap<bigint, bigint>;
  /** The version that the node makes blocks of. */
  readonly networkBlockVersion: number;
}

/** What became of a mint transaction that was given to a node. */
export type MintProposal =
  | { readonly kind: "accepted"; readonly blockCount: bigint }
  /** Refused by a rule. `code` is the number of `reason` in `MintValidationResultCode` (04 section 2.9). */
  | {
      readonly kind: "refused";
      readonly blockCount: bigint;
      readonly code: number;
      readonly reason: string;
      /** Of the reasons that are about one: a token id, the length of a nonce, a block version. */
      readonly detail: bigint | undefined;
    };

export interface ConsensusNodeClientOptions {
  /** Milliseconds that a call may take; 30 000 unless given. */
  readonly timeoutMs?: number;
}

/** The fields that both responses share. */
interface Answer {
  readonly result?: MintValidationResult | undefined;
  readonly blockCount: bigint;
}

const TIMEOUT_MS = 30_000;

/** The calls of a consensus node that need no attestation (04 section 2.9.2). */
export class ConsensusNodeClient {
  readonly #consensus: Client<typeof ConsensusClientAPI>;
  readonly #blockchain: Client<typeof BlockchainAPI>;
  readonly #options: CallOptions;

  /** @param transport to the node, which sends chain id and credentials along; stays its owner's to close. */
  constructor(transport: Transport, options: ConsensusNodeClientOptions = {}) {
    this.#consensus = createClient(ConsensusClientAPI, transport);
    this.#blockchain = createClient(BlockchainAPI, transport);
    this.#options = { timeoutMs: options.timeoutMs ?? TIMEOUT_MS };
  }

  /** @throws ConsensusError `NodeUnavailable`, `NodeRefused` */
  async lastBlockInfo(signal?: AbortSignal): Promise<LastBlockInfo> {
    const info = await answered(
      this.#blockchain.getLastBlockInfo({ $typeName: EmptySchema.typeName }, this.#callOptions(signal)),
      signal,
    );
    const fees = Object.entries(info.minimumFees).map(([tokenId, fee]) => [BigInt(tokenId), fee] as const);
    // Nodes from before there were tokens say the fee of token 0 alone; a fee of 0 says that it is not known.
    const all = fees.length > 0 ? fees : [[MOB_TOKEN_ID, info.mobMinimumFee] as const];
    return {
      index: info.index,
      minimumFees: new Map(all.filter(([, fee]) => fee !== 0n).sort(([a], [b]) => (a < b ? -1 : 1))),
      networkBlockVersion: info.networkBlockVersion,
    };
  }

  /** Gives the node a mint transaction. @throws ConsensusError `NodeUnavailable`, `NodeRefused` */
  async propose(transaction: MintTransaction, signal?: AbortSignal): Promise<MintProposal> {
    const { result, blockCount } = await answered<Answer>(this.#proposed(transaction, signal), signal);
    if (result === undefined || result.code === MintValidationResultCode.Ok) {
      return { kind: "accepted", blockCount };
    }
    const reason = MintValidationResultCodeSchema.value[result.code]?.name ?? "Unknown";
    return { kind: "refused", blockCount, code: result.code, reason, detail: detailOf(result) };
  }

  #proposed(transaction: MintTransaction, signal: AbortSignal | undefined): Promise<Answer> {
    const options = this.#callOptions(signal);
    // The ledger's form of these messages is the wire's too.
    if (transaction.kind === "mintTx") {
      const message = fromBinary(MintTxSchema, mintTxCodec.encode(transaction.tx));
      return this.#consensus.proposeMintTx(message, options);
    }
    const message = fromBinary(MintConfigTxSchema, mintConfigTxCodec.encode(transaction.tx));
    return this.#consensus.proposeMintConfigTx(message, options);
  }

  #callOptions(signal: AbortSignal | undefined): CallOptions {
    return signal === undefined ? this.#options : { ...this.#options, signal };
  }
}

function detailOf({ code, tokenId, nonceLength, blockVersion }: MintValidationResult): bigint | undefined {
  switch (code) {
    case MintValidationResultCode.InvalidTokenId:
    case MintValidationResultCode.NoGovernors:
      return tokenId;
    case MintValidationResultCode.InvalidNonceLength:
      return nonceLength;
    case MintValidationResultCode.InvalidBlockVersion:
      return BigInt(blockVersion);
    default:
      return undefined;
  }
}

/** Codes of calls that may succeed when they are made again. */
const PASSING: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Aborted,
  Code.ResourceExhausted,
]);

async function answered<T>(call: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    // Whoever stops a call gets the reason it gave.
    signal?.throwIfAborted();
    const error = ConnectError.from(cause);
    if (PASSING.has(error.code)) {
      throw new ConsensusError(
        "NodeUnavailable",
        `the node does not answer: ${error.rawMessage}; check its address, or try again later`,
        cause,
      );
    }
    throw new ConsensusError(
      "NodeRefused",
      `the node refused the call: ${error.rawMessage}; check the network, the chain id and the credentials`,
      cause,
    );
  }
}
