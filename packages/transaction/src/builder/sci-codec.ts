import { type Codec, f, message } from "@mobilecoin-ts/wire";
import { ringMLSAGCodec } from "../proofs/ring-mlsag-codec.ts";
import { txInCodec } from "../tx/tx.ts";
import { unmaskedAmountCodec } from "../tx-out/amount.ts";
import type { SignedContingentInput } from "./signed-contingent-input.ts";

/** `SignedContingentInput` (02 section 2.19). Decoding checks nothing: validate what comes from outside. */
export const signedContingentInputCodec: Codec<SignedContingentInput> = message<SignedContingentInput>(
  "SignedContingentInput",
  {
    blockVersion: f.uint32(1, { required: true }),
    txIn: f.message(2, txInCodec),
    mlsag: f.message(3, ringMLSAGCodec),
    pseudoOutputAmount: f.message(4, unmaskedAmountCodec),
    requiredOutputAmounts: f.repeated(5, unmaskedAmountCodec),
    txOutGlobalIndices: f.packedFixed64(6),
  },
);
