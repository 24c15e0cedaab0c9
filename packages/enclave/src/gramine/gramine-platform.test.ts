import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INTEL_SGX_ROOT } from "@mobilecoin-ts/attestation";
import { concat } from "@mobilecoin-ts/crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seal, unseal } from "../trusted/seal.ts";
import { type AttestationFiles, attestationFilesIn } from "./attestation-files.ts";
import { gramineEnclavePlatform, isUnderSgx } from "./gramine-platform.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attestation-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MR_ENCLAVE = new Uint8Array(32).fill(0xee);

/** Gramine's folder, as far as files that do not change can stand in for it. */
function standIn(type = "dcap"): AttestationFiles {
  mkdirSync(join(folder, "keys"));
  writeFileSync(join(folder, "attestation_type"), type);
  writeFileSync(join(folder, "my_target_info"), new Uint8Array(512).fill(7));
  writeFileSync(join(folder, "target_info"), new Uint8Array(512));
  writeFileSync(join(folder, "user_report_data"), new Uint8Array(64));
  writeFileSync(join(folder, "report"), new Uint8Array(432));
  writeFileSync(join(folder, "quote"), new Uint8Array(500));
  writeFileSync(join(folder, "keys/_sgx_mrenclave"), new Uint8Array(16).fill(9));
  return attestationFilesIn(folder);
}

/** The stand-in with a processor behind it: reports and quotes are over the data written last. */
function withProcessor() {
  const files = standIn();
  const steps: string[] = [];
  const body = () => {
    const made = new Uint8Array(384);
    made.set(MR_ENCLAVE, 64);
    made.set(files.read("user_report_data"), 320);
    return made;
  };
  const processor: AttestationFiles = {
    read: (name) => {
      steps.push(`read ${name}`);
      if (name === "report") return concat(body(), new Uint8Array(48));
      return name === "quote" ? concat(new Uint8Array(48), body(), new Uint8Array(100)) : files.read(name);
    },
    write: (name, bytes) => {
      steps.push(`write ${name}`);
      files.write(name, bytes);
    },
  };
  return { processor, steps, body };
}

test.each([
  ["dcap\n", true],
  ["none", false],
  [undefined, false],
])("attestation type %j: on SGX hardware is %j", (type, expected) => {
  if (type !== undefined) writeFileSync(join(folder, "attestation_type"), type);
  const files = attestationFilesIn(folder);
  expect(isUnderSgx(files)).toBe(expected);
  if (!expected) {
    expect(() => gramineEnclavePlatform(files)).toThrow(expect.objectContaining({ code: "StartFailed" }));
  }
});

describe("the platform under Gramine", () => {
  test("reports about itself to itself, to learn its measurement", () => {
    const { processor, steps } = withProcessor();
    const platform = gramineEnclavePlatform(processor);
    expect(platform.mrEnclave).toEqual(MR_ENCLAVE);
    expect(platform.attestationRoot).toBe(INTEL_SGX_ROOT);
    expect(platform.allowDebug).toBe(false);
    expect(platform.lastQuote?.()).toBeUndefined();
    expect(new Uint8Array(readFileSync(join(folder, "target_info")))).toEqual(new Uint8Array(512).fill(7));
    expect(steps).toEqual([
      "read attestation_type",
      "read my_target_info",
      "write target_info",
      "write user_report_data",
      "read report",
    ]);
  });

  test("writes report data, then reads the report and the quote over it", () => {
    const { processor, steps, body } = withProcessor();
    const platform = gramineEnclavePlatform(processor);
    steps.length = 0;
    const data = Uint8Array.from({ length: 64 }, (_, i) => i);
    const report = platform.createReport(data);
    expect(steps).toEqual(["write user_report_data", "read report", "read quote"]);
    expect(report).toEqual(body());
    expect(report.slice(320)).toEqual(data);
    expect(platform.lastQuote?.()?.slice(48, 48 + 384)).toEqual(report);
  });

  test("takes report data of 64 bytes only, since Gramine would fill or cut others", () => {
    const platform = gramineEnclavePlatform(withProcessor().processor);
    for (const length of [0, 63, 65]) {
      expect(() => platform.createReport(new Uint8Array(length))).toThrow("64 bytes");
    }
  });

  test("seals under the processor's key", () => {
    const platform = gramineEnclavePlatform(withProcessor().processor);
    const sealed = seal(platform, "a purpose", Uint8Array.of(1));
    expect(unseal(platform, "a purpose", sealed)).toEqual(Uint8Array.of(1));
    writeFileSync(join(folder, "keys/_sgx_mrenclave"), new Uint8Array(16).fill(8));
    expect(() => unseal(platform, "a purpose", sealed)).toThrow(expect.objectContaining({ code: "Unseal" }));
  });

  test.each([["my_target_info"], ["report"]])("does not start on a short %s", (name) => {
    const files = standIn();
    writeFileSync(join(folder, name), new Uint8Array(20));
    expect(() => gramineEnclavePlatform(files)).toThrow(expect.objectContaining({ code: "StartFailed" }));
  });
});
