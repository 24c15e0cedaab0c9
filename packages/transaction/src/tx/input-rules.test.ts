import { bytesToHex } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TestWorld } from "../builder/testing-world.ts";
import type { Amount } from "../tx-out/amount.ts";
import { blockVersion } from "../tx-out/block-version.ts";
import { createTxOut } from "../tx-out/create-tx-out.ts";
import { fakeFogHint } from "../tx-out/fog-hint.ts";
import { amountSharedSecret, maskAmount } from "../tx-out/masked-amount.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import {
  type InputRules,
  inputRulesCodec,
  inputRulesDigest,
  type RevealedTxOut,
  revealAmount,
  verifyInputRules,
} from "./input-rules.ts";
import { arbitraryInputRules } from "./testing/arbitrary-tx.ts";
import { rejectionsOf } from "./testing/rejections-of.ts";

const world = new TestWorld(blockVersion(3), "rules", 0);

interface Offered {
  readonly revealed: RevealedTxOut;
  /** The same output with another amount, as whoever fills the offer makes it. */
  readonly filled: (amount: Amount) => TxOut;
}

function offered(amount: Amount): Offered {
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: world.blockVersion,
    amount,
    recipient: world.account().defaultSubaddress,
    eFogHint: fakeFogHint(world.random),
    random: world.random,
  });
  return {
    revealed: { txOut, amountSharedSecret: amountSharedSecret(sharedSecret) },
    filled: (other) => ({ ...txOut, maskedAmount: maskAmount(2, other, sharedSecret).maskedAmount }),
  };
}

const usd = (value: bigint): Amount => ({ value, tokenId: 1n });
const eur = (value: bigint): Amount => ({ value, tokenId: 2n });

// Up to 100 dollars for 30 euros.
const change = offered(usd(100n));
const price = offered(eur(30n));

const partial = (changes: Partial<InputRules> = {}): InputRules => ({
  requiredOutputs: [],
  maxTombstoneBlock: 0n,
  partialFillOutputs: [price.revealed],
  partialFillChange: change.revealed,
  minPartialFillValue: 0n,
  ...changes,
});

const plain = (changes: Partial<InputRules> = {}): InputRules =>
  partial({ partialFillOutputs: [], partialFillChange: undefined, ...changes });

function verdict(rules: InputRules, outputs: readonly TxOut[], tombstoneBlock = 100n): string[] {
  return rejectionsOf(() => verifyInputRules(rules, { outputs, tombstoneBlock }));
}

const code = (name: string): string[] => [`inputRule: ${name}`];

/** The verdict on filling with `returned` dollars given back for `paid` euros. */
const fill = (returned: bigint, paid: bigint, rules = partial()): string[] =>
  verdict(rules, [price.filled(eur(paid)), change.filled(usd(returned))]);

describe("rules without partial fill", () => {
  test("that demand nothing hold", () => {
    expect(verdict(plain(), [])).toEqual([]);
  });

  test("bound the tombstone block, unless the bound is 0", () => {
    const bounded = plain({ maxTombstoneBlock: 100n });
    expect(verdict(bounded, [], 100n)).toEqual([]);
    expect(verdict(bounded, [], 101n)).toEqual(code("MaxTombstoneBlockExceeded"));
    expect(verdict(plain(), [], (1n << 64n) - 1n)).toEqual([]);
  });

  test("demand outputs in every byte; one may satisfy several", () => {
    const { txOut } = price.revealed;
    const rules = plain({ requiredOutputs: [txOut, change.revealed.txOut, txOut] });
    expect(verdict(rules, [change.revealed.txOut, txOut])).toEqual([]);
    expect(verdict(rules, [txOut])).toEqual(code("MissingRequiredOutput"));
    for (const bent of [
      { ...txOut, targetKey: change.revealed.txOut.targetKey },
      { ...txOut, publicKey: change.revealed.txOut.publicKey },
      { ...txOut, eFogHint: new Uint8Array(84) },
      { ...txOut, eMemo: undefined },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount!, version: 1 as const } },
      { ...txOut, maskedAmount: { ...txOut.maskedAmount!, maskedValue: 0n } },
    ]) {
      expect(verdict(rules, [bent, change.revealed.txOut])).toEqual(code("MissingRequiredOutput"));
    }
  });

  test("may not have the rest of a partial fill", () => {
    const outputs = plain({ partialFillOutputs: [price.revealed], minPartialFillValue: 1n });
    expect(verdict(outputs, [])).toEqual(code("PartialFillOutputsNotExpected"));
    expect(verdict(plain({ minPartialFillValue: 1n }), [])).toEqual(code("MinPartialFillValueNotExpected"));
  });
});

describe("a partial fill", () => {
  test("may take all, a fraction or nothing, and pay more than asked", () => {
    expect(fill(0n, 30n)).toEqual([]);
    expect(fill(50n, 15n)).toEqual([]);
    expect(fill(100n, 0n)).toEqual([]);
    expect(fill(50n, 1000n)).toEqual([]);
  });

  test("takes at least the least fill", () => {
    const rules = partial({ minPartialFillValue: 20n });
    expect(fill(80n, 6n, rules)).toEqual([]);
    expect(fill(81n, 30n, rules)).toEqual(code("FractionalChangeOutputAmountExceedsLimit"));
    expect(fill(101n, 30n)).toEqual(code("FractionalChangeOutputAmountExceedsLimit"));
    expect(fill(0n, 30n, partial({ minPartialFillValue: 100n }))).toEqual([]);
  });

  test("pays at least the same fraction, rounded up", () => {
    const short = code("FractionalOutputAmountDoesNotRespectFillFraction");
    expect(fill(0n, 29n)).toEqual(short);
    expect(fill(51n, 15n)).toEqual([]);
    expect(fill(51n, 14n)).toEqual(short);
    expect(fill(99n, 1n)).toEqual([]);
    expect(fill(99n, 0n)).toEqual(short);
  });

  test("is compared by cross-multiplication, exactly, with values of 64 bits", () => {
    const max = (1n << 64n) - 1n;
    fc.assert(
      fc.property(
        fc.bigInt(1n, max),
        fc.bigInt(1n, max),
        fc.bigInt(0n, max),
        fc.bigInt(0n, max),
        (total, asked, returnedOf, paid) => {
          const returned = returnedOf % (total + 1n);
          const [big, small] = [offered(usd(total)), offered(eur(asked))];
          const rules = partial({ partialFillChange: big.revealed, partialFillOutputs: [small.revealed] });
          const outputs = [big.filled(usd(returned)), small.filled(eur(paid))];
          // ceil(asked * filled / total) is the least that respects the fraction.
          const least = (asked * (total - returned) + total - 1n) / total;
          expect(verdict(rules, outputs)).toEqual(
            paid >= least ? [] : code("FractionalOutputAmountDoesNotRespectFillFraction"),
          );
          if (least > 0n && least <= max) {
            expect(verdict(rules, [outputs[0]!, small.filled(eur(least))])).toEqual([]);
            expect(verdict(rules, [outputs[0]!, small.filled(eur(least - 1n))])).toHaveLength(1);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test("needs a change that opens and is not zero, and a least fill within it", () => {
    const tooMuch = partial({ minPartialFillValue: 101n });
    expect(fill(0n, 30n, tooMuch)).toEqual(code("MinPartialFillValueExceedsPartialFillChange"));
    const nothing = offered(usd(0n));
    const zero = partial({ partialFillChange: nothing.revealed });
    expect(verdict(zero, [])).toEqual(code("ZeroPartialFillChange"));
    expect(verdict({ ...zero, minPartialFillValue: 1n }, [])).toEqual(
      code("MinPartialFillValueExceedsPartialFillChange"),
    );
  });

  test("needs the output for what is not filled, equal in all but its amount", () => {
    expect(verdict(partial(), [price.revealed.txOut])).toEqual(code("MissingFractionalChangeOutput"));
    const otherHint = { ...change.filled(usd(0n)), eFogHint: new Uint8Array(84) };
    expect(verdict(partial(), [price.revealed.txOut, otherHint])).toEqual(
      code("MissingFractionalChangeOutput"),
    );
  });

  test("needs each partial fill output", () => {
    expect(verdict(partial(), [change.filled(usd(50n))])).toEqual(code("MissingFractionalOutput"));
    const nothing = offered(eur(0n));
    const rules = partial({ partialFillOutputs: [nothing.revealed] });
    expect(verdict(rules, [change.filled(usd(100n)), nothing.filled(eur(5n))])).toEqual(
      code("FractionalOutputAmountDoesNotRespectFillFraction"),
    );
  });

  test("keeps the tokens", () => {
    expect(verdict(partial(), [change.filled(eur(50n)), price.filled(eur(30n))])).toEqual(
      code("FractionalOutputTokenIdMismatch"),
    );
    expect(verdict(partial(), [change.filled(usd(50n)), price.filled(usd(30n))])).toEqual(
      code("FractionalOutputTokenIdMismatch"),
    );
  });

  test("takes the first output that is equal in all but its amount", () => {
    const outputs = [change.filled(usd(50n)), price.filled(eur(15n)), price.filled(eur(0n))];
    expect(verdict(partial(), outputs)).toEqual([]);
    expect(verdict(partial(), [outputs[0]!, outputs[2]!, outputs[1]!])).toEqual(
      code("FractionalOutputAmountDoesNotRespectFillFraction"),
    );
    const [less, more, paid] = [change.filled(usd(50n)), change.filled(usd(101n)), price.filled(eur(15n))];
    expect(verdict(partial(), [less, more, paid])).toEqual([]);
    expect(verdict(partial(), [more, less, paid])).toEqual(code("FractionalChangeOutputAmountExceedsLimit"));
  });

  test("still demands the outputs required as they are", () => {
    const rules = partial({ requiredOutputs: [price.revealed.txOut] });
    expect(fill(50n, 15n, rules)).toEqual(code("MissingRequiredOutput"));
    expect(fill(50n, 30n, rules)).toEqual([]);
  });
});

describe("an amount that is revealed", () => {
  const { revealed } = change;
  const noAmount: TxOut = { ...revealed.txOut, maskedAmount: undefined };
  const old: TxOut = { ...revealed.txOut, maskedAmount: { ...revealed.txOut.maskedAmount!, version: 1 } };
  const wrongSecret = new Uint8Array(32);

  test("opens", () => {
    expect(revealAmount(revealed)).toMatchObject(usd(100n));
  });

  const cases: [string, RevealedTxOut, string[]][] = [
    [
      "the length of its secret first",
      { txOut: noAmount, amountSharedSecret: new Uint8Array(31) },
      ["revealedTxOut: InvalidAmountSharedSecret"],
    ],
    [
      "a longer secret too",
      { txOut: revealed.txOut, amountSharedSecret: new Uint8Array([...revealed.amountSharedSecret, 0]) },
      ["revealedTxOut: InvalidAmountSharedSecret"],
    ],
    [
      "then whether there is an amount",
      { txOut: noAmount, amountSharedSecret: wrongSecret },
      ["revealedTxOut: TxOutConversion", "txOut: UnknownMaskedAmountVersion"],
    ],
    [
      "then its version",
      { txOut: old, amountSharedSecret: wrongSecret },
      ["revealedTxOut: Amount", "amount: AmountVersionTooOldForAmountSharedSecret"],
    ],
    [
      "then its token id",
      {
        txOut: {
          ...revealed.txOut,
          maskedAmount: { ...revealed.txOut.maskedAmount!, maskedTokenId: new Uint8Array(0) },
        },
        amountSharedSecret: revealed.amountSharedSecret,
      },
      ["revealedTxOut: Amount", "amount: InvalidMaskedTokenId"],
    ],
    [
      "then its commitment",
      { txOut: revealed.txOut, amountSharedSecret: wrongSecret },
      ["revealedTxOut: Amount", "amount: InconsistentCommitment"],
    ],
  ];

  test.each(cases)("is checked for %s, wherever it stands", (_, bent, expected) => {
    expect(rejectionsOf(() => revealAmount(bent))).toEqual(expected);
    const inRule = [...code("RevealedTxOut"), ...expected];
    expect(verdict(partial({ partialFillChange: bent }), [])).toEqual(inRule);
    const outputs = [change.filled(usd(0n)), price.filled(eur(30n))];
    expect(verdict(partial({ partialFillOutputs: [bent] }), outputs)).toEqual(inRule);
  });

  test("is checked in the transaction's outputs too", () => {
    const inconsistent = [
      ...code("RevealedTxOut"),
      "revealedTxOut: Amount",
      "amount: InconsistentCommitment",
    ];
    const bend = (output: TxOut): TxOut => ({
      ...output,
      maskedAmount: { ...output.maskedAmount!, maskedValue: 1n },
    });
    const [good, goodChange] = [price.filled(eur(30n)), change.filled(usd(0n))];
    expect(verdict(partial(), [good, bend(goodChange)])).toEqual(inconsistent);
    expect(verdict(partial(), [bend(good), goodChange])).toEqual(inconsistent);
    const none = { ...goodChange, maskedAmount: undefined };
    expect(verdict(partial(), [good, none])).toEqual([
      ...code("RevealedTxOut"),
      "revealedTxOut: TxOutConversion",
      "txOut: UnknownMaskedAmountVersion",
    ]);
  });
});

test("rules encode to bytes that decode to them; those at their default to nothing", () => {
  fc.assert(
    fc.property(arbitraryInputRules, (rules) => {
      const bytes = inputRulesCodec.encode(rules);
      expect(inputRulesCodec.decode(bytes)).toEqual(rules);
      expect(bytesToHex(inputRulesDigest(inputRulesCodec.decode(bytes)))).toBe(
        bytesToHex(inputRulesDigest(rules)),
      );
    }),
    { numRuns: 50 },
  );
  expect(inputRulesCodec.encode(plain())).toEqual(new Uint8Array(0));
  expect(bytesToHex(inputRulesDigest(plain()))).toBe(
    "3713eaa5685d0edbc8437a45890d7801bff35c784f57204fd1beceb891554454",
  );
});
