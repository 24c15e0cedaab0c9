import { bytesToHex, hexToBytes, schnorrkelSign, schnorrkelVerify, utf8 } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  signer_private_key: string;
  sign_context: string;
  sign_message: string;
  signature: string;
  public_key: string;
  verify_context: string;
  verify_message: string;
  valid: boolean;
}

describeVectors("schnorrkel", () => {
  for (const row of loadVectors<Row>("schnorrkel/signatures.jsonl")) {
    test(row.name, () => {
      const privateKey = Scalar.fromBytes(hexToBytes(row.signer_private_key));
      const signature = schnorrkelSign(privateKey, utf8(row.sign_context), hexToBytes(row.sign_message));
      expect(bytesToHex(signature)).toBe(row.signature);
      expect(
        schnorrkelVerify(
          hexToBytes(row.public_key),
          row.verify_context,
          hexToBytes(row.verify_message),
          hexToBytes(row.signature),
        ),
      ).toBe(row.valid);
    });
  }
});
