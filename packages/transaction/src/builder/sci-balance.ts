import { mulRoundUp } from "@mobilecoin-ts/crypto";
import { rejectedAs } from "../rejection.ts";
import { revealAmount } from "../tx/input-rules.ts";
import type { Amount } from "../tx-out/amount.ts";
import { refuseSci, requireRules, type SignedContingentInput } from "./signed-contingent-input.ts";

/** What one token's balance changes by, in smallest units. */
export interface BalanceChange {
  readonly tokenId: bigint;
  /** Negative is paid, positive is received. */
  readonly value: bigint;
}

/**
 * What filling an offer does to whoever signed it, by token in ascending order (02 section 2.19): the input leaves,
 * the required outputs arrive, and with partial fill rules the unfilled change and a share of each partial output.
 * Whoever fills it sees the opposite.
 *
 * @param fillValue how much of the partial fill change is taken; 0 for offers that fill as a whole.
 * @throws TransactionError area `sci`: `MissingRules`, `RevealedTxOut`, `ZeroPartialFillChange`,
 * `PartialFillValueTooLarge` (more than the change, or not 0 without partial fill rules).
 */
export function sciBalance(sci: SignedContingentInput, fillValue = 0n): readonly BalanceChange[] {
  const rules = requireRules(sci);
  const balances = new Map<bigint, bigint>();
  const add = ({ value, tokenId }: Amount, sign: 1n | -1n): void => {
    balances.set(tokenId, (balances.get(tokenId) ?? 0n) + sign * value);
  };
  add(sci.pseudoOutputAmount, -1n);
  for (const amount of sci.requiredOutputAmounts) add(amount, 1n);

  const { partialFillChange, partialFillOutputs } = rules;
  if (partialFillChange === undefined) {
    if (fillValue !== 0n) throw refuseSci("PartialFillValueTooLarge", "the offer fills as a whole only");
  } else {
    const change = rejectedAs("sci", "RevealedTxOut", () => revealAmount(partialFillChange));
    if (change.value === 0n) throw refuseSci("ZeroPartialFillChange", "the partial fill change is zero");
    if (fillValue > change.value) {
      throw refuseSci("PartialFillValueTooLarge", "the fill is more than the partial fill change");
    }
    add({ value: change.value - fillValue, tokenId: change.tokenId }, 1n);
    for (const output of partialFillOutputs) {
      const { value, tokenId } = rejectedAs("sci", "RevealedTxOut", () => revealAmount(output));
      add({ value: fractionOf(value, fillValue, change.value), tokenId }, 1n);
    }
  }
  return [...balances]
    .map(([tokenId, value]) => ({ tokenId, value }))
    .sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1));
}

/** ⌈value · part / whole⌉, for a part of at most the whole: never more than the value. */
export function fractionOf(value: bigint, part: bigint, whole: bigint): bigint {
  const fraction = mulRoundUp({ numerator: part, denominator: whole }, value);
  if (fraction === undefined) throw new RangeError("the part is more than the whole");
  return fraction;
}
