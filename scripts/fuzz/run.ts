import { FuzzRandom } from "./random.ts";
import { show, type Target } from "./target.ts";

/** Nothing takes this long, unless it is on its way to taking for ever. */
export const INPUT_BUDGET_MS = 2000;

interface Tally {
  inputs: number;
  accepted: number;
  slowestMs: number;
}

export interface Failure {
  readonly target: string;
  /** Undefined where it was no input that failed, but a probe. */
  readonly index: number | undefined;
  readonly reason: string;
  readonly input: string;
}

/** Counts by target, in the order of the targets. */
export type Tallies = Map<string, Tally>;

export function emptyTallies(targets: readonly Target[]): Tallies {
  return new Map(targets.map(({ name }) => [name, { inputs: 0, accepted: 0, slowestMs: 0 }]));
}

export function addTallies(sum: Tallies, more: Tallies): void {
  for (const [name, { inputs, accepted, slowestMs }] of more) {
    const tally = sum.get(name)!;
    tally.inputs += inputs;
    tally.accepted += accepted;
    tally.slowestMs = Math.max(tally.slowestMs, slowestMs);
  }
}

/** The target and input of one number of a run. */
export function inputAt(
  targets: readonly Target[],
  seed: number,
  index: number,
): [Target, Uint8Array | string] {
  const random = new FuzzRandom(seed, index);
  let choice = random.below(targets.reduce((sum, { weight }) => sum + weight, 0));
  const target = targets.find(({ weight }) => {
    choice -= weight;
    return choice < 0;
  })!;
  return [target, target.draw(random)];
}

/** The target's own check, at the start of a run. */
export function runProbe(target: Target): Failure | undefined {
  try {
    target.probe();
    return undefined;
  } catch (error) {
    return { target: target.name, index: undefined, reason: reasonOf(error), input: "" };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Gives one input to its target; a failure if a promise is broken. */
export function runOne(
  target: Target,
  index: number,
  input: Uint8Array | string,
  tallies: Tallies,
): Failure | undefined {
  const tally = tallies.get(target.name)!;
  const failure = (reason: string): Failure => ({ target: target.name, index, reason, input: show(input) });
  tally.inputs += 1;
  const start = performance.now();
  try {
    if (target.check(input)) tally.accepted += 1;
  } catch (error) {
    return failure(reasonOf(error));
  }
  let elapsed = performance.now() - start;
  if (elapsed > INPUT_BUDGET_MS) {
    // The machine may have been busy elsewhere; a slow decoder is slow again.
    const again = performance.now();
    target.check(input);
    elapsed = Math.min(elapsed, performance.now() - again);
    if (elapsed > INPUT_BUDGET_MS) return failure(`took ${elapsed.toFixed(0)} ms`);
  }
  tally.slowestMs = Math.max(tally.slowestMs, elapsed);
  return undefined;
}
