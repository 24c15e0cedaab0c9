/** One thing to measure: our function and, where another library can do the same work, that library's. */
export interface BenchCase {
  readonly name: string;
  /** How many operations one call of `ours` (or of a rival) performs; 1 unless it works on a batch. */
  readonly operations?: number;
  readonly ours: () => unknown;
  readonly rivals?: Readonly<Partial<Record<Rival, () => unknown>>>;
}

export type Rival = "noble" | "sodium";

export interface BenchResult {
  readonly name: string;
  readonly opsPerSecond: number;
  /** How many times as fast as the rival, from rounds interleaved in this run. */
  readonly versus: Readonly<Partial<Record<Rival, number>>>;
  /** Cost of one operation in variable-base multiplications of libsodium's WebAssembly build, of this run. */
  readonly sodiumMultiplications: number;
  /** Field multiplications and squarings one operation executes, counted by the instrumented kernel. */
  readonly fieldMultiplications?: number;
}

export interface MeasureOptions {
  /** Interleaved rounds; each contestant's figure is its fastest round, which other work on the machine disturbs least. */
  readonly rounds: number;
  /** Shortest duration of one round of one contestant, in milliseconds. */
  readonly roundMilliseconds: number;
}

/** Calls needed to fill one round, found by doubling; also warms the code up. */
function calibrate(run: () => unknown, milliseconds: number): number {
  for (let calls = 1; ; calls *= 2) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) run();
    const elapsed = performance.now() - start;
    if (elapsed >= milliseconds / 2) return Math.max(1, Math.round((calls * milliseconds) / elapsed));
  }
}

/** Fastest observed seconds per call of each contestant, rounds interleaved so that drift hits all alike. */
export function measureInterleaved(
  contestants: ReadonlyMap<string, () => unknown>,
  options: MeasureOptions,
): Map<string, number> {
  const calls = new Map(
    [...contestants].map(([name, run]) => [name, calibrate(run, options.roundMilliseconds)]),
  );
  const best = new Map<string, number>();
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, run] of contestants) {
      const count = calls.get(name)!;
      const start = performance.now();
      for (let i = 0; i < count; i++) run();
      const seconds = (performance.now() - start) / 1000 / count;
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, seconds));
    }
  }
  return best;
}
