import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { developmentAuthority, NOW, platformOf } from "../testing/attested-endpoints.ts";
import { createDevelopmentRoot, DevelopmentAuthority } from "./development-authority.ts";
import { simulatedMeasurement, simulatedReportBody } from "./measurement.ts";
import { SimulatedQuotingEnclave } from "./simulated-quoting-enclave.ts";

const measurement = simulatedMeasurement(new Uint8Array(32).fill(1), 1);
const body = simulatedReportBody({
  ...measurement,
  productId: 1,
  securityVersion: 10,
  reportData: new Uint8Array(64).fill(9),
});

async function simulated() {
  const authority = await developmentAuthority;
  const enclave = new SimulatedQuotingEnclave({ authority, now: () => NOW });
  return { authority, ...(await enclave.quote(body)) };
}

test("certificates chain to the root, which says what it is for", async () => {
  const { authority, collateral } = await simulated();
  const root = new X509Certificate(authority.root.der);
  expect(root.subject).toContain("CN=DEVELOPMENT ONLY");
  expect(root.checkIssued(root) && root.verify(root.publicKey)).toBe(true);
  expect([root.ca, authority.root.kind]).toEqual([true, "development"]);
  expect(new Date(root.validTo).getTime() - NOW.getTime()).toBeGreaterThan(29 * 365 * 24 * 3_600_000);
  for (const chain of [
    collateral.pckCrlIssuerChain,
    collateral.tcbInfoIssuerChain,
    collateral.qeIdentityIssuerChain,
  ]) {
    const [leaf, anchor] = chain.map((der) => new X509Certificate(der));
    expect(chain[1]).toEqual(authority.root.der);
    expect(leaf!.checkIssued(anchor!) && leaf!.verify(root.publicKey)).toBe(true);
    expect(leaf!.subject).toContain("CN=DEVELOPMENT ONLY");
  }
  expect(new X509Certificate(collateral.pckCrlIssuerChain[0]!).ca).toBe(true);
  expect(new X509Certificate(collateral.tcbInfoIssuerChain[0]!).ca).toBe(false);
});

test("the quote holds the report and its own chain, leaf first", async () => {
  const { quote } = await simulated();
  expect(quote.subarray(48, 432)).toEqual(body);
  const text = new TextDecoder().decode(quote.subarray(1020 + 32));
  const chain = text
    .match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g)!
    .map((pem) => new X509Certificate(pem));
  expect(chain.map(({ subject }) => /CN=DEVELOPMENT ONLY SGX (.*)/.exec(subject)?.[1])).toEqual([
    "PCK Certificate",
    "PCK Processor CA",
    "Root CA",
  ]);
  expect(chain[0]!.verify(chain[1]!.publicKey) && chain[1]!.verify(chain[2]!.publicKey)).toBe(true);
  // The platform's key signs the quoting enclave's report.
  const signature = { key: chain[0]!.publicKey, dsaEncoding: "ieee-p1363" } as const;
  expect(verify("sha256", quote.subarray(564, 948), signature, quote.subarray(948, 1012))).toBe(true);
});

test("statements are compact JSON, signed over the exact text of their value", async () => {
  const { collateral } = await simulated();
  const signer = createPublicKey(
    new X509Certificate(collateral.tcbInfoIssuerChain[0]!).publicKey.export({ type: "spki", format: "pem" }),
  );
  for (const [text, member] of [
    [collateral.tcbInfo, "tcbInfo"],
    [collateral.qeIdentity, "enclaveIdentity"],
  ] as const) {
    const parts = new RegExp(`^\\{"${member}":(\\{.*\\}),"signature":"([0-9a-f]{128})"\\}$`).exec(text)!;
    expect(parts[1]).not.toMatch(/\s/);
    const key = { key: signer, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(parts[1]!), key, Buffer.from(parts[2]!, "hex"))).toBe(true);
  }
});

test("validity follows the clock of the moment", async () => {
  let now = NOW;
  const enclave = new SimulatedQuotingEnclave({ authority: await developmentAuthority, now: () => now });
  const nextUpdate = async () => {
    const { tcbInfo } = (await enclave.quote(body)).collateral;
    return (JSON.parse(tcbInfo) as { tcbInfo: { nextUpdate: string } }).tcbInfo.nextUpdate;
  };
  expect(await nextUpdate()).toBe("2026-12-21T08:00:00Z");
  now = new Date("2027-02-01T00:00:00Z");
  expect(await nextUpdate()).toBe("2027-03-03T00:00:00Z");
});

test("an authority is the same after it was kept", async () => {
  const made = await createDevelopmentRoot({ now: NOW });
  const again = new DevelopmentAuthority(made.secrets());
  expect(again.root).toEqual(made.root);
  const enclave = new SimulatedQuotingEnclave({ authority: again, now: () => NOW });
  const leaf = new X509Certificate((await enclave.quote(body)).collateral.tcbInfoIssuerChain[0]!);
  expect(leaf.verify(new X509Certificate(made.root.der).publicKey)).toBe(true);
});

test("a measurement depends on the program and the product, and on nothing else", () => {
  const [program, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const ids = [
    simulatedMeasurement(program, 1),
    simulatedMeasurement(program, 3),
    simulatedMeasurement(other, 1),
  ].map(({ mrEnclave }) => bytesToHex(mrEnclave));
  expect(new Set(ids).size).toBe(3);
  expect(simulatedMeasurement(program.slice(), 1)).toEqual(simulatedMeasurement(program, 1));
  expect(simulatedMeasurement(program, 1).mrSigner).toEqual(simulatedMeasurement(other, 3).mrSigner);
});

test("a platform reports its program", async () => {
  const platform = platformOf(await developmentAuthority);
  const reportData = new Uint8Array(64).fill(9);
  expect(platform.createReport(reportData)).toEqual(body);
  expect(platform.mrEnclave).toEqual(measurement.mrEnclave);
  expect([platform.allowDebug, body[48]]).toEqual([false, 5]);
  const debug = platformOf(await developmentAuthority, 1, true);
  expect([debug.allowDebug, debug.createReport(reportData)[48]]).toEqual([true, 7]);
});

test("only report bodies are quoted", async () => {
  const enclave = new SimulatedQuotingEnclave({ authority: await developmentAuthority, now: () => NOW });
  await expect(enclave.quote(body.subarray(1))).rejects.toMatchObject({ code: "LengthMismatch" });
});
