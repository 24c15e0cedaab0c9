import { type ConsensusValue, combineValues } from "../messages/index.ts";
import type { MintManager } from "./mint-manager.ts";
import type { TxManager } from "./tx-manager.ts";

/**
 * The values of a ballot from nominated ones, by what this node knows of them; undefined while a transaction is missing
 * (04 section 2.6).
 */
export function combineNodeValues(
  values: readonly ConsensusValue[],
  txManager: TxManager,
  mintManager: MintManager,
): readonly ConsensusValue[] | undefined {
  return combineValues(values, {
    txOf: (hash) => (txManager.has(hash) ? txManager.contextOf(hash) : undefined),
    mintConfigOf: (tx) => mintManager.configured(tx)?.mintConfig,
  });
}
