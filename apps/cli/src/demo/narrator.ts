import { bytesToHex } from "@mobilecoin-ts/crypto";
import { CliError } from "../cli-error.ts";

/** Tells the story: numbered headings, plain lines, and a failure where something is not as it must be. */
export class Narrator {
  readonly #print: (line: string) => void;
  #steps = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  step(title: string): void {
    this.#steps += 1;
    const heading = `${this.#steps}. ${title}`;
    if (this.#steps > 1) this.#print("");
    this.#print(heading);
    this.#print("-".repeat(heading.length));
  }

  say(line: string): void {
    this.#print(`  ${line}`);
  }

  /** A line that belongs to the one before. */
  detail(line: string): void {
    this.#print(`      ${line}`);
  }
}

/** Ends the demo unless `holds`. @throws CliError saying what was expected. */
export function expectThat(holds: boolean, expected: string): asserts holds {
  if (!holds) throw new CliError(`the demo did not go as it must: expected that ${expected}`);
}

/** Milliseconds of some work, and what it gave. */
export async function timed<T>(
  work: () => Promise<T> | T,
): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

export function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** The beginning of some bytes, enough to tell them apart. */
export function shortHex(bytes: Uint8Array, length = 8): string {
  return bytes.length <= length ? bytesToHex(bytes) : `${bytesToHex(bytes.subarray(0, length))}…`;
}

export function count(n: number | bigint, noun: string): string {
  return `${n} ${noun}${n === 1 || n === 1n ? "" : "s"}`;
}
