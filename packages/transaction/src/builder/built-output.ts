import type { PublicAddress } from "@mobilecoin-ts/account";
import type { RandomBytes, Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { Amount } from "../tx-out/amount.ts";
import type { BlockVersion } from "../tx-out/block-version.ts";
import { confirmationNumber } from "../tx-out/confirmation-number.ts";
import { type CreatedTxOut, createTxOut } from "../tx-out/create-tx-out.ts";
import type { MemoContext } from "../tx-out/memo-builders/memo-builder.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import type { TxOutSummaryUnblindingData } from "./unblinding-data.ts";

/** A new output, and what its sender keeps of it. */
export interface BuiltOutput {
  readonly txOut: TxOut;
  /** 32 bytes: proves to the recipient who made the output (02 section 2.4). */
  readonly confirmationNumber: Uint8Array;
  /** 32 bytes: opens amount and memo; keep it as secret as the recipient's view key would. */
  readonly sharedSecret: Uint8Array;
}

/** An output in the making and what opens it. */
export interface OutputWithSecrets {
  readonly txOut: TxOut;
  readonly unblinding: TxOutSummaryUnblindingData;
}

export interface MakeOutputOptions {
  readonly blockVersion: BlockVersion;
  readonly amount: Amount;
  readonly recipient: PublicAddress;
  /** 84 bytes. */
  readonly eFogHint: Uint8Array;
  readonly memo: (context: MemoContext) => Uint8Array;
  readonly txPrivateKey?: Scalar | undefined;
  readonly random: RandomBytes;
}

/**
 * Makes an output for a builder.
 *
 * @throws TransactionError area `builder`: `NewTx` (cause of area `txOut`: `Memo`, `Amount`), `KeyError` (an address
 * whose keys are no points).
 */
export function makeOutput(options: MakeOutputOptions): BuiltOutput & OutputWithSecrets & CreatedTxOut {
  let created: CreatedTxOut;
  try {
    created = createTxOut(options);
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    const code = cause.area === "txOut" && cause.code === "Key" ? "KeyError" : "NewTx";
    throw new TransactionError("builder", code, `the output cannot be made: ${cause.message}`, { cause });
  }
  return {
    ...created,
    confirmationNumber: confirmationNumber(created.sharedSecret),
    unblinding: {
      unmaskedAmount: created.amount,
      address: options.recipient,
      txPrivateKey: created.txPrivateKey,
    },
  };
}
