import {
  createDevelopmentRoot,
  INTEL_SGX_ROOT,
  reportDataHash,
  SimulatedQuotingEnclave,
  type SimulationProfile,
  simulatedMeasurement,
  simulatedReportBody,
  type TrustedIdentity,
} from "@mobilecoin-ts/attestation";
import type { AttestationEvidence } from "@mobilecoin-ts/ledger";
import { expect, test } from "vitest";
import { type EvidenceJudgeOptions, evidenceJudge } from "./evidence-judge.ts";
import { decodeStoredEvidence, encodeStoredEvidence } from "./stored-evidence.ts";

const NOW = new Date("2026-11-21T08:00:00Z");
const SIGNED_AT = BigInt(NOW.getTime() / 1000);
const SIGNER = new Uint8Array(32).fill(5);
const YEAR = 365n * 86_400n;
const authority = await createDevelopmentRoot({ now: NOW });
const { mrEnclave, mrSigner } = simulatedMeasurement(new Uint8Array(32).fill(1), 1);

const trusted: TrustedIdentity = {
  kind: "mrEnclave",
  mrEnclave,
  configAdvisories: [],
  hardeningAdvisories: [],
};
const judge = (options: Partial<EvidenceJudgeOptions> = {}) =>
  evidenceJudge({ identities: [trusted], root: authority.root, ...options });

async function evidenceOf(
  options: {
    readonly profile?: SimulationProfile;
    readonly signer?: Uint8Array;
    readonly debug?: boolean;
  } = {},
): Promise<AttestationEvidence> {
  const { profile = "upToDate", signer = SIGNER, debug = false } = options;
  const reportData = { nonce: new Uint8Array(16), key: new Uint8Array(32).fill(2), customIdentity: signer };
  const data = new Uint8Array(64);
  data.set(reportDataHash(reportData));
  const body = simulatedReportBody({
    mrEnclave,
    mrSigner,
    productId: 1,
    securityVersion: 10,
    debug,
    reportData: data,
  });
  const enclave = new SimulatedQuotingEnclave({ authority, now: () => NOW, profile });
  return { case: "dcapEvidence", value: { ...(await enclave.quote(body)), reportData } };
}

test("evidence of a trusted enclave gives the key that it vouches for, also from the store", async () => {
  const evidence = await evidenceOf();
  expect(judge()(evidence, SIGNED_AT)).toEqual(SIGNER);
  const stored = decodeStoredEvidence(encodeStoredEvidence(evidence));
  expect(judge()(stored!, undefined)).toEqual(SIGNER);
  expect(decodeStoredEvidence(new Uint8Array(0))).toBeUndefined();
});

test("collateral has to be current on the day of the signature, not today", async () => {
  const evidence = await evidenceOf();
  const judged = judge();
  expect(judged(evidence, SIGNED_AT)).toEqual(SIGNER);
  expect(() => judged(evidence, SIGNED_AT + YEAR)).toThrow();
  expect(() => judged(evidence, SIGNED_AT - YEAR)).toThrow();
  expect(judged(evidence, SIGNED_AT)).toEqual(SIGNER);
  expect(() => judged(evidence, 2n ** 64n - 1n)).toThrow(
    expect.objectContaining({ code: "EvidenceRefused" }),
  );
});

test.each<[string, Partial<EvidenceJudgeOptions>, Parameters<typeof evidenceOf>[0], string]>([
  ["another enclave", { identities: [{ ...trusted, mrEnclave: new Uint8Array(32) }] }, {}, "MRENCLAVE"],
  ["another root", { root: INTEL_SGX_ROOT }, {}, "Intel"],
  ["a debug enclave", {}, { debug: true }, "debug"],
  ["an old platform", {}, { profile: "outOfDate" }, "OutOfDate"],
  ["no key", {}, { signer: new Uint8Array(0) }, "block-signing key"],
])("refuses %s", async (_, options, evidence, text) => {
  const made = await evidenceOf(evidence);
  const judged = judge(options);
  // The second time from what is known.
  for (let i = 0; i < 2; i++) expect(() => judged(made, SIGNED_AT)).toThrow(text);
});

test("a development root admits no report of Intel's service", () => {
  const report: AttestationEvidence = {
    case: "verificationReport",
    value: { signature: new Uint8Array(0), chain: [], httpBody: "{}" },
  };
  expect(() => judge()(report, SIGNED_AT)).toThrow(expect.objectContaining({ code: "EvidenceRefused" }));
  expect(() => judge({ root: INTEL_SGX_ROOT })(report, SIGNED_AT)).toThrow();
});

test("trust that is none is refused at once", () => {
  expect(() => judge({ identities: [] })).toThrow(expect.objectContaining({ code: "InvalidConfig" }));
  expect(() => judge({ chainId: "main" })).toThrow(expect.objectContaining({ code: "InvalidTrust" }));
  expect(() => judge({ chainId: "local" })).not.toThrow();
});
