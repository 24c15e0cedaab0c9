/**
 * `npm test`: type check, lint, unused code, layering, imports of enclaves, then every unit, property, conformance and integration test.
 * `npm run test:conformance` (`--conformance`): only the reference's vectors. The last line is the plain count.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkEnclaveImports } from "./checks/enclave-imports.ts";
import { checkLayers } from "./checks/layers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const conformanceOnly = process.argv.includes("--conformance");
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

const total = { passed: 0, failed: 0, skipped: 0 };

if (!conformanceOnly && filters.length === 0) {
  check("type check", () => tool("typescript/bin/tsc", ["-p", "."]));
  check("lint and format", () => tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]));
  check("unused code", () => tool("knip/bin/knip.js", []));
  check("layering", () => {
    const breaches = checkLayers(root);
    for (const breach of breaches) process.stdout.write(`  ${breach}\n`);
    return breaches.length === 0;
  });
  check("imports of enclaves", () => {
    const breaches = checkEnclaveImports(root);
    for (const breach of breaches) process.stdout.write(`  ${breach}\n`);
    return breaches.length === 0;
  });
}
runVitest(conformanceOnly ? ["conformance"] : filters);

process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

function check(name: string, passes: () => boolean): void {
  const start = performance.now();
  const passed = passes();
  total[passed ? "passed" : "failed"] += 1;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
}

function tool(script: string, args: readonly string[]): boolean {
  const path = join(root, "node_modules", script);
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function runVitest(only: readonly string[]): void {
  const report = join(root, ".state/test-report.json");
  mkdirSync(join(root, ".state"), { recursive: true });
  rmSync(report, { force: true });
  const args = ["run", ...only, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const completed = tool("vitest/vitest.mjs", args);
  let parsed: VitestReport;
  try {
    parsed = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    process.stdout.write("the test runner stopped without a report\n");
    total.failed += 1;
    return;
  }
  total.passed += parsed.numPassedTests;
  total.failed += parsed.numFailedTests;
  total.skipped += parsed.numPendingTests + parsed.numTodoTests;
  // A file that cannot be loaded, or whose preparation fails, has no failed test to count, and must not look like a pass.
  const broken = parsed.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  );
  total.failed += broken.length;
  if (!completed && parsed.numFailedTests === 0 && broken.length === 0) total.failed += 1;
  for (const test of parsed.testResults.flatMap((file) => file.assertionResults)) {
    if (test.status === "pending" || test.status === "skipped")
      process.stdout.write(`skipped: ${test.fullName}\n`);
  }
}
