import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { dcapEvidenceCodec, verificationReportCodec } from "@mobilecoin-ts/ledger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeResponderPayload } from "../session/evidence-payload.ts";
import { attestedEndpoint } from "../testing/attested-endpoints.ts";
import { readAttestationEvidence } from "./read-attestation-evidence.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(content: Uint8Array | string) {
  const file = join(folder, "evidence");
  await writeFile(file, content);
  return readAttestationEvidence(file);
}

test("DCAP evidence is read bare, wrapped, and in hex", async () => {
  const value = (await attestedEndpoint()).evidence();
  const expected = { case: "dcapEvidence", value };
  const bytes = dcapEvidenceCodec.encode(value);
  expect(await read(bytes)).toEqual(expected);
  expect(await read(encodeResponderPayload(value))).toEqual(expected);
  expect(await read(`${bytesToHex(bytes).toUpperCase()}\n`)).toEqual(expected);
});

test("reports of the older kind are read", async () => {
  const value = {
    signature: new Uint8Array(256).fill(1),
    chain: [Uint8Array.of(0x30, 2, 5, 0), Uint8Array.of(0x30, 0)],
    httpBody: '{"id":"1"}',
  };
  expect(await read(verificationReportCodec.encode(value))).toEqual({ case: "verificationReport", value });
});

test("anything else is refused", async () => {
  const code = "AttestationEvidenceDeserialization";
  await expect(read("no evidence")).rejects.toMatchObject({ code });
  const value = (await attestedEndpoint()).evidence();
  const wrapped = encodeResponderPayload({ ...value, quote: undefined });
  await expect(read(wrapped)).rejects.toMatchObject({ code, cause: { code: "MissingField" } });
  await expect(read(new Uint8Array(140_000))).rejects.toMatchObject({ code: "MessageTooLong" });
});
