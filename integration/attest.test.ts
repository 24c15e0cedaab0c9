import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  AttestedEndpoint,
  SimulatedQuotingEnclave,
  simulatedMeasurement,
  simulatedPlatform,
} from "@mobilecoin-ts/attestation";
import { loadOrCreateDevelopmentAuthority } from "@mobilecoin-ts/attestation/files";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { dcapEvidenceCodec } from "@mobilecoin-ts/ledger";
import { type RunningServer, startServer } from "@mobilecoin-ts/service";
import { AttestedApi } from "@mobilecoin-ts/wire/gen/attest_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));
const RESPONDER_ID = "node.test:443";

function attest(...words: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, "attest", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, out, err })));
}

let folder: string;
let server: RunningServer;
let mrEnclave: string;
const at = (name: string) => join(folder, name);
const trust = () => ["--mr-enclave", mrEnclave, "--root", at("development-root.pem")];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "attest-"));
  const authority = await loadOrCreateDevelopmentAuthority(folder);
  const measurement = simulatedMeasurement(new Uint8Array(32).fill(7), 1);
  mrEnclave = bytesToHex(measurement.mrEnclave);
  const endpoint = new AttestedEndpoint({
    platform: simulatedPlatform({ ...measurement, productId: 1, securityVersion: 10, root: authority.root }),
    clientResponderId: RESPONDER_ID,
  });
  const { report, contents } = endpoint.newReport();
  const quoting = new SimulatedQuotingEnclave({ authority, now: () => new Date() });
  endpoint.cacheEvidence({ ...(await quoting.quote(report)), reportData: contents });
  const bytes = dcapEvidenceCodec.encode(endpoint.evidence());
  writeFileSync(at("evidence.bin"), bytes);
  writeFileSync(at("evidence.hex"), `${bytesToHex(bytes)}\n`);
  writeFileSync(at("identities.json"), JSON.stringify({ v1: { consensus: { MRENCLAVE: mrEnclave } } }));
  server = await startServer({
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) => {
      router.service(AttestedApi, { auth: ({ data }) => ({ data: endpoint.clientAccept(data).response }) });
    },
  });
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  rmSync(folder, { recursive: true });
});

describe("mobilecoin attest", () => {
  test("inspects evidence", async () => {
    const { status, out, err } = await attest("inspect", at("evidence.bin"));
    expect({ status, err }).toEqual({ status: 0, err: "" });
    for (const text of [
      mrEnclave,
      "DCAP quote, version 3",
      "CN=DEVELOPMENT ONLY SGX PCK Certificate",
      "UpToDate",
    ]) {
      expect(out).toContain(text);
    }
    const json = JSON.parse((await attest("inspect", at("evidence.hex"), "--json")).out) as {
      mrEnclave: string;
    };
    expect(json.mrEnclave).toBe(mrEnclave);
  });

  test("verifies a file by measurement and by identities", async () => {
    for (const whom of [
      trust(),
      ["--identities", at("identities.json"), "--root", at("development-root.pem")],
    ]) {
      const { status, out, err } = await attest("verify", at("evidence.bin"), ...whom);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toContain("a simulated enclave of the development root");
    }
  });

  test("verifies a running node", async () => {
    const uri = `insecure-mc://127.0.0.1:${server.port}/?responder-id=${RESPONDER_ID}`;
    const { status, out, err } = await attest("verify", uri, ...trust());
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain(mrEnclave);
    const other = await attest("verify", `insecure-mc://127.0.0.1:${server.port}/`, ...trust());
    expect(other.status).toBe(1);
    expect(other.err).toContain("[HandshakeRead]");
  });

  test.each([
    ["under Intel's root", () => ["verify", at("evidence.bin"), "--mr-enclave", mrEnclave], "did not prove"],
    [
      "of another program",
      () => [
        "verify",
        at("evidence.bin"),
        "--mr-enclave",
        "0".repeat(64),
        "--root",
        at("development-root.pem"),
      ],
      "did not prove",
    ],
    [
      "later",
      () => ["verify", at("evidence.bin"), ...trust(), "--at", "2100-01-01T00:00:00Z"],
      "did not prove",
    ],
    ["with nobody to trust", () => ["verify", at("evidence.bin")], "nobody to trust was named"],
    ["that is none", () => ["inspect", at("identities.json")], "cannot be read as evidence"],
    ["of an unknown service", () => ["verify", "http://localhost/", ...trust()], "names no service"],
    [
      "with a damaged root",
      () => ["verify", at("evidence.bin"), "--mr-enclave", mrEnclave, "--root", at("evidence.bin")],
      "found no certificate",
    ],
    ["by a bad measurement", () => ["verify", at("evidence.bin"), "--mr-enclave", "12"], "is no measurement"],
    ["at a bad time", () => ["verify", at("evidence.bin"), ...trust(), "--at", "noon"], "is no time"],
  ])("refuses evidence %s", async (_, words, message) => {
    const { status, out, err } = await attest(...words());
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toContain(message);
  });
});
