import type { Scalar } from "@mobilecoin-ts/curve";
import type { RingMLSAG } from "../proofs/ring-mlsag.ts";
import type { Amount } from "../tx-out/amount.ts";
import type { ReducedTxOut } from "./reduced-tx-out.ts";

/** What gives the one-time private key of a real input: the key itself, or the subaddress it was received on. */
export type OnetimeKeyDeriveData =
  | { readonly kind: "onetimeKey"; readonly privateKey: Scalar }
  | { readonly kind: "subaddressIndex"; readonly index: bigint };

/** What the signer of a ring knows of its real member. */
export interface InputSecret {
  readonly onetimeKeyDeriveData: OnetimeKeyDeriveData;
  readonly amount: Amount;
  /** Blinding of the real member's commitment. */
  readonly blinding: Scalar;
}

/** An output's amount and the blinding of its commitment. */
export interface OutputSecret {
  readonly amount: Amount;
  readonly blinding: Scalar;
}

/** A ring to be signed. */
export interface SignableInputRing {
  /** Ascending by public key. */
  readonly members: readonly ReducedTxOut[];
  readonly realInputIndex: number;
  readonly inputSecret: InputSecret;
}

/** A ring signed beforehand, under input rules. */
export interface PresignedInputRing {
  readonly mlsag: RingMLSAG;
  readonly pseudoOutputSecret: OutputSecret;
}

export type InputRing =
  | { readonly kind: "signable"; readonly ring: SignableInputRing }
  | { readonly kind: "presigned"; readonly ring: PresignedInputRing };
