import type { Scalar } from "@mobilecoin-ts/curve";
import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { curveScalarCodec } from "./key-codecs.ts";

/** A number of smallest units of one token, both u64 (02 section 2.5). */
export interface Amount {
  /** Smallest units of the token (10^-12 MOB for token 0). */
  readonly value: bigint;
  readonly tokenId: bigint;
}

/** An amount together with the blinding of its commitment `value·H_tokenId + blinding·G` (02 section 2.5). */
export interface UnmaskedAmount extends Amount {
  readonly blinding: Scalar;
}

export const amountCodec: Codec<Amount> = message("Amount", {
  value: f.fixed64(1),
  tokenId: f.fixed64(2),
});

export const unmaskedAmountCodec: Codec<UnmaskedAmount> = message("UnmaskedAmount", {
  value: f.fixed64(1),
  tokenId: f.fixed64(2),
  blinding: f.message(3, curveScalarCodec),
});
