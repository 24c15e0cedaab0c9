import { makeBlock } from "@mobilecoin-ts/ledger";
import { expect, test } from "vitest";
import { sampleChain } from "../testing/sample-chain.ts";
import { faultInHeaders } from "./header-agreement.ts";

const chain = sampleChain(3);
const headers = chain.map(({ block }) => block);

test("a chain begins after the newest block, or with an origin block", () => {
  expect(faultInHeaders(headers[0], headers.slice(1))).toBeUndefined();
  expect(faultInHeaders(undefined, headers)).toBeUndefined();
  expect(faultInHeaders(headers[0], [])).toBeUndefined();
});

test("no other block stands at the beginning", () => {
  expect(faultInHeaders(undefined, headers.slice(1))).toMatch(/block 1 stands where block 0 belongs/);
  expect(faultInHeaders(headers[0], headers)).toMatch(/block 0 stands where block 1 belongs/);
  const { contents, block } = chain[0]!;
  const { contentsHash: _, ...fields } = block;
  const adopted = makeBlock({ ...fields, parentId: headers[2]!.id }, contents);
  expect(faultInHeaders(undefined, [adopted])).toMatch(/no child/);
  const renamed = { ...headers[1]!, id: headers[2]!.id };
  expect(faultInHeaders(headers[0], [renamed])).toMatch(/not the hash/);
});
