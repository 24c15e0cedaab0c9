import { writeFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@mobilecoin-ts/curve";
import { afterEach, beforeEach, expect, test } from "vitest";
import { INTEL_SGX_ROOT } from "../verify/roots.ts";
import {
  DEVELOPMENT_CERTIFICATE_FILE,
  DEVELOPMENT_KEY_FILE,
  loadOrCreateDevelopmentAuthority,
} from "./development-authority-files.ts";
import { readAttestationRoot } from "./read-attestation-root.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "development-authority-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("an authority is made once, by whichever of several was first", async () => {
  const sub = at("new/folder");
  const made = await Promise.all([1, 2, 3].map(() => loadOrCreateDevelopmentAuthority(sub)));
  made.push(await loadOrCreateDevelopmentAuthority(sub));
  for (const authority of made) expect(authority.secrets()).toEqual(made[0]!.secrets());
  expect((await readdir(sub)).sort()).toEqual([DEVELOPMENT_KEY_FILE, DEVELOPMENT_CERTIFICATE_FILE].sort());
  expect((await stat(join(sub, DEVELOPMENT_KEY_FILE))).mode & 0o777).toBe(0o600);
});

test("whoever comes second takes the first one's", async () => {
  const first = await loadOrCreateDevelopmentAuthority(at("first"));
  const text = await readFile(join(at("first"), DEVELOPMENT_KEY_FILE), "utf8");
  // The first is done while the second makes its key.
  const random = (length: number) => {
    writeFileSync(at(DEVELOPMENT_KEY_FILE), text, { mode: 0o600 });
    return systemRandom(length);
  };
  const second = await loadOrCreateDevelopmentAuthority(folder, { random });
  expect(second.secrets()).toEqual(first.secrets());
});

test("others trust the certificate's file, in PEM or DER, in place of Intel's root", async () => {
  const authority = await loadOrCreateDevelopmentAuthority(folder);
  expect(await readAttestationRoot(at(DEVELOPMENT_CERTIFICATE_FILE))).toEqual(authority.root);
  await writeFile(at("root.der"), authority.root.der);
  expect(await readAttestationRoot(at("root.der"))).toEqual(authority.root);
  expect(await readFile(at(DEVELOPMENT_CERTIFICATE_FILE), "utf8")).not.toContain("PRIVATE KEY");
});

test("a certificate's file that went missing or astray is put back", async () => {
  const authority = await loadOrCreateDevelopmentAuthority(folder);
  await writeFile(at(DEVELOPMENT_CERTIFICATE_FILE), "other");
  await loadOrCreateDevelopmentAuthority(folder);
  expect(await readAttestationRoot(at(DEVELOPMENT_CERTIFICATE_FILE))).toEqual(authority.root);
});

test("a key that others can read is refused", async () => {
  await loadOrCreateDevelopmentAuthority(folder);
  await chmod(at(DEVELOPMENT_KEY_FILE), 0o640);
  await expect(loadOrCreateDevelopmentAuthority(folder)).rejects.toMatchObject({ code: "InvalidTrust" });
});

test("a damaged file is refused, and nothing of the key shows", async () => {
  await loadOrCreateDevelopmentAuthority(folder);
  const text = await readFile(at(DEVELOPMENT_KEY_FILE), "utf8");
  const other = join(folder, "other");
  await loadOrCreateDevelopmentAuthority(other);
  const otherText = await readFile(join(other, DEVELOPMENT_KEY_FILE), "utf8");
  const swapped =
    text.slice(0, text.indexOf("-----BEGIN PRIVATE")) +
    otherText.slice(otherText.indexOf("-----BEGIN PRIVATE"));
  for (const damaged of ["", text.slice(0, -60), text.slice(30), swapped]) {
    await writeFile(at(DEVELOPMENT_KEY_FILE), damaged);
    const error = await loadOrCreateDevelopmentAuthority(folder).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: "AttestationError", code: "InvalidTrust" });
    expect(error).not.toHaveProperty("cause");
  }
});

test("Intel's root is known", async () => {
  await writeFile(at("intel.der"), INTEL_SGX_ROOT.der);
  expect(await readAttestationRoot(at("intel.der"))).toEqual(INTEL_SGX_ROOT);
  // The same name, another certificate.
  const altered = INTEL_SGX_ROOT.der.map((byte, i) =>
    i === INTEL_SGX_ROOT.der.length - 1 ? byte ^ 1 : byte,
  );
  await writeFile(at("fake.der"), altered);
  await expect(readAttestationRoot(at("fake.der"))).rejects.toMatchObject({ code: "InvalidTrust" });
});

test("a file without a certificate is no root", async () => {
  await writeFile(at("root.pem"), "no certificate");
  await expect(readAttestationRoot(at("root.pem"))).rejects.toMatchObject({ code: "InvalidTrust" });
  await expect(readAttestationRoot(at("none.pem"))).rejects.toMatchObject({ code: "ENOENT" });
});
