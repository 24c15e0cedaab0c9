import type { Target } from "./target.ts";
import { accountTargets } from "./targets/account.ts";
import { consensusTargets } from "./targets/consensus.ts";
import { ledgerTargets } from "./targets/ledger.ts";
import { primitiveTargets } from "./targets/primitives.ts";
import { transactionTargets } from "./targets/transaction.ts";

/** Every decoder of the repository that takes input from outside. */
export function allTargets(): Target[] {
  return [
    ...primitiveTargets(),
    ...accountTargets(),
    ...transactionTargets(),
    ...ledgerTargets(),
    ...consensusTargets(),
  ];
}
