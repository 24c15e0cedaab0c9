import type { Writable } from "node:stream";

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable & { readonly isTTY?: boolean };
}

/** One line of a result. */
export function printLine(terminal: Terminal, line = ""): void {
  terminal.out.write(`${line}\n`);
}

/** A result for machines: one JSON object, u64 as decimal strings. */
export function printJson(terminal: Terminal, value: unknown): void {
  const text = JSON.stringify(value, (_, field) => (typeof field === "bigint" ? field.toString() : field), 2);
  terminal.out.write(`${text}\n`);
}

/** Rows with their columns aligned. */
export function printTable(terminal: Terminal, rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  for (const row of rows) {
    const cells = row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)));
    printLine(terminal, cells.join("  ").trimEnd());
  }
}
