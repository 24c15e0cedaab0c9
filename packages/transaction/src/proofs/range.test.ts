import { Point, type RandomBytes, Scalar } from "@mobilecoin-ts/curve";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import { vectorGenerators } from "./bulletproof-generators.ts";
import { commit, valueGenerator } from "./pedersen.ts";
import { networkRangeParameters, padToPowerOfTwo, type RangeParameters } from "./range-parameters.ts";
import { parseRangeProof, serializeRangeProof } from "./range-proof.ts";
import { proveRange, proveRangeStatement } from "./range-prove.ts";
import {
  type TokenRangeStatement,
  verifyRange,
  verifyRangeBatch,
  verifyRangeStatements,
} from "./range-verify.ts";

function seeded(seed: number): RandomBytes {
  let counter = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 64) {
      const block = sha512(new Uint8Array(new Uint32Array([seed, counter++]).buffer));
      out.set(block.subarray(0, Math.min(64, length - at)), at);
    }
    return out;
  };
}

const MAX = (1n << 64n) - 1n;
const NOT_A_POINT = new Uint8Array(32).fill(0xff);

function proven(values: readonly bigint[], tokenId = 0n, seed = values.length): TokenRangeStatement {
  const random = seeded(seed);
  const blindings = values.map(() => Scalar.random(random));
  return { tokenId, ...proveRange(values, blindings, tokenId, random) };
}

function provenSmall(bits: number, values: readonly bigint[], seed = 1) {
  const random = seeded(seed);
  const parameters: RangeParameters = { ...networkRangeParameters(0n), bits };
  const blindings = values.map(() => Scalar.random(random));
  return { parameters, ...proveRangeStatement(parameters, values, blindings, random) };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TransactionError && error.area === "range-proof") return error.code;
    throw error;
  }
  return "accepted";
}

const verdict = ({ proof, commitments, tokenId }: TokenRangeStatement) =>
  codeOf(() => verifyRange(proof, commitments, tokenId));

function flip(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at]! ^= 1 << bit;
  return out;
}

function withElement(proof: Uint8Array, index: number, element: Uint8Array): Uint8Array {
  const out = Uint8Array.from(proof);
  out.set(element, 32 * index);
  return out;
}

test("gives the quoted vector generators (02 section 2.12)", () => {
  expect(bytesToHex(vectorGenerators("G", 2)[0]!.encode())).toBe(
    "fc3b25801422672a6a8d3adb5d8457d4301fe92324b4fc56ae934c8713ddfe2d",
  );
  expect(bytesToHex(vectorGenerators("H", 2)[0]!.encode())).toBe(
    "ba698f6dd08c501e32b55d2ee7259f6019d629fa2ba4d7039c5de157cba4df73",
  );
  expect(bytesToHex(vectorGenerators("G", 2)[64]!.encode())).toBe(
    "0eeebec183d151ded1e24320cf43c987617b36e77114788e5ae8ace41570b74b",
  );
});

test("padding repeats the last element up to a power of two", () => {
  expect([1, 2, 3, 4, 5, 9].map((n) => padToPowerOfTwo(Array.from({ length: n }, (_, i) => i)))).toEqual([
    [0],
    [0, 1],
    [0, 1, 2, 2],
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4, 4, 4, 4],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8],
  ]);
});

describe("proveRange and verifyRange", () => {
  test.each([
    [1, 672],
    [2, 736],
    [4, 800],
    [8, 864],
    [16, 928],
    [32, 992],
  ])("%i values make a proof of %i bytes that verifies", (count, length) => {
    const values = Array.from({ length: count }, (_, i) => (i === 0 ? MAX : BigInt(i) << BigInt(i)));
    const statement = proven(values);
    expect(statement.proof).toHaveLength(length);
    expect(statement.commitments).toHaveLength(count);
    expect(verdict(statement)).toBe("accepted");
  });

  test("counts that are no power of two are padded on both sides alike", () => {
    const statement = proven([0n, 1n, 2n]);
    expect(statement.proof).toHaveLength(800);
    expect(statement.commitments).toHaveLength(3);
    expect(verdict(statement)).toBe("accepted");
    expect(verdict({ ...statement, commitments: padToPowerOfTwo(statement.commitments) })).toBe("accepted");
  });

  test("commitments are those of the amounts, for any token", () => {
    const random = seeded(4);
    const blinding = Scalar.random(random);
    const { proof, commitments } = proveRange([77n], [blinding], 8192n, random);
    expect(commitments).toEqual([commit(77n, blinding, 8192n).encode()]);
    expect(verdict({ proof, commitments, tokenId: 8192n })).toBe("accepted");
    expect(verdict({ proof, commitments, tokenId: 8193n })).toBe("VerificationError");
  });

  test.each([8, 16, 32, 64])("%i bits, other label and bases", (bits) => {
    const parameters: RangeParameters = {
      label: "some other transcript",
      bits,
      valueBase: Point.BASE,
      blindingBase: valueGenerator(3n),
    };
    const top = (1n << BigInt(bits)) - 1n;
    const random = seeded(bits);
    const statement = {
      parameters,
      ...proveRangeStatement(parameters, [top, 0n], [Scalar.random(random), Scalar.ZERO], random),
    };
    expect(verifyRangeStatements([statement])).toEqual([]);
    const relabelled = { ...statement, parameters: { ...parameters, label: "yet another" } };
    const rebased = { ...statement, parameters: { ...parameters, blindingBase: Point.BASE } };
    expect(verifyRangeStatements([relabelled, statement, rebased]).map(({ index }) => index)).toEqual([0, 2]);
  });

  test("the proof is fresh each time", () => {
    const blinding = Scalar.fromBigInt(5n);
    const parameters: RangeParameters = { ...networkRangeParameters(0n), bits: 8 };
    const first = proveRangeStatement(parameters, [3n], [blinding]);
    const second = proveRangeStatement(parameters, [3n], [blinding]);
    expect(second.commitments).toEqual(first.commitments);
    for (let i = 0; i < first.proof.length / 32; i++) {
      expect(second.proof.slice(32 * i, 32 * i + 32)).not.toEqual(first.proof.slice(32 * i, 32 * i + 32));
    }
  });

  test("a seeded source of randomness makes the same proof again", () => {
    expect(proven([7n, 8n], 0n, 3)).toEqual(proven([7n, 8n], 0n, 3));
    expect(proven([7n, 8n], 0n, 4).proof).not.toEqual(proven([7n, 8n], 0n, 3).proof);
  });

  test("any values and blindings verify", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 255n }), { minLength: 1, maxLength: 2 }),
        fc.bigInt({ min: 0n, max: MAX }),
        (values, blinding) => {
          const parameters: RangeParameters = { ...networkRangeParameters(1n), bits: 8 };
          const blindings = values.map((_, i) => Scalar.fromBigInt(blinding * BigInt(i)));
          const statement = { parameters, ...proveRangeStatement(parameters, values, blindings) };
          expect(verifyRangeStatements([statement])).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });

  test("a change of any byte of the proof is refused", () => {
    const statement = provenSmall(8, [9n, 200n]);
    for (let at = 0; at < statement.proof.length; at++) {
      const [failure] = verifyRangeStatements([{ ...statement, proof: flip(statement.proof, at, at % 8) }]);
      expect(["FormatError", "VerificationError"]).toContain(failure?.error.code);
    }
  });

  test("any bytes are refused by a code", () => {
    const { parameters, commitments } = provenSmall(8, [9n]);
    const lengths = fc.constantFrom(0, 1, 9, 13, 15, 17).map((elements) => elements * 32);
    const bytes = lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length + 1 }));
    fc.assert(
      fc.property(bytes, (proof) => {
        const [failure] = verifyRangeStatements([{ parameters, commitments, proof }]);
        expect(["FormatError", "VerificationError"]).toContain(failure?.error.code);
      }),
    );
  });

  test("a change, an exchange or a missing commitment is refused", () => {
    const statement = proven([1n, 2n]);
    const [first, second] = statement.commitments as [Uint8Array, Uint8Array];
    const other = Point.BASE.encode();
    for (const commitments of [
      [other, second],
      [first, other],
      [second, first],
      [first],
      [first, second, second],
    ]) {
      expect(verdict({ ...statement, commitments })).toBe("VerificationError");
    }
  });

  test("a value beyond the range cannot be passed off", () => {
    // A proof that 5 is in range, beside a commitment to 5 + 2^64 under the same blinding.
    const statement = proven([5n]);
    const shifted = Point.decode(statement.commitments[0]!).add(
      valueGenerator(0n).multiplyPublic(Scalar.fromBigInt(1n << 64n)),
    );
    expect(verdict({ ...statement, commitments: [shifted.encode()] })).toBe("VerificationError");
  });

  test("the identity is accepted as a commitment", () => {
    const { proof, commitments } = proveRange([0n], [Scalar.ZERO], 0n);
    expect(commitments[0]).toEqual(new Uint8Array(32));
    expect(verdict({ proof, commitments, tokenId: 0n })).toBe("accepted");
  });
});

describe("verifyRangeBatch", () => {
  const good = [proven([1n], 0n, 11), proven([2n, 3n], 1n, 12), proven([4n], 8192n, 13)];

  test("accepts proofs of several tokens and sizes together", () => {
    expect(verifyRangeBatch(good)).toEqual([]);
    expect(verifyRangeBatch([])).toEqual([]);
  });

  test("names every bad proof, whatever is wrong with it", () => {
    const [first, second, third] = good as [TokenRangeStatement, TokenRangeStatement, TokenRangeStatement];
    const batch: TokenRangeStatement[] = [
      first,
      { ...second, tokenId: 0n },
      { ...third, proof: third.proof.slice(1) },
      { ...first, commitments: [] },
      third,
      { ...first, commitments: third.commitments },
      second,
    ];
    expect(verifyRangeBatch(batch).map(({ index, error }) => [index, error.code])).toEqual([
      [1, "VerificationError"],
      [2, "FormatError"],
      [3, "ResizeError"],
      [5, "VerificationError"],
    ]);
  });

  test("weights keep errors of two proofs from cancelling out", () => {
    // One proof off in opposite directions: its last element is in no challenge and enters the sum linearly.
    const statement = provenSmall(8, [1n]);
    const moved = (by: Scalar) => {
      const proof = parseRangeProof(statement.proof);
      return { ...statement, proof: serializeRangeProof({ ...proof, right: proof.right.add(by) }) };
    };
    const batch = [moved(Scalar.ONE), moved(Scalar.ONE.negate())];
    expect(verifyRangeStatements(batch).map(({ index }) => index)).toEqual([0, 1]);
  });
});

describe("rejections of parsing", () => {
  const { proof } = provenSmall(8, [1n]);
  const elements = proof.length / 32;

  test("serialising what was parsed gives the same bytes", () => {
    expect(serializeRangeProof(parseRangeProof(proof))).toEqual(proof);
  });

  test("FormatError for the length", () => {
    const lengths = [0, 31, 32 * 6, 32 * 7, 32 * 8, 32 * 10, proof.length - 1, 32 * (9 + 2 * 32)];
    for (const length of lengths) {
      expect(codeOf(() => parseRangeProof(new Uint8Array(length)))).toBe("FormatError");
    }
    for (const length of [32 * 9, 32 * 11, 32 * (9 + 2 * 31)]) {
      expect(codeOf(() => parseRangeProof(new Uint8Array(length)))).toBe("accepted");
    }
  });

  test.each([4, 5, 6, elements - 2, elements - 1])(
    "FormatError for an unreduced scalar at element %i",
    (index) => {
      const order = Scalar.ZERO.subtract(Scalar.ONE).toBytes();
      expect(codeOf(() => parseRangeProof(withElement(proof, index, order)))).toBe("accepted");
      expect(codeOf(() => parseRangeProof(withElement(proof, index, flip(order, 0))))).toBe("FormatError");
      expect(codeOf(() => parseRangeProof(withElement(proof, index, NOT_A_POINT)))).toBe("FormatError");
    },
  );
});

describe("rejections of verifying", () => {
  const statement = provenSmall(8, [1n]);
  const elements = statement.proof.length / 32;
  const points = [0, 1, 2, 3, ...Array.from({ length: elements - 9 }, (_, i) => 7 + i)];
  const verify = (change: Partial<typeof statement>) =>
    verifyRangeStatements([{ ...statement, ...change }])[0]?.error.code;

  test("VerificationError for the identity in the proof", () => {
    for (const index of points) {
      const proof = withElement(statement.proof, index, new Uint8Array(32));
      expect(verify({ proof })).toBe("VerificationError");
    }
  });

  test("VerificationError for what is no point, in the proof and among the commitments", () => {
    for (const index of points) {
      expect(verify({ proof: withElement(statement.proof, index, NOT_A_POINT) })).toBe("VerificationError");
    }
    expect(verify({ commitments: [NOT_A_POINT] })).toBe("VerificationError");
    expect(verify({ commitments: [new Uint8Array(31)] })).toBe("VerificationError");
  });

  test("VerificationError for rounds that do not fit", () => {
    expect(verify({ commitments: [...statement.commitments, ...statement.commitments] })).toBe(
      "VerificationError",
    );
    expect(verify({ commitments: [] })).toBe("VerificationError");
    expect(verify({ parameters: { ...statement.parameters, bits: 16 } })).toBe("VerificationError");
  });

  test("InvalidBitsize", () => {
    for (const bits of [0, 1, 7, 63, 65, 128]) {
      expect(verify({ parameters: { ...statement.parameters, bits } })).toBe("InvalidBitsize");
    }
  });

  test("InvalidGeneratorsLength", () => {
    expect(verify({ commitments: Array(128).fill(statement.commitments[0]) })).toBe(
      "InvalidGeneratorsLength",
    );
  });
});

describe("rejections of proving", () => {
  const one = Scalar.ONE;
  const parameters: RangeParameters = { ...networkRangeParameters(0n), bits: 8 };

  test("ResizeError", () => expect(codeOf(() => proveRange([], [], 0n))).toBe("ResizeError"));

  test("WrongNumBlindingFactors", () => {
    expect(codeOf(() => proveRange([1n], [], 0n))).toBe("WrongNumBlindingFactors");
    expect(codeOf(() => proveRange([1n, 2n, 3n], [one, one], 0n))).toBe("WrongNumBlindingFactors");
  });

  test("InvalidAggregation", () => {
    expect(codeOf(() => proveRangeStatement(parameters, [], []))).toBe("InvalidAggregation");
    expect(codeOf(() => proveRangeStatement(parameters, [1n, 2n, 3n], [one, one, one]))).toBe(
      "InvalidAggregation",
    );
  });

  test("InvalidBitsize", () => {
    expect(codeOf(() => proveRangeStatement({ ...parameters, bits: 24 }, [1n], [one]))).toBe(
      "InvalidBitsize",
    );
  });

  test("InvalidGeneratorsLength", () => {
    const values = Array<bigint>(65).fill(1n);
    expect(codeOf(() => proveRange(values, Array<Scalar>(65).fill(one), 0n))).toBe("InvalidGeneratorsLength");
  });

  test("ValueOutOfRange", () => {
    for (const value of [-1n, 1n << 64n])
      expect(codeOf(() => proveRange([value], [one], 0n))).toBe("ValueOutOfRange");
    expect(codeOf(() => proveRangeStatement(parameters, [256n], [one]))).toBe("ValueOutOfRange");
  });
});
