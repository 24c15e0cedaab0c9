import {
  type Advisories,
  AttestationError,
  areAdvisoriesAllowed,
  type EpidQuote,
  INTEL_IAS_ROOT,
  iasAdvisories,
  isDebug,
  matchIdentity,
  parseEpidQuote,
  parseIasReportBody,
  type TcbStatus,
  type TrustedIdentity,
  verifyIasReport,
} from "@mobilecoin-ts/attestation";
import { bytesToHex, hexToBytes, u64le } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { readPemCertificate } from "./attestation-material.ts";
import { describeVectors, loadVectors, readVectorText } from "./vectors.ts";

interface ReportRow {
  name: string;
  signature: string;
  chain: string[];
  http_body: string;
  report_id: string;
  timestamp: string;
  version: string;
  nonce: string;
  quote_status: string;
  advisory_ids: string[];
  advisory_url: string;
  epid_pseudonym: string;
  quote_version: number;
  sign_type: number;
  gid: string;
  qe_svn: number;
  pce_svn: number;
  basename: string;
  cpu_svn: string;
  attribute_flags: string;
  attribute_xfrm: string;
  mr_enclave: string;
  mr_signer: string;
  isv_prod_id: number;
  isv_svn: number;
  report_data: string;
  debug: boolean;
  signature_valid: boolean;
}

interface StatusRow {
  name: string;
  body_file: string;
  quote_status: string;
  report_advisory_ids: string[];
  identity_kind: "mr_enclave" | "mr_signer";
  identity: string;
  product_id: number | null;
  minimum_svn: number | null;
  allowed_advisory_ids: string[];
  allowed_status: TcbStatus;
  accept: boolean;
}

interface QuoteRow extends Record<string, unknown> {
  name: string;
  origin: string;
  quote: string;
}

function quoteFields({ reportBody: body, ...quote }: EpidQuote) {
  return {
    sign_type: quote.signType,
    gid: bytesToHex(quote.gid),
    qe_svn: quote.qeSvn,
    pce_svn: quote.pceSvn,
    basename: bytesToHex(quote.basename),
    cpu_svn: bytesToHex(body.cpuSvn),
    attribute_flags: bytesToHex(u64le(body.attributesFlags)),
    mr_enclave: bytesToHex(body.mrEnclave),
    mr_signer: bytesToHex(body.mrSigner),
    isv_prod_id: body.isvProdId,
    isv_svn: body.isvSvn,
    report_data: bytesToHex(body.reportData),
  };
}

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    return error.code;
  }
};

describeVectors("ias", () => {
  test("the built-in root is the published one", () => {
    const { der } = INTEL_IAS_ROOT;
    expect(bytesToHex(sha256(der))).toBe("7b42e41ec43b91db834a065de4f98a13c44d695570e839cfa8921e584e40735d");
    expect(der).toEqual(readPemCertificate("ias/AttestationReportSigningCACert.pem"));
  });

  for (const row of loadVectors<ReportRow>("ias/verification_reports.jsonl")) {
    test(`report ${row.name}`, () => {
      const body = parseIasReportBody(row.http_body);
      const { reportBody } = body.quote;
      expect(row).toMatchObject({
        quote_version: body.quote.version,
        ...quoteFields(body.quote),
        attribute_xfrm: bytesToHex(u64le(reportBody.xfrm)),
        debug: isDebug(reportBody),
      });
      // A row states what was signed, which an altered body does not say.
      const whatItSays = {
        report_id: body.id,
        timestamp: body.timestamp,
        version: body.version,
        nonce: body.nonce,
        quote_status: body.quoteStatus,
        advisory_ids: body.advisoryIds,
        advisory_url: body.advisoryUrl,
        epid_pseudonym: Buffer.from(body.epidPseudonym!, "base64").toString("hex"),
      };
      const identity: TrustedIdentity = {
        kind: "mrEnclave",
        mrEnclave: hexToBytes(row.mr_enclave),
        configAdvisories: [],
        hardeningAdvisories: row.advisory_ids,
      };
      const report = {
        signature: hexToBytes(row.signature),
        chain: row.chain.map(hexToBytes),
        httpBody: row.http_body,
      };
      const verify = (allowDebug: boolean, identities = [identity]) =>
        verifyIasReport(report, { identities, allowDebug });
      if (!row.signature_valid) {
        expect(codeOf(() => verify(true))).toBe(row.chain.length === 0 ? "NoChain" : "BadSignature");
        return;
      }
      expect(row).toMatchObject(whatItSays);
      const verified = verify(true);
      expect(verified).toMatchObject({ trust: "intel", tcbStatus: "SWHardeningNeeded", identity });
      expect(bytesToHex(verified.reportData.key) + bytesToHex(verified.reportData.customIdentity)).toBe(
        row.report_data,
      );
      expect(codeOf(() => verify(false))).toBe(row.debug ? "DebugEnclave" : undefined);
      expect(codeOf(() => verify(true, [{ ...identity, hardeningAdvisories: [] }]))).toBe("Advisories");
      expect(codeOf(() => verify(true, []))).toBe("NoIdentities");
    });
  }

  for (const row of loadVectors<StatusRow>("ias/status_rules.jsonl")) {
    test(`status ${row.name}`, () => {
      const body = parseIasReportBody(readVectorText(`ias/${row.body_file}`));
      expect([body.quoteStatus, body.advisoryIds]).toEqual([row.quote_status, row.report_advisory_ids]);
      // The rows state the allowed status by itself; the measurement is judged on a platform without blemish.
      const none = { configAdvisories: [], hardeningAdvisories: [] };
      const identity: TrustedIdentity =
        row.identity_kind === "mr_enclave"
          ? { kind: "mrEnclave", mrEnclave: hexToBytes(row.identity), ...none }
          : {
              kind: "mrSigner",
              mrSigner: hexToBytes(row.identity),
              productId: row.product_id!,
              minimumSvn: row.minimum_svn!,
              ...none,
            };
      const flawless: Advisories = { ids: [], status: "UpToDate" };
      const isMeasured =
        codeOf(() => matchIdentity(body.quote.reportBody, flawless, [identity])) === undefined;
      const allowed = { ids: row.allowed_advisory_ids, status: row.allowed_status };
      expect(isMeasured && areAdvisoriesAllowed(iasAdvisories(body), allowed)).toBe(row.accept);
    });
  }

  test("bodies of every kind of status read", () => {
    const names = [
      "bodies/ias_ok.json",
      "bodies/ias_sw.json",
      "bodies/ias_sw_334_615.json",
      "bodies/ias_config.json",
      "bodies/ias_config_sw.json",
      "bodies/ias_config_sw_334_615.json",
    ];
    const read = names.map((name) => parseIasReportBody(readVectorText(`ias/${name}`)));
    expect(read.map(({ advisoryIds }) => advisoryIds.length)).toEqual([0, 1, 2, 1, 1, 2]);
  });

  for (const row of loadVectors<QuoteRow>("ias/epid_quotes.jsonl")) {
    test(`quote ${row.name}`, () => {
      const quote = parseEpidQuote(hexToBytes(row.quote));
      expect({
        name: row.name,
        origin: row.origin,
        quote: row.quote,
        version: quote.version,
        xeid: `${quote.xeid}`,
        ...quoteFields(quote),
        signature_length: quote.signatureLength ?? null,
      }).toEqual(row);
    });
  }
});
