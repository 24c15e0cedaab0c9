import { concat } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import { allTargets } from "./all-targets.ts";
import { mutateBytes } from "./byte-mutation.ts";
import { mutateProtobuf } from "./protobuf-mutation.ts";
import { FuzzRandom } from "./random.ts";
import { emptyTallies, type Failure, inputAt, runOne } from "./run.ts";
import { bytesTarget, checkScaling, type Promises, show, type Target } from "./target.ts";

const SEED = 1;

function run(targets: readonly Target[], runs: number): { failures: Failure[]; accepted: number } {
  const tallies = emptyTallies(targets);
  const failures: Failure[] = [];
  for (let index = 0; index < runs; index++) {
    const failure = runOne(...drawn(targets, index), tallies);
    if (failure !== undefined) failures.push(failure);
  }
  return { failures, accepted: [...tallies.values()].reduce((sum, { accepted }) => sum + accepted, 0) };
}

function drawn(targets: readonly Target[], index: number): [Target, number, Uint8Array | string] {
  const [target, input] = inputAt(targets, SEED, index);
  return [target, index, input];
}

test("no decoder breaks a promise on a short run", () => {
  const { failures, accepted } = run(allTargets(), 5000);
  expect(failures).toEqual([]);
  // Mutations that are all refused, or all taken, would test nothing.
  expect(accepted).toBeGreaterThan(500);
  expect(accepted).toBeLessThan(4500);
});

test("an input can be made again from its number alone", () => {
  const targets = allTargets();
  for (const index of [0, 17, 4999]) {
    const [first, firstInput] = inputAt(targets, SEED, index);
    const [again, againInput] = inputAt(targets, SEED, index);
    expect([again, show(againInput)]).toEqual([first, show(firstInput)]);
    expect(show(inputAt(targets, SEED + 1, index)[1])).not.toBe(show(firstInput));
  }
});

describe("the fuzzer sees", () => {
  class Refusal extends Error {}
  const sound: Promises<Uint8Array, number> = {
    name: "one byte, below 200",
    weight: 1,
    samples: [Uint8Array.of(7)],
    mutate: mutateBytes,
    errors: [Refusal],
    decode(bytes) {
      if (bytes.length !== 1 || bytes[0]! >= 200) throw new Refusal();
      return bytes[0]!;
    },
    encode: (value) => Uint8Array.of(value),
    canonical: true,
  };
  const reasons = (promises: Partial<Promises<Uint8Array, number>>) => [
    ...new Set(run([bytesTarget({ ...sound, ...promises })], 500).failures.map(({ reason }) => reason)),
  ];

  test("nothing wrong with a sound decoder", () => {
    expect(reasons({})).toEqual([]);
  });

  test("an error of another class", () => {
    expect(reasons({ errors: [SyntaxError] }).join()).toContain("threw Error");
  });

  test("a second encoding of a value", () => {
    const decode = (bytes: Uint8Array) => sound.decode(bytes.length === 2 ? bytes.subarray(1) : bytes);
    expect(reasons({ decode }).join()).toContain("another encoding");
    expect(reasons({ decode, canonical: false })).toEqual([]);
  });

  test("a value that reads back as another", () => {
    const encode = (value: number) => Uint8Array.of((value + 1) % 200);
    expect(reasons({ encode, canonical: false }).join()).toContain("another value");
  });

  test("a value that cannot be encoded", () => {
    const encode = (): Uint8Array => {
      throw new RangeError("no");
    };
    expect(reasons({ encode }).join()).toContain("cannot encode");
  });

  test("time that goes with the square of the input", () => {
    const comparing = ({ length }: Uint8Array) => {
      let sum = 0;
      for (let i = 0; i < length; i++) for (let j = 0; j < i; j++) sum = (sum ^ j) | 0;
      return sum;
    };
    expect(() => checkScaling(comparing)).toThrow("times as long");
    expect(() => checkScaling((bytes) => bytes.toReversed())).not.toThrow();
  });

  test("a sample that is refused", () => {
    expect(() => bytesTarget({ ...sound, samples: [Uint8Array.of(255)] })).toThrow("is refused");
  });
});

test("changes inside a nested message keep the lengths around it right", () => {
  const inner = Uint8Array.of(0x08, 0x01, 0x10, 0x02);
  const sample = concat(Uint8Array.of(0x0a, inner.length + 2, 0x12, inner.length), inner);
  let intact = 0;
  for (let index = 0; index < 500; index++) {
    const mutated = mutateProtobuf(new FuzzRandom(SEED, index), sample, sample);
    if (mutated[0] === 0x0a && mutated[1] === mutated.length - 2) intact += 1;
  }
  expect(intact).toBeGreaterThan(150);
});
