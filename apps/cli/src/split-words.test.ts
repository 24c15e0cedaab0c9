import { expect, test } from "vitest";
import { splitWords } from "./split-words.ts";

test.each([
  ["", []],
  ["  send   --amount 1 ", ["send", "--amount", "1"]],
  [`send --to "a b" --note 'it is "fine"'`, ["send", "--to", "a b", "--note", 'it is "fine"']],
  [`x ""`, ["x", ""]],
])("splits %j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test("refuses an open quotation mark", () => {
  expect(() => splitWords('send "x')).toThrow("left open");
});
