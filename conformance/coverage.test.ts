import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SUBJECTS } from "./subjects.ts";
import { describeVectors, listVectorFiles, readVectorText } from "./vectors.ts";

/** Test files of this folder that read no folder of the vectors. */
const READ_NOTHING = ["coverage.test.ts", "later.test.ts"];

const sourceOf = (testFile: string) => readFileSync(new URL(testFile, import.meta.url), "utf8");

/** Whether a test's source names the file: with its path, or in a list by its name without ending. */
function names(source: string, path: string): boolean {
  const stem = path.slice(path.indexOf("/") + 1).replace(/\.jsonl$/, "");
  return source.includes(`"${path}"`) || source.includes(`"${stem}"`);
}

describeVectors("every vector has a reader", () => {
  const files = listVectorFiles();
  const subjects = [...new Set(files.map((path) => path.slice(0, path.indexOf("/"))))];

  test("every folder is a declared subject, and every declared subject a folder", () => {
    expect(subjects.toSorted()).toEqual([...SUBJECTS.keys()].toSorted());
  });

  test("every conformance test belongs to a subject", () => {
    const claimed = [...SUBJECTS.values()].flatMap(({ tests }) => tests);
    const present = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
    expect(claimed.concat(READ_NOTHING).toSorted()).toEqual(present.toSorted());
  });

  for (const [subject, { tests, later }] of SUBJECTS) {
    if (tests.length === 0) continue;
    test(`${subject}: no file is left unread but those declared as later`, () => {
      const sources = tests.map(sourceOf).join("\n");
      const own = files.filter((path) => path.startsWith(`${subject}/`));
      const named = own.filter((path) => names(sources, path));
      // Binary files are named by the case list beside them.
      const lists = named.filter((path) => path.endsWith(".json")).map(readVectorText);
      const listed = (path: string) =>
        lists.some((list) => list.includes(`"${path.slice(subject.length + 1)}"`));
      const unread = own.filter((path) => !named.includes(path) && !listed(path));
      expect(unread).toEqual((later?.files ?? []).map((file) => `${subject}/${file}`));
      expect(own.length).toBeGreaterThan(0);
    });
  }
});
