import fc from "fast-check";
import { expect, test } from "vitest";
import { blockVersion } from "../tx-out/block-version.ts";
import { groupByToken } from "./ring-ct-tokens.ts";
import { TestPayment } from "./testing/test-payment.ts";

test("tokens ascend as numbers, entries keep their order, and the fee's token is always there", () => {
  const entries = [10n, 9n, 1n << 63n, 10n].map((tokenId, i) => ({ tokenId, i }));
  expect(
    groupByToken(100n, entries).map(({ tokenId, entries: of }) => [tokenId, of.map(({ i }) => i)]),
  ).toEqual([
    [9n, [1]],
    [10n, [0, 3]],
    [100n, []],
    [1n << 63n, [2]],
  ]);
  expect(groupByToken(9n, entries).map(({ tokenId }) => tokenId)).toEqual([9n, 10n, 1n << 63n]);
});

test("any mix of tokens that balances makes a valid transaction", () => {
  const fee = { value: 400_000_000n, tokenId: 0n };
  const token = fc.record({
    tokenId: fc.oneof(fc.bigInt(1n, 12n), fc.bigInt(1n, (1n << 64n) - 1n)),
    value: fc.bigInt(0n, (1n << 64n) - 1n),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const tokens = fc.uniqueArray(token, { maxLength: 3, selector: ({ tokenId }) => tokenId });
  fc.assert(
    fc.property(tokens, fc.constantFrom(3, 4), (mix, version) => {
      const inputs = [fee, ...mix.map(({ tokenId, value }) => ({ tokenId, value }))];
      const outputs = [
        { tokenId: 0n, value: 0n },
        ...mix.flatMap(({ tokenId, value, part }) => {
          const first = (value * BigInt(Math.floor(part * 1000))) / 1000n;
          return [
            { tokenId, value: first },
            { tokenId, value: value - first },
          ];
        }),
      ];
      const payment = TestPayment.make(blockVersion(version), { inputs, outputs, fee });
      expect(payment.rejections()).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
