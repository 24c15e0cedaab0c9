import { commit } from "../proofs/pedersen.ts";
import { rejectedAs } from "../rejection.ts";
import { type RevealedTxOut, revealAmount } from "../tx/input-rules.ts";
import type { Amount, UnmaskedAmount } from "../tx-out/amount.ts";
import { type BlockVersion, firstVersionWith, supports } from "../tx-out/block-version.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import type { OutputWithSecrets } from "./built-output.ts";
import { fractionOf } from "./sci-balance.ts";
import {
  refuseSci,
  requireAmountCount,
  requireMinimumWithin,
  requireRules,
  type SignedContingentInput,
} from "./signed-contingent-input.ts";

/** An output that an offer brings into the transaction that fills it. */
interface ContributedOutput extends OutputWithSecrets {
  /** A required output is added once however many inputs demand it; a fractional one always. */
  readonly kind: "required" | "fractional";
}

/** What filling an offer adds to a transaction. */
export interface SciContribution {
  readonly sci: SignedContingentInput;
  readonly outputs: readonly ContributedOutput[];
  /** Absent where the rules set none. */
  readonly tombstoneLimit: bigint | undefined;
}

/** A contribution of an offer that is filled in part. */
export interface PartialSciContribution extends SciContribution {
  /** What each partial fill output takes, in the order of the rules. */
  readonly fractionalAmounts: readonly Amount[];
}

/** The contribution of an offer without partial fill rules. Throws as `TransactionBuilder.addPresignedInput`. */
export function fillWhole(sci: SignedContingentInput, blockVersion: BlockVersion): SciContribution {
  const rules = sci.txIn.inputRules;
  if (
    rules !== undefined &&
    (rules.partialFillChange !== undefined ||
      rules.partialFillOutputs.length > 0 ||
      rules.minPartialFillValue !== 0n)
  ) {
    throw refuseSci("PartialFillInputNotAllowedHere", "the offer has partial fill rules");
  }
  return contribution(sci, blockVersion, []);
}

/**
 * The contribution of an offer with partial fill rules of which `change` goes back to whoever signed it. Throws as
 * `TransactionBuilder.addPresignedPartialFillInput`.
 */
export function fillPartially(
  sci: SignedContingentInput,
  change: Amount,
  blockVersion: BlockVersion,
): PartialSciContribution {
  if (!supports(blockVersion, "inputRules")) {
    throw refuseSci(
      "FeatureNotSupportedAtBlockVersion",
      `block version ${blockVersion} has no partial fills`,
      {
        version: blockVersion,
        feature: "partial fills",
        since: firstVersionWith("inputRules"),
      },
    );
  }
  requireProofs(sci);
  const rules = requireRules(sci);
  const { partialFillChange, partialFillOutputs, minPartialFillValue } = rules;
  if (partialFillChange === undefined) {
    throw refuseSci("MissingPartialFillChange", "the offer has no partial fill change");
  }
  const offered = revealed(partialFillChange);
  if (offered.value === 0n) throw refuseSci("ZeroPartialFillChange", "the partial fill change is zero");
  requireMinimumWithin(rules, offered.value);
  if (change.tokenId !== offered.tokenId) {
    throw refuseSci("TokenIdMismatch", "the change returned is of another token than the one offered");
  }
  if (change.value > offered.value - minPartialFillValue) {
    throw refuseSci("ChangeLimitExceeded", "less than the least fill would be taken");
  }
  const taken = offered.value - change.value;
  const fractional: ContributedOutput[] = [];
  const fractionalAmounts: Amount[] = [];
  for (const output of partialFillOutputs) {
    const whole = revealed(output);
    const value = fractionOf(whole.value, taken, offered.value);
    fractionalAmounts.push({ value, tokenId: whole.tokenId });
    fractional.push(remasked(output.txOut, whole, value));
  }
  fractional.push(remasked(partialFillChange.txOut, offered, change.value));
  return { ...contribution(sci, blockVersion, fractional), fractionalAmounts };
}

function contribution(
  sci: SignedContingentInput,
  blockVersion: BlockVersion,
  fractional: readonly ContributedOutput[],
): SciContribution {
  if (sci.blockVersion !== blockVersion) {
    throw refuseSci("BlockVersionMismatch", "the offer was made for another block version", {
      expected: blockVersion,
      found: sci.blockVersion,
    });
  }
  requireProofs(sci);
  const rules = requireRules(sci);
  requireAmountCount(rules, sci.requiredOutputAmounts);
  const required = rules.requiredOutputs.map(
    (txOut, index): ContributedOutput => ({
      kind: "required",
      txOut,
      unblinding: withoutRecipient(sci.requiredOutputAmounts[index]!),
    }),
  );
  return {
    sci,
    outputs: [...fractional, ...required],
    tombstoneLimit: rules.maxTombstoneBlock === 0n ? undefined : rules.maxTombstoneBlock,
  };
}

function revealed(output: RevealedTxOut): UnmaskedAmount {
  return rejectedAs("sci", "RevealedTxOut", () => revealAmount(output));
}

/**
 * A copy of a revealed output with another value of the same token. Its masks and blinding come from the same amount
 * shared secret, so they are those of the original: the masks follow from it, and only the commitment is new.
 */
function remasked(txOut: TxOut, amount: UnmaskedAmount, value: bigint): ContributedOutput {
  const { maskedAmount } = txOut;
  if (maskedAmount === undefined) throw new TypeError("the output was revealed, so it has an amount");
  const { tokenId, blinding } = amount;
  return {
    kind: "fractional",
    txOut: {
      ...txOut,
      maskedAmount: {
        ...maskedAmount,
        commitment: commit(value, blinding, tokenId).encode(),
        maskedValue: maskedAmount.maskedValue ^ amount.value ^ value,
      },
    },
    unblinding: withoutRecipient({ value, tokenId, blinding }),
  };
}

function withoutRecipient(unmaskedAmount: UnmaskedAmount): OutputWithSecrets["unblinding"] {
  return { unmaskedAmount, address: undefined, txPrivateKey: undefined };
}

/** Throws `MissingProofs` (area `sci`) unless there is one membership proof for each ring member. */
function requireProofs({ txIn }: SignedContingentInput): void {
  if (txIn.proofs.length === txIn.ring.length) return;
  throw refuseSci("MissingProofs", "the offer needs a fresh membership proof for each ring member", {
    ringSize: txIn.ring.length,
    proofs: txIn.proofs.length,
  });
}
