import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import type { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { type FeeMap, MOB_TOKEN_ID } from "@mobilecoin-ts/transaction";
import { BlockchainAPI } from "@mobilecoin-ts/wire/gen/consensus_common_pb";
import { blockToApi } from "./to-api.ts";

/** Blocks in one answer. */
const MAX_BLOCKS = 2000;

export interface BlockchainServiceOptions {
  readonly store: LedgerStore;
  readonly fees: FeeMap;
  readonly blockVersion: number;
  /** Throws where the caller must not be answered. */
  readonly authenticate: (call: HandlerContext) => unknown;
}

/** `consensus_common.BlockchainAPI`: what anybody may know of the chain (04 section 2.9.2). */
export function addBlockchainService(router: ConnectRouter, options: BlockchainServiceOptions): void {
  const { store, fees, blockVersion, authenticate } = options;
  router.service(BlockchainAPI, {
    getLastBlockInfo(_request, context) {
      authenticate(context);
      return {
        index: store.blockCount() - 1n,
        mobMinimumFee: fees.get(MOB_TOKEN_ID) ?? 0n,
        minimumFees: Object.fromEntries([...fees].map(([tokenId, fee]) => [`${tokenId}`, fee])),
        networkBlockVersion: blockVersion,
      };
    },
    getBlocks({ offset, limit }, context) {
      authenticate(context);
      const count = store.blockCount();
      const wanted = offset + BigInt(Math.min(limit, MAX_BLOCKS));
      const end = wanted < count ? wanted : count;
      const blocks = [];
      for (let index = offset; index < end; index++) blocks.push(blockToApi(store.block(index)));
      return { blocks };
    },
  });
}
