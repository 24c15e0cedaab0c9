import { concat } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import { AttestationError, type AttestationErrorCode } from "../error.ts";
import {
  LAB_PROGRAM,
  LAB_SIGNER,
  LAB_TIME,
  type LabChanges,
  labEvidence,
  sgxExtension,
} from "../testing/evidence-lab.ts";
import { type DcapVerificationOptions, verifyDcapEvidence } from "./dcap.ts";
import { INTEL_SGX_ROOT } from "./roots.ts";
import type { TrustedIdentity } from "./trusted-identity.ts";

const program: TrustedIdentity = {
  kind: "mrEnclave",
  mrEnclave: LAB_PROGRAM,
  configAdvisories: [],
  hardeningAdvisories: [],
};

function judge(changes: LabChanges, options: Partial<DcapVerificationOptions> = {}) {
  const { evidence, root } = labEvidence(changes);
  return verifyDcapEvidence(evidence, { identities: [program], root, time: LAB_TIME, ...options });
}

/** Code of the refusal, or what was accepted; every refusal is one line. */
function verdict(changes: LabChanges, options: Partial<DcapVerificationOptions> = {}): string {
  try {
    return judge(changes, options).tcbStatus;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    expect(error.message).toBe(`${error.data.step}: found ${error.data.found}, wanted ${error.data.wanted}`);
    expect(error.message).not.toContain("\n");
    return error.code;
  }
}

const reference: Partial<DcapVerificationOptions> = { strict: false, crlPolicy: "reference" };
const anyTime = new Date("2026-06-20T00:00:00Z");

describe("DCAP evidence", () => {
  test("in order is accepted, for a program and for a signer", () => {
    const verified = judge({});
    expect(verified).toMatchObject({
      identity: program,
      advisories: [],
      tcbStatus: "UpToDate",
      trust: "development",
    });
    expect(verified.reportData.key).toEqual(new Uint8Array(32).fill(2));
    const signer: TrustedIdentity = {
      kind: "mrSigner",
      mrSigner: LAB_SIGNER,
      productId: 3,
      minimumSvn: 4,
      configAdvisories: [],
      hardeningAdvisories: [],
    };
    expect(judge({}, { identities: [signer] }).identity).toBe(signer);
    for (const other of [{ productId: 4 }, { minimumSvn: 5 }, { mrSigner: LAB_PROGRAM }]) {
      expect(verdict({}, { identities: [{ ...signer, ...other }] })).toBe("Identity");
    }
  });

  test("is refused under Intel's root, and under a root that is not what it is called", () => {
    expect(verdict({}, { root: INTEL_SGX_ROOT })).toBe("SignatureVerification");
    expect(verdict({}, { root: { der: labEvidence().root.der, kind: "intel" } })).toBe("InvalidTrustAnchor");
    expect(verdict({}, { root: { der: INTEL_SGX_ROOT.der, kind: "development" } })).toBe(
      "InvalidTrustAnchor",
    );
    expect(verdict({}, { root: { der: new Uint8Array(9), kind: "development" } })).toBe("InvalidTrustAnchor");
  });

  test("is never accepted for nobody", () => {
    expect(verdict({}, { identities: [] })).toBe("NoIdentities");
    expect(verdict({}, { identities: [], ...reference })).toBe("NoIdentities");
  });

  test("is judged in tens of milliseconds", () => {
    judge({});
    const start = performance.now();
    for (let i = 0; i < 5; i++) verdict({});
    expect((performance.now() - start) / 5).toBeLessThan(250);
  });

  // What each rule refuses, also as the reference has it.
  test.each<[string, LabChanges, AttestationErrorCode]>([
    ["version of the quote", { header: { version: 4 } }, "Version"],
    ["certification data of no type", { certificationType: 8 }, "CertificationDataType"],
    ["certification data of another type", { certificationType: 4 }, "UnsupportedQuoteCertificationData"],
    ["no certificates", { certificationText: () => "" }, "Der"],
    ["a certificate that is no base64", { certificationText: (pem) => pem.replace("\nMII", "\n=II") }, "Der"],
    ["no FMSPC", { pckExtension: sgxExtension({ leaveOut: "4" }) }, "MissingSgxExtension"],
    ["no PCE version", { pckExtension: sgxExtension({ leaveOut: "2.17" }) }, "MissingSgxExtension"],
    ["a short FMSPC", { pckExtension: sgxExtension({ fmspc: new Uint8Array(5) }) }, "FmspcSize"],
    ["an extension that does not read", { pckExtension: Uint8Array.of(5, 0, 0) }, "Der"],
    ["another platform", { tcbInfo: { fmspc: "000000000000" } }, "FmspcMismatch"],
    ["a component too old", { tcbLevels: [{ svn: 201, status: "UpToDate" }] }, "UnsupportedTcbLevel"],
    ["a PCE too old", { tcbLevels: [{ pceSvn: 8, status: "UpToDate" }] }, "UnsupportedTcbLevel"],
    ["an unknown status", { tcbLevels: [{ status: "Fine" }] }, "Serde"],
    ["a version of TCB info", { tcbInfo: { version: 2 } }, "TcbInfoVersion"],
    ["a forged TCB info", { tcbSigner: "stranger" }, "SignatureVerification"],
    ["a TCB info of tomorrow", { tcbInfo: { issueDate: "2026-06-01T00:00:01Z" } }, "TcbInfoNotYetValid"],
    ["a TCB info of yesterday", { tcbInfo: { nextUpdate: "2026-06-01T00:00:00Z" } }, "TcbInfoExpired"],
    ["a date that is none", { tcbInfo: { issueDate: "2026-02-30T00:00:00Z" } }, "Serde"],
    ["a version of QE identity", { qeIdentity: { version: 1 } }, "QeIdentityVersion"],
    ["a forged QE identity", { qeSigner: "stranger" }, "SignatureVerification"],
    [
      "a QE identity of tomorrow",
      { qeIdentity: { issueDate: "2026-06-01T00:00:01Z" } },
      "QeIdentityNotYetValid",
    ],
    [
      "a QE identity of yesterday",
      { qeIdentity: { nextUpdate: "2026-06-01T00:00:00Z" } },
      "QeIdentityExpired",
    ],
    ["a number with a fraction", { qeIdentity: { isvprodid: 1.5 } }, "Serde"],
    ["another signer of the QE", { qeBody: { mrSigner: LAB_SIGNER } }, "QeReport"],
    ["another product as QE", { qeBody: { isvProdId: 2 } }, "QeReport"],
    ["a QE with MISCSELECT", { qeBody: { miscSelect: 1 } }, "QeReport"],
    ["a QE in debug mode", { qeBody: { attributesFlags: 0x17n } }, "QeReport"],
    ["an old QE", { qeBody: { isvSvn: 4 } }, "QeReport"],
    ["a QE older than any", { qeBody: { isvSvn: 1 } }, "QeReport"],
    ["a QE that another key signed", { qeReportSigner: "stranger" }, "SignatureVerification"],
    ["a QE that speaks for another key", { qeBody: { reportData: new Uint8Array(64) } }, "QeReportData"],
    ["a report that another key signed", { bodySigner: "stranger" }, "SignatureVerification"],
    ["another program", { body: { mrEnclave: LAB_SIGNER } }, "Identity"],
    ["an enclave in debug mode", { body: { attributesFlags: 7n } }, "DebugEnclave"],
    ["other report data", { body: { reportData: new Uint8Array(64) } }, "ReportData"],
    ["a revoked platform", { revoked: ["pck"] }, "CertificateRevoked"],
    ["a revoked platform authority", { revoked: ["pckCa"] }, "CertificateRevoked"],
    ["a revoked signer of statements", { revoked: ["signer"] }, "CertificateRevoked"],
    ["a forged revocation list", { rootCrlSigner: "stranger" }, "SignatureVerification"],
    ["an issuer that is no authority", { pckCaIsLeaf: true }, "SignatureVerification"],
    ["a chain without its middle", { pckChain: ([pck, , root]) => [pck!, root!] }, "SignatureVerification"],
  ])("is refused with %s", (_name, changes, code) => {
    expect(verdict(changes)).toBe(code);
    expect(verdict(changes, reference)).toBe(code);
  });

  // What only the strict mode refuses.
  test.each<[string, LabChanges, AttestationErrorCode]>([
    ["another key type", { header: { keyType: 3 } }, "AttestationKeyType"],
    ["another vendor", { header: { vendor: new Uint8Array(16) } }, "QeVendorId"],
    ["another length", { signatureDataLength: 7 }, "NotCanonical"],
    ["two NUL bytes", { certificationText: (pem) => `${pem}\0\0` }, "NotCanonical"],
    ["text before the certificates", { certificationText: (pem) => `hello\n${pem}` }, "NotCanonical"],
    ["a certificate too many", { pckChain: (chain) => [...chain, chain[0]!] }, "NotCanonical"],
    ["statements about TDX", { tcbInfo: { id: "TDX" } }, "TcbInfoId"],
    ["an identity of another enclave", { qeIdentity: { id: "TD_QE" } }, "QeIdentityId"],
    ["another PCE", { tcbInfo: { pceId: "0002" } }, "PceIdMismatch"],
    ["a PCE that does not say", { pckExtension: sgxExtension({ leaveOut: "3" }) }, "PceIdMismatch"],
    ["a platform that is an authority", { pckPathLength: 0 }, "CertificatePurpose"],
    ["a platform that signs statements", { signerIsPlatform: true }, "CertificatePurpose"],
    ["statements signed below another authority", { signerIssuer: "pckCa" }, "CrlMissing"],
    ["no revocation list of platforms", { pckCrlOf: "pck" }, "CrlMissing"],
    ["certificates of tomorrow", { dates: { notBefore: anyTime } }, "CertificateNotYetValid"],
    ["certificates of yesterday", { dates: { notAfter: new Date("2026-05-02") } }, "CertificateExpired"],
  ])("is refused strictly with %s", (_name, changes, code) => {
    expect(verdict(changes)).toBe(code);
    expect(verdict(changes, reference)).toBe("UpToDate");
  });

  test("with bytes after the quote is refused strictly", () => {
    const { evidence, root } = labEvidence();
    const longer = { ...evidence, quote: concat(evidence.quote, Uint8Array.of(0)) };
    const options = { identities: [program], root, time: LAB_TIME };
    expect(() => verifyDcapEvidence(longer, options)).toThrow("1 bytes after the end, wanted none");
    expect(verifyDcapEvidence(longer, { ...options, strict: false }).tcbStatus).toBe("UpToDate");
  });

  test("may end in one NUL", () => {
    expect(verdict({ certificationText: (pem) => `${pem}\0` })).toBe("UpToDate");
  });

  test("is not judged by dates where there is no clock", () => {
    const { evidence, root } = labEvidence({
      tcbInfo: { nextUpdate: "2020-01-01T00:00:00Z" },
      qeIdentity: { nextUpdate: "2020-01-01T00:00:00Z" },
      crlDates: { nextUpdate: new Date("2020-01-01") },
    });
    expect(verifyDcapEvidence(evidence, { identities: [program], root }).tcbStatus).toBe("UpToDate");
  });

  test("with old revocation lists counts for a while, or as the policy says", () => {
    const stale = { crlDates: { nextUpdate: new Date("2026-05-26T00:00:00Z") } };
    expect(verdict(stale)).toBe("UpToDate");
    expect(verdict(stale, { crlGrace: 0 })).toBe("CrlExpired");
    expect(verdict({ crlDates: { nextUpdate: new Date("2026-05-25T00:00:00Z") } })).toBe("CrlExpired");
    expect(verdict(stale, { crlGrace: 0, crlPolicy: "reference" })).toBe("UpToDate");
    expect(verdict({ crlDates: { thisUpdate: anyTime } })).toBe("CrlNotYetValid");
  });

  test("of a debug enclave is accepted when asked for", () => {
    expect(verdict({ body: { attributesFlags: 7n } }, { allowDebug: true })).toBe("UpToDate");
  });

  test("takes the first level that the platform reaches, in the order of the statement", () => {
    const tcbLevels = [
      { svn: 201, status: "UpToDate" },
      { svn: 200, status: "SWHardeningNeeded", ids: ["INTEL-SA-00334"] },
      { svn: 1, status: "OutOfDate" },
    ];
    const hardened = { ...program, hardeningAdvisories: ["INTEL-SA-00334"] };
    expect(verdict({ tcbLevels })).toBe("Advisories");
    expect(judge({ tcbLevels }, { identities: [program, hardened] })).toMatchObject({
      identity: hardened,
      advisories: ["INTEL-SA-00334"],
      tcbStatus: "SWHardeningNeeded",
    });
    expect(verdict({ tcbLevels: tcbLevels.toReversed() }, { identities: [hardened] })).toBe("Advisories");
  });

  test("names the advisory rather than the measurement when one identity has that", () => {
    const other = { ...program, mrEnclave: LAB_SIGNER };
    const tcbLevels = [{ status: "ConfigurationNeeded", ids: ["INTEL-SA-1"] }];
    expect(() => judge({ tcbLevels }, { identities: [other, program] })).toThrow(
      "identity: found a platform that is ConfigurationNeeded (INTEL-SA-1), wanted at worst UpToDate",
    );
  });
});
