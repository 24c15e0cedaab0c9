import { type Digestible, d, digest32 } from "@mobilecoin-ts/crypto";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";
import { recoverAmountWithAmountSharedSecret } from "../tx-out/masked-amount.ts";
import {
  type TxOut,
  txOutCodec,
  txOutDigestible,
  txOutEquals,
  txOutEqualsIgnoringAmount,
} from "../tx-out/tx-out.ts";

/** An output whose amount everyone may read (MCIP 42). */
export interface RevealedTxOut {
  readonly txOut: TxOut;
  /** 32 bytes; opens the amount and nothing else. Other lengths decode, and are refused when the amount is read. */
  readonly amountSharedSecret: Uint8Array;
}

/** What the signer of an input demands of the transaction that spends it (02 section 2.9; MCIP 31 and 42). */
export interface InputRules {
  /** Must stand in the transaction as they are. */
  readonly requiredOutputs: readonly TxOut[];
  /** Highest tombstone block (block index) allowed; 0 for any. */
  readonly maxTombstoneBlock: bigint;
  /** Must stand in the transaction, each with at least the fraction of its amount that is filled. */
  readonly partialFillOutputs: readonly RevealedTxOut[];
  /** Must stand in the transaction, with what is not filled. */
  readonly partialFillChange: RevealedTxOut | undefined;
  /** Least amount to be filled, in smallest units of the change's token; 0 for any. */
  readonly minPartialFillValue: bigint;
}

const revealedTxOutDigestible: Digestible<RevealedTxOut> = d.struct<RevealedTxOut>("RevealedTxOut", [
  ["tx_out", txOutDigestible],
  ["amount_shared_secret", d.bytes],
]);

export const inputRulesDigestible: Digestible<InputRules> = d.struct<InputRules>("InputRules", [
  ["required_outputs", d.list(txOutDigestible)],
  ["max_tombstone_block", d.u64],
  ["partial_fill_outputs", d.list(revealedTxOutDigestible)],
  ["partial_fill_change", d.option(revealedTxOutDigestible)],
  ["min_partial_fill_value", d.u64],
]);

const revealedTxOutCodec: Codec<RevealedTxOut> = message<RevealedTxOut>("RevealedTxOut", {
  txOut: f.message(1, txOutCodec),
  amountSharedSecret: f.bytes(2),
});

export const inputRulesCodec: Codec<InputRules> = message<InputRules>("InputRules", {
  requiredOutputs: f.repeated(1, txOutCodec),
  maxTombstoneBlock: f.fixed64(2),
  partialFillOutputs: f.repeated(3, revealedTxOutCodec),
  partialFillChange: f.message(4, revealedTxOutCodec, { optional: true }),
  minPartialFillValue: f.fixed64(5),
});

/** The 32-byte digest of rules that a transaction summary shows. */
export function inputRulesDigest(rules: InputRules): Uint8Array {
  return digest32("mc-input-rules", inputRulesDigestible, rules);
}

const AMOUNT_SHARED_SECRET_LENGTH = 32;

/**
 * The amount of a revealed output.
 *
 * @throws TransactionError area `revealedTxOut`: `InvalidAmountSharedSecret`, `TxOutConversion` (no amount), `Amount`
 * (cause of area `amount`).
 */
export function revealAmount(revealed: RevealedTxOut): UnmaskedAmount {
  return revealAmountOf(revealed.txOut, revealed.amountSharedSecret);
}

function revealAmountOf({ maskedAmount }: TxOut, amountSharedSecret: Uint8Array): UnmaskedAmount {
  if (amountSharedSecret.length !== AMOUNT_SHARED_SECRET_LENGTH) {
    throw new TransactionError(
      "revealedTxOut",
      "InvalidAmountSharedSecret",
      "an amount shared secret has a wrong length",
      {
        data: { found: amountSharedSecret.length, required: AMOUNT_SHARED_SECRET_LENGTH },
      },
    );
  }
  if (maskedAmount === undefined) {
    throw new TransactionError(
      "revealedTxOut",
      "TxOutConversion",
      "a revealed output has no amount that we know",
      {
        cause: new TransactionError(
          "txOut",
          "UnknownMaskedAmountVersion",
          "the output has no amount that we know",
        ),
      },
    );
  }
  try {
    return recoverAmountWithAmountSharedSecret(maskedAmount, amountSharedSecret);
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new TransactionError(
      "revealedTxOut",
      "Amount",
      `a revealed amount does not open: ${cause.message}`,
      { cause },
    );
  }
}

function refuse(
  code: TransactionErrorCodes["inputRule"],
  text: string,
  options: { readonly cause?: unknown; readonly data?: Readonly<Record<string, number | bigint>> } = {},
): TransactionError<"inputRule"> {
  return new TransactionError("inputRule", code, text, options);
}

function revealForRule(txOut: TxOut, amountSharedSecret: Uint8Array): UnmaskedAmount {
  try {
    return revealAmountOf(txOut, amountSharedSecret);
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw refuse("RevealedTxOut", `an amount cannot be revealed: ${cause.message}`, { cause });
  }
}

/** What rules look at of a transaction. */
export interface RuledTransaction {
  readonly outputs: readonly TxOut[];
  readonly tombstoneBlock: bigint;
}

/**
 * Checks one input's rules against the transaction it stands in (02 section 2.16); returns where they hold.
 *
 * @throws TransactionError area `inputRule`, in the order of the steps there.
 */
export function verifyInputRules(rules: InputRules, transaction: RuledTransaction): void {
  const { outputs, tombstoneBlock } = transaction;
  if (rules.maxTombstoneBlock !== 0n && tombstoneBlock > rules.maxTombstoneBlock) {
    throw refuse("MaxTombstoneBlockExceeded", "the tombstone block is later than the input allows");
  }
  for (const [index, required] of rules.requiredOutputs.entries()) {
    // One output of the transaction may satisfy several rules, also of several inputs.
    if (!outputs.some((output) => txOutEquals(output, required))) {
      throw refuse("MissingRequiredOutput", `required output ${index} is missing`, { data: { index } });
    }
  }
  if (rules.partialFillChange === undefined) {
    if (rules.partialFillOutputs.length > 0) {
      throw refuse("PartialFillOutputsNotExpected", "partial fill outputs without a partial fill change");
    }
    if (rules.minPartialFillValue !== 0n) {
      throw refuse("MinPartialFillValueNotExpected", "a least fill without a partial fill change");
    }
    return;
  }
  verifyPartialFill(rules, rules.partialFillChange, outputs);
}

function verifyPartialFill(rules: InputRules, offered: RevealedTxOut, outputs: readonly TxOut[]): void {
  const change = revealForRule(offered.txOut, offered.amountSharedSecret);
  if (change.value < rules.minPartialFillValue) {
    throw refuse(
      "MinPartialFillValueExceedsPartialFillChange",
      "the least fill is more than what is offered",
    );
  }
  if (change.value === 0n) throw refuse("ZeroPartialFillChange", "the partial fill change is zero");

  const changeOutput = outputs.find((output) => txOutEqualsIgnoringAmount(output, offered.txOut));
  if (changeOutput === undefined) {
    throw refuse("MissingFractionalChangeOutput", "the output for the unfilled part is missing");
  }
  const returned = revealForRule(changeOutput, offered.amountSharedSecret);
  requireSameToken(returned, change);
  if (returned.value > change.value - rules.minPartialFillValue) {
    throw refuse("FractionalChangeOutputAmountExceedsLimit", "less than the least fill is filled");
  }

  const filled = change.value - returned.value;
  for (const [index, partial] of rules.partialFillOutputs.entries()) {
    const whole = revealForRule(partial.txOut, partial.amountSharedSecret);
    const output = outputs.find((candidate) => txOutEqualsIgnoringAmount(candidate, partial.txOut));
    if (output === undefined) {
      throw refuse("MissingFractionalOutput", `partial fill output ${index} is missing`, { data: { index } });
    }
    const part = revealForRule(output, partial.amountSharedSecret);
    requireSameToken(part, whole);
    if (whole.value === 0n || part.value * change.value < filled * whole.value) {
      throw refuse(
        "FractionalOutputAmountDoesNotRespectFillFraction",
        `partial fill output ${index} gets less than the fraction that is filled`,
        { data: { index } },
      );
    }
  }
}

function requireSameToken(a: UnmaskedAmount, b: UnmaskedAmount): void {
  if (a.tokenId !== b.tokenId) {
    throw refuse("FractionalOutputTokenIdMismatch", "an output is of another token than its rule");
  }
}
