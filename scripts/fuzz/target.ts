import { bytesToHex } from "@mobilecoin-ts/crypto";
import { mutateProtobuf, repeatedField } from "./protobuf-mutation.ts";
import type { FuzzRandom } from "./random.ts";

/** A broken promise of a decoder. */
export class Finding extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "Finding";
  }
}

/** A class of errors that a decoder may throw. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** A decoder under test. */
export interface Target {
  readonly name: string;
  /** Share of the inputs, relative to the other targets. Costly decoders get little. */
  readonly weight: number;
  /** Checks once what random inputs hardly show. @throws Finding */
  probe(): void;
  /** Makes an input. */
  draw(random: FuzzRandom): Uint8Array | string;
  /** Whether the input was accepted. @throws Finding where the decoder breaks a promise. */
  check(input: Uint8Array | string): boolean;
}

/** What a decoder promises. */
export interface Promises<Input, Value> {
  readonly name: string;
  readonly weight: number;
  readonly samples: readonly Input[];
  readonly mutate: (random: FuzzRandom, sample: Input, other: Input) => Input;
  /** A check of its own that every run begins with. */
  readonly probe?: () => void;
  /** Everything `decode` may throw. */
  readonly errors: readonly ErrorClass[];
  readonly decode: (input: Input) => Value;
  /** The inverse, where there is one. What it gives must decode again, and to the same. */
  readonly encode?: (value: Value) => Input;
  /** Whether each value has one encoding only: then every accepted input is that one. */
  readonly canonical?: boolean;
  /** A further promise about what was accepted: a Finding where it is broken. */
  readonly also?: (value: Value, input: Input) => void;
}

/** A decoder of bytes as a target. */
export function bytesTarget<Value>(promises: Promises<Uint8Array, Value>): Target {
  return target(promises, (input) => input instanceof Uint8Array);
}

/** A decoder of protobuf as a target: mutated by field, and probed for quadratic time. */
export function messageTarget<Value>(promises: Omit<Promises<Uint8Array, Value>, "mutate">): Target {
  const probe = () => checkScaling(promises.decode);
  return bytesTarget({ ...promises, mutate: mutateProtobuf, probe });
}

const PROBED_TAGS = 12;
const FEW_FIELDS = 5000;
const MANY_FIELDS = 4 * FEW_FIELDS;
/** What takes less for many fields is not looked at again. */
const QUICK_MS = 100;
/** 4 if time goes with the input, 16 if with its square. */
const LARGEST_RATIO = 10;

/** Reading a field four times as often must not take much more than four times as long. @throws Finding */
export function checkScaling(decode: (bytes: Uint8Array) => unknown): void {
  const timeOf = (bytes: Uint8Array): number => {
    const start = performance.now();
    try {
      decode(bytes);
    } catch {
      // Whether it is refused is not the question here.
    }
    return performance.now() - start;
  };
  for (let tag = 1; tag <= PROBED_TAGS; tag++) {
    for (const wireType of [0, 2] as const) {
      const many = repeatedField(tag, wireType, MANY_FIELDS);
      if (timeOf(many) < QUICK_MS) continue;
      // The machine may be busy: the best of three of each.
      const best = (bytes: Uint8Array) => Math.min(timeOf(bytes), timeOf(bytes), timeOf(bytes));
      const manyMs = best(many);
      const ratio = manyMs / best(repeatedField(tag, wireType, FEW_FIELDS));
      if (manyMs < QUICK_MS || ratio < LARGEST_RATIO) continue;
      throw new Finding(
        `takes ${ratio.toFixed(0)} times as long for 4 times as many fields (${manyMs.toFixed(0)} ms for ` +
          `${MANY_FIELDS} of field ${tag})`,
      );
    }
  }
}

/** A parser of texts as a target. */
export function textTarget<Value>(promises: Promises<string, Value>): Target {
  return target(promises, (input) => typeof input === "string");
}

function target<Input extends Uint8Array | string, Value>(
  promises: Promises<Input, Value>,
  isInput: (input: Uint8Array | string) => input is Input,
): Target {
  const { name, weight, samples, mutate } = promises;
  if (samples.length === 0) throw new TypeError(`${name} has no samples`);
  for (const sample of samples) {
    try {
      promises.decode(sample);
    } catch (cause) {
      throw new TypeError(`a sample of ${name} is refused: ${describe(cause)}; ${show(sample)}`, { cause });
    }
  }
  return {
    name,
    weight,
    probe: () => promises.probe?.(),
    draw: (random) => mutate(random, random.pick(samples), random.pick(samples)),
    check(input) {
      if (!isInput(input)) throw new TypeError(`${name} takes other input`);
      let value: Value;
      try {
        value = promises.decode(input);
      } catch (error) {
        if (promises.errors.some((allowed) => error instanceof allowed)) return false;
        throw new Finding(`threw ${describe(error)}`, error);
      }
      checkEncoding(promises, input, value);
      promises.also?.(value, input);
      return true;
    },
  };
}

function checkEncoding<Input extends Uint8Array | string, Value>(
  { decode, encode, canonical }: Promises<Input, Value>,
  input: Input,
  value: Value,
): void {
  if (encode === undefined) return;
  let encoded: Input;
  let again: Input;
  try {
    encoded = encode(value);
    again = encode(decode(encoded));
  } catch (error) {
    throw new Finding(`cannot encode what it accepted, or not read that back: ${describe(error)}`, error);
  }
  if (!same(encoded, again)) throw new Finding(`reads back another value than it encoded: ${show(encoded)}`);
  if (canonical === true && !same(encoded, input)) {
    throw new Finding(`accepted another encoding than its own: ${show(encoded)}`);
  }
}

function same(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** An input in print: text as a JSON string, bytes in hex. */
export function show(input: Uint8Array | string): string {
  return typeof input === "string" ? JSON.stringify(input) : bytesToHex(input);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Lets `run` refuse with these errors, and with no others. @throws Finding */
export function refusesOnlyWith(errors: readonly ErrorClass[], run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (errors.some((allowed) => error instanceof allowed)) return;
    throw new Finding(`accepted it, then threw ${describe(error)}`, error);
  }
}
