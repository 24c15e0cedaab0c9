import { bytesToHex } from "@mobilecoin-ts/crypto";

/** Length of the pieces that are looked for: too long to meet by chance, too short to be hidden by how things are framed. */
const WINDOW = 20;

function windowsOf(bytes: Uint8Array): Set<string> {
  const hex = bytesToHex(bytes);
  const windows = new Set<string>();
  for (let i = 0; i + 2 * WINDOW <= hex.length; i += 2) windows.add(hex.slice(i, i + 2 * WINDOW));
  return windows;
}

/** Finds pieces of secrets in everything that somebody saw. */
export class LeakSearch {
  readonly #seen = new Set<string>();

  /** Adds bytes that were seen. */
  see(bytes: Uint8Array): void {
    for (const window of windowsOf(bytes)) this.#seen.add(window);
  }

  /** The pieces of a secret that were seen, apart from those that also stand in what may be known. */
  leaked(secret: Uint8Array, known: readonly Uint8Array[] = []): string[] {
    return [...secretWindows(secret, known)].filter((window) => this.#seen.has(window));
  }
}

/** The pieces of a secret that do not stand in what may be known. */
export function secretWindows(secret: Uint8Array, known: readonly Uint8Array[]): Set<string> {
  const windows = windowsOf(secret);
  for (const bytes of known) for (const window of windowsOf(bytes)) windows.delete(window);
  return windows;
}

/** Values of 32 bytes that may be known, each with the length that encodings put in front of it. */
export function knownValues(values: readonly Uint8Array[]): Uint8Array[] {
  return values.map((value) => Uint8Array.of(value.length, ...value));
}
