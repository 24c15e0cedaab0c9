import type { AccountKey } from "@mobilecoin-ts/account";
import { compareBytes } from "@mobilecoin-ts/crypto";
import { Point, type RandomBytes, type Scalar, systemRandom } from "@mobilecoin-ts/curve";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import { signRing } from "../proofs/ring-sign.ts";
import { decodeKey, recoverOnetimePrivateKey, recoverSharedSecret } from "../tx-out/onetime-keys.ts";
import type { OnetimeKeyDeriveData, SignableInputRing } from "./input-ring.ts";

/** Whoever holds the spend keys: this process, or a device elsewhere (02 section 2.11). */
export interface RingSigner {
  /**
   * Signs `message` for the real member of the ring, whose amount the pseudo-output commits to again under
   * `pseudoOutputBlinding`.
   *
   * @throws TransactionError area `ringSigner`: `RealInputIndexOutOfBounds`, `NoPathToSpendKey`, `TrueInputNotOwned`,
   * `RingSignature` (cause of area `ring-signature`).
   */
  sign(
    message: Uint8Array,
    ring: SignableInputRing,
    pseudoOutputBlinding: Scalar,
    random?: RandomBytes,
  ): RingMLSAG;
}

function refuse(
  code: TransactionErrorCodes["ringSigner"],
  text: string,
  cause?: unknown,
): TransactionError<"ringSigner"> {
  return new TransactionError("ringSigner", code, text, { cause });
}

/**
 * Signs in this process. With an account, one-time keys are derived from subaddress indices; without one, only inputs
 * that bring their one-time key can be signed.
 */
export class LocalRingSigner implements RingSigner {
  readonly #account: AccountKey | undefined;

  constructor(account?: AccountKey) {
    this.#account = account;
  }

  sign(
    message: Uint8Array,
    ring: SignableInputRing,
    pseudoOutputBlinding: Scalar,
    random: RandomBytes = systemRandom,
  ): RingMLSAG {
    const { members, realInputIndex, inputSecret } = ring;
    const real = members[realInputIndex];
    if (real === undefined) throw refuse("RealInputIndexOutOfBounds", "the real index lies outside the ring");
    const onetimePrivateKey = this.#onetimePrivateKey(inputSecret.onetimeKeyDeriveData, real.publicKey);
    if (compareBytes(Point.multiplyBase(onetimePrivateKey).encode(), real.targetKey) !== 0) {
      throw refuse("TrueInputNotOwned", "the key does not belong to the real input");
    }
    try {
      return signRing({
        message,
        ring: members,
        realIndex: realInputIndex,
        onetimePrivateKey,
        value: inputSecret.amount.value,
        tokenId: inputSecret.amount.tokenId,
        inputBlinding: inputSecret.blinding,
        outputBlinding: pseudoOutputBlinding,
        random,
      });
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause;
      throw refuse("RingSignature", `the ring cannot be signed: ${cause.message}`, cause);
    }
  }

  #onetimePrivateKey(data: OnetimeKeyDeriveData, publicKey: Uint8Array): Scalar {
    if (data.kind === "onetimeKey") return data.privateKey;
    if (this.#account === undefined) {
      throw refuse("NoPathToSpendKey", "a subaddress index needs a signer with the account's keys");
    }
    const sharedSecret = recoverSharedSecret(
      this.#account.viewPrivateKey,
      decodeKey(publicKey, "public_key"),
    );
    return recoverOnetimePrivateKey(sharedSecret, this.#account.subaddressSpendPrivateKey(data.index));
  }
}
