import type { PublicAddress } from "@mobilecoin-ts/account";
import { type RandomBytes, Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import type { Amount, UnmaskedAmount } from "./amount.ts";
import { type BlockVersion, supports } from "./block-version.ts";
import { maskAmountForBlockVersion } from "./masked-amount.ts";
import { formatMemo } from "./memo.ts";
import type { MemoContext } from "./memo-builders/memo-builder.ts";
import { encryptMemo } from "./memo-encryption.ts";
import { createOnetimeKeys, decodeKey } from "./onetime-keys.ts";
import { ENCRYPTED_FOG_HINT_LENGTH, type TxOut } from "./tx-out.ts";

export interface CreateTxOutOptions {
  readonly blockVersion: BlockVersion;
  readonly amount: Amount;
  /** The subaddress paid; its Fog fields are the business of whoever makes the hint. */
  readonly recipient: Pick<PublicAddress, "viewPublicKey" | "spendPublicKey">;
  /** 84 bytes, from `encryptFogHint` or `fakeFogHint`. */
  readonly eFogHint: Uint8Array;
  /** Makes the 66-byte memo payload; not called before block version 1. Unused memo unless given. */
  readonly memo?: ((context: MemoContext) => Uint8Array) | undefined;
  /** Random unless given; never to be used twice. */
  readonly txPrivateKey?: Scalar | undefined;
  readonly random?: RandomBytes | undefined;
}

/** A new output and what its sender must remember of it. */
export interface CreatedTxOut {
  readonly txOut: TxOut;
  /** 32 bytes; yields the confirmation number. */
  readonly sharedSecret: Uint8Array;
  /** The amount with the blinding of its commitment. */
  readonly amount: UnmaskedAmount;
  readonly txPrivateKey: Scalar;
}

/**
 * Makes an output in the form of a block version (02 section 2.6).
 *
 * @throws TransactionError area `txOut`: `Key` (recipient's keys do not decode), `Amount` (cause
 * `TokenIdNotSupportedAtBlockVersion`), `Memo` (cause: the rejection of the memo function or of its payload).
 */
export function createTxOut(options: CreateTxOutOptions): CreatedTxOut {
  const { blockVersion, amount, recipient, eFogHint } = options;
  if (eFogHint.length !== ENCRYPTED_FOG_HINT_LENGTH) throw new RangeError("a Fog hint has 84 bytes");
  const points = {
    viewPublicKey: decodeKey(recipient.viewPublicKey, "view_public_key"),
    spendPublicKey: decodeKey(recipient.spendPublicKey, "spend_public_key"),
  };
  const txPrivateKey = options.txPrivateKey ?? Scalar.random(options.random ?? systemRandom);
  const { targetKey, publicKey, sharedSecret } = createOnetimeKeys(points, txPrivateKey);
  const { maskedAmount, unmasked } = wrapping("Amount", () =>
    maskAmountForBlockVersion(blockVersion, amount, sharedSecret),
  );
  const eMemo = supports(blockVersion, "encryptedMemos")
    ? wrapping("Memo", () =>
        encryptMemo(
          options.memo?.({ txPublicKey: publicKey }) ?? formatMemo({ kind: "unused" }),
          sharedSecret,
        ),
      )
    : undefined;
  return {
    txOut: { maskedAmount, targetKey, publicKey, eFogHint, eMemo },
    sharedSecret,
    amount: unmasked,
    txPrivateKey,
  };
}

function wrapping<T>(code: "Amount" | "Memo", make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new TransactionError("txOut", code, `${code.toLowerCase()} of the output: ${cause.message}`, {
      cause,
    });
  }
}
