import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addEnclaveCommands } from "./enclave.ts";

let folder: string;
let out: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "enclave-command-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  out = "";
});

async function run(...words: string[]): Promise<void> {
  const sink = new Writable({
    write(chunk, _, done) {
      out += `${chunk}`;
      done();
    },
  });
  const program = new Command("mobilecoin").exitOverride().configureOutput({ writeErr: () => {} });
  addEnclaveCommands(program, { terminal: { out: sink, err: sink } });
  await program.parseAsync(["enclave", ...words, "--bundle-folder", join(folder, "bundles")], {
    from: "user",
  });
}

describe("mobilecoin enclave", () => {
  it("measures the bundle of the consensus enclave", async () => {
    await run("measure", "--json");
    const measured = JSON.parse(out);
    expect(measured).toMatchObject({
      mrEnclave: expect.stringMatching(/^[0-9a-f]{64}$/),
      mrSigner: expect.stringMatching(/^[0-9a-f]{64}$/),
      productId: 1,
    });
    const code = readFileSync(measured.bundleFile);
    expect(measured.bundleSha256).toBe(createHash("sha256").update(code).digest("hex"));
    out = "";
    await run("measure");
    expect(out).toContain(measured.mrEnclave);
  });

  it("prints a manifest that names the bundle by its hash", async () => {
    await run("measure", "--json");
    const { bundleSha256, bundleFile } = JSON.parse(out);
    out = "";
    await run("manifest", "--workers", "3", "--size-gib", "8", "--node-flag=--max-old-space-size=2048");
    expect(out).toContain(`sha256 = "${bundleSha256}"`);
    expect(out).toContain(`file:${bundleFile}`);
    expect(out).toContain('enclave_size = "8192M"');
    expect(out).toContain("max_threads = 35");
    expect(out).toContain("--max-old-space-size=2048");
  });

  it.each([
    ["--workers", "many"],
    ["--size-gib", "1"],
    ["--size-gib", "3"],
  ])("refuses %s %s", async (...words) => {
    await expect(run("manifest", ...words)).rejects.toThrow();
    expect(out).toBe("");
  });
});
