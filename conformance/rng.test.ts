import { bytesToHex, Hc128Rng, hexToBytes } from "@mobilecoin-ts/crypto";
import { ChaChaRng, seedFromU64, Xoshiro256StarStar } from "@mobilecoin-ts/crypto/test-rng";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  name: string;
  algorithm: string;
  seed?: string;
  seed_u64?: string;
  state_u64?: string[];
  output: string;
}

function generatorOf(row: Row): { bytes(length: number): Uint8Array } {
  switch (row.algorithm) {
    case "hc128":
      return new Hc128Rng(hexToBytes(row.seed!));
    case "chacha12":
      return new ChaChaRng(hexToBytes(row.seed!), 12);
    case "chacha20":
      return new ChaChaRng(hexToBytes(row.seed!), 20);
    case "xoshiro256starstar": {
      const [a, b, c, d] = row.state_u64!.map(BigInt);
      return new Xoshiro256StarStar([a!, b!, c!, d!]);
    }
    default:
      throw new Error(`unknown algorithm ${row.algorithm}`);
  }
}

describeVectors("rng", () => {
  for (const row of loadVectors<Row>("rng/streams.jsonl")) {
    test(row.name, () => {
      expect(bytesToHex(generatorOf(row).bytes(row.output.length / 2))).toBe(row.output);
      if (row.seed_u64 !== undefined) {
        expect(bytesToHex(seedFromU64(BigInt(row.seed_u64)))).toBe(row.seed);
      }
    });
  }
});
