import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

/** Folder of the reference's test vectors: `MOBILECOIN_VECTORS`, or `../shared/vectors` beside the checkout. */
const VECTORS_DIR =
  process.env.MOBILECOIN_VECTORS ?? fileURLToPath(new URL("../../shared/vectors", import.meta.url));

/** Whether the vectors are at hand; without them every subject is skipped with a notice. */
const vectorsAvailable = existsSync(VECTORS_DIR);

/** A row of a `.jsonl` file or an element of `cases.json`: the caller names the shape it expects. */
export type VectorRow = Readonly<Record<string, unknown>>;

/** Parses a `.jsonl` file (one JSON object a line) of the vectors. A file without a line yields no rows. */
export function loadVectors<Row = VectorRow>(path: string): Row[] {
  return readVectorText(path)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** Parses a whole JSON file of the vectors. */
export function loadVectorJson<Value>(path: string): Value {
  return JSON.parse(readVectorText(path)) as Value;
}

export function readVectorText(path: string): string {
  return readFileSync(`${VECTORS_DIR}/${path}`, "utf8");
}

export function readVectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(`${VECTORS_DIR}/${path}`));
}

/** Every file of the vectors' subjects (not what lies beside their folders), as `subject/path`, sorted. */
export function listVectorFiles(): string[] {
  return readdirSync(VECTORS_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(VECTORS_DIR, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => path.includes("/"))
    .sort();
}

/** `describe` for one subject of the vectors' README; a visible skip where the vectors are absent. */
export function describeVectors(subject: string, define: () => void): void {
  if (vectorsAvailable) {
    describe(subject, define);
  } else {
    describe(subject, () => {
      test.skip(`vectors are absent (looked in ${VECTORS_DIR}; set MOBILECOIN_VECTORS)`, () => {});
    });
  }
}

/** A subject that belongs to a part of the project that does not exist yet: counted as skipped, with the reason. */
export function describeLater(subject: string, reason: string): void {
  describe(subject, () => {
    test.skip(reason, () => {});
  });
}
