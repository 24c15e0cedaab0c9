import { expect, test } from "vitest";
import { selectInputs } from "../packages/transaction/src/builder/input-selection.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  readonly name: string;
  readonly input_values: readonly string[];
  readonly amount: string;
  readonly max_inputs: number;
  readonly result: "selected" | "insufficient_funds" | "would_need_defragmentation";
  readonly selected_indices: readonly number[] | null;
  readonly largest_possible_amount: string | null;
}

const RESULTS = {
  selected: "selected",
  insufficient_funds: "insufficientFunds",
  would_need_defragmentation: "wouldNeedDefragmentation",
} as const;

describeVectors("input_selection", () => {
  test.each(loadVectors<Row>("input_selection/cases.jsonl"))("$name", (row) => {
    const selection = selectInputs(row.input_values.map(BigInt), BigInt(row.amount), row.max_inputs);
    expect(selection.result).toBe(RESULTS[row.result]);
    expect(selection.result === "selected" ? selection.positions : null).toEqual(row.selected_indices);
    expect(
      selection.result === "wouldNeedDefragmentation" ? String(selection.largestPossibleAmount) : null,
    ).toBe(row.largest_possible_amount);
  });
});
