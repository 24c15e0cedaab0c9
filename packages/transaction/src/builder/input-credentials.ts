import { compareBytes } from "@mobilecoin-ts/crypto";
import type { Scalar } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { rejectedAs } from "../rejection.ts";
import type { OnetimeKeyDeriveData, SignableInputRing } from "../tx/input-ring.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import { reduceTxOut } from "../tx/reduced-tx-out.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";
import { recoverAmount } from "../tx-out/masked-amount.ts";
import { decodeKey, recoverSharedSecret } from "../tx-out/onetime-keys.ts";
import { type TxOut, txOutEquals } from "../tx-out/tx-out.ts";

/** An output of ours to spend, among the outputs it hides with (02 section 2.18). Made by `inputCredentials`. */
export interface InputCredentials {
  /** Ascending by public key. */
  readonly ring: readonly TxOut[];
  /** One for each ring member, in the same order. */
  readonly proofs: readonly TxOutMembershipProof[];
  readonly realIndex: number;
  readonly onetimeKeyDeriveData: OnetimeKeyDeriveData;
  /** What the real output holds, with the blinding of its commitment. */
  readonly amount: UnmaskedAmount;
}

export interface InputCredentialsOptions {
  /** The real output and its mixins, in any order. */
  readonly ring: readonly TxOut[];
  /** Membership proofs in ring order; the longer list is cut to the shorter. */
  readonly proofs: readonly TxOutMembershipProof[];
  /** Place of the real output in `ring`. */
  readonly realIndex: number;
  /** The one-time private key, or the subaddress index by which a signer derives it. */
  readonly onetimeKeyDeriveData: OnetimeKeyDeriveData;
  /** What opens the real output: the account's view private key, or (for a gift code) the shared secret, 32 bytes. */
  readonly opening: { readonly viewPrivateKey: Scalar } | { readonly sharedSecret: Uint8Array };
}

/**
 * Makes the credentials of an input: sorts the ring with its proofs and opens the real output.
 *
 * @throws TransactionError area `builder`: `InvalidRingSize` (empty ring, or real index beyond its end), `NoInputs`
 * (real index at its end), `KeyError` (public key of the real output), `TxOutConversion` (no amount), `BadAmount`
 * (the amount does not open; cause of area `amount`).
 */
export function inputCredentials(options: InputCredentialsOptions): InputCredentials {
  const { ring, proofs, realIndex, onetimeKeyDeriveData, opening } = options;
  if (ring.length === 0 || realIndex > ring.length || realIndex < 0 || !Number.isInteger(realIndex)) {
    throw new TransactionError("builder", "InvalidRingSize", "the real index lies outside the ring", {
      data: { realIndex, ringSize: ring.length },
    });
  }
  const real = ring[realIndex];
  if (real === undefined) {
    throw new TransactionError("builder", "NoInputs", "the ring ends before the real index");
  }
  const publicKey = rejectedAs("builder", "KeyError", () => decodeKey(real.publicKey, "public_key"));

  const members: [TxOut, TxOutMembershipProof][] = [];
  for (const [index, txOut] of ring.entries()) {
    const proof = proofs[index];
    if (proof !== undefined) members.push([txOut, proof]);
  }
  members.sort(([a], [b]) => compareBytes(a.publicKey, b.publicKey));
  const sortedRealIndex = members.findIndex(([txOut]) => txOutEquals(txOut, real));
  if (sortedRealIndex < 0) {
    // The reference aborts here: fewer proofs than members cut the real output off.
    throw new TransactionError("builder", "InvalidRingSize", "the real ring member has no membership proof", {
      data: { realIndex, proofs: proofs.length },
    });
  }

  const { maskedAmount } = real;
  if (maskedAmount === undefined) {
    throw new TransactionError("builder", "TxOutConversion", "the real output has no amount that we know");
  }
  const sharedSecret =
    "sharedSecret" in opening ? opening.sharedSecret : recoverSharedSecret(opening.viewPrivateKey, publicKey);
  return {
    ring: members.map(([txOut]) => txOut),
    proofs: members.map(([, proof]) => proof),
    realIndex: sortedRealIndex,
    onetimeKeyDeriveData,
    amount: rejectedAs("builder", "BadAmount", () => recoverAmount(maskedAmount, sharedSecret)),
  };
}

/** The ring in the form that a ring signer takes. Throws `TxOutConversion` for a member without an amount. */
export function signableRing(credentials: InputCredentials): SignableInputRing {
  const { amount } = credentials;
  return {
    members: rejectedAs("builder", "TxOutConversion", () => credentials.ring.map(reduceTxOut)),
    realInputIndex: credentials.realIndex,
    inputSecret: {
      onetimeKeyDeriveData: credentials.onetimeKeyDeriveData,
      amount: { value: amount.value, tokenId: amount.tokenId },
      blinding: amount.blinding,
    },
  };
}
