import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gramineEnclavePlatform, isUnderSgx } from "./gramine-platform.ts";

test.each([
  ["dcap\n", true],
  ["none", false],
  [undefined, false],
])("attestation type %j: on SGX hardware is %j", (type, expected) => {
  const folder = mkdtempSync(join(tmpdir(), "attestation-"));
  try {
    if (type !== undefined) writeFileSync(join(folder, "attestation_type"), type);
    expect(isUnderSgx(folder)).toBe(expected);
    if (!expected) {
      expect(() => gramineEnclavePlatform(folder)).toThrow(expect.objectContaining({ code: "StartFailed" }));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
