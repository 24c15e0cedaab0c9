import { fromBinary } from "@bufbuild/protobuf";
import { type BlockData, blockCodec } from "@mobilecoin-ts/ledger";
import { type RunningServer, silentLogger, startServer } from "@mobilecoin-ts/service";
import { BlockSchema } from "@mobilecoin-ts/wire/gen/blockchain_pb";
import { ConsensusClientAPI } from "@mobilecoin-ts/wire/gen/consensus_client_pb";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";

/** What readers ask of a consensus node, on a port of this machine. */
export function serveNode(
  chain: readonly BlockData[],
  identity: { readonly responderId: string; readonly publicKey: Uint8Array },
): Promise<RunningServer> {
  return startServer({
    listen: { host: "127.0.0.1", port: 0 },
    logger: silentLogger,
    routes: (router) => {
      router.rpc(BlockchainAPI.method.getLastBlockInfo, () => ({
        index: BigInt(chain.length - 1),
        minimumFees: { "0": 400_000_000n, "1": 1024n },
        networkBlockVersion: 3,
      }));
      router.rpc(BlockchainAPI.method.getBlocks, ({ offset, limit }) => ({
        blocks: chain
          .slice(Number(offset), Number(offset) + Math.min(limit, 2_000))
          .map(({ block }) => fromBinary(BlockSchema, blockCodec.encode(block))),
      }));
      router.rpc(ConsensusClientAPI.method.getNodeConfig, () => ({
        peerResponderId: identity.responderId,
        scpMessageSigningKey: { data: identity.publicKey },
      }));
    },
  });
}
