import { bytesToHex, hexToBytes, KexRng } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  private_key: string;
  public_key: string;
  version: string;
  outputs: string[];
}

describeVectors("kex_rng", () => {
  for (const row of loadVectors<Row>("kex_rng/outputs.jsonl")) {
    test(row.name, () => {
      const rng = KexRng.fromKeyExchange(
        Scalar.fromBytes(hexToBytes(row.private_key)),
        Point.decode(hexToBytes(row.public_key)),
        Number(row.version),
      );
      expect(row.outputs.map(() => bytesToHex(rng.next()))).toEqual(row.outputs);
      expect(rng.index).toBe(BigInt(row.outputs.length));
    });
  }
});
