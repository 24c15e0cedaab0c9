import { hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { verifyRing } from "../packages/transaction/src/proofs/ring-verify.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface RingSignatureRow {
  readonly name: string;
  readonly message: string;
  readonly ring: readonly { readonly target_key: string; readonly commitment: string }[];
  readonly output_commitment: string;
  readonly c_zero: string;
  readonly responses: readonly string[];
  readonly key_image: string;
  readonly valid: boolean;
}

describeVectors("mlsag", () => {
  test.each(loadVectors<RingSignatureRow>("mlsag/ring_signatures.jsonl"))("$name", (row) => {
    const verify = () =>
      verifyRing({
        message: hexToBytes(row.message),
        ring: row.ring.map((member) => ({
          targetKey: hexToBytes(member.target_key),
          commitment: hexToBytes(member.commitment),
        })),
        outputCommitment: hexToBytes(row.output_commitment),
        signature: {
          cZero: hexToBytes(row.c_zero),
          responses: row.responses.map(hexToBytes),
          keyImage: hexToBytes(row.key_image),
        },
      });
    if (row.valid) expect(verify()).toBeUndefined();
    else expect(verify).toThrow(expect.objectContaining({ area: "ring-signature" }));
  });
});
