import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import { type Block, blockFromApi } from "@mobilecoin-ts/ledger";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";

/** Most headers that a node gives in one answer (03 section 2.11). */
export const MAX_BLOCKS_PER_ANSWER = 2_000;

/** A node that is asked for headers of blocks. Its answers are not believed, only counted. */
export interface BlockSource {
  /** Canonical responder id, `host:port`; the quorum set names it so. */
  readonly name: string;
  /** Headers from an index on, in order; at most `limit`, fewer or none at the tip. */
  fetchBlocks(from: bigint, limit: number, signal: AbortSignal): Promise<readonly Block[]>;
}

/** What a node says of its newest block. */
export interface LastBlockInfo {
  readonly index: bigint;
  /** Least fee by token id. */
  readonly minimumFees: ReadonlyMap<bigint, bigint>;
  readonly networkBlockVersion: number;
}

/** A node that also says how far it is. */
export interface PolledBlockSource extends BlockSource {
  lastBlockInfo(signal: AbortSignal): Promise<LastBlockInfo>;
}

/** A node over gRPC (`consensus_common.BlockchainAPI`). The transport stays the caller's to close. */
export function grpcBlockSource(name: string, transport: Transport): PolledBlockSource {
  const client = createClient(BlockchainAPI, transport);
  return {
    name,
    async fetchBlocks(from, limit, signal) {
      const options: CallOptions = { signal };
      const { blocks } = await client.getBlocks({ offset: from, limit }, options);
      return blocks.slice(0, limit).map((block, i) => blockFromApi(block, `blocks[${i}]`));
    },
    async lastBlockInfo(signal) {
      const { index, minimumFees, networkBlockVersion } = await client.getLastBlockInfo({}, { signal });
      return {
        index,
        networkBlockVersion,
        minimumFees: new Map(
          Object.entries(minimumFees).map(([tokenId, fee]) => [BigInt(tokenId), fee] as const),
        ),
      };
    },
  };
}
