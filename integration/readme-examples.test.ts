import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

/** The TypeScript examples of a README, in order. */
function examplesOf(readme: string): string[] {
  return [...readFileSync(readme, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
}

const packages = readdirSync(join(root, "packages")).filter((name) =>
  existsSync(join(root, "packages", name, "package.json")),
);

describe("README examples", () => {
  test.each(packages)("%s has a README whose examples run", async (name) => {
    const examples = examplesOf(join(root, "packages", name, "README.md"));
    expect(examples.length).toBeGreaterThan(0);
    // Inside the repository, so that the examples' imports resolve to the workspace.
    const folder = join(root, ".state/examples");
    mkdirSync(folder, { recursive: true });
    for (const [index, example] of examples.entries()) {
      const file = join(folder, `${name}-${index}.ts`);
      writeFileSync(file, example);
      await run(process.execPath, [file], { cwd: root, timeout: 50_000 });
    }
  });
});
