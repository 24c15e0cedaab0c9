import { hexToBytes } from "@mobilecoin-ts/crypto";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { QuoteVerifier } from "@phala/dcap-qvl";
import { describe, expect, test } from "vitest";
import { developmentAuthority, NOW } from "../testing/attested-endpoints.ts";
import { simulatedMeasurement, simulatedReportBody } from "./measurement.ts";
import type { SimulationProfile } from "./simulated-collateral.ts";
import { SimulatedQuotingEnclave } from "./simulated-quoting-enclave.ts";

const body = simulatedReportBody({
  ...simulatedMeasurement(new Uint8Array(32), 1),
  productId: 1,
  securityVersion: 10,
  reportData: new Uint8Array(64),
});

async function judge(profile: SimulationProfile, root?: Uint8Array) {
  const authority = await developmentAuthority;
  const enclave = new SimulatedQuotingEnclave({ authority, now: () => NOW, profile });
  const { quote, collateral } = await enclave.quote(body);
  const verifier = new QuoteVerifier(root === undefined ? undefined : Buffer.from(root));
  return verifier.verify(quote, foreignForm(collateral), NOW.getTime() / 1000);
}

/** As that library takes it: chains in PEM, statements without their envelope. */
function foreignForm(collateral: Collateral) {
  const [tcbInfo, tcbSignature] = opened(collateral.tcbInfo);
  const [qeIdentity, qeSignature] = opened(collateral.qeIdentity);
  return {
    pck_crl_issuer_chain: pem(collateral.pckCrlIssuerChain),
    root_ca_crl: [...collateral.rootCaCrl],
    pck_crl: [...collateral.pckCrl],
    tcb_info_issuer_chain: pem(collateral.tcbInfoIssuerChain),
    tcb_info: tcbInfo,
    tcb_info_signature: tcbSignature,
    qe_identity_issuer_chain: pem(collateral.qeIdentityIssuerChain),
    qe_identity: qeIdentity,
    qe_identity_signature: qeSignature,
  };
}

function opened(signed: string): [string, number[]] {
  const parts = /^\{"[A-Za-z]+":(.*),"signature":"([0-9a-f]+)"\}$/.exec(signed)!;
  return [parts[1]!, [...hexToBytes(parts[2]!)]];
}

function pem(chain: readonly Uint8Array[]): string {
  const block = (der: Uint8Array) =>
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g)!
      .join("\n");
  return chain
    .map((der) => `-----BEGIN CERTIFICATE-----\n${block(der)}\n-----END CERTIFICATE-----\n`)
    .join("");
}

describe("an independent verifier", () => {
  test("accepts a simulated quote under the development root alone", async () => {
    const { der } = (await developmentAuthority).root;
    expect((await judge("upToDate", der)).status).toBe("UpToDate");
    await expect(judge("upToDate")).rejects.toThrow("Failed to verify certificate chain");
  });

  test.each([
    ["swHardeningNeeded", "SWHardeningNeeded", ["INTEL-SA-00334", "INTEL-SA-00615"]],
    ["outOfDate", "OutOfDate", ["INTEL-SA-00615"]],
  ] as const)("reads profile %s", async (profile, status, advisories) => {
    const report = await judge(profile, (await developmentAuthority).root.der);
    expect([report.status, report.advisory_ids]).toEqual([status, advisories]);
  });

  test.each([
    ["expired", "TCBInfo expired"],
    ["wrongFmspc", "Fmspc mismatch"],
    ["revokedPck", "Certificate is revoked"],
  ] as const)("refuses profile %s", async (profile, message) => {
    await expect(judge(profile, (await developmentAuthority).root.der)).rejects.toThrow(message);
  });
});
