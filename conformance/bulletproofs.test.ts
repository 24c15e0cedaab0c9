import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import {
  GENERATORS_PER_PARTY,
  vectorGenerators,
} from "../packages/transaction/src/proofs/bulletproof-generators.ts";
import type { RangeStatement } from "../packages/transaction/src/proofs/range-equation.ts";
import { verifyRangeStatements } from "../packages/transaction/src/proofs/range-verify.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface GeneratorRow {
  readonly name: string;
  readonly bits: number;
  readonly parties: number;
  readonly flat_index: number;
  readonly g: string;
  readonly h: string;
}

interface RangeProofRow {
  readonly name: string;
  readonly transcript_label: string;
  readonly bits: number;
  readonly commitments: readonly string[];
  readonly proof: string;
  readonly value_generator: string;
  readonly blinding_generator: string;
  readonly valid: boolean;
}

function statementOf(row: RangeProofRow): RangeStatement {
  return {
    parameters: {
      label: row.transcript_label,
      bits: row.bits,
      valueBase: Point.decode(hexToBytes(row.value_generator)),
      blindingBase: Point.decode(hexToBytes(row.blinding_generator)),
    },
    commitments: row.commitments.map(hexToBytes),
    proof: hexToBytes(row.proof),
  };
}

describeVectors("bulletproofs", () => {
  test.each(loadVectors<GeneratorRow>("bulletproofs/generators.jsonl"))("generator $name", (row) => {
    const at = Math.floor(row.flat_index / row.bits) * GENERATORS_PER_PARTY + (row.flat_index % row.bits);
    expect(bytesToHex(vectorGenerators("G", row.parties)[at]!.encode())).toBe(row.g);
    expect(bytesToHex(vectorGenerators("H", row.parties)[at]!.encode())).toBe(row.h);
  });

  const rows = loadVectors<RangeProofRow>("bulletproofs/range_proofs.jsonl");

  test.each(rows)("range proof $name", (row) => {
    expect(verifyRangeStatements([statementOf(row)]).length === 0).toBe(row.valid);
  });

  test("all range proofs together: the bad ones are named", () => {
    const failures = verifyRangeStatements(rows.map(statementOf));
    expect(failures.map(({ index }) => rows[index]!.name)).toEqual(
      rows.filter((row) => !row.valid).map((row) => row.name),
    );
  });
});
