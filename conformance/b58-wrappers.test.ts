import { decodePrintable, encodePrintable } from "@mobilecoin-ts/account";
import { bytesToHex, crc32, hexToBytes } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { decodeBase58Check, encodeBase58Check } from "../packages/account/src/base58-check.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

type Row = { name: string; b58: string } & (
  | { valid: false }
  | { valid: true; crc32: string; wrapper: string; kind: string; message: string }
);

/** Tag of each content in the wrapper. */
const TAGS: Readonly<Record<string, number>> = {
  public_address: 1,
  payment_request: 2,
  transfer_payload: 3,
  tx_out_gift_code: 4,
};

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

describeVectors("b58_wrappers", () => {
  for (const row of loadVectors<Row>("b58_wrappers/wrappers.jsonl")) {
    test(row.name, () => {
      if (!row.valid) {
        expect(() => decodePrintable(row.b58)).toThrow(
          // Nothing after the checksum may be what stops a mistyped code.
          expect.objectContaining({ code: expect.stringMatching(/^(B58|ChecksumMismatch)$/) }),
        );
        return;
      }
      const wrapper = decodeBase58Check(row.b58);
      expect(bytesToHex(wrapper)).toBe(row.wrapper);
      expect(crc32(wrapper)).toBe(Number(row.crc32));
      expect(encodeBase58Check(hexToBytes(row.wrapper))).toBe(row.b58);

      const content = decodePrintable(row.b58);
      if (content.kind === "unknown") throw new Error("the content was not recognised");
      expect(content.kind).toBe(camelCase(row.kind));
      expect(wrapper[0]).toBe((TAGS[row.kind]! << 3) | 2);
      expect(row.wrapper.endsWith(row.message)).toBe(true);
      expect(encodePrintable(content)).toBe(row.b58);
    });
  }
});
