import { bytesToHex } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { valueGenerator } from "../packages/transaction/src/proofs/pedersen.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface GeneratorRow {
  readonly name: string;
  readonly token_id: string;
  readonly value_generator: string;
}

describeVectors("amounts", () => {
  test.each(loadVectors<GeneratorRow>("amounts/generators.jsonl"))("$name", (row) => {
    expect(bytesToHex(valueGenerator(BigInt(row.token_id)).encode())).toBe(row.value_generator);
  });
});
