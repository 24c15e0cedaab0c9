import type { PublicAddress } from "@mobilecoin-ts/account";
import type { Scalar } from "@mobilecoin-ts/curve";
import type { InputRing } from "../tx/input-ring.ts";
import type { UnmaskedAmount } from "../tx-out/amount.ts";

/** What a signing device needs to know of an output to say what it does (02 section 2.20). */
export interface TxOutSummaryUnblindingData {
  readonly unmaskedAmount: UnmaskedAmount;
  /** Whom the output pays; absent for outputs that a signed contingent input demands. */
  readonly address: PublicAddress | undefined;
  /** The key the output was made with; absent where the address is. */
  readonly txPrivateKey: Scalar | undefined;
}

/** What a signing device needs to know of a transaction beside its summary (02 section 2.20). */
export interface TxSummaryUnblindingData {
  readonly blockVersion: number;
  /** In prefix order. */
  readonly outputs: readonly TxOutSummaryUnblindingData[];
  /** The amount of each pseudo-output with its blinding, in prefix order. */
  readonly inputs: readonly UnmaskedAmount[];
}

/**
 * Puts together what a device needs to check a summary: the transaction's rings and outputs, and the blindings of the
 * pseudo-outputs (one a ring) that its signing data was made with.
 */
export function txSummaryUnblindingData(
  unsigned: {
    readonly blockVersion: number;
    readonly rings: readonly InputRing[];
    readonly txOutUnblindingData: readonly TxOutSummaryUnblindingData[];
  },
  pseudoOutputBlindings: readonly Scalar[],
): TxSummaryUnblindingData {
  return {
    blockVersion: unsigned.blockVersion,
    outputs: unsigned.txOutUnblindingData,
    inputs: unsigned.rings.map((ring, index) => {
      const { amount } = ring.kind === "signable" ? ring.ring.inputSecret : ring.ring.pseudoOutputSecret;
      return { value: amount.value, tokenId: amount.tokenId, blinding: pseudoOutputBlindings[index]! };
    }),
  };
}
